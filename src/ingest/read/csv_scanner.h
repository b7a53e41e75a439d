// Splitting CSV text into raw cells: RFC 4180 on a piece of text in memory, without I/O and without judging the cells.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ingest/read/byte_finder.h"

namespace hilo::ingest {

/// A cell as it stands in the text, without its outer quotes.
struct CsvCell {
  std::string_view text;
  bool has_doubled_quotes = false;  ///< `text` holds quotes written twice
};

/// What stands at the front of a text.
struct CsvScan {
  enum class Kind : std::uint8_t {
    kRecord,     ///< a record of at least one cell
    kBlank,      ///< a line without a byte
    kEnd,        ///< nothing
    kPartial,    ///< a record whose end is not in the text yet; `quote` says whether it stops in a quoted cell
    kStrayText,  ///< a quoted cell is followed by something that is neither delimiter nor line end
    kOpenQuote,  ///< the text ends, for good, inside quotes
  };
  static constexpr std::size_t kNoQuote = static_cast<std::size_t>(-1);

  Kind kind = Kind::kEnd;
  std::size_t size = 0;          ///< bytes of the record with its line end (kRecord, kBlank)
  std::size_t text_size = 0;     ///< the same without the line end (kRecord)
  std::size_t cells = 0;         ///< complete cells; may be more than were kept
  std::size_t last_cell = 0;     ///< where the cell begins in which the scan stopped (not for kRecord)
  std::size_t quote = kNoQuote;  ///< where the quote of that cell stands, when it is a quoted one
  std::size_t stray = 0;         ///< where the text stands that follows a closing quote (kStrayText)
  std::int64_t line_ends = 0;    ///< physical line ends passed: inside quotes, and the record's own
  std::int64_t quote_lines = 0;  ///< those of them before `quote`
};

/// Finds records. A quote has a meaning only as a cell's first byte; elsewhere in an unquoted cell it is text.
class CsvScanner {
 public:
  /// **Requires**: delimiter, quote, CR and LF all differ.
  CsvScanner(char delimiter, char quote);

  /// Says how many cells of a record `cells` keeps; further ones are only counted.
  void keep(std::size_t cells) { kept_.resize(cells); }
  /// Returns the kept cells of the last scan; the first `CsvScan::cells` of them are meaningful.
  [[nodiscard]] const std::vector<CsvCell>& cells() const { return kept_; }

  /// Splits the record at the front of `text`. `at_end` says that nothing follows `text`. Line ends are CRLF, LF or CR.
  /// **Cost**: one pass, no allocation.
  [[nodiscard]] CsvScan scan(std::string_view text, bool at_end);

 private:
  struct Cursor;
  [[nodiscard]] bool scan_quoted(Cursor& cursor, CsvScan& found) const;
  void keep_cell(std::size_t index, std::string_view text, bool has_doubled_quotes);

  char delimiter_;
  char quote_;
  ByteFinder cell_end_;    // delimiter, LF, CR
  ByteFinder quoted_end_;  // quote, LF, CR
  std::vector<CsvCell> kept_;
};

}  // namespace hilo::ingest
