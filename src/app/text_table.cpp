#include "app/text_table.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace hilo::app {
namespace {

TextRow row_of(const store::Chunk& chunk, std::size_t row, std::size_t columns) {
  TextRow out(columns);
  for (std::size_t column = 0; column < columns; ++column) {
    if (!chunk.is_null(column, row)) out[column] = std::string(chunk.text(column, row));
  }
  return out;
}

std::string without_end(std::string_view sql) {
  std::string_view text = trim(sql);
  while (text.ends_with(';')) text = trim(text.substr(0, text.size() - 1));
  return std::string(text);
}

}  // namespace

Result<std::vector<store::Column>> stream_rows(store::Connection& connection, const std::string& sql,
                                               const store::Parameters& parameters,
                                               const std::function<void(const TextRow&)>& row) {
  const std::string statement = without_end(sql);
  HILO_ASSIGN(const store::StatementKind kind, connection.statement_kind(statement));
  if (kind == store::StatementKind::kOther) {
    return fail(ErrorCode::kInvalidInput, "only SELECT may be asked here: the store is read-only",
                "What should be kept belongs into sources/, attributes/ or segments/.");
  }
  HILO_ASSIGN(const std::vector<store::Column> columns, connection.describe(statement));
  // The engine writes every type as text itself; a comment at the statement's end must not swallow the bracket.
  const std::string text = kind == store::StatementKind::kExplain
                               ? statement
                               : fmt::format("select columns(*)::varchar from (\n{}\n)", statement);
  HILO_ASSIGN(store::Rows rows, connection.query(text, parameters));
  HILO_TRY(rows.for_each(
      [&](const store::Chunk& chunk, std::size_t index) { row(row_of(chunk, index, rows.columns().size())); }));
  return kind == store::StatementKind::kExplain ? rows.columns() : columns;
}

Result<TextTable> query_table(store::Connection& connection, const std::string& sql,
                              const store::Parameters& parameters, std::int64_t rows_max) {
  TextTable table;
  HILO_ASSIGN(table.columns, stream_rows(connection, sql, parameters, [&](const TextRow& row) {
                if (rows_max > 0 && static_cast<std::int64_t>(table.rows.size()) >= rows_max) {
                  ++table.rows_left_out;
                } else {
                  table.rows.push_back(row);
                }
              }));
  return table;
}

bool is_number(const std::string& type) {
  return type.ends_with("INT") || type == "INTEGER" || type == "DOUBLE" || type == "FLOAT" ||
         (type.starts_with("DECIMAL") && type.ends_with(")"));
}

std::string json_text(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string json_value(const store::Column& column, const std::optional<std::string>& cell) {
  if (!cell) return "null";
  // JSON has no word for infinity or not-a-number.
  const bool finite = !cell->empty() && cell->find_first_not_of("0123456789+-.eE") == std::string::npos;
  if ((is_number(column.type) && finite) || column.type == "BOOLEAN") return *cell;
  return json_text(*cell);
}

std::string json_object(const std::vector<store::Column>& columns, const TextRow& row) {
  std::string out = "{";
  for (std::size_t column = 0; column < columns.size(); ++column) {
    out += fmt::format("{}{}: {}", column == 0 ? "" : ", ", json_text(columns[column].name),
                       json_value(columns[column], row[column]));
  }
  return out + "}";
}

std::string csv_record(const TextRow& row) {
  std::string out;
  bool first = true;
  for (const auto& cell : row) {
    if (!first) out += ',';
    first = false;
    if (!cell) continue;
    const bool quoted = cell->find_first_of(",\"\r\n") != std::string::npos || cell->empty();
    if (!quoted) {
      out += *cell;
      continue;
    }
    out += '"';
    for (const char c : *cell) {
      out += c;
      if (c == '"') out += c;
    }
    out += '"';
  }
  return out;
}

}  // namespace hilo::app
