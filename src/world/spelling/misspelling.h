// How a text comes out wrong: by fingers, ears, scanners and old systems. Whatever comes out is UTF-8.
#pragma once

#include <string>
#include <string_view>

#include "world/chance/tables.h"

namespace hilo::world {

/// Makes one typing error in a text; the empty one stays as it is. **Ensures**: another text.
[[nodiscard]] std::string with_typo(std::string_view text, Rng& rng);
/// Puts a look-alike in one place: 0 for O, 1 for l, rn for m. The text stays as it is where nothing looks alike.
[[nodiscard]] std::string misread(std::string_view text, Rng& rng);
/// Writes one sound of a name otherwise: Meier for Maier, Gonzales for González.
[[nodiscard]] std::string misheard(std::string_view text, Language language, Rng& rng);

/// Returns the text without accents, as somebody types it who has no such keys: ä becomes a, ñ n, ß ss.
[[nodiscard]] std::string without_accents(std::string_view text);
/// Returns the text as passports and airlines spell it: ä becomes ae, ß ss, ñ ny; other accents are left out.
[[nodiscard]] std::string transliterated(std::string_view text);
/// Returns the text with every letter beyond ASCII lost, or a question mark in its place.
[[nodiscard]] std::string without_letters(std::string_view text, Rng& rng);
/// Returns UTF-8 that was taken for Windows-1252: GarcÃ­a.
[[nodiscard]] std::string mojibake(std::string_view text);
/// Returns the text in capitals: A to Z and the letters of Latin-1, ß as SS.
[[nodiscard]] std::string upper_case(std::string_view text);

}  // namespace hilo::world
