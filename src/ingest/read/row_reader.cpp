#include "ingest/read/row_reader.h"

#include <algorithm>

#include <unicode/utf8.h>

namespace hilo::ingest {

std::string fault_value(std::string_view text) {
  constexpr std::size_t kMostBytes = 200;
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  // A character more than fits, so that one that straddles the limit is seen whole.
  const auto size = static_cast<std::int32_t>(std::min(text.size(), kMostBytes + U8_MAX_LENGTH));
  std::string value;
  for (std::int32_t at = 0; at < size;) {
    const std::int32_t start = at;
    UChar32 character = 0;
    U8_NEXT(bytes, at, size, character);
    const std::string_view piece =
        character > 0 ? text.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(at - start))
                      : kReplacement;
    if (value.size() + piece.size() > kMostBytes) break;
    value += piece;
  }
  return value;
}

}  // namespace hilo::ingest
