// Gender as a source records it.
#pragma once

#include <string_view>

#include "ingest/standardise/standard.h"

namespace hilo::ingest {

/// Returns `m`, `f` or `x` (neither of the two) for the usual words and titles in English, Spanish, French and German.
/// **Ensures**: "prefer not to say" and its kind are kPlaceholder. Digits are kInvalid: ISO/IEC 5218 (1 male, 2 female)
/// and home-made codes (0, 1) contradict each other, so the source's query must translate them. `M` is read as male,
/// although a source that writes H and M means hombre and mujer: that, too, only its query can tell.
[[nodiscard]] Standard standardise_gender(std::string_view raw);

}  // namespace hilo::ingest
