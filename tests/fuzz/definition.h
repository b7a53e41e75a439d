// What the targets of SQL definitions share: the tables of a small shop, filled in two orders, and what must hold of
// faults and answers.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "engine.h"
#include "expr/definition.h"

namespace hilo::fuzz {

/// Returns whether a definition may ask for more work than one execution should have: large constants, which make
/// texts and lists of any length, and deep nesting.
inline bool is_costly(std::string_view sql) {
  constexpr int kDigitsMax = 4;
  constexpr std::size_t kBracketsMax = 40;
  int digits = 0;
  for (const char c : sql) {
    digits = (c >= '0' && c <= '9') || c == '_' || ((c == 'e' || c == 'E') && digits > 0) ? digits + 1 : 0;
    if (digits > kDigitsMax) return true;
  }
  return static_cast<std::size_t>(std::ranges::count(sql, '(')) > kBracketsMax ||
         sql.find("**") != std::string_view::npos || sql.find('!') != std::string_view::npos;
}

/// Checks that faults are the definition's own, each with a place in its text or of the file as a whole.
inline void expect_placed(const std::vector<Error>& faults, const expr::DefinitionFile& file) {
  expect(!faults.empty(), "a fault is told", file.text);
  const auto lines = static_cast<int>(std::ranges::count(file.text, '\n')) + 1;
  for (const Error& fault : faults) {
    expect_their_fault(fault);
    expect(fault.position.line >= 0 && fault.position.line <= lines && fault.position.column >= 0,
           "a fault stands in the text", fault.text());
  }
}

/// The shop's tables with the order in which their rows are stored.
class Shop {
 public:
  static std::vector<expr::TableSchema> schema() {
    const std::vector<store::Column> base = {
        {"customer_id", "BIGINT"},   {"time", "TIMESTAMP"}, {"time_utc", "TIMESTAMP"},
        {"seq", "BIGINT"},           {"type", "VARCHAR"},   {"channel", "VARCHAR"},
        {"amount", "DECIMAL(18,4)"}, {"rating", "DOUBLE"},  {"points", "INTEGER"}};
    std::vector<store::Column> items = base;
    items.insert(items.end(), {{"line", "INTEGER"}, {"sku", "VARCHAR"}, {"quantity", "INTEGER"}});
    const std::vector<store::Column> versions = {{"customer_id", "BIGINT"}, {"time", "TIMESTAMP"},
                                                 {"time_utc", "TIMESTAMP"}, {"seq", "BIGINT"},
                                                 {"source", "VARCHAR"},     {"city", "VARCHAR"}};
    return {{"events", base}, {"items", items}, {"versions", versions}, {"customers", customers()}};
  }
  static std::vector<store::Column> customers() {
    return {{"customer_id", "BIGINT"},      {"full_name", "VARCHAR"}, {"birth_date", "DATE"},
            {"country", "VARCHAR"},         {"orders", "BIGINT"},     {"revenue", "DECIMAL(18,4)"},
            {"last_order_at", "TIMESTAMP"}, {"share", "DOUBLE"},      {"consent", "BOOLEAN"}};
  }

  /// `order` is what the rows are stored by: "i" or "-i".
  explicit Shop(std::string_view order) {
    for (const expr::TableSchema& table : schema()) {
      std::string items;
      for (std::size_t at = 0; at < table.columns.size(); ++at) {
        const store::Column& column = table.columns[at];
        items += fmt::format("{}({})::{} AS {}", at > 0 ? ", " : "", value_of(column, table.name == "customers"),
                             column.type, store::quote_name(column.name));
      }
      engine_.run(fmt::format("CREATE TABLE {} AS SELECT {} FROM range({}) t(i) ORDER BY {}", table.name, items,
                              table.name == "customers" ? kCustomers : kRows, order));
    }
    engine_.run(fmt::format("CREATE TABLE existing AS SELECT i AS customer_id FROM range({}) t(i) ORDER BY {}",
                            kCustomers, order));
  }

  static constexpr int kCustomers = 5;
  static constexpr int kRows = 24;

  /// Runs a compiled query, which must succeed. Returns its rows as sorted texts.
  std::vector<std::string> rows_of(const std::string& sql) {
    const store::Parameters parameters = {{"as_of", store::WallTime{1'640'044'800'000'000}}, {"day", Date{18'981}}};
    store::Parameters used;
    for (const store::NamedValue& parameter : parameters) {
      if (sql.find('$' + parameter.name) != std::string::npos) used.push_back(parameter);
    }
    std::vector<std::string> lines;
    auto rows = engine_.connection().query(fmt::format("SELECT q::VARCHAR FROM ({}) q ORDER BY 1", sql), used);
    expect(rows.has_value(), rows ? "" : rows.error().message, sql);
    const Status read =
        rows->for_each([&](const store::Chunk& chunk, std::size_t row) { lines.emplace_back(chunk.text(0, row)); });
    expect(read.has_value(), read ? "" : read.error().message, sql);
    return lines;
  }

 private:
  // Values that repeat, tie, are missing, and lie at the ends of what their type holds.
  static std::string value_of(const store::Column& column, bool is_customer) {
    if (column.name == "customer_id") return is_customer ? "i" : "i % 4";
    if (column.name == "seq") return "i";
    if (column.name == "line") return "i % 3";
    if (column.type == "TIMESTAMP") return "TIMESTAMP '2021-12-01' + to_hours((i // 2 * 5)::INTEGER)";
    if (column.type == "DATE") return "[NULL, '1980-02-29', '0001-01-01', '9999-12-31'][1 + i % 4]";
    if (column.type == "DECIMAL(18,4)") return "[NULL, 1.5, -99999999999999.9999, 0][1 + i % 4]";
    if (column.type == "DOUBLE") return "[NULL, 0.1, 1e300, -1e300, 'nan'][1 + i % 5]";
    if (column.type == "INTEGER") return "[NULL, 1, -2147483648, 2147483647, 0][1 + i % 5]";
    if (column.type == "BIGINT") return "[NULL, 3, -9223372036854775808, 9223372036854775807][1 + i % 4]";
    if (column.type == "BOOLEAN") return "[NULL, true, false][1 + i % 3]";
    return "[NULL, 'web', '', 'x%_\\', '12'][1 + i % 5]";
  }

  Engine engine_;
};

}  // namespace hilo::fuzz
