#include "app/status.h"

#include <optional>

#include <fmt/format.h>

#include "app/text_table.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/run_report_view.h"
#include "cli/table_view.h"

namespace hilo::cli {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::size_t kRunsShown = 5;

// "3 hours ago": what a person asks of a moment. The moment itself stands in --json.
std::string age(Instant then, Instant now) {
  const std::int64_t seconds = (now.micros - then.micros) / kMicrosPerSecond;
  if (seconds < 0) return to_string(then).substr(0, 10);
  if (seconds < 60) return "just now";
  if (seconds < 3600) return counted(seconds / 60, "minute") + " ago";
  if (seconds < 2 * 86'400) return counted(seconds / 3600, "hour") + " ago";
  return counted(seconds / 86'400, "day") + " ago";
}

app::TextTable sources_table(const app::WorkspaceStatus& status) {
  app::TextTable table;
  table.columns = {{"source", "VARCHAR"},    {"kind", "VARCHAR"},      {"files", "BIGINT"},
                   {"rows", "BIGINT"},       {"rows lost", "BIGINT"},  {"values lost", "BIGINT"},
                   {"delivered", "VARCHAR"}, {"latest event", "DATE"}, {"files waiting", "BIGINT"}};
  for (const app::SourceStatus& source : status.sources) {
    std::optional<std::string> event;
    std::optional<std::string> values;
    if (source.lost) values = std::to_string(source.lost->values);
    if (source.latest_event) event = to_string(*source.latest_event).substr(0, 10);
    table.rows.push_back({source.name, source.kind, std::to_string(source.files), std::to_string(source.rows),
                          std::to_string(source.lost ? source.lost->rows : source.rejects), values,
                          source.delivered_at ? age(*source.delivered_at, status.now) : "never", event,
                          std::to_string(source.waiting)});
  }
  return table;
}

std::string what_happened(const app::PastRun& run) {
  if (!run.error.empty()) return "failed";
  return run.up_to_date ? "nothing new" : fmt::format("entry {}", run.run);
}

std::string passes_text(const app::PastRun& run) {
  std::string text;
  for (const PassReport& pass : run.passes) {
    if (pass.seconds >= 0.05) text += fmt::format("{}{} {:.1f}", text.empty() ? "" : ", ", pass.name, pass.seconds);
  }
  return text;
}

app::TextTable runs_table(const app::WorkspaceStatus& status) {
  app::TextTable table;
  table.columns = {{"started", "VARCHAR"}, {"command", "VARCHAR"}, {"result", "VARCHAR"},         {"rows", "BIGINT"},
                   {"rejects", "BIGINT"},  {"seconds", "DOUBLE"},  {"seconds by pass", "VARCHAR"}};
  for (const app::PastRun& run : status.runs) {
    table.rows.push_back({age(run.started_at, status.now), run.command, what_happened(run), std::to_string(run.rows),
                          std::to_string(run.rejects), fmt::format("{:.1f}", run.seconds), passes_text(run)});
  }
  return table;
}

std::string render(const app::WorkspaceStatus& status, const Terminal& terminal) {
  std::string out = terminal.bold(status.name.empty() ? "Workspace" : harmless(status.name)) +
                    fmt::format("  {}\n", harmless(status.folder));
  if (status.day) {
    out += fmt::format("  {} as of {}\n", counted(status.customers, "customer"), to_string(*status.day));
  } else {
    out += "  nothing is published yet: `hilo run`\n";
  }
  out += fmt::format("  log {} in {}, store {}, {} free on the disk\n", human_bytes(status.log_bytes),
                     status.log_entries == 1 ? "1 entry" : fmt::format("{} entries", status.log_entries),
                     human_bytes(status.store_bytes), human_bytes(status.free_bytes));
  for (const std::string& warning : status.warnings) out += fmt::format("warning: {}\n", harmless(warning));
  if (!status.sources.empty()) out += "\n" + render_table(sources_table(status), terminal);
  if (!status.runs.empty()) out += "\n" + render_table(runs_table(status), terminal, {.columns = "--json shows them"});
  return out;
}

std::string instant_json(const std::optional<Instant>& instant) {
  return instant ? app::json_text(to_string(*instant)) : "null";
}

std::string sources_json(const app::WorkspaceStatus& status) {
  std::string json;
  for (const app::SourceStatus& source : status.sources) {
    json += fmt::format(
        "{}{{\"source\": {}, \"kind\": {}, \"files\": {}, \"rows\": {}, \"rejects\": {}, \"rows_lost\": {}, "
        "\"values_lost\": {}, \"delivered_at\": {}, \"latest_event\": {}, \"waiting\": {}}}",
        json.empty() ? "" : ", ", app::json_text(source.name), app::json_text(source.kind), source.files, source.rows,
        source.rejects, source.lost ? source.lost->rows : source.rejects,
        source.lost ? std::to_string(source.lost->values) : "null", instant_json(source.delivered_at),
        instant_json(source.latest_event), source.waiting);
  }
  return json;
}

std::string runs_json(const app::WorkspaceStatus& status) {
  std::string json;
  for (const app::PastRun& run : status.runs) {
    json += fmt::format(
        "{}{{\"started_at\": {}, \"command\": {}, \"run\": {}, \"up_to_date\": {}, \"rows\": {}, \"rejects\": {}, "
        "\"seconds\": {:.6f}, \"error\": {}, \"passes\": [{}]}}",
        json.empty() ? "" : ", ", app::json_text(to_string(run.started_at)), app::json_text(run.command), run.run,
        run.up_to_date, run.rows, run.rejects, run.seconds, run.error.empty() ? "null" : app::json_text(run.error),
        passes_json(run.passes));
  }
  return json;
}

std::string json_of(const app::WorkspaceStatus& status) {
  std::string warnings;
  for (const std::string& warning : status.warnings)
    warnings += (warnings.empty() ? "" : ", ") + app::json_text(warning);
  return fmt::format(
      "{{\"name\": {}, \"folder\": {}, \"now\": {}, \"day\": {}, \"customers\": {}, \"log_entries\": {}, "
      "\"store_run\": {}, \"log_bytes\": {}, \"store_bytes\": {}, \"free_bytes\": {}, \"warnings\": [{}], "
      "\"sources\": [{}], \"runs\": [{}]}}\n",
      app::json_text(status.name), app::json_text(status.folder), instant_json(status.now),
      status.day ? app::json_text(to_string(*status.day)) : "null", status.customers, status.log_entries,
      status.store_run, status.log_bytes, status.store_bytes, status.free_bytes, warnings, sources_json(status),
      runs_json(status));
}

Status report(Session& session, const std::string& now) {
  HILO_ASSIGN(const std::unique_ptr<Clock> clock, clock_at(now));
  HILO_ASSIGN(const app::Workspace workspace, app::Workspace::find(session.folder));
  HILO_ASSIGN(const app::WorkspaceStatus status, app::describe_workspace(workspace, *clock, kRunsShown));
  session.json ? print(json_of(status)) : show(session, render(status, session.out));
  return {};
}

}  // namespace

void add_status(CLI::App& program, Session& session) {
  CLI::App* command = add_command(program, session, "status",
                                  "What is here: sources and their freshness, last runs, sizes, what to look at",
                                  "  hilo status\n  hilo status --json | jq .warnings\n");
  add_json_option(command, session);
  const auto now = add_now_option(command, "Ages and lateness as of this instant, instead of the clock's");
  command->callback([&session, now] { conclude(session, report(session, *now)); });
}

}  // namespace hilo::cli
