// The plain JSON records that nearly all are, read quickly; what is special in any way is left to the strict parser.
#pragma once

#include <string_view>

#include "ingest/read/json_record.h"

namespace hilo::ingest {

/// Parses an object into `record` as `parse_json_record` does, where it is plain: without escapes, control characters
/// or empty names, its numbers without exponent and of at most 100 bytes, nested at most four deep, nested objects of
/// at most 16 names, each once. Returns whether it was; where not, `record` holds nothing of use.
/// **Requires**: the text is UTF-8. **Cost**: one pass, no allocation once `record` has grown.
[[nodiscard]] bool parse_plain_json(std::string_view text, JsonRecord& record);

}  // namespace hilo::ingest
