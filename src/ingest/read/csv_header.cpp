#include "ingest/read/csv_header.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "base/text.h"
#include "model/column.h"

namespace hilo::ingest {

Result<std::vector<std::string>> name_columns(const std::vector<std::string>& cells, std::string_view name) {
  const bool holds_values = std::ranges::any_of(cells, looks_like_value);
  const auto shown = [&](const std::string& column) { return holds_values ? std::string("***") : column; };
  std::vector<std::string> columns;
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t place = 0; place < cells.size(); ++place) {
    std::string column(trim(cells[place]));
    if (!is_utf8(column) || column.find('\0') != std::string::npos) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("the header of {} names its column {} by bytes that are no text", name, place + 1));
    }
    if (column.empty()) {
      const bool is_after_last_delimiter = place + 1 == cells.size() && place > 0;
      if (!is_after_last_delimiter) {
        return fail(ErrorCode::kInvalidInput,
                    fmt::format("the header of {} leaves column {} without a name", name, place + 1),
                    "name every column in the file's first line");
      }
      column = fmt::format("column{}", place);
    }
    const auto [earlier, is_new] = places.emplace(lower_ascii(column), place);
    if (!is_new) {
      const std::string& other = columns[earlier->second];
      return fail(ErrorCode::kInvalidInput,
                  other == column
                      ? fmt::format("the header of {} has the column '{}' twice", name, shown(column))
                      : fmt::format("the header of {} has the columns '{}' and '{}', which differ only by case", name,
                                    shown(other), shown(column)),
                  "give each column a name of its own");
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

std::vector<std::string> number_columns(std::size_t count) {
  std::vector<std::string> columns;
  for (std::size_t place = 0; place < count; ++place) columns.push_back(fmt::format("column{}", place));
  return columns;
}

}  // namespace hilo::ingest
