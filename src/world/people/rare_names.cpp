#include "world/people/rare_names.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/text.h"

namespace hilo::world {
namespace {

constexpr double kFlatRanks = 500;        // so many of the most frequent rare names are about equally frequent
constexpr double kHyphenated = 0.012;     // outside Spain, where two names need no hyphen
constexpr double kRareStreetShare = 0.5;  // of houses
constexpr double kPeople = 100'000;       // that the tables' weights are per

using Parts = std::vector<std::string>;

// What one language's rare names are made of.
struct NameParts {
  Parts phrases;  // with their leads
  Parts first;
  Parts last;
  std::array<Parts, 4> syllables;  // onset, vowel, coda, ending
  double table_share = 0;
  std::unordered_set<std::string_view> frequent;  // what the table lists
  WeightedTexts street_forms;

  [[nodiscard]] std::uint32_t compounds() const { return static_cast<std::uint32_t>(first.size() * last.size()); }
  [[nodiscard]] std::uint32_t plain() const { return static_cast<std::uint32_t>(phrases.size()) + compounds(); }
  [[nodiscard]] std::uint32_t syllabic() const {
    std::size_t count = 1;
    for (const Parts& each : syllables) count *= each.size();
    return static_cast<std::uint32_t>(count);
  }
};

Parts* parts_of_kind(NameParts& parts, std::string_view kind) {
  if (kind == "phrase") return &parts.phrases;
  if (kind == "first") return &parts.first;
  if (kind == "last") return &parts.last;
  constexpr std::array<std::string_view, 4> kSyllables = {"onset", "vowel", "coda", "ending"};
  const auto* const found = std::ranges::find(kSyllables, kind);
  HILO_CHECK(found != kSyllables.end());
  return &parts.syllables[static_cast<std::size_t>(found - kSyllables.begin())];
}

NameParts read_parts(Language language) {
  const std::string folder(language_code(language));
  std::string forms;
  for (const auto& row : table_rows(folder + "/street_forms.tsv", 2))
    forms += std::string(row[0]) + '\t' + std::string(row[1]) + '\n';
  NameParts parts{.phrases = {},
                  .first = {},
                  .last = {},
                  .syllables = {},
                  .table_share = 0,
                  .frequent = {},
                  .street_forms = WeightedTexts(forms)};
  for (const auto& row : table_rows(folder + "/name_parts.tsv", 3)) {
    std::string lead(row[1] == "-" ? "" : row[1]);
    std::ranges::replace(lead, '_', ' ');
    for (const std::string_view part : split(row[2], ','))
      parts_of_kind(parts, row[0])->push_back(lead + std::string(part));
  }
  for (const auto& row : table_rows(folder + "/family.tsv", 2)) {
    parts.table_share += table_number(row[1]) / kPeople;
    parts.frequent.insert(row[0]);
  }
  return parts;
}

const NameParts& parts_of(Language language) {
  static const std::array<NameParts, kLanguages> kParts = {
      read_parts(Language::kEnglish), read_parts(Language::kSpanish), read_parts(Language::kFrench),
      read_parts(Language::kGerman)};
  return kParts[static_cast<std::size_t>(language)];
}

// Shuffles ranks, so that neighbours in the lists are not neighbours in frequency: a prime that divides no list's size.
std::uint32_t shuffled(std::uint32_t rank, std::uint32_t count) {
  constexpr std::uint64_t kPrime = 2'147'483'647;
  return static_cast<std::uint32_t>(rank * kPrime % count);
}

std::uint32_t draw_rank(std::uint32_t count, Rng& rng) {
  const double rank = kFlatRanks * (std::exp(rng.uniform() * std::log1p(count / kFlatRanks)) - 1);
  return std::min(count - 1, static_cast<std::uint32_t>(rank));
}

std::string compound(const NameParts& parts, std::uint32_t rank) {
  const std::uint32_t place = shuffled(rank, parts.compounds());
  std::string name = parts.first[place / parts.last.size()];
  name += parts.last[place % parts.last.size()];
  return name;
}

std::string of_syllables(const NameParts& parts, std::uint32_t rank) {
  std::uint32_t place = shuffled(rank, parts.syllabic());
  std::string name;
  for (const Parts& each : parts.syllables) {
    const auto size = static_cast<std::uint32_t>(each.size());
    name += each[place % size];
    place /= size;
  }
  return name;
}

}  // namespace

double rare_family_share(Language language) { return 1 - parts_of(language).table_share; }

std::uint32_t rare_family_names(Language language) {
  const NameParts& parts = parts_of(language);
  return parts.plain() + parts.syllabic();
}

std::string rare_family_name(Language language, std::uint32_t rank) {
  const NameParts& parts = parts_of(language);
  const std::uint32_t plain = parts.plain();
  if (rank >= plain) return of_syllables(parts, rank - plain);
  // Names of several words are few, but not rare: they take every other one of the first places.
  const auto phrases = static_cast<std::uint32_t>(parts.phrases.size());
  if (rank < 2 * phrases && rank % 2 == 0) return parts.phrases[shuffled(rank / 2, phrases)];
  return compound(parts, rank - std::min(phrases, (rank + 1) / 2));
}

std::string draw_family_name(Language language, Rng& rng) {
  const NameParts& parts = parts_of(language);
  const auto one = [&]() -> std::string {
    if (rng.chance(parts.table_share)) return culture_of(language).family.pick(rng);
    std::string name;
    // A few that the parts make are frequent ones, which have their share already.
    do name = rare_family_name(language, draw_rank(rare_family_names(language), rng));
    while (parts.frequent.contains(name));
    return name;
  };
  if (language == Language::kSpanish || !rng.chance(kHyphenated)) return one();
  const std::string before = one();
  return before + "-" + one();
}

std::string draw_street(Language language, Rng& rng) {
  const Culture& culture = culture_of(language);
  if (!rng.chance(kRareStreetShare)) return culture.streets.pick(rng);
  const NameParts& parts = parts_of(language);
  const std::string& form = parts.street_forms.pick(rng);
  std::string street;
  for (std::size_t at = 0; at < form.size();) {
    const std::string_view rest = std::string_view(form).substr(at);
    if (rest.starts_with("{g}")) {
      street += (rng.chance(0.25) ? culture.given_female : culture.given_male).pick(rng);
    } else if (rest.starts_with("{f}")) {
      street += rare_family_name(language, draw_rank(rare_family_names(language), rng));
    } else if (rest.starts_with("{c}")) {
      street += compound(parts, draw_rank(parts.compounds(), rng));
    } else {
      street += form[at++];
      continue;
    }
    at += 3;
  }
  return street;
}

}  // namespace hilo::world
