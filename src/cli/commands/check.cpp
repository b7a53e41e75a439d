#include "app/check.h"

#include <fmt/format.h>

#include "app/text_table.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/run_report_view.h"

namespace hilo::cli {
namespace {

void check(Session& session) {
  const auto workspace = app::Workspace::find(session.folder);
  if (!workspace) return conclude(session, std::unexpected(workspace.error()));
  const auto texts = workspace->read_definitions();
  if (!texts) return conclude(session, std::unexpected(texts.error()));
  const auto log = store::Log::open(workspace->log_folder());
  if (!log) return conclude(session, std::unexpected(log.error()));
  const auto checked = app::check_workspace(*workspace, *texts, *log);
  if (!checked) return conclude_all(session, checked.error());
  std::size_t attributes = 0;
  for (const expr::AttributeSet& set : checked->program.sets) attributes += set.columns.size();
  const std::size_t sources = checked->definitions.sources.size();
  std::vector<std::string> warnings = checked->doubtful;
  warnings.insert(warnings.end(), checked->forgotten.begin(), checked->forgotten.end());
  if (session.json) {
    std::string list;
    for (const std::string& warning : warnings) list += (list.empty() ? "" : ", ") + app::json_text(warning);
    return print(
        fmt::format("{{\"errors\": [], \"warnings\": [{}], \"sources\": {}, \"attributes\": {}, "
                    "\"segments\": {}}}\n",
                    list, sources, attributes, checked->segments.rules.size()));
  }
  for (const std::string& warning : warnings) print(fmt::format("warning: {}\n", harmless(warning)));
  print(fmt::format("{} {}, {}, {}: nothing is wrong with {}.\n", session.out.green("ok"),
                    counted(static_cast<std::int64_t>(sources), "source"),
                    counted(static_cast<std::int64_t>(attributes), "attribute"),
                    counted(static_cast<std::int64_t>(checked->segments.rules.size()), "segment"),
                    warnings.empty() ? "them" : "the definitions"));
  if (sources == 0) print(no_sources_note());
}

}  // namespace

void add_check(CLI::App& program, Session& session) {
  CLI::App* command = add_command(program, session, "check", "Read and type every definition; touch nothing",
                                  "  hilo check\n  hilo check -C shop --json\n");
  add_json_option(command, session);
  command->callback([&session] { check(session); });
}

}  // namespace hilo::cli
