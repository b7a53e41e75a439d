// Bytes in memory as a stream that gives them in pieces, and streams and readers read to their end.
#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "ingest/read/byte_stream.h"
#include "ingest/read/row_reader.h"
#include "target.h"

namespace hilo::fuzz {

/// Gives the bytes of a text in pieces of `piece` bytes. **Requires**: the text outlives the stream; piece > 0.
class Pieces final : public ingest::ByteStream {
 public:
  Pieces(std::string_view text, std::size_t piece) : text_(text), piece_(piece) {}

  Result<std::size_t> read(std::span<char> into) override {
    const std::size_t count = std::min({piece_, into.size(), text_.size()});
    text_.copy(into.data(), count);
    text_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view text_;
  std::size_t piece_;
};

inline std::unique_ptr<ingest::ByteStream> in_pieces(std::string_view text, std::size_t piece) {
  return std::make_unique<Pieces>(text, std::max<std::size_t>(piece, 1));
}

/// A reading as data: one line per row or fault, "error: ..." last where it ended with one.
struct Reading {
  std::vector<std::string> columns;
  std::vector<std::string> lines;
  std::vector<std::vector<std::string>> rows;  ///< of the good rows; NULL stands as "\0"
};

/// What a cell that is NULL stands as in `Reading::rows`; no cell may hold that byte.
inline const std::string kNullCell(1, '\0');

/// Reads to the end and checks what every reader promises of rows and faults.
inline Reading read_rows(Result<std::unique_ptr<ingest::RowReader>> opened) {
  Reading reading;
  if (!opened) {
    expect_their_fault(opened.error());
    reading.lines.push_back("error: " + opened.error().message);
    return reading;
  }
  ingest::RowReader& reader = **opened;
  reading.columns = reader.columns();
  for (const std::string& column : reading.columns) expect(is_utf8(column), "a column's name is text", column);
  ingest::TextRow row;
  ingest::RowFault fault;
  std::int64_t record = 0;
  while (true) {
    const Result<ingest::ReadOutcome> outcome = reader.next(row, fault);
    if (!outcome) {
      expect_their_fault(outcome.error());
      reading.lines.push_back("error: " + outcome.error().message);
      return reading;
    }
    if (*outcome == ingest::ReadOutcome::kEnd) break;
    ++record;
    if (*outcome == ingest::ReadOutcome::kFault) {
      expect(fault.record == record, "records are counted one by one", fault.reason);
      expect(!fault.reason.empty() && is_utf8(fault.reason), "a fault has a reason", fault.reason);
      expect(fault.value.size() <= 200 && is_utf8(fault.value), "a fault's value is short text", fault.value);
      reading.lines.push_back(
          fmt::format("{}@{} !{}: {} [{}]", fault.record, fault.line, fault.column, fault.reason, fault.value));
      continue;
    }
    HILO_CHECK(row.record == record);
    HILO_CHECK(row.cells.size() == reading.columns.size());
    std::string line = fmt::format("{}@{} ", row.record, row.line);
    std::vector<std::string>& cells = reading.rows.emplace_back();
    for (const auto& cell : row.cells) {
      cells.push_back(cell ? std::string(*cell) : kNullCell);
      if (cell) expect(is_utf8(*cell) && cell->find('\0') == std::string_view::npos, "a cell is text", *cell);
      line += cells.back() + '|';
    }
    reading.lines.push_back(std::move(line));
  }
  const Result<ingest::ReadOutcome> again = reader.next(row, fault);
  HILO_CHECK(again.has_value() && *again == ingest::ReadOutcome::kEnd);
  return reading;
}

}  // namespace hilo::fuzz
