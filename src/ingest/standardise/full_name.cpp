// Parting a full name into given and family name.
#include <algorithm>
#include <array>
#include <optional>

#include "ingest/standardise/name_words.h"
#include "ingest/standardise/person_name.h"
#include "ingest/standardise/unicode_text.h"

namespace hilo::ingest {
namespace {

using std::string_view_literals::operator""sv;
using Words = std::vector<std::string_view>;

// What may follow "María del", "Juan de", "María de los" inside a given name. Sorted.
constexpr std::array kDevotions = {
    "angeles"sv,  "carmen"sv,  "consuelo"sv, "dios"sv,     "dolores"sv, "fatima"sv, "guadalupe"sv,
    "jesus"sv,    "lourdes"sv, "mar"sv,      "mercedes"sv, "nieves"sv,  "pilar"sv,  "prado"sv,
    "remedios"sv, "rocio"sv,   "rosario"sv,  "socorro"sv,  "sol"sv,     "valle"sv,
};
static_assert(std::ranges::is_sorted(kDevotions));

std::string joined(const Words& words, std::size_t from, std::size_t until) {
  std::string out;
  for (std::size_t at = from; at < until; ++at) {
    if (at > from) out += ' ';
    out += words[at];
  }
  return out;
}

bool is_particle(std::string_view word) {
  const std::string folded = fold_text(word);
  return folded != "y" && is_name_particle(folded);
}

// Returns where the words after a compound given name (María del Carmen ...) begin; 1 when there is none.
std::size_t after_given_compound(const Words& words) {
  std::size_t at = 1;
  while (at < words.size() && is_particle(words[at])) ++at;
  const bool compound =
      at > 1 && at + 1 < words.size() && std::ranges::binary_search(kDevotions, std::string_view(fold_text(words[at])));
  return compound ? at + 1 : 1;
}

// Returns where the family name starts by a "y" between two words or by a particle.
std::optional<std::size_t> marked_family(const Words& words, std::size_t from) {
  for (std::size_t at = from; at + 1 < words.size(); ++at) {
    if (is_particle(words[at])) return at;
    const bool followed_by_y = at + 2 < words.size() && fold_text(words[at + 1]) == "y";
    if (followed_by_y) return at;
  }
  return std::nullopt;
}

// Returns where the family name starts when nothing marks it.
std::size_t unmarked_family(std::size_t count, std::size_t from) {
  constexpr std::size_t kSpanishWords = 4;
  const std::size_t family = count >= kSpanishWords ? 2 : 1;
  return std::max(from, count - family);
}

}  // namespace

FullName split_full_name(std::string_view raw) {
  const PersonName name = standardise_name(raw);
  FullName out{name.standing, {}, {}, name.reason};
  if (name.standing != Standing::kStandard) return out;
  const NameWords read = read_name_words(name.display);
  const Words& words = read.words;
  if (read.inverted) {
    out.given = joined(words, 0, words.size());
    out.family = joined(read.family, 0, read.family.size());
    return out;
  }
  if (words.size() == 1) {
    (read.titled ? out.family : out.given) = words.front();
    return out;
  }
  // "Herr von Bülow": after a title a particle in front starts the family name.
  if (read.titled && is_particle(words.front())) {
    out.family = joined(words, 0, words.size());
    return out;
  }
  const std::size_t from = after_given_compound(words);
  const std::size_t start = marked_family(words, from).value_or(unmarked_family(words.size(), from));
  out.given = joined(words, 0, start);
  out.family = joined(words, start, words.size());
  return out;
}

}  // namespace hilo::ingest
