#include "cli/table_view.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/text.h"

namespace hilo::cli {
namespace {

constexpr int kCellWidthMax = 48;
constexpr int kPipeCellWidthMax = 200;
constexpr int kGap = 2;

bool is_identifier_name(const std::string& name) { return name.ends_with("_id") || name == "year"; }

std::string cell_text(const store::Column& column, const std::optional<std::string>& cell) {
  if (!cell) return "-";
  // Ids are names, not quantities: no separators.
  return is_identifier_name(column.name) ? *cell : shown_value(column.type, *cell);
}

}  // namespace

std::string grouped_number(const std::string& number) {
  const std::size_t point = number.find('.');
  const std::string whole = number.substr(0, point);
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(whole.data(), whole.data() + whole.size(), value);
  if (failure != std::errc{} || end != whole.data() + whole.size()) return number;
  std::string out = with_separators(value);
  if (value == 0 && whole.starts_with('-')) out = "-0";
  return point == std::string::npos ? out : out + number.substr(point);
}

std::string shown_value(const std::string& type, const std::string& value) {
  if (type.starts_with("DECIMAL") || type == "DOUBLE" || type == "FLOAT") {
    double number = 0;
    const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (failure != std::errc{} || end != value.data() + value.size()) return value;
    return grouped_number(fmt::format("{:.2f}", number));
  }
  if (app::is_number(type)) return grouped_number(value);
  if (type.starts_with("TIMESTAMP")) return value.substr(0, value.find('.'));
  return value;
}

std::string render_table(const app::TextTable& table, const Terminal& terminal) {
  const std::size_t count = table.columns.size();
  std::vector<int> widths(count);
  std::vector<std::vector<std::string>> cells;
  const int cell_width_max = terminal.is_terminal ? kCellWidthMax : kPipeCellWidthMax;
  for (std::size_t column = 0; column < count; ++column) widths[column] = display_width(table.columns[column].name);
  for (const app::TextRow& row : table.rows) {
    std::vector<std::string>& line = cells.emplace_back();
    for (std::size_t column = 0; column < count; ++column) {
      line.push_back(fit(cell_text(table.columns[column], row[column]), cell_width_max));
      widths[column] = std::max(widths[column], display_width(line.back()));
    }
  }
  const auto padded = [&](std::size_t column, const std::string& text) {
    const std::string space(static_cast<std::size_t>(std::max(0, widths[column] - display_width(text))), ' ');
    return app::is_number(table.columns[column].type) ? space + text : text + space;
  };
  const std::string gap(kGap, ' ');
  std::string header;
  for (std::size_t column = 0; column < count; ++column)
    header += (column == 0 ? "" : gap) + padded(column, table.columns[column].name);
  std::string out = terminal.bold(terminal.is_terminal ? fit(header, terminal.width) : header) + "\n";
  for (const auto& line : cells) {
    std::string text;
    for (std::size_t column = 0; column < count; ++column)
      text += (column == 0 ? "" : gap) + padded(column, line[column]);
    while (text.ends_with(' ')) text.pop_back();
    out += (terminal.is_terminal ? fit(text, terminal.width) : text) + "\n";
  }
  if (table.rows_left_out > 0)
    out += terminal.dim(fmt::format("... and {} more\n", counted(table.rows_left_out, "row")));
  return out;
}

}  // namespace hilo::cli
