// What every reader of outside rows gives: named columns, then rows and faults in file order.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hilo::ingest {

/// One row of text. Views stay valid until the next call of `next` on the reader that gave it.
struct TextRow {
  std::int64_t record = 0;  ///< from 1 among the file's data records, rejected ones counted
  std::int64_t line = 0;    ///< physical line, from 1, at which it starts; 0 for an element of a JSON array
  std::vector<std::optional<std::string_view>>
      cells;  ///< as many as columns; nullopt = NULL; else valid UTF-8 without NUL
};

/// Why one record was not taken.
struct RowFault {
  std::int64_t record = 0;
  std::int64_t line = 0;  ///< where the record starts; 0 for an element of a JSON array
  std::string column;     ///< "" when the record as a whole is at fault
  std::string value;      ///< the cell's text, or the record's where `column` is ""; cut, see `fault_value`
  std::string reason;     ///< for a reader; holds nothing of the input
};

enum class ReadOutcome : std::uint8_t { kRow, kFault, kEnd };

/// Reads records from front to back; memory stays bounded whatever the file's size.
class RowReader {
 public:
  RowReader() = default;
  RowReader(const RowReader&) = delete;
  RowReader& operator=(const RowReader&) = delete;
  virtual ~RowReader() = default;

  /// Returns the column names, unique also when case is ignored. **Ensures**: the same at every call.
  [[nodiscard]] virtual const std::vector<std::string>& columns() const = 0;

  /// Reads the next record: kRow fills `row`, kFault fills `fault` and reading can go on, kEnd fills neither and stays.
  /// **Errors**: kInvalidInput when the rest of the file cannot be read as records; kIo. Not to be called after an
  /// error.
  [[nodiscard]] virtual Result<ReadOutcome> next(TextRow& row, RowFault& fault) = 0;
};

/// Returns the start of `text` as a fault shows it: at most 200 bytes of valid UTF-8, cut between characters; each byte
/// that is NUL or no UTF-8 becomes U+FFFD.
[[nodiscard]] std::string fault_value(std::string_view text);

}  // namespace hilo::ingest
