#include "ingest/read/csv_reader.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "ingest/read/csv_header.h"
#include "ingest/read/csv_scanner.h"
#include "ingest/read/csv_sniff.h"
#include "ingest/read/suspect_bytes.h"
#include "ingest/read/text_window.h"

namespace hilo::ingest {
namespace {

constexpr std::size_t kSniffBytes = 64 * 1024;

Status check_options(const CsvOptions& options) {
  const auto is_usable = [](char c) {
    return static_cast<unsigned char>(c) < 0x80 && c != '\0' && c != '\n' && c != '\r';
  };
  if (!is_usable(options.quote) || (options.delimiter && !is_usable(*options.delimiter))) {
    return fail(ErrorCode::kInvalidDefinition,
                "a delimiter or quote must be one ASCII character, not a line end or NUL");
  }
  if (options.delimiter == options.quote) {
    return fail(ErrorCode::kInvalidDefinition, "the delimiter and the quote are the same character");
  }
  return {};
}

std::string limit_reason(std::string_view what, std::size_t bytes, std::size_t limit) {
  return fmt::format("a {} of at least {} bytes; the limit is {}", what,
                     with_separators(static_cast<std::int64_t>(bytes)),
                     with_separators(static_cast<std::int64_t>(limit)));
}

// Invariants: the window's first `used_` bytes are the row handed out last; `line_` and `record_` are those of the
// record that follows them.
class CsvReader final : public RowReader {
 public:
  CsvReader(TextWindow window, std::string name, const CsvOptions& options, char delimiter)
      : window_(std::move(window)), name_(std::move(name)), options_(options), scanner_(delimiter, options.quote) {}

  [[nodiscard]] const std::vector<std::string>& columns() const override { return columns_; }

  // Reads the columns; only then rows.
  Status start() {
    scanner_.keep(kMostColumns + 1);
    HILO_ASSIGN(const CsvScan first, scan_record());
    switch (first.kind) {
      case CsvScan::Kind::kEnd: return fail(ErrorCode::kInvalidInput, fmt::format("{} is empty", name_));
      case CsvScan::Kind::kBlank: HILO_CHECK(false); break;  // scan_record skips them
      case CsvScan::Kind::kRecord: break;
      case CsvScan::Kind::kPartial: return bad_start("is too long");
      case CsvScan::Kind::kStrayText: return bad_start("has text after a closing quote");
      case CsvScan::Kind::kOpenQuote: return bad_start("opens a quote that never closes");
    }
    if (first.cells > kMostColumns) return bad_start("has too many cells");
    if (options_.header == CsvHeader::kNone) {
      columns_ = number_columns(first.cells);
    } else {
      std::vector<std::string> cells;
      unescaped_.resize(first.text_size);
      for (std::size_t i = 0; i < first.cells; ++i)
        cells.emplace_back(cell_text(scanner_.cells()[i], unescaped_.data()));
      HILO_ASSIGN(columns_, name_columns(cells, name_));
      window_.consume(first.size);
      line_ += first.line_ends;
    }
    scanner_.keep(columns_.size());
    return {};
  }

  Result<ReadOutcome> next(TextRow& row, RowFault& fault) override {
    window_.consume(std::exchange(used_, 0));
    HILO_ASSIGN(const CsvScan found, scan_record());
    if (found.kind == CsvScan::Kind::kEnd) return ReadOutcome::kEnd;
    ++record_;
    if (found.kind == CsvScan::Kind::kRecord) return take(found, row, fault);
    fault = RowFault{record_, line_, "", "", ""};
    switch (found.kind) {
      case CsvScan::Kind::kEnd:
      case CsvScan::Kind::kBlank:
      case CsvScan::Kind::kRecord: HILO_CHECK(false); break;  // seen to above and in scan_record
      case CsvScan::Kind::kPartial: return reject_long(found, fault);
      case CsvScan::Kind::kStrayText: {
        const bool is_one_line = found.line_ends == found.quote_lines;
        fault.reason = is_one_line ? "text after a closing quote"
                                   : fmt::format("the quote opened on line {} closes on line {}, with text after it",
                                                 line_ + found.quote_lines, line_ + found.line_ends);
        return reject_quote(found, fault);
      }
      case CsvScan::Kind::kOpenQuote:
        fault.reason = fmt::format("the quote opened on line {} never closes", line_ + found.quote_lines);
        break;
    }
    return reject_quote(found, fault);
  }

 private:
  [[nodiscard]] std::unexpected<Error> bad_start(std::string_view what) const {
    const std::string_view part = options_.header == CsvHeader::kNone ? "first record" : "header line";
    return fail(ErrorCode::kInvalidInput, fmt::format("the {} of {} {}", part, name_, what));
  }

  // Scans the record at the front of the window, reading on as far as needed and skipping blank lines. kPartial means
  // that it is longer than max_record_bytes.
  Result<CsvScan> scan_record() {
    while (true) {
      // One byte past the limit and no more, so that the outcome does not depend on how much was read ahead.
      const std::string_view text = window_.view().substr(0, options_.max_record_bytes + 1);
      const bool is_cut = text.size() > options_.max_record_bytes;
      CsvScan found = scanner_.scan(text, window_.ended() && !is_cut);
      if (found.kind == CsvScan::Kind::kBlank) {
        window_.consume(found.size);
        ++line_;
        continue;
      }
      if (found.kind == CsvScan::Kind::kRecord && found.size > options_.max_record_bytes) {
        found.kind = CsvScan::Kind::kPartial;
      }
      if (found.kind != CsvScan::Kind::kPartial || is_cut) return found;
      HILO_TRY(window_.more());
    }
  }

  // Gives the cell's text, with quotes halved into `scratch` where they are doubled.
  std::string_view cell_text(const CsvCell& cell, char* scratch) const {
    if (!cell.has_doubled_quotes) return cell.text;
    char* out = scratch;
    for (std::size_t at = 0; at < cell.text.size(); ++at) {
      *out++ = cell.text[at];
      if (cell.text[at] == options_.quote) ++at;
    }
    return {scratch, out};
  }

  // Turns a complete record into a row, or rejects it for its cells.
  Result<ReadOutcome> take(const CsvScan& found, TextRow& row, RowFault& fault) {
    const std::string_view text = window_.view().substr(0, found.text_size);
    used_ = found.size;
    row.record = record_;
    row.line = std::exchange(line_, line_ + found.line_ends);
    if (found.cells != columns_.size()) {
      fault = RowFault{row.record, row.line, "", fault_value(text), ""};
      fault.reason = fmt::format("{} expected, {} found", counted(static_cast<std::int64_t>(columns_.size()), "cell"),
                                 with_separators(static_cast<std::int64_t>(found.cells)));
      return ReadOutcome::kFault;
    }
    const bool look_closer = is_suspect(text);
    if (unescaped_.size() < found.text_size) unescaped_.resize(found.text_size);
    row.cells.resize(columns_.size());
    char* scratch = unescaped_.data();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const CsvCell& raw = scanner_.cells()[i];
      const std::string_view cell = cell_text(raw, scratch);
      if (raw.has_doubled_quotes) scratch += cell.size();
      if (cell.size() > options_.max_cell_bytes || (look_closer && !is_clean(cell))) [[unlikely]] {
        fault = RowFault{row.record, row.line, columns_[i], fault_value(cell), cell_reason(cell)};
        return ReadOutcome::kFault;
      }
      if (cell.empty()) {
        row.cells[i].reset();
      } else {
        row.cells[i] = cell;
      }
    }
    return ReadOutcome::kRow;
  }

  static bool is_clean(std::string_view cell) { return cell.find('\0') == std::string_view::npos && is_utf8(cell); }

  // Says why a cell is not taken.
  [[nodiscard]] std::string cell_reason(std::string_view cell) const {
    if (cell.size() > options_.max_cell_bytes) return limit_reason("cell", cell.size(), options_.max_cell_bytes);
    return cell.find('\0') != std::string_view::npos ? "a NUL byte in a cell" : "invalid UTF-8 in a cell";
  }

  // Rejects a record over max_record_bytes: for the quote that holds it together, for its cell, or for itself.
  Result<ReadOutcome> reject_long(const CsvScan& found, RowFault& fault) {
    const bool has_end = found.size > 0;  // the record is complete and a byte too long
    if (found.quote != CsvScan::kNoQuote && !has_end) {
      fault.reason = fmt::format("the quote opened on line {} never closes within {} bytes", line_ + found.quote_lines,
                                 with_separators(static_cast<std::int64_t>(options_.max_record_bytes)));
      return reject_quote(found, fault);
    }
    const std::string_view text = window_.view().substr(0, options_.max_record_bytes + 1);
    const std::string_view cell = text.substr(found.last_cell);
    if (!has_end && cell.size() > options_.max_cell_bytes && found.cells < columns_.size()) {
      fault.column = columns_[found.cells];
      fault.value = fault_value(cell);
      fault.reason = limit_reason("cell", cell.size(), options_.max_cell_bytes);
    } else {
      fault.value = fault_value(text);
      fault.reason = limit_reason("record", text.size(), options_.max_record_bytes);
    }
    line_ += found.line_ends;
    window_.consume(has_end ? found.size : found.last_cell);
    if (!has_end) HILO_TRY(skip_line());
    return ReadOutcome::kFault;
  }

  // Rejects the lines up to the one on which the quote opened.
  Result<ReadOutcome> reject_quote(const CsvScan& found, RowFault& fault) {
    if (found.cells < columns_.size()) fault.column = columns_[found.cells];
    const bool is_stray = found.kind == CsvScan::Kind::kStrayText;
    const std::size_t seen = is_stray ? found.stray + 1 : options_.max_record_bytes + 1;
    const std::string_view text = window_.view().substr(0, seen).substr(found.quote);
    fault.value = fault_value(text.substr(0, text.find_first_of("\r\n")));
    line_ += found.quote_lines;
    window_.consume(found.quote);
    HILO_TRY(skip_line());
    return ReadOutcome::kFault;
  }

  // Consumes up to the next physical line end and with it.
  Status skip_line() {
    while (true) {
      const std::string_view text = window_.view();
      const std::size_t end = text.find_first_of("\r\n");
      const bool may_be_split = end != std::string_view::npos && text[end] == '\r' && end + 1 == text.size();
      if (end != std::string_view::npos && (!may_be_split || window_.ended())) {
        const bool is_crlf = text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
        window_.consume(end + (is_crlf ? 2 : 1));
        ++line_;
        return {};
      }
      window_.consume(may_be_split ? end : text.size());
      if (window_.ended()) return {};
      HILO_TRY(window_.more());
    }
  }

  TextWindow window_;
  std::string name_;
  CsvOptions options_;
  CsvScanner scanner_;
  std::vector<std::string> columns_;
  std::vector<char> unescaped_;
  std::size_t used_ = 0;
  std::int64_t record_ = 0;
  std::int64_t line_ = 1;
};

}  // namespace

Result<std::unique_ptr<RowReader>> open_csv_rows(std::unique_ptr<ByteStream> utf8, std::string name,
                                                 const CsvOptions& options) {
  HILO_TRY(check_options(options));
  TextWindow window(std::move(utf8), options.chunk_bytes);
  char delimiter = ',';
  if (options.delimiter) {
    delimiter = *options.delimiter;
  } else {
    while (window.view().size() < kSniffBytes && !window.ended()) HILO_TRY(window.more());
    const std::string_view sample = window.view().substr(0, kSniffBytes);
    delimiter = sniff_delimiter(sample, options.quote, window.ended() && sample.size() == window.view().size());
  }
  auto reader = std::make_unique<CsvReader>(std::move(window), std::move(name), options, delimiter);
  HILO_TRY(reader->start());
  return reader;
}

}  // namespace hilo::ingest
