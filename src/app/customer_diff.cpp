#include "app/customer_diff.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/customer_days.h"
#include "app/customer_timeline.h"
#include "app/text_table.h"
#include "timeline/flat_table.h"

namespace hilo::app {
namespace {

// The rows of a customer on days that it exists on, the flat table's columns alone.
Result<TextTable> rows_by_own_history(CustomerDays& customer, const std::vector<Date>& days) {
  std::vector<std::string> names;
  for (const store::Column& column : customer.columns()) names.push_back(column.name);
  HILO_TRY(customer.compute(days, names));
  HILO_ASSIGN(TextTable table, customer.rows());
  table.columns.erase(table.columns.begin());
  for (TextRow& row : table.rows) row.erase(row.begin());
  return table;
}

Result<TextTable> rows_by_flat_tables(Reader& reader, std::int64_t customer_id, const std::vector<Date>& days) {
  TextTable all;
  for (const Date day : days) {
    HILO_TRY(reader.write_customers(day, {}, "customers_of_day"));
    HILO_ASSIGN(
        TextTable table,
        query_table(reader.connection(),
                    "select * exclude (customer_id) from temp.customers_of_day where customer_id = $customer_id",
                    {{"customer_id", customer_id}}));
    all.columns = std::move(table.columns);
    all.rows.insert(all.rows.end(), table.rows.begin(), table.rows.end());
  }
  return all;
}

}  // namespace

Result<CustomerDiff> customer_diff(Reader& reader, std::int64_t customer_id, Date from, Date to) {
  if (to < from)
    return fail(ErrorCode::kUsage,
                fmt::format("the later day, {}, lies before the earlier, {}", to_string(to), to_string(from)),
                "Give the earlier day first.");
  CustomerDiff diff;
  diff.customer_id = customer_id;
  diff.from = from;
  diff.to = to;
  diff.currency = reader.currency();
  HILO_ASSIGN(diff.known_since, first_day(reader, customer_id));
  if (to < diff.known_since) return std::unexpected(not_yet(customer_id, to, diff.known_since));
  diff.existed = from >= diff.known_since;
  std::vector<Date> days;
  if (diff.existed) days.push_back(from);
  if (from < to) days.push_back(to);
  HILO_ASSIGN(CustomerDays customer, CustomerDays::open(reader, customer_id));
  Result<TextTable> rows = customer.left_out().empty() ? rows_by_own_history(customer, days)
                                                       : rows_by_flat_tables(reader, customer_id, days);
  HILO_ASSIGN(const TextTable table, std::move(rows));
  if (table.rows.empty()) return std::unexpected(not_yet(customer_id, to, diff.known_since));
  HILO_ASSIGN(const std::int64_t golden, reader.connection().query_integer("select golden_columns from meta"));
  const TextRow before = diff.existed ? table.rows.front() : TextRow(table.columns.size());
  const TextRow& now = table.rows.back();
  diff.columns = static_cast<std::int64_t>(table.columns.size());
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    if (before[column] == now[column]) continue;
    diff.differences.push_back({.column = table.columns[column],
                                .golden = static_cast<std::int64_t>(column) + 1 < golden,
                                .then = before[column],
                                .now = now[column]});
  }
  return diff;
}

}  // namespace hilo::app
