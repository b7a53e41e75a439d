#include <fmt/format.h>

#include "app/reader.h"
#include "app/text_table.h"
#include "cli/command.h"
#include "cli/table_view.h"

namespace hilo::cli {
namespace {

constexpr std::int64_t kRowsShown = 200;

Status print_json(store::Connection& connection, const std::string& sql) {
  HILO_ASSIGN(const auto columns, connection.describe(sql));
  bool first = true;
  print("[");
  HILO_ASSIGN(const auto shown, app::stream_rows(connection, sql, {}, [&](const app::TextRow& row) {
                print(std::string(first ? "\n" : ",\n") + app::json_object(columns, row));
                first = false;
              }));
  static_cast<void>(shown);
  print("\n]\n");
  return {};
}

Status print_csv(store::Connection& connection, const std::string& sql) {
  HILO_ASSIGN(const auto columns, connection.describe(sql));
  app::TextRow header;
  for (const store::Column& column : columns) header.emplace_back(column.name);
  print(app::csv_record(header) + "\n");
  HILO_ASSIGN(const auto shown, app::stream_rows(connection, sql, {},
                                                 [](const app::TextRow& row) { print(app::csv_record(row) + "\n"); }));
  static_cast<void>(shown);
  return {};
}

Status ask(Session& session, const std::string& sql, bool csv) {
  HILO_ASSIGN(const app::Workspace workspace, app::Workspace::find(session.folder));
  HILO_ASSIGN(app::Reader reader, app::Reader::open(workspace));
  if (session.json) return print_json(reader.connection(), sql);
  if (csv) return print_csv(reader.connection(), sql);
  HILO_ASSIGN(const app::TextTable table, app::query_table(reader.connection(), sql, {}, kRowsShown));
  print(render_table(table, session.out));
  return {};
}

}  // namespace

void add_sql(CLI::App& program, Session& session) {
  CLI::App* command = add_command(
      program, session, "sql", "Ask the store in SQL: read-only, files and network shut off",
      "  hilo sql \"select buyer_type, count(*), sum(revenue_365d) from customers group by all\"\n"
      "  hilo sql \"select count(*) from customers_on('2011-06-30') where orders_90d > 0\"\n"
      "  hilo sql --csv \"select day, count(*) from customers_between('2011-01-31', '2011-12-31', 'month') group by "
      "day\"\n\n"
      "Tables: customers, events, items, versions, records, identity, links, shared_identifiers, redirects, rejects,\n"
      "deliveries, sources, products, stores, campaigns, contact_costs, fx_rates; contact data in schema contact.\n");
  add_json_option(command, session);
  auto sql = std::make_shared<std::string>();
  auto csv = std::make_shared<bool>(false);
  command->add_option("SQL", *sql, "One SELECT")->required();
  command->add_flag("--csv", *csv, "CSV, for programs");
  command->callback([&session, sql, csv] { conclude(session, ask(session, *sql, *csv)); });
}

}  // namespace hilo::cli
