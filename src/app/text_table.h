// Query results as text, for screens and for CSV and JSON.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/database.h"

namespace hilo::app {

using TextRow = std::vector<std::optional<std::string>>;

/// A result that fits a screen.
struct TextTable {
  std::vector<store::Column> columns;  ///< with the types that the query gave
  std::vector<TextRow> rows;
  std::int64_t rows_left_out = 0;  ///< beyond the limit asked for
};

/// Runs one SELECT (or EXPLAIN) and hands out its rows as text, one by one. **Errors**: kInvalidInput for SQL that
/// cannot run or does not only read.
[[nodiscard]] Result<std::vector<store::Column>> stream_rows(store::Connection& connection, const std::string& sql,
                                                             const store::Parameters& parameters,
                                                             const std::function<void(const TextRow&)>& row);

/// Runs one SELECT and keeps at most `rows_max` rows; 0 = all.
[[nodiscard]] Result<TextTable> query_table(store::Connection& connection, const std::string& sql,
                                            const store::Parameters& parameters = {}, std::int64_t rows_max = 0);

/// Renders a cell as a JSON value of its column's type: numbers and booleans bare, lists and the rest as text.
[[nodiscard]] std::string json_value(const store::Column& column, const std::optional<std::string>& cell);
/// Renders a row as one JSON object.
[[nodiscard]] std::string json_object(const std::vector<store::Column>& columns, const TextRow& row);
/// Renders a text as a JSON string.
[[nodiscard]] std::string json_text(std::string_view text);
/// Renders a row as one CSV record without line end (RFC 4180); NULL is an empty cell.
[[nodiscard]] std::string csv_record(const TextRow& row);
/// Returns whether values of this SQL type are numbers.
[[nodiscard]] bool is_number(const std::string& type);

}  // namespace hilo::app
