#include "app/doctor.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "app/text_table.h"
#include "base/text.h"
#include "cli/command.h"

namespace hilo::cli {
namespace {

constexpr int kVerdictWidth = 9;
constexpr int kAboutWidth = 18;

std::int64_t count_of(const std::vector<app::Finding>& findings, app::Verdict verdict) {
  return std::ranges::count(findings, verdict, &app::Finding::verdict);
}

std::string painted(app::Verdict verdict, const Terminal& terminal) {
  std::string word = fmt::format("{:<{}}", app::verdict_name(verdict), kVerdictWidth);
  switch (verdict) {
    case app::Verdict::kOk: return terminal.green(word);
    case app::Verdict::kWarning: return terminal.bold(word);
    case app::Verdict::kProblem: return terminal.red(word);
  }
  return word;
}

std::string render(const std::vector<app::Finding>& findings, const Terminal& terminal) {
  std::string out;
  std::string area;
  for (const app::Finding& finding : findings) {
    if (finding.area != area) out += (out.empty() ? "" : "\n") + terminal.bold(area = finding.area) + "\n";
    out +=
        "  " + painted(finding.verdict, terminal) + fmt::format("{:<{}}{}\n", finding.about, kAboutWidth, finding.what);
    if (!finding.advice.empty())
      out += std::string(static_cast<std::size_t>(2 + kVerdictWidth + kAboutWidth), ' ') + finding.advice + "\n";
  }
  return out + fmt::format("\n{}, {}.\n", counted(count_of(findings, app::Verdict::kProblem), "problem"),
                           counted(count_of(findings, app::Verdict::kWarning), "warning"));
}

std::string render_json(const std::vector<app::Finding>& findings) {
  std::string list;
  for (const app::Finding& finding : findings) {
    list += fmt::format("{}{{\"area\": {}, \"about\": {}, \"verdict\": {}, \"what\": {}, \"advice\": {}}}",
                        list.empty() ? "\n" : ",\n", app::json_text(finding.area), app::json_text(finding.about),
                        app::json_text(app::verdict_name(finding.verdict)), app::json_text(finding.what),
                        app::json_text(finding.advice));
  }
  return fmt::format("{{\"problems\": {}, \"warnings\": {}, \"findings\": [{}]}}\n",
                     count_of(findings, app::Verdict::kProblem), count_of(findings, app::Verdict::kWarning), list);
}

void examine(Session& session, app::LogReading reading) {
  const app::DoctorRequest request = {.folder = session.folder,
                                      .folder_is_named = session.folder != ".",
                                      .surroundings = {.home = environment("HOME"),
                                                       .lc_all = environment("LC_ALL"),
                                                       .lc_ctype = environment("LC_CTYPE"),
                                                       .lang = environment("LANG")},
                                      .log_reading = reading};
  const std::vector<app::Finding> findings = app::examine(request, SystemClock());
  if (count_of(findings, app::Verdict::kProblem) > 0) session.exit_code = exit_code(ErrorCode::kInvalidInput);
  if (session.json) return print(render_json(findings));
  show(session, render(findings, session.out));
}

}  // namespace

void add_doctor(CLI::App& program, Session& session) {
  CLI::App* command = add_command(
      program, session, "doctor", "Examine the machine and the workspace, and say what to do",
      "  hilo doctor\n  hilo doctor -C shop --json\n  hilo doctor --thorough\n"
      "\nEvery line is ok, a warning or a problem; the exit code is 1 where there is a problem. In each folder that a\n"
      "run writes to, a file is written and removed again; nothing else is touched. Outside a workspace the machine\n"
      "alone is examined. Of each file of the log its number of rows is compared with what the log's entry says;\n"
      "--thorough reads the files through, which takes a part of the time of `hilo rebuild`.\n");
  add_json_option(command, session);
  const auto thorough = std::make_shared<bool>(false);
  command->add_flag("--thorough", *thorough, "Read every file of the log through, too");
  command->callback(
      [&session, thorough] { examine(session, *thorough ? app::LogReading::kThorough : app::LogReading::kRowCounts); });
}

}  // namespace hilo::cli
