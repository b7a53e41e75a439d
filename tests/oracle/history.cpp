#include "oracle/history.h"

#include <fmt/format.h>

#include "base/text.h"

namespace hilo::oracle {
namespace {

struct RandomColumn {
  store::Column column;
  std::vector<std::string> usual;    // among which each row has one
  std::vector<std::string> extreme;  // and these
};

const std::vector<RandomColumn>& random_columns() {
  static const std::vector<RandomColumn> kColumns = {
      {{"type", "VARCHAR"}, {"'order'", "'return'", "'visit'", "'message_sent'", "''"}, {}},
      {{"channel", "VARCHAR"}, {"'web'", "'Store'", "'ä'", "'12'", "null"}, {}},
      {{"amount", "DECIMAL(18,4)"},
       {"1.5", "20", "-3.25", "null", "7.1234", "12345.6789", "-77.5", "0"},
       {"99999999999999.9999", "-99999999999999.9999"}},
      {{"cost", "DECIMAL(18,4)"}, {"0.5", "2", "null", "12345.6789"}, {"99999999999999.9999"}},
      {{"points", "INTEGER"}, {"1", "2", "-3", "null", "0", "40000"}, {"2147483647", "-2147483648"}},
      {{"visits", "BIGINT"}, {"1", "2", "5", "null", "70", "-9"}, {"9223372036854775807", "-9223372036854775808"}},
      {{"rating", "DOUBLE"}, {"0.1", "2.5", "-7.3", "0", "null", "1e15"}, {"1e300", "'nan'", "'inf'", "-1e300"}},
      {{"flag", "BOOLEAN"}, {"true", "false", "null"}, {}},
      {{"due", "DATE"},
       {"date '2021-10-01'", "date '1969-12-31'", "date '2020-02-29'", "date '2021-08-31'", "null"},
       {"date 'infinity'", "date '-infinity'"}},
      {{"share", "DECIMAL(4,2)"}, {"1.25", "-99.99", "null", "0"}, {}},
      {{"ends", "TIMESTAMP"},
       {"timestamp '2021-09-01 12:00:00'", "timestamp '2021-08-31 23:59:59.999999'", "timestamp '1969-12-31 23:00:00'",
        "null"},
       {"timestamp 'infinity'", "timestamp '-infinity'"}}};
  return kColumns;
}

std::vector<store::Column> base_columns() {
  std::vector<store::Column> columns = {
      {"customer_id", "BIGINT"}, {"time", "TIMESTAMP"}, {"time_utc", "TIMESTAMP"}, {"seq", "BIGINT"}};
  for (const RandomColumn& random : random_columns()) columns.push_back(random.column);
  return columns;
}

// Each row's number decides its values, by a hash of its own for each column.
std::string one_of(const std::vector<std::string>& values, const std::string& type, Dice& dice) {
  return fmt::format("(([{}])::{}[])[1 + (hash(i, {}) % {})::bigint]", join(values, ", "), type, dice.below(1 << 30),
                     values.size());
}

std::string random_select(const expr::TableSchema& table, Dice& dice, Values values) {
  const int days = 30 + dice.below(300);
  std::string items = fmt::format(
      "case when hash(i, {0}) % 15 > 0 then (hash(i, {1}) % {2})::bigint * 3 end as customer_id, timestamp "
      "'2021-11-15' - to_days((hash(i, {3}) % {4})::integer) + to_hours((hash(i, {5}) % 3 * 11)::bigint) as time, "
      "time - to_hours((hash(i, {6}) % 2)::bigint) as time_utc, i as seq",
      dice.below(1 << 30), dice.below(1 << 30), kCustomers, dice.below(1 << 30), days, dice.below(1 << 30),
      dice.below(1 << 30));
  for (const RandomColumn& random : random_columns()) {
    std::vector<std::string> choices = random.usual;
    if (values == Values::kExtreme) choices.insert(choices.end(), random.extreme.begin(), random.extreme.end());
    items += fmt::format(", {} as {}", one_of(choices, random.column.type, dice), random.column.name);
  }
  if (table.name == "items") {
    items += fmt::format(", (hash(i, {}) % 3)::integer as line, {} as sku", dice.below(1 << 30),
                         one_of({"'a'", "'b'", "'C'"}, "VARCHAR", dice));
  }
  return fmt::format("select {} from range({}) r(i) order by hash(i, {})", items, 150 + dice.below(200),
                     dice.below(1 << 30));
}

}  // namespace

const std::vector<expr::TableSchema>& schema() {
  static const std::vector<expr::TableSchema> kSchema = [] {
    std::vector<store::Column> items = base_columns();
    items.insert(items.end(), {{"line", "INTEGER"}, {"sku", "VARCHAR"}});
    return std::vector<expr::TableSchema>{{"events", base_columns()},
                                          {"items", items},
                                          {"versions", base_columns()},
                                          {"customers", {{"customer_id", "BIGINT"}}}};
  }();
  return kSchema;
}

Status make_tables(store::Connection& connection, Dice& dice, Values values) {
  HILO_TRY(connection.execute(fmt::format(
      "create or replace table customer_spans as select range * 3 as customer_id from range({})", kCustomers + 2)));
  for (const expr::TableSchema& table : schema()) {
    if (table.name == "customers") continue;
    HILO_TRY(connection.execute(
        fmt::format("create or replace table {} as {}", table.name, random_select(table, dice, values))));
  }
  return {};
}

}  // namespace hilo::oracle
