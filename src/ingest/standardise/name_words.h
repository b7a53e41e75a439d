// The words of a name: titles and suffixes off, "Family, Given" recognised.
#pragma once

#include <string_view>
#include <vector>

namespace hilo::ingest {

/// A name's words, as views into the text that was read.
struct NameWords {
  std::vector<std::string_view> words;   ///< all of them in order, or the given names when `inverted`
  std::vector<std::string_view> family;  ///< the family name of "Family, Given"; else empty
  bool inverted = false;                 ///< a comma parted family from given name
  bool titled = false;                   ///< a title stood in front
};

/// Reads the words of a name and drops titles and suffixes; at least one word is left when there was one.
/// **Requires**: `display` is cleaned text; it outlives the result.
[[nodiscard]] NameWords read_name_words(std::string_view display);

/// Returns whether the word, folded, is written small inside a name: de, van, von ...
[[nodiscard]] bool is_name_particle(std::string_view folded);

/// Returns whether every word of the name is a title ("Mrs.", "Herr Dr.").
[[nodiscard]] bool is_only_titles(std::string_view display);

}  // namespace hilo::ingest
