#include "world/errors.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include "base/text.h"

namespace hilo::world {
namespace {

// The characters of a UTF-8 text.
std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
    parts.push_back(text.substr(at, end - at));
    at = end;
  }
  return parts;
}

std::string glued(const std::vector<std::string_view>& parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

// Letters beside each other on the keyboard.
char neighbour(char c, Rng& rng) {
  constexpr std::array<std::string_view, 4> kRows = {"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"};
  for (const std::string_view row : kRows) {
    const std::size_t at = row.find(c);
    if (at == std::string_view::npos) continue;
    if (at == 0) return row[1];
    if (at + 1 == row.size()) return row[at - 1];
    return row[rng.chance(0.5) ? at - 1 : at + 1];
  }
  return 'x';
}

const std::vector<std::string_view>& nicknames_of(Language language, std::string_view given) {
  using ByName = std::map<std::string_view, std::vector<std::string_view>, std::less<>>;
  static const std::array<ByName, kLanguages> kTables = [] {
    std::array<ByName, kLanguages> tables;
    for (std::size_t at = 0; at < kLanguages; ++at) {
      for (const auto& row : table_rows(std::string(language_code(static_cast<Language>(at))) + "/nicknames.tsv", 2))
        tables[at][row[0]] = split(row[1], ',');
    }
    return tables;
  }();
  static const std::vector<std::string_view> kNone;
  const ByName& table = kTables[static_cast<std::size_t>(language)];
  const auto found = table.find(given);
  return found == table.end() ? kNone : found->second;
}

const std::vector<std::string_view>& placeholders_of(std::string_view kind) {
  using ByKind = std::map<std::string_view, std::vector<std::string_view>, std::less<>>;
  static const ByKind kTable = [] {
    ByKind table;
    for (const auto& row : table_rows("shared/placeholders.tsv", 2)) table[row[0]].push_back(row[1]);
    return table;
  }();
  return kTable.at(kind);
}

std::string upper_ascii(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

// Writes one record down, field by field, each with the silo's rates.
class Clerk {
 public:
  Clerk(const ErrorRates& rates, double noise, Rng rng) : rates_(rates), noise_(noise), rng_(rng) {}

  [[nodiscard]] bool errs(double rate) { return rng_.chance(std::min(1.0, rate * noise_)); }

  std::string field(std::string text, std::string_view kind, bool is_name) {
    // Every question is asked of every field, so that one rate's change does not move the answers to the others.
    const bool missing = errs(rates_.missing);
    const bool nonsense = errs(rates_.nonsense);
    const bool plain = errs(rates_.plain);
    const bool upper = errs(rates_.upper);
    const bool typo = errs(rates_.typo);
    const bool scanned = errs(rates_.misread);
    const std::uint32_t choice = rng_.below(1U << 16U);
    if (missing || text.empty()) return {};
    if (nonsense && !kind.empty()) {
      const auto& words = placeholders_of(kind);
      return std::string(words[choice % words.size()]);
    }
    if (plain) text = without_accents(text);
    if (typo) text = with_typo(text, rng_);
    if (scanned) text = misread(text, rng_);
    return upper && is_name ? upper_ascii(std::move(text)) : text;
  }

  std::string given_name(const Person& person, const std::string& given) {
    const bool familiar = errs(rates_.nickname);
    const std::uint32_t choice = rng_.below(1U << 16U);
    const auto& names = nicknames_of(person.language, given);
    return familiar && !names.empty() ? std::string(names[choice % names.size()]) : given;
  }

 private:
  const ErrorRates& rates_;
  double noise_;
  Rng rng_;
};

}  // namespace

std::string with_typo(std::string_view text, Rng& rng) {
  std::vector<std::string_view> parts = characters(text);
  const std::size_t at = rng.below(static_cast<std::uint32_t>(parts.size()));
  const std::uint32_t kind = rng.below(4);
  std::string wrong(1, parts[at].size() == 1 ? neighbour(parts[at].front(), rng) : 'x');
  if (kind == 0 && parts.size() > 1) {
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(at));
  } else if (kind == 1) {
    parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(at), parts[at]);
  } else if (kind == 2 && at + 1 < parts.size()) {
    std::swap(parts[at], parts[at + 1]);
  } else {
    parts[at] = wrong;
  }
  return glued(parts);
}

std::string misread(std::string_view text, Rng& rng) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kLookAlikes = {{{"rn", "m"},
                                                                                                 {"m", "rn"},
                                                                                                 {"O", "0"},
                                                                                                 {"0", "O"},
                                                                                                 {"l", "1"},
                                                                                                 {"1", "l"},
                                                                                                 {"S", "5"},
                                                                                                 {"5", "S"},
                                                                                                 {"cl", "d"},
                                                                                                 {"B", "8"}}};
  std::vector<std::pair<std::size_t, std::size_t>> places;
  for (std::size_t pair = 0; pair < kLookAlikes.size(); ++pair) {
    for (std::size_t at = text.find(kLookAlikes[pair].first); at != std::string_view::npos;
         at = text.find(kLookAlikes[pair].first, at + 1)) {
      places.emplace_back(at, pair);
    }
  }
  std::string out(text);
  if (places.empty()) return out;
  const auto [at, pair] = places[rng.below(static_cast<std::uint32_t>(places.size()))];
  return out.replace(at, kLookAlikes[pair].first.size(), kLookAlikes[pair].second);
}

std::string without_accents(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 40> kPlain = {
      {{"á", "a"},  {"à", "a"}, {"â", "a"}, {"ä", "a"}, {"ã", "a"}, {"å", "a"}, {"é", "e"}, {"è", "e"},
       {"ê", "e"},  {"ë", "e"}, {"í", "i"}, {"ì", "i"}, {"î", "i"}, {"ï", "i"}, {"ó", "o"}, {"ò", "o"},
       {"ô", "o"},  {"ö", "o"}, {"ú", "u"}, {"ù", "u"}, {"û", "u"}, {"ü", "u"}, {"ñ", "n"}, {"ç", "c"},
       {"ß", "ss"}, {"Á", "A"}, {"À", "A"}, {"Â", "A"}, {"Ä", "A"}, {"É", "E"}, {"È", "E"}, {"Ê", "E"},
       {"Í", "I"},  {"Î", "I"}, {"Ó", "O"}, {"Ö", "O"}, {"Ú", "U"}, {"Ü", "U"}, {"Ñ", "N"}, {"Ç", "C"}}};
  std::string out;
  for (const std::string_view character : characters(text)) {
    const auto* const found =
        std::ranges::find(kPlain, character, &std::pair<std::string_view, std::string_view>::first);
    out += found == kPlain.end() ? character : found->second;
  }
  return out;
}

WrittenPerson write_down(std::uint64_t seed, const Person& person, Date day, const ErrorRates& rates, double noise,
                         std::uint32_t record) {
  const Identity& identity = person.on(day);
  Rng rng({.seed = seed,
           .subject = person.id.number,
           .day = record,
           .purpose = static_cast<std::uint32_t>(Purpose::kWriting)});
  Clerk clerk(rates, noise, rng);
  WrittenPerson written;
  written.given_name = clerk.field(clerk.given_name(person, identity.given_name), "name", true);
  written.family_name = clerk.field(identity.family_name, "name", true);
  if (clerk.errs(rates.swapped)) std::swap(written.given_name, written.family_name);
  written.email = clerk.field(identity.email, "email", false);
  written.phone = clerk.field(identity.mobile, "phone", false);
  written.street = clerk.field(identity.address.street, "address", true);
  written.city = clerk.field(identity.address.city, "", true);
  written.postcode = clerk.field(identity.address.postcode, "", false);
  written.birth_date = clerk.field(to_string(person.born_on), "birth_date", false);
  return written;
}

}  // namespace hilo::world
