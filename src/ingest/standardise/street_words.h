// Abbreviations in street lines, in English, Spanish, French and German.
#pragma once

#include <string_view>

namespace hilo::ingest {

/// Returns the full form of a folded street word (`rd` -> `road`, `avda` -> `avenida`), or the word itself.
/// `country` (ISO 3166-1 alpha-2, "" = unknown) decides between languages.
[[nodiscard]] std::string_view full_street_word(std::string_view word, std::string_view country);

/// Returns whether the word, in full, names a part of a building: apartment, floor, piso ...
[[nodiscard]] bool is_unit_word(std::string_view word);

/// Returns whether the word means "number" and says nothing before a number: no, num, nr ...
[[nodiscard]] bool is_number_word(std::string_view word);

}  // namespace hilo::ingest
