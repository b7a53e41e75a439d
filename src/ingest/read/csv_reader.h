// CSV files as rows of text (RFC 4180).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "ingest/read/byte_stream.h"
#include "ingest/read/row_reader.h"

namespace hilo::ingest {

enum class CsvHeader : std::uint8_t {
  kFirstLine,  ///< the first line that is not blank names the columns
  kNone,       ///< the columns are column0, column1 ..., as many as the first record has cells
};

struct CsvOptions {
  std::optional<char> delimiter;  ///< nullopt = found out among comma, semicolon, tab and bar from the first 64 KiB
  char quote = '"';
  CsvHeader header = CsvHeader::kFirstLine;
  std::size_t max_cell_bytes = 65'536;
  std::size_t max_record_bytes = std::size_t{4} << 20U;  ///< with its line end
  std::size_t chunk_bytes = std::size_t{256} << 10U;     ///< how much is read at a time
};

/// Opens a CSV text in UTF-8 without a byte order mark (`make_utf8` gives that); `name` is how messages call it.
///
/// Cells may be quoted and then hold delimiters, line ends and, doubled, quotes; spaces are kept; an empty cell, quoted
/// or not, is NULL. Lines end in CRLF, LF or CR; blank lines are skipped. Header names are trimmed; a last one that is
/// empty, as a delimiter at the line's end makes it, becomes `columnN` (N from 0).
///
/// **Faults**, each costing one record: another number of cells than columns; a cell or record over its limit; a NUL
/// byte or invalid UTF-8 in a cell. Text after a closing quote, and a quote that never closes (before the end of the
/// file or within `max_record_bytes`), cost the lines up to the one with that quote; reading resumes at the next
/// physical line.
/// **Errors**: kInvalidInput when the text is empty, or a header name is empty, not UTF-8, or there twice (ignoring
/// ASCII case, as SQL does), or the header (without one: the first record) cannot be split into cells;
/// kInvalidDefinition for options that cannot be.
/// **Cost**: memory up to about twice `max_record_bytes`; nothing is allocated per row.
[[nodiscard]] Result<std::unique_ptr<RowReader>> open_csv_rows(std::unique_ptr<ByteStream> utf8, std::string name,
                                                               const CsvOptions& options);

}  // namespace hilo::ingest
