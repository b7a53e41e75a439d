#include <fmt/format.h>

#include "app/reader.h"
#include "app/text_table.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/table_view.h"

namespace hilo::cli {
namespace {

constexpr std::int64_t kRowsShown = 50;

// Contact data is shown only to who asks for it in so many words.
std::string rejects_sql(bool reveal) {
  return fmt::format(
      "select r.source, r.file, case when r.line > 0 then r.line else r.record end as place, "
      "case when r.line > 0 then 'line' else 'record' end as place_is, r.column_name as \"column\", {} as value, "
      "r.reason "
      "from rejects r left join contact.reject_values v using (reject_id) order by r.reject_id",
      reveal ? "coalesce(v.value, r.value)" : "r.value");
}

Status show(Session& session, bool reveal, std::int64_t limit) {
  HILO_ASSIGN(const app::Workspace workspace, app::Workspace::find(session.folder));
  HILO_ASSIGN(app::Reader reader, app::Reader::open(workspace));
  HILO_ASSIGN(const app::TextTable table,
              app::query_table(reader.connection(), rejects_sql(reveal), {}, session.json ? 0 : limit));
  if (session.json) {
    std::string rows;
    for (const app::TextRow& row : table.rows)
      rows += (rows.empty() ? "\n" : ",\n") + app::json_object(table.columns, row);
    print(fmt::format("{{\"count\": {}, \"rejects\": [{}]}}\n", table.rows.size(), rows));
    return {};
  }
  if (table.rows.empty()) {
    print("No rejects: everything that was delivered was taken.\n");
    return {};
  }
  HILO_ASSIGN(const app::TextTable summary,
              app::query_table(reader.connection(),
                               "select count(*) as rejects, source, column_name as \"column\", reason from rejects "
                               "group by all order by rejects desc, source, \"column\", reason"));
  print(render_table(summary, session.out) + "\n" + render_table(table, session.out));
  if (!reveal) print(session.out.dim("Values that may be contact data are masked; --reveal shows them.\n"));
  return {};
}

}  // namespace

void add_rejects(CLI::App& program, Session& session) {
  CLI::App* command =
      add_command(program, session, "rejects", "List what was not taken: file, place, column, value, reason",
                  "  hilo rejects\n  hilo rejects --reveal --limit 0\n  hilo rejects --json\n");
  add_json_option(command, session);
  auto reveal = std::make_shared<bool>(false);
  auto limit = std::make_shared<std::int64_t>(kRowsShown);
  command->add_flag("--reveal", *reveal, "Show contact data too");
  command->add_option("--limit", *limit, "Rows to show; 0 = all")->capture_default_str()->check(CLI::NonNegativeNumber);
  command->callback([&session, reveal, limit] { conclude(session, show(session, *reveal, *limit)); });
}

}  // namespace hilo::cli
