#include "cli/table_view.h"

#include <algorithm>
#include <charconv>
#include <numeric>

#include <fmt/format.h>

#include "base/text.h"

namespace hilo::cli {
namespace {

constexpr int kCellWidthMax = 48;
constexpr int kPipeCellWidthMax = 200;
constexpr int kGap = 2;
constexpr int kTextWidthMin = 16;     // a text is not cut below this, a column is left out instead
constexpr int kWrappedWidthMin = 12;  // nor wrapped

bool is_identifier_name(const std::string& name) { return name.ends_with("_id") || name == "year"; }

std::string cell_text(const store::Column& column, const std::optional<std::string>& cell) {
  if (!cell) return "-";
  // Ids are names, not quantities: no separators.
  return is_identifier_name(column.name) ? *cell : shown_value(column.type, *cell);
}

// A table's cells as they are shown, and how wide each column would like to be.
struct Sheet {
  const std::vector<store::Column>& columns;
  std::vector<std::vector<std::string>> cells;
  std::vector<int> widths;

  [[nodiscard]] bool is_text(std::size_t column) const { return !app::is_number(columns[column].type); }
};

Sheet sheet_of(const app::TextTable& table, int cell_width_max) {
  Sheet sheet{.columns = table.columns, .cells = {}, .widths = {}};
  for (const store::Column& column : table.columns) sheet.widths.push_back(display_width(column.name));
  for (const app::TextRow& row : table.rows) {
    std::vector<std::string>& line = sheet.cells.emplace_back();
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
      line.push_back(fit(cell_text(table.columns[column], row[column]), cell_width_max));
      sheet.widths[column] = std::max(sheet.widths[column], display_width(line.back()));
    }
  }
  return sheet;
}

int line_width(const std::vector<int>& widths) {
  const int gaps = kGap * (static_cast<int>(widths.size()) - 1);
  return std::accumulate(widths.begin(), widths.end(), gaps);
}

// The widths of the first columns, narrowed to a line's room where texts allow it: the widest gives way first.
std::vector<int> narrowed(const Sheet& sheet, std::size_t count, int room, int text_width_min) {
  std::vector<int> widths(sheet.widths.begin(), sheet.widths.begin() + static_cast<std::ptrdiff_t>(count));
  while (line_width(widths) > room) {
    std::size_t widest = count;
    for (std::size_t column = 0; column < count; ++column) {
      const int least = std::max(text_width_min, display_width(sheet.columns[column].name));
      if (!sheet.is_text(column) || widths[column] <= least) continue;
      if (widest == count || widths[column] > widths[widest]) widest = column;
    }
    if (widest == count) break;
    --widths[widest];
  }
  return widths;
}

// The columns from the left that a line has room for, at least one.
std::vector<int> fitting(const Sheet& sheet, int room) {
  // No column is narrower than its gap and one character, so more than these need not be tried.
  std::size_t count = std::min(sheet.columns.size(), static_cast<std::size_t>(std::max(1, room)));
  for (; count > 1; --count) {
    std::vector<int> widths = narrowed(sheet, count, room, kTextWidthMin);
    if (line_width(widths) <= room) return widths;
  }
  return narrowed(sheet, count, room, kTextWidthMin);
}

std::string padded(const Sheet& sheet, std::size_t column, int width, const std::string& text) {
  const std::string space(static_cast<std::size_t>(std::max(0, width - display_width(text))), ' ');
  return sheet.is_text(column) ? text + space : space + text;
}

std::string joined(const Sheet& sheet, const std::vector<int>& widths, const std::vector<std::string>& texts) {
  std::string line;
  for (std::size_t column = 0; column < widths.size(); ++column)
    line += std::string(column == 0 ? 0 : kGap, ' ') +
            padded(sheet, column, widths[column], fit(texts[column], widths[column]));
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

std::string header_line(const Sheet& sheet, const std::vector<int>& widths, const Terminal& terminal) {
  std::vector<std::string> names;
  for (const store::Column& column : sheet.columns) names.push_back(column.name);
  return terminal.bold(joined(sheet, widths, names)) + "\n";
}

std::string footer_line(std::int64_t left_out, std::string_view noun, std::string_view hint, const Terminal& terminal) {
  if (left_out <= 0) return "";
  const std::string text = fmt::format("... and {}", counted(left_out, fmt::format("more {}", noun)));
  return terminal.dim(hint.empty() ? text : fmt::format("{}: {}", text, hint)) + "\n";
}

// Splits a text into lines, after a space or a slash where one is near enough.
std::vector<std::string> wrapped(const std::string& text, int width) {
  std::vector<std::string> lines;
  std::string_view rest = text;
  for (std::size_t fits = fitting_bytes(rest, width); fits < rest.size(); fits = fitting_bytes(rest, width)) {
    std::size_t end = std::max(fits, std::size_t{1});
    const std::size_t space = rest.substr(0, end).find_last_of(" /");
    if (rest[end] != ' ' && space != std::string_view::npos && space * 2 >= end) end = space + 1;
    lines.emplace_back(trim(rest.substr(0, end)));
    rest = rest.substr(end);
    while (rest.starts_with(' ')) rest.remove_prefix(1);
  }
  lines.emplace_back(rest);
  return lines;
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

std::string render_table(const app::TextTable& table, const Terminal& terminal, const TableHints& hints) {
  const Sheet sheet = sheet_of(table, terminal.is_terminal ? kCellWidthMax : kPipeCellWidthMax);
  const std::vector<int> widths = terminal.is_terminal ? fitting(sheet, terminal.width) : sheet.widths;
  std::string out = header_line(sheet, widths, terminal);
  for (const auto& line : sheet.cells) out += joined(sheet, widths, line) + "\n";
  const auto columns_left_out = static_cast<std::int64_t>(sheet.columns.size() - widths.size());
  return out + footer_line(table.rows_left_out, "row", hints.rows, terminal) +
         footer_line(columns_left_out, "column", hints.columns, terminal);
}

std::string render_wrapped_table(const app::TextTable& table, const Terminal& terminal, const TableHints& hints) {
  const Sheet sheet = sheet_of(table, kPipeCellWidthMax);
  const std::vector<int> widths =
      terminal.is_terminal ? narrowed(sheet, sheet.columns.size(), terminal.width, kWrappedWidthMin) : sheet.widths;
  std::string out = header_line(sheet, widths, terminal);
  for (const auto& line : sheet.cells) {
    std::vector<std::vector<std::string>> parts;
    std::size_t height = 0;
    for (std::size_t column = 0; column < widths.size(); ++column)
      height = std::max(height, parts.emplace_back(wrapped(line[column], widths[column])).size());
    for (std::size_t row = 0; row < height; ++row) {
      std::vector<std::string> texts;
      for (const auto& part : parts) texts.push_back(row < part.size() ? part[row] : "");
      out += joined(sheet, widths, texts) + "\n";
    }
  }
  return out + footer_line(table.rows_left_out, "row", hints.rows, terminal);
}

std::string share_text(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? "-" : fmt::format("{:.1f} %", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string share_json(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? "null" : fmt::format("{:.6f}", static_cast<double>(part) / static_cast<double>(whole));
}

}  // namespace hilo::cli
