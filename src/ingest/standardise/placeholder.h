// Words that people and programs write when they have no value.
#pragma once

#include <cstdint>
#include <string_view>

namespace hilo::ingest {

/// What kind of column a text comes from; some words are a placeholder in one and a value in another.
enum class PlaceholderField : std::uint8_t {
  kValue,   ///< identifiers, contact points, codes, dates
  kPerson,  ///< names of people: adds "guest", "customer", "kunde" ...; "Nan" is a name
  kPlace,   ///< addresses, cities, countries: adds "see above", "various" ...
};

/// Returns whether a text as a whole stands for "no value": a known phrase in English, Spanish, French or German, a
/// repetition of known words ("test test"), or punctuation only ("-", "???").
/// **Requires**: `folded` is a text as `fold_text` makes it; the empty text is no placeholder.
/// **Cost**: one binary search a word, no allocation past the word form.
[[nodiscard]] bool is_placeholder(std::string_view folded, PlaceholderField field);

/// Returns whether the text holds at least `length_min` characters that are all the same byte ("xxxx", "0000"),
/// not counting spaces and `- : .` between them.
[[nodiscard]] bool is_repeated(std::string_view text, std::size_t length_min);

inline constexpr std::string_view kPlaceholderReason = "a word for no value";

}  // namespace hilo::ingest
