// Identifiers that a silo or a device hands out: loyalty cards, device ids, the source's own keys.
#pragma once

#include <cstdint>
#include <string_view>

#include "ingest/standardise/standard.h"

namespace hilo::ingest {

/// Says who gave the identifier out, and so whether a key such as 1111 can be real.
enum class IdentifierScope : std::uint8_t {
  kShared,  ///< typed or carried across silos (loyalty, device): one character four times or more is a placeholder
  kOwn,     ///< the source's own key: a counter does reach 1111, so only zeros and words are placeholders
};

/// Brings an identifier to its standard form: NFKC, invisible characters dropped, white space folded and trimmed. The
/// case and leading zeros are kept: they may tell two identifiers apart.
/// **Ensures**: placeholders are the shared words ("n/a", "null", "[object Object]"), zeros of any length with or
/// without separators (the nil UUID of RFC 9562 section 5.9, a zero MAC), for kShared one character repeated four
/// times or more (the max UUID too), and the Android id that a whole series of devices shared.
[[nodiscard]] Standard standardise_identifier(std::string_view raw, IdentifierScope scope = IdentifierScope::kShared);

}  // namespace hilo::ingest
