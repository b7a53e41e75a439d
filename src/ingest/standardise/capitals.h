// Capitals for names that came without: ANA RUIZ, ana ruiz -> Ana Ruiz.
#pragma once

#include <string>
#include <string_view>

namespace hilo::ingest {

/// Capitalises a name that is all upper or all lower case; other text, and scripts without case, come back as they are.
/// Words start after spaces, hyphens and full stops, and after an apostrophe behind one letter (O'Brien) or an Italian
/// contraction (Dell'Acqua). Particles inside are small, Roman numerals of rank (II, III, IV) large. Locale-neutral.
/// **Requires**: `clean` is cleaned text. **Ensures**: `capitalise(capitalise(x)) == capitalise(x)`.
[[nodiscard]] std::string capitalise_name(std::string_view clean);

}  // namespace hilo::ingest
