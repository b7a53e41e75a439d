#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "app/reader.h"
#include "app/text_table.h"
#include "cli/command.h"
#include "cli/table_view.h"

namespace hilo::cli {
namespace {

constexpr std::int64_t kRowsShown = 50;

// Contact data is shown only to who asks for it in so many words.
std::string value_sql(bool reveal) { return reveal ? "coalesce(v.value, r.value)" : "r.value"; }

std::string json_sql(bool reveal) {
  return fmt::format(
      "select r.source, r.file, case when r.line > 0 then r.line else r.record end as place, "
      "case when r.line > 0 then 'line' else 'record' end as place_is, r.column_name as \"column\", {} as value, "
      "r.scope, r.reason "
      "from rejects r left join contact.reject_values v using (reject_id) order by r.reject_id",
      value_sql(reveal));
}

constexpr std::string_view kLost = "case scope when 'row' then 'row lost' else 'value lost' end as lost";

// The last column, which is not shown, says whether a value was masked. Record 0 is the whole file.
std::string people_sql(bool reveal) {
  return fmt::format(
      "select case when r.line > 0 then r.file || ':' || r.line when r.record > 0 then r.file || ' record ' || "
      "r.record else r.file end as place, {}, r.column_name as \"column\", {} as value, r.reason, "
      "v.value is not null as masked "
      "from rejects r left join contact.reject_values v using (reject_id) order by r.reject_id",
      kLost, value_sql(reveal));
}

std::string summary_sql() {
  return fmt::format(
      "select count(*) as rejects, source, {}, column_name as \"column\", reason from rejects "
      "group by all order by rejects desc, source, \"column\", reason, lost",
      kLost);
}

Status show_json(app::Reader& reader, bool reveal) {
  HILO_ASSIGN(const app::TextTable table, app::query_table(reader.connection(), json_sql(reveal)));
  std::string rows;
  for (const app::TextRow& row : table.rows)
    rows += (rows.empty() ? "\n" : ",\n") + app::json_object(table.columns, row);
  print(fmt::format("{{\"count\": {}, \"rejects\": [{}]}}\n", table.rows.size(), rows));
  return {};
}

Result<std::int64_t> parse_limit(const std::string& text) {
  std::int64_t limit = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (failure != std::errc{} || end != text.data() + text.size() || limit < 0)
    return fail(ErrorCode::kUsage, fmt::format("--limit must be a whole number, 0 = all; it is '{}'", text));
  return limit;
}

Status tell(Session& session, bool reveal, const std::string& limit_text) {
  HILO_ASSIGN(const std::int64_t limit, parse_limit(limit_text));
  HILO_ASSIGN(const app::Workspace workspace, app::Workspace::find(session.folder));
  HILO_ASSIGN(app::Reader reader, app::Reader::open(workspace));
  if (session.json) return show_json(reader, reveal);
  HILO_ASSIGN(app::TextTable table, app::query_table(reader.connection(), people_sql(reveal), {}, limit));
  if (table.rows.empty()) {
    print("No rejects: everything that was delivered was taken.\n");
    return {};
  }
  const bool masked = !reveal && std::ranges::any_of(table.rows, [](const app::TextRow& row) {
    return row.back() == std::optional<std::string>("true");
  });
  table.columns.pop_back();
  for (app::TextRow& row : table.rows) row.pop_back();
  HILO_ASSIGN(const app::TextTable summary, app::query_table(reader.connection(), summary_sql()));
  std::string answer = render_wrapped_table(summary, session.out) + "\n" +
                       render_wrapped_table(table, session.out, {.rows = "--limit 0 shows all", .columns = {}});
  if (masked) answer += session.out.dim("Values that may be contact data are masked; --reveal shows them.") + "\n";
  show(session, answer);
  return {};
}

}  // namespace

void add_rejects(CLI::App& program, Session& session) {
  CLI::App* command =
      add_command(program, session, "rejects", "List what was not taken: file, place, column, value, reason",
                  "  hilo rejects\n  hilo rejects --reveal --limit 0\n  hilo rejects --json\n");
  add_json_option(command, session);
  auto reveal = std::make_shared<bool>(false);
  auto limit = std::make_shared<std::string>(std::to_string(kRowsShown));
  command->add_flag("--reveal", *reveal, "Show contact data too");
  command->add_option("--limit", *limit, "Rows to show; 0 = all")->type_name("ROWS")->capture_default_str();
  command->callback([&session, reveal, limit] { conclude(session, tell(session, *reveal, *limit)); });
}

}  // namespace hilo::cli
