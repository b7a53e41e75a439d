#include "ingest/read/csv_scanner.h"

namespace hilo::ingest {

// Where a scan stands. `cell` .. `cell_end` is the cell found last.
struct CsvScanner::Cursor {
  const char* at;
  const char* end;
  const char* cell;
  const char* cell_end;
  bool has_doubled_quotes;
  bool at_end;
};

CsvScanner::CsvScanner(char delimiter, char quote)
    : delimiter_(delimiter), quote_(quote), cell_end_(delimiter, '\n', '\r'), quoted_end_(quote, '\n', '\r') {}

void CsvScanner::keep_cell(std::size_t index, std::string_view text, bool has_doubled_quotes) {
  if (index < kept_.size()) kept_[index] = {text, has_doubled_quotes};
}

// Scans the cell whose opening quote stands at `cursor.at`. Leaves the cursor behind the closing quote and returns
// true, or returns false when there is none in the text; then `found.kind` says what that means.
bool CsvScanner::scan_quoted(Cursor& cursor, CsvScan& found) const {
  found.quote_lines = found.line_ends;
  cursor.cell = cursor.at + 1;
  for (const char* at = cursor.cell;;) {
    at = quoted_end_.find(at, cursor.end);
    if (at == cursor.end) {
      found.kind = cursor.at_end ? CsvScan::Kind::kOpenQuote : CsvScan::Kind::kPartial;
      return false;
    }
    if (*at != quote_) {
      ++found.line_ends;
      at += (*at == '\r' && at + 1 != cursor.end && at[1] == '\n') ? 2 : 1;
      continue;
    }
    if (at + 1 != cursor.end && at[1] == quote_) {
      cursor.has_doubled_quotes = true;
      at += 2;
      continue;
    }
    cursor.cell_end = at;
    cursor.at = at + 1;
    if (cursor.at != cursor.end || cursor.at_end) return true;
    found.kind = CsvScan::Kind::kPartial;  // the next byte may double this quote
    return false;
  }
}

CsvScan CsvScanner::scan(std::string_view text, bool at_end) {
  CsvScan found;
  const char* const start = text.data();
  Cursor cursor{start, start + text.size(), start, start, false, at_end};
  if (text.empty()) {
    found.kind = at_end ? CsvScan::Kind::kEnd : CsvScan::Kind::kPartial;
    return found;
  }
  while (true) {
    found.last_cell = static_cast<std::size_t>(cursor.at - start);
    if (cursor.at != cursor.end && *cursor.at == quote_) {
      found.quote = found.last_cell;
      cursor.has_doubled_quotes = false;
      if (!scan_quoted(cursor, found)) return found;
      if (cursor.at != cursor.end && *cursor.at != delimiter_ && *cursor.at != '\n' && *cursor.at != '\r') {
        found.kind = CsvScan::Kind::kStrayText;
        found.stray = static_cast<std::size_t>(cursor.at - start);
        return found;
      }
      keep_cell(found.cells, {cursor.cell, cursor.cell_end}, cursor.has_doubled_quotes);
    } else {
      found.quote = CsvScan::kNoQuote;
      const char* const cell = cursor.at;
      cursor.at = cell_end_.find(cell, cursor.end);
      if (cursor.at == cursor.end && !at_end) {
        found.kind = CsvScan::Kind::kPartial;
        return found;
      }
      keep_cell(found.cells, {cell, cursor.at}, false);
    }
    if (cursor.at != cursor.end && *cursor.at == delimiter_) {
      ++found.cells;
      ++cursor.at;
      continue;
    }
    break;
  }
  const char* const text_end = cursor.at;
  if (cursor.at != cursor.end) {
    const bool is_cr = *cursor.at++ == '\r';
    if (is_cr && cursor.at == cursor.end && !at_end) {  // an LF may follow, and belongs to it
      found.kind = CsvScan::Kind::kPartial;
      return found;
    }
    if (is_cr && cursor.at != cursor.end && *cursor.at == '\n') ++cursor.at;
    ++found.line_ends;
  }
  ++found.cells;
  found.text_size = static_cast<std::size_t>(text_end - start);
  found.size = static_cast<std::size_t>(cursor.at - start);
  found.kind = found.text_size == 0 ? CsvScan::Kind::kBlank : CsvScan::Kind::kRecord;
  return found;
}

}  // namespace hilo::ingest
