// Names of people: how to show them, how to compare them, how to part them.
#pragma once

#include <string>
#include <string_view>

#include "ingest/standardise/standard.h"

namespace hilo::ingest {

/// The standard forms of one name, whole or in part.
struct PersonName {
  Standing standing = Standing::kEmpty;
  std::string display = {};      ///< to show; empty unless kStandard
  std::string match_key = {};    ///< to compare; empty unless kStandard
  std::string_view reason = {};  ///< static text why not, as in `Standard`
};

/// A full name in two parts, each as it is shown. One of them may be empty.
struct FullName {
  Standing standing = Standing::kEmpty;
  std::string given = {};
  std::string family = {};
  std::string_view reason = {};
};

/// Brings a name, whole or a part of one, to its standard forms.
///
/// `display`: NFKC, white space folded, invisible characters dropped, diacritics kept, titles kept. Text that is all
/// upper or all lower case gets capitals at the start of words, after hyphens, full stops and the apostrophe of a
/// one-letter prefix (O'Brien), with particles (de, van, von ...) small inside; mixed case is its owner's choice and
/// stays.
///
/// `match_key`: given names first ("Ruiz, Ana" -> "ana ruiz"), folded as by `fold_text`, apostrophes dropped, other
/// punctuation as a space; titles in front (Mr, Dra., Herr Prof. Dr., "Mr & Mrs") and suffixes behind (Jr, III, PhD,
/// hijo) off, never the last word left. "Don" and "D." go only when two words remain: Don is also a given name.
///
/// **Ensures**: without a letter, with an @, or longer than 512 bytes, kInvalid; filler words, one letter repeated,
/// and a title alone kPlaceholder. Na and Test are also names of people: as whole values they count as placeholders
/// all the same.
/// **Source**: UAX #15, Unicode 15 section 3.13 (default case algorithms, root locale).
[[nodiscard]] PersonName standardise_name(std::string_view raw);

/// Parts a full name into given and family name, titles and suffixes off, by these rules in turn:
/// 1. "Family, Given".
/// 2. From a particle inside on it is the family name (Ludwig | van Beethoven); with "y" from the word before it
/// (José |    Ortega y Gasset). Spanish given names with "del" or "de los" (María del Carmen) are known.
/// 3. Four words or more: the last two are the family name (Spanish). Two or three: the last. One: the given name, or
/// the    family name when a title stood before it. A heuristic: "Ana Ruiz López" gives Ana Ruiz | López. Sources
/// that hold the two parts should deliver them.
/// **Errors**: standing and reason as `standardise_name` gives them.
[[nodiscard]] FullName split_full_name(std::string_view raw);

}  // namespace hilo::ingest
