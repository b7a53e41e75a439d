// Cutting a JSON text into the texts of its records.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ingest/read/text_window.h"

namespace hilo::ingest {

/// The text of one record, not looked into. `text` is valid until the next call of the splitter.
struct JsonText {
  std::string_view text;
  std::int64_t line = 0;     ///< physical line at which it starts; 0 for an element of an array
  bool is_too_long = false;  ///< longer than the limit; then `text` is its start only
};

/// Gives the records of a JSON text, one at a time in memory.
class JsonSplitter {
 public:
  JsonSplitter() = default;
  JsonSplitter(const JsonSplitter&) = delete;
  JsonSplitter& operator=(const JsonSplitter&) = delete;
  virtual ~JsonSplitter() = default;

  /// Returns the next record, or nullopt at the end. **Errors**: kInvalidInput when what follows is no record and it
  /// cannot be said where the next one starts; those of the stream.
  [[nodiscard]] virtual Result<std::optional<JsonText>> next() = 0;
  /// Returns whether the next record is found even when the last one is not JSON at all.
  [[nodiscard]] virtual bool survives_malformed() const = 0;
};

/// Takes a UTF-8 text for what its start says: `[` one array of records; a first line that leaves brackets open and
/// goes on in the next one, records spread over several lines; otherwise one record a line (blank lines skipped).
/// `name` is how messages call it. **Errors**: kInvalidInput when it holds nothing but white space.
[[nodiscard]] Result<std::unique_ptr<JsonSplitter>> split_json(TextWindow window, std::string name,
                                                               std::size_t max_record_bytes);

}  // namespace hilo::ingest
