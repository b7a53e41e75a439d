// CSV: the rows do not depend on how the bytes come; every row keeps its promises; what was read, written, reads the
// same; the delimiter found is one of the four.
#include <fmt/format.h>

#include "ingest/read/csv_reader.h"
#include "ingest/read/csv_sniff.h"
#include "pieces.h"

namespace hilo::fuzz {
namespace {

// More than an input has, and far less than a file is read by: the buffer's size is most of the time of an execution.
constexpr std::size_t kWhole = 8192;

std::string quoted(const std::string& cell) {
  std::string out = "\"";
  for (const char c : cell) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

std::string written(const Reading& reading) {
  std::string text;
  const auto write = [&](const std::vector<std::string>& cells) {
    for (std::size_t at = 0; at < cells.size(); ++at)
      text += (at > 0 ? "," : "") + quoted(cells[at] == kNullCell ? "" : cells[at]);
    text += "\r\n";
  };
  write(reading.columns);
  for (const auto& row : reading.rows) write(row);
  return text;
}

Reading read(std::string_view text, const ingest::CsvOptions& options, std::size_t piece) {
  return read_rows(ingest::open_csv_rows(in_pieces(text, piece), "t.csv", options));
}

void same_in_pieces(std::string_view input, ingest::CsvOptions options) {
  const std::size_t number = number_of(input);
  options.chunk_bytes = kWhole;
  const Reading whole = read(input, options, input.size());
  options.chunk_bytes = 1 + number % 40;
  expect_same("rows whatever the pieces", whole.lines, read(input, options, 1 + number / 64 % 9).lines);
}

void reads_what_it_wrote(const Reading& reading) {
  if (reading.columns.empty()) return;
  const std::string text = written(reading);
  const Reading again = read(text, {.delimiter = ','}, text.size());
  expect_same("columns written and read", reading.columns, again.columns);
  HILO_CHECK(reading.rows.size() == again.rows.size());
  for (std::size_t at = 0; at < reading.rows.size(); ++at)
    expect_same("cells written and read", reading.rows[at], again.rows[at]);
}

}  // namespace

void judge(std::string_view input) {
  for (const bool is_whole : {false, true}) {
    const char found = ingest::sniff_delimiter(input, '"', is_whole);
    expect(std::string_view(",;\t|").find(found) != std::string_view::npos, "a delimiter of the four", input);
  }
  same_in_pieces(input, {});
  same_in_pieces(input,
                 {.delimiter = ',', .header = ingest::CsvHeader::kNone, .max_cell_bytes = 20, .max_record_bytes = 45});
  same_in_pieces(input, {.delimiter = ';', .quote = '\'', .max_cell_bytes = 30, .max_record_bytes = 60});
  reads_what_it_wrote(read(input, {.delimiter = std::nullopt, .chunk_bytes = kWhole}, input.size()));
}

}  // namespace hilo::fuzz
