#include "ingest/standardise/name_words.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "ingest/standardise/unicode_text.h"

namespace hilo::ingest {
namespace {

using std::string_view_literals::operator""sv;
using Words = std::vector<std::string_view>;

// Titles in English, Spanish, French and German; folded, without full stops and hyphens. Sorted.
constexpr std::array kTitles = {
    "arq"sv,   "capt"sv,   "dipling"sv,      "diplkfm"sv, "dna"sv,    "dona"sv,  "dr"sv,        "dra"sv,
    "drs"sv,   "eng"sv,    "frau"sv,         "frl"sv,     "herr"sv,   "herrn"sv, "hr"sv,        "ing"sv,
    "lic"sv,   "madame"sv, "mademoiselle"sv, "miss"sv,    "mister"sv, "mlle"sv,  "mme"sv,       "monsieur"sv,
    "mr"sv,    "mrs"sv,    "ms"sv,           "mx"sv,      "prof"sv,   "profa"sv, "professor"sv, "rev"sv,
    "senor"sv, "senora"sv, "senorita"sv,     "sir"sv,     "sr"sv,     "sra"sv,   "srta"sv,
};
// Titles only when written with their full stop: without it they are initials or words. Sorted.
constexpr std::array kDottedTitles = {"m."sv, "mag."sv};
// Titles that are also given names or initials: taken off only when two words remain. Sorted.
constexpr std::array kUnsureTitles = {"d."sv, "da."sv, "don"sv, "fr."sv};
// What stands behind a name; folded, without full stops. Sorted.
constexpr std::array kSuffixes = {
    "cpa"sv, "esq"sv,    "esquire"sv, "filho"sv, "fils"sv, "hijo"sv, "ii"sv,  "iii"sv, "iv"sv, "jnr"sv,
    "jr"sv,  "junior"sv, "mba"sv,     "md"sv,    "msc"sv,  "neto"sv, "phd"sv, "snr"sv, "sr"sv,
};
constexpr std::array kTitleLinks = {"&"sv, "and"sv, "et"sv, "und"sv, "y"sv};
constexpr std::array kParticles = {
    "da"sv, "das"sv, "de"sv,  "del"sv, "della"sv, "den"sv, "der"sv, "des"sv, "di"sv, "do"sv, "dos"sv, "du"sv,
    "la"sv, "las"sv, "los"sv, "ten"sv, "ter"sv,   "van"sv, "vom"sv, "von"sv, "y"sv,  "zu"sv, "zum"sv, "zur"sv,
};

static_assert(std::ranges::is_sorted(kTitles));
static_assert(std::ranges::is_sorted(kDottedTitles));
static_assert(std::ranges::is_sorted(kUnsureTitles));
static_assert(std::ranges::is_sorted(kSuffixes));
static_assert(std::ranges::is_sorted(kTitleLinks));
static_assert(std::ranges::is_sorted(kParticles));

std::string without_marks(std::string_view folded) {
  std::string out;
  for (const char c : folded) {
    if (c != '.' && c != '-') out += c;
  }
  return out;
}

template <class Table>
bool listed(const Table& table, std::string_view word) {
  return std::ranges::binary_search(table, word);
}

bool is_title(std::string_view word) {
  const std::string folded = fold_text(word);
  return listed(kTitles, without_marks(folded)) || listed(kDottedTitles, folded);
}

bool is_unsure_title(std::string_view word) { return listed(kUnsureTitles, fold_text(word)); }

bool is_suffix(std::string_view word) { return listed(kSuffixes, without_marks(fold_text(word))); }

bool is_title_link(std::string_view word) { return listed(kTitleLinks, fold_text(word)); }

// Returns how many words in front are titles, leaving at least `left_min`.
std::size_t count_titles(const Words& words, std::size_t left_min) {
  constexpr std::size_t kUnsureLeftMin = 2;
  std::size_t count = 0;
  while (count + left_min < words.size()) {
    const std::size_t left = words.size() - count - 1;
    const bool unsure = is_unsure_title(words[count]) && left >= kUnsureLeftMin;
    if (is_title(words[count]) || unsure) {
      ++count;
      continue;
    }
    // "Mr & Mrs Smith": a link between two titles goes with them.
    const bool linked =
        count > 0 && is_title_link(words[count]) && count + 1 + left_min < words.size() && is_title(words[count + 1]);
    if (!linked) break;
    count += 2;
  }
  return count;
}

bool strip(Words& words, std::size_t left_min) {
  const std::size_t titles = count_titles(words, left_min);
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(titles));
  while (words.size() > std::max<std::size_t>(left_min, 1) && is_suffix(words.back())) words.pop_back();
  return titles > 0;
}

Words words_of(std::string_view text) {
  Words out;
  for (std::string_view word : split(text, ' ')) {
    // "Dr.Smith": the title's full stop parts it from the name even without a space.
    for (std::size_t stop = word.find('.'); stop != std::string_view::npos; stop = word.find('.')) {
      if (stop + 1 == word.size() || !listed(kTitles, fold_text(word.substr(0, stop)))) break;
      out.push_back(word.substr(0, stop + 1));
      word.remove_prefix(stop + 1);
    }
    if (!word.empty()) out.push_back(word);
  }
  return out;
}

}  // namespace

NameWords read_name_words(std::string_view display) {
  std::vector<Words> parts;
  for (const std::string_view text : split(display, ',')) {
    Words words = words_of(text);
    const bool suffixes = !parts.empty() && std::ranges::all_of(words, is_suffix);
    if (!words.empty() && !suffixes) parts.push_back(std::move(words));
  }
  NameWords out;
  if (parts.empty()) return out;
  if (parts.size() == 1) {
    out.words = std::move(parts.front());
    out.titled = strip(out.words, 1);
    return out;
  }
  out.inverted = true;
  out.family = std::move(parts.front());
  for (std::size_t at = 1; at < parts.size(); ++at) {
    out.words.insert(out.words.end(), parts[at].begin(), parts[at].end());
  }
  const bool family_titled = strip(out.family, 1);
  out.titled = strip(out.words, 0) || family_titled;
  return out;
}

bool is_name_particle(std::string_view folded) { return listed(kParticles, folded); }

bool is_only_titles(std::string_view display) {
  const Words words = words_of(display);
  return !words.empty() && std::ranges::all_of(words, [](std::string_view word) {
    return listed(kTitles, without_marks(fold_text(word))) || is_title_link(word);
  });
}

}  // namespace hilo::ingest
