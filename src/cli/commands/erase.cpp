#include "app/erase.h"

#include <iostream>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "app/text_table.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/progress_view.h"
#include "cli/run_report_view.h"

namespace hilo::cli {
namespace {

struct Options {
  std::vector<std::string> who;
  std::shared_ptr<std::string> now;
  bool dry_run = false;
  bool yes = false;
};

std::string whom(const app::EraseReport& report) {
  return fmt::format("customer{} {}", report.customers.size() == 1 ? "" : "s", fmt::join(report.customers, ", "));
}

std::string traces(const app::EraseReport& report, bool done) {
  std::string out;
  const auto line = [&](std::int64_t number, std::string_view what) {
    out += fmt::format("  {:>14}  {}\n", with_separators(number), what);
  };
  line(report.records, "records of the sources");
  line(report.rows, "rows of the log");
  line(report.events, "events of the store");
  if (done) line(report.rejected_values, "values of rejects, which stay without them");
  if (done) line(report.memberships, "entries in the record of segments");
  return out;
}

std::string outside_files(const app::EraseReport& report, const Terminal& terminal) {
  std::string out;
  if (!report.outside.empty()) {
    out += terminal.bold("Files that are not Hilo's and hold them still; change these where they come from:") + "\n";
    for (const app::OutsideFile& file : report.outside) {
      const std::string what = file.source.empty()
                                   ? "found by its bytes"
                                   : fmt::format("{} of source {}", counted(file.rows, "row"), file.source);
      out += fmt::format("  {}  {}\n", in_shell(file.file), terminal.dim(what));
    }
  }
  for (const std::string& file : report.unread) {
    out += fmt::format("warning: {} could not be searched\n", in_shell(file));
  }
  return out;
}

std::string json_of(const app::EraseReport& report, bool done) {
  std::string outside;
  for (const app::OutsideFile& file : report.outside) {
    outside +=
        fmt::format("{}{{\"file\": {}, \"source\": {}, \"rows\": {}}}", outside.empty() ? "" : ", ",
                    app::json_text(file.file), file.source.empty() ? "null" : app::json_text(file.source), file.rows);
  }
  std::string unread;
  for (const std::string& file : report.unread) unread += (unread.empty() ? "" : ", ") + app::json_text(file);
  return fmt::format(
      "{{\"erased\": {}, \"customers\": [{}], \"records\": {}, \"rows\": {}, \"events\": {}, \"rejected_values\": {}, "
      "\"memberships\": {}, \"run\": {}, \"outside\": [{}], \"unread\": [{}], \"seconds\": {:.6f}, "
      "\"passes\": [{}]}}\n",
      done, fmt::join(report.customers, ", "), report.records, report.rows, report.events, report.rejected_values,
      report.memberships, report.run, outside, unread, report.seconds, passes_json(report.passes));
}

// Asks on the terminal. What cannot be undone is not done by a key pressed by mistake.
bool confirmed(const app::EraseReport& preview, const Session& session) {
  const std::string word = fmt::format("{}", fmt::join(preview.customers, ","));
  print(fmt::format("To erase {}:\n{}{}", whom(preview), traces(preview, false), outside_files(preview, session.out)));
  print_error(fmt::format("{} Type {} to erase: ", session.err.bold("This cannot be undone."), word));
  std::string answer;
  std::getline(std::cin, answer);
  return trim(answer) == word;
}

void erase(Session& session, const Options& options) {
  const auto clock = clock_at(*options.now);
  if (!clock) return conclude(session, std::unexpected(clock.error()));
  const auto workspace = app::Workspace::find(session.folder);
  if (!workspace) return conclude(session, std::unexpected(workspace.error()));
  const bool asks = !options.dry_run && !options.yes;
  if (asks && (session.json || ::isatty(STDIN_FILENO) == 0)) {
    return conclude(session, fail(ErrorCode::kUsage, "erasing cannot be undone, and there is nobody to ask",
                                  "Look with --dry-run first; --yes erases without asking."));
  }
  if (options.dry_run || asks) {
    const auto preview = with_progress(
        session.err, [&](ProgressListener& it) { return app::preview_erasure(*workspace, options.who, it); });
    if (!preview) return conclude_all(session, preview.error());
    if (options.dry_run) {
      return print(session.json ? json_of(*preview, false)
                                : fmt::format("Would erase {}:\n{}{}", whom(*preview), traces(*preview, false),
                                              outside_files(*preview, session.out)));
    }
    if (!confirmed(*preview, session)) {
      return conclude(session, fail(ErrorCode::kUsage, "nothing was erased", "The answer was another one."));
    }
  }
  const auto report = with_progress(
      session.err, [&](ProgressListener& it) { return app::erase(*workspace, options.who, **clock, it); });
  if (!report) return conclude_all(session, report.error());
  print(session.json ? json_of(*report, true)
                     : fmt::format("{} {} in {:.1f} s:\n{}{}", session.out.green("Erased"), whom(*report),
                                   report->seconds, traces(*report, true), outside_files(*report, session.out)));
}

}  // namespace

void add_erase(CLI::App& program, Session& session) {
  CLI::App* command = add_command(program, session, "erase",
                                  "Erase customers for good: from log and store, and from what will be delivered",
                                  "  hilo erase ana@ruiz.es --dry-run     # what would go, and which files hold her\n"
                                  "  hilo erase crm:C-1042\n  hilo erase customer:17 customer:23 --yes --json\n");
  add_json_option(command, session);
  auto options = std::make_shared<Options>();
  command->add_option("WHO", options->who, "Customers, each as `hilo customer` takes it")->required();
  command->add_flag("--dry-run", options->dry_run, "Only say what would go");
  command->add_flag("--yes", options->yes, "Do not ask");
  options->now = add_now_option(command, "The instant of the erasure, instead of the clock's");
  command->callback([&session, options] { erase(session, *options); });
}

}  // namespace hilo::cli
