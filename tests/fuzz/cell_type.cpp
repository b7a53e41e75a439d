// The type that a column of text gets: the engine reads every cell as that type and loses nothing of it; the order of
// cells decides nothing. The input's lines are the cells.
#include "ingest/read/cell_type.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/text.h"
#include "base/time.h"
#include "engine.h"

namespace hilo::fuzz {
namespace {

constexpr std::size_t kCellsMax = 8;

std::string_view type_of(const std::vector<std::string_view>& cells) {
  ingest::TypeSniffer sniffer;
  for (const std::string_view cell : cells) sniffer.observe(cell);
  return sniffer.sql_type();
}

// A plain number without what only spelling adds: zeros at the end of a fraction, the sign of nothing.
std::string plain(std::string_view number) {
  std::string text(number);
  if (text.find('.') != std::string::npos) {
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  const bool is_negative = text.starts_with('-');
  const std::size_t first = is_negative ? 1 : 0;
  if (text.size() == first || text[first] == '.') text.insert(first, "0");
  return text == "-0" ? "0" : text;
}

void judge_cell(std::string_view cell, std::string_view type, const std::string& read) {
  if (type == "BIGINT" || type.starts_with("DECIMAL")) {
    expect_same("a number read by the engine", plain(cell), plain(read));
  } else if (type == "DATE") {
    expect_same("a day read by the engine", cell, read);
    HILO_CHECK(to_string(parse_date(cell).value()) == cell);
  } else if (type == "BOOLEAN") {
    expect_same("a truth read by the engine", lower_ascii(cell), read);
  } else if (type == "DOUBLE") {
    double number = 0;
    const auto [end, failure] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
    expect(failure != std::errc::invalid_argument && end == cell.data() + cell.size(), "a number", cell);
    double engines = 0;
    std::from_chars(read.data(), read.data() + read.size(), engines);
    // Below the smallest double the library reports "out of range" where the engine reads 0.
    expect(failure != std::errc{} || engines == number, "a double read by the engine", cell);
  } else {
    HILO_CHECK(type == "TIMESTAMP");
    std::string moment(cell.substr(0, 26));  // six digits of fraction are kept
    const auto instant = parse_instant(moment);
    expect(instant.has_value(), "a moment", cell);
    std::string shown(read);
    std::ranges::replace(shown, ' ', 'T');
    HILO_CHECK(parse_instant(shown).value() == *instant);
  }
}

}  // namespace

void judge(std::string_view input) {
  static Engine& engine = *new Engine;
  if (!is_utf8(input) || input.find('\0') != std::string_view::npos) return;  // no reader gives such a cell
  std::vector<std::string_view> cells = split(input, '\n');
  std::erase_if(cells, [](std::string_view cell) { return cell.empty(); });
  if (cells.size() > kCellsMax) cells.resize(kCellsMax);
  const std::string_view type = type_of(cells);
  std::ranges::reverse(cells);
  expect_same("a type whatever the order", type, type_of(cells));
  if (type == "VARCHAR") return;
  for (const std::string_view cell : cells) {
    expect(type_of({cell}) != "VARCHAR", "one of a column's cells has a type too", cell);
    const auto read = engine.connection().query_text(fmt::format("SELECT try_cast($cell AS {})::VARCHAR", type),
                                                     {{"cell", std::string(cell)}});
    HILO_CHECK(read.has_value());
    expect(read->has_value(), "the engine reads a cell as its column's type", cell);
    judge_cell(cell, type, **read);
  }
}

}  // namespace hilo::fuzz
