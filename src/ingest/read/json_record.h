// One JSON object as named texts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hilo::ingest {

/// The fields of a JSON object in their order. The views point into the record.
class JsonRecord {
 public:
  /// The object's fields as they came; a name may come twice.
  [[nodiscard]] std::size_t size() const { return fields_.size(); }
  [[nodiscard]] std::string_view name(std::size_t field) const { return piece(fields_[field].name); }
  /// The value as text: a string as it is, a number by its own digits, true or false, a nested array or object as
  /// compact JSON. Meaningless for null.
  [[nodiscard]] std::string_view value(std::size_t field) const { return piece(fields_[field].value); }
  [[nodiscard]] bool is_null(std::size_t field) const { return fields_[field].is_null; }

 private:
  friend class JsonRecordBuilder;
  friend class PlainJsonReader;
  struct Piece {
    std::size_t at = 0;
    std::size_t size = 0;
  };
  struct Field {
    Piece name;
    Piece value;
    bool is_null = false;
  };
  [[nodiscard]] std::string_view piece(Piece wanted) const {
    return std::string_view(text_).substr(wanted.at, wanted.size);
  }

  std::string text_;  // holds names and values
  std::vector<Field> fields_;
};

enum class JsonJudgement : std::uint8_t {
  kRecord,     ///< a JSON object whose fields can be taken
  kUnfit,      ///< JSON, and where it ends is certain, but not a record to take
  kMalformed,  ///< not JSON
};

struct JsonVerdict {
  JsonJudgement judgement = JsonJudgement::kRecord;
  std::string reason;  ///< "" for kRecord; holds nothing of the input
};

/// The deepest nesting of arrays and objects that a record may have, itself counted.
inline constexpr std::size_t kMostJsonDepth = 64;

/// Parses one JSON value into `record`, which it clears first. kUnfit: a value that is no object; a key that comes
/// twice in a nested object, or is empty at the top; nesting over `kMostJsonDepth`; `\u0000` in a string; and what is
/// wrong inside one value while all else is well-formed: invalid UTF-8, a NUL byte, a bad escape or control character
/// in a string, a word such as NaN, a number beyond the range of a long double. **Cost**: linear.
[[nodiscard]] JsonVerdict parse_json_record(std::string_view text, JsonRecord& record);

}  // namespace hilo::ingest
