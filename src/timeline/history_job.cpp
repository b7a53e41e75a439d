#include "timeline/history_job.h"

#include <fmt/format.h>

#include "timeline/day_table.h"
#include "timeline/facts.h"
#include "timeline/flat_table.h"
#include "timeline/fold/fold_job.h"
#include "timeline/schema.h"
#include "timeline/sql/statements.h"

namespace hilo::timeline {
namespace {

using store::quote_name;
using store::quote_text;

std::string list(const std::vector<store::Column>& columns, const std::string& prefix) {
  std::string out;
  for (const store::Column& column : columns) out += ", " + prefix + quote_name(column.name);
  return out;
}

FlatTable flat_table(const store::LogColumns& columns, const expr::AttributeProgram& program) {
  FlatTable table{.traits = {}, .program = program};
  for (const store::Column& trait : columns.traits) table.traits.push_back(trait.name);
  return table;
}

// Writes `customers`, and what gives it on any other day.
Status write_flat_table(store::Connection& connection, const FlatTable& table, Date day, Golden golden) {
  HILO_TRY(write_programs(connection, table));
  HILO_ASSIGN(const std::unique_ptr<Histories> histories, Histories::beside(connection));
  return write_day(connection, table, {.day = day, .golden = golden}, *histories, "create table customers as");
}

Status count_customers(store::Connection& connection, PassContext& progress) {
  HILO_ASSIGN(progress.rows, connection.query_integer("select count(*) from customers"));
  return {};
}

}  // namespace

Status write_events(store::Connection& connection, const store::LogColumns& columns, const Settings& settings) {
  HILO_TRY(connection.execute(
      "create temp table derived_rejects(row bigint, column_name varchar, value varchar, reason varchar)"));
  HILO_TRY(connection.execute(fmt::format("create table events({}); create table items({})",
                                          store::column_definitions(event_columns(columns.properties)),
                                          store::column_definitions(item_columns(columns.properties)))));
  // These statements name the smaller side of each join last, where it becomes the hash table. Left to itself the
  // engine takes the log's rows for few behind their conditions, and builds its tables of those.
  const auto without = [&](const std::string& more) {
    return connection.execute(fmt::format("set disabled_optimizers = '{}{}'", store::kDisabledOptimizers, more));
  };
  HILO_TRY(without(",join_order,build_side_probe_side"));
  const std::string currency = quote_text(settings.currency);
  HILO_TRY(connection.execute(store::fill(sql::rates, {{"currency", currency}})));
  HILO_TRY(connection.execute(std::string(sql::is_line)));
  HILO_TRY(connection.execute(std::string(sql::chosen_rows)));
  HILO_TRY(connection.execute(store::fill(sql::untold_rows, {{"currency", currency}})));
  HILO_TRY(connection.execute(std::string(sql::placed_keys)));
  HILO_TRY(write_facts(connection, columns, settings));
  HILO_TRY(without(""));
  return connection.execute(
      "drop table placed_keys; drop table foreign_rows; drop table line_rows; drop table dropped_rows");
}

Status replace_events(store::Connection& connection, const std::string& told) {
  return connection.execute(store::fill(sql::replace_events, {{"told", told}}));
}

Status write_spans(store::Connection& connection, const store::LogColumns& columns) {
  return connection.execute(store::fill(
      sql::spans,
      {{"open_columns", ", v.city, v.country, v.gender, v.acquisition_channel" + list(columns.traits, "v.")}}));
}

Result<Date> default_day(store::Connection& connection) {
  HILO_ASSIGN(const std::int64_t day,
              connection.query_integer("select coalesce((select max(time)::date from events), (select "
                                       "max(valid_from)::date from contact.versions), date '1970-01-01')"));
  return Date{static_cast<std::int32_t>(day)};
}

Status write_customers(store::Connection& connection, const store::LogColumns& columns,
                       const expr::AttributeProgram& program, Date day, PassContext& progress) {
  HILO_TRY(write_flat_table(connection, flat_table(columns, program), day, Golden::kOfAll));
  HILO_ASSIGN(const store::Rows contacts,
              connection.query("create table contact.customers as " + contact_table_sql(), day_parameters(day)));
  return count_customers(connection, progress);
}

Status renew_customers(store::Connection& connection, const store::LogColumns& columns,
                       const expr::AttributeProgram& program, Date day, PassContext& progress) {
  HILO_ASSIGN(const std::int64_t former, connection.query_integer("select day - date '1970-01-01' from meta"));
  const auto end = [](Date of) { return fmt::format("make_timestamp({})", end_of(of).micros); };
  HILO_TRY(connection.execute(
      store::fill(sql::touched, {{"from", end(Date{static_cast<std::int32_t>(former)})}, {"to", end(day)}})));
  HILO_TRY(connection.execute(
      "drop table programs; drop table flat_table; alter table customers rename to former_customers"));
  HILO_TRY(write_flat_table(connection, flat_table(columns, program), day, Golden::kOfTouched));
  HILO_TRY(
      connection.execute("drop table former_customers; delete from contact.customers where customer_id in (select "
                         "customer_id from touched) "
                         "or customer_id not in (select customer_id from customers)"));
  HILO_ASSIGN(
      const store::Rows contacts,
      connection.query("insert into contact.customers " + contact_table_sql(Golden::kOfTouched), day_parameters(day)));
  return count_customers(connection, progress);
}

}  // namespace hilo::timeline
