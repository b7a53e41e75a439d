#include "ingest/standardise/gender.h"

#include <algorithm>
#include <array>
#include <string>

#include "ingest/standardise/placeholder.h"
#include "ingest/standardise/unicode_text.h"

namespace hilo::ingest {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::array kMale = {
    "boy"sv,       "caballero"sv, "h"sv,        "herr"sv, "hombre"sv,   "homme"sv, "hr"sv,       "m"sv,
    "maennlich"sv, "male"sv,      "man"sv,      "mann"sv, "mannlich"sv, "masc"sv,  "masculin"sv, "masculine"sv,
    "masculino"sv, "mister"sv,    "monsieur"sv, "mr"sv,   "senor"sv,    "sr"sv,    "varon"sv,
};
constexpr std::array kFemale = {
    "dame"sv, "f"sv,     "fem"sv,    "female"sv,   "femenina"sv,     "femenino"sv, "feminin"sv, "feminine"sv, "femme"sv,
    "frau"sv, "girl"sv,  "lady"sv,   "madame"sv,   "mademoiselle"sv, "miss"sv,     "mlle"sv,    "mme"sv,      "mrs"sv,
    "ms"sv,   "mujer"sv, "senora"sv, "senorita"sv, "sra"sv,          "srta"sv,     "w"sv,       "weiblich"sv, "woman"sv,
};
constexpr std::array kNeither = {
    "another"sv,    "autre"sv,       "d"sv,           "div"sv,        "divers"sv,    "diverse"sv,
    "enby"sv,       "genderqueer"sv, "intersex"sv,    "mx"sv,         "nb"sv,        "nicht binar"sv,
    "no binaria"sv, "no binario"sv,  "non binaire"sv, "non binary"sv, "nonbinary"sv, "o"sv,
    "other"sv,      "otra"sv,        "otro"sv,        "x"sv,
};
constexpr std::array kUntold = {
    "decline to state"sv,
    "declined"sv,
    "keine auskunft"sv,
    "not disclosed"sv,
    "not stated"sv,
    "ns nc"sv,
    "prefer not to answer"sv,
    "prefer not to disclose"sv,
    "prefer not to say"sv,
    "prefiero no decirlo"sv,
    "refused"sv,
    "u"sv,
    "undisclosed"sv,
};
static_assert(std::ranges::is_sorted(kMale));
static_assert(std::ranges::is_sorted(kFemale));
static_assert(std::ranges::is_sorted(kNeither));
static_assert(std::ranges::is_sorted(kUntold));

}  // namespace

Standard standardise_gender(std::string_view raw) {
  const CleanText clean = clean_text(raw);
  if (!clean.fault.empty()) return invalid(clean.fault);
  if (clean.text.empty()) return empty_value();
  const std::string folded = fold_text(clean.text);
  const std::string words = words_only(folded);
  if (std::ranges::binary_search(kMale, words)) return standard("m");
  if (std::ranges::binary_search(kFemale, words)) return standard("f");
  if (std::ranges::binary_search(kNeither, words)) return standard("x");
  if (std::ranges::binary_search(kUntold, words)) return placeholder("not told");
  const bool code = std::ranges::all_of(words, is_ascii_digit) && !words.empty();
  if (code) return invalid("a number whose meaning only the source knows");
  if (is_placeholder(folded, PlaceholderField::kValue)) return placeholder(kPlaceholderReason);
  return invalid("not a known word for a gender");
}

}  // namespace hilo::ingest
