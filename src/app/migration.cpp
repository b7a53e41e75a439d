#include "app/migration.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/text_table.h"
#include "base/text.h"

namespace hilo::app {
namespace {

constexpr std::int64_t kValuesMax = 50;
constexpr const char* kRevenue = "revenue";

bool has_values_to_name(const std::string& type) {
  return type == "VARCHAR" || type == "BOOLEAN" || type.ends_with("INTEGER") || type.ends_with("INT");
}

// The column of the flat table that a name means: as the engine does, whatever its case.
Result<store::Column> find_column(const std::vector<store::Column>& columns, const std::string& name) {
  std::vector<std::string> names;
  for (const store::Column& column : columns) {
    if (lower_ascii(column.name) == lower_ascii(name)) return column;
    if (has_values_to_name(column.type)) names.push_back(column.name);
  }
  return fail(ErrorCode::kNotFound, fmt::format("customers have no column '{}'{}", name, did_you_mean(name, names)),
              "`hilo attribute list` names them.");
}

Status check_type(const store::Column& column) {
  if (has_values_to_name(column.type) && column.name != "customer_id") return {};
  return fail(ErrorCode::kInvalidInput,
              fmt::format("the column '{}' ({}) has no values that customers share", column.name, column.type),
              "Name a column of text, boolean or whole numbers, such as buyer_type; an attribute can group others: "
              "case when ... then 'low' else 'high' end.");
}

// Keeps what is compared of one day: customer_id, value, revenue.
Status keep_day(SegmentDesk& desk, Date day, const Migration& migration, const std::string& table) {
  std::vector<std::string> columns = {"customer_id", migration.column.name};
  const bool with_revenue = migration.revenue_type && migration.column.name != kRevenue;
  if (with_revenue) columns.emplace_back(kRevenue);
  HILO_ASSIGN(const std::string customers, desk.customers_on(day, columns));
  store::Connection& connection = desk.reader().connection();
  HILO_TRY(connection.execute(
      fmt::format("create or replace temp table {} as select customer_id, {} as value{} from {}", table,
                  store::quote_name(migration.column.name), migration.revenue_type ? ", revenue" : "", customers)));
  HILO_ASSIGN(const std::int64_t values,
              connection.query_integer(fmt::format("select count(distinct value) from temp.{}", table)));
  if (values <= kValuesMax) return {};
  return fail(ErrorCode::kInvalidInput,
              fmt::format("the column '{}' has {} different values on {}: a migration shows at most {}",
                          migration.column.name, with_separators(values), to_string(day), kValuesMax),
              "Name a column of few values, such as buyer_type, or write an attribute that groups them.");
}

}  // namespace

Result<Migration> migration(SegmentDesk& desk, const std::string& column, const MigrationDays& days,
                            const DayProgress& progress) {
  Migration result;
  result.to = days.to.value_or(desk.default_day());
  result.from = days.from.value_or(month_before(result.to));
  if (result.to <= result.from)
    return fail(ErrorCode::kUsage, fmt::format("the last day, {}, does not lie after the first, {}",
                                               to_string(result.to), to_string(result.from)));
  store::Connection& connection = desk.reader().connection();
  HILO_ASSIGN(const std::vector<store::Column> columns, connection.describe("select * from main.customers"));
  HILO_ASSIGN(result.column, find_column(columns, column));
  HILO_TRY(check_type(result.column));
  result.currency = desk.reader().currency();
  const auto revenue =
      std::ranges::find(columns, kRevenue, [](const store::Column& each) { return lower_ascii(each.name); });
  if (revenue != columns.end() && is_number(revenue->type)) result.revenue_type = revenue->type;
  constexpr std::int64_t kDays = 2;
  progress(0, kDays);
  HILO_TRY(keep_day(desk, result.from, result, "migration_from"));
  progress(1, kDays);
  HILO_TRY(keep_day(desk, result.to, result, "migration_to"));
  progress(kDays, kDays);
  HILO_ASSIGN(result.customers, connection.query_integer("select count(*) from temp.migration_to"));
  HILO_ASSIGN(const TextTable ends,
              query_table(connection, "select distinct value from temp.migration_to order by value nulls last"));
  for (const TextRow& row : ends.rows) result.ends.push_back(row.front());
  // Nobody ceases to exist; sums stand in an order, as those of floating point depend on it.
  HILO_ASSIGN(
      const TextTable table,
      query_table(
          connection,
          fmt::format("select is_new, before, after, customers, sum(customers) over (partition by is_new, before), "
                      "gained from (select b.customer_id is null as is_new, b.value as before, a.value as after, "
                      "count(*) as customers, {} as gained from temp.migration_to a left join temp.migration_from b "
                      "using (customer_id) group by all) order by is_new, before nulls last, after nulls last",
                      result.revenue_type
                          ? "sum(coalesce(a.revenue, 0) - coalesce(b.revenue, 0) order by a.customer_id)"
                          : "null")));
  for (const TextRow& row : table.rows) {
    result.moves.push_back({.is_new = row[0] == "true",
                            .from = row[1],
                            .to = row[2],
                            .customers = std::stoll(row[3].value_or("0")),
                            .started = std::stoll(row[4].value_or("0")),
                            .revenue = row[5]});
  }
  return result;
}

}  // namespace hilo::app
