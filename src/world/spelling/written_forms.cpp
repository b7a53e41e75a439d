#include "world/spelling/written_forms.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "world/spelling/misspelling.h"

namespace hilo::world {
namespace {

using Forms = std::vector<std::string_view>;
using ByText = std::map<std::string_view, Forms, std::less<>>;

const Forms& nicknames_of(Language language, std::string_view given) {
  static const std::array<ByText, kLanguages> kTables = [] {
    std::array<ByText, kLanguages> tables;
    for (std::size_t at = 0; at < kLanguages; ++at) {
      for (const auto& row : table_rows(std::string(language_code(static_cast<Language>(at))) + "/nicknames.tsv", 2))
        tables[at][row[0]] = split(row[1], ',');
    }
    return tables;
  }();
  static const Forms kNone;
  const ByText& table = kTables[static_cast<std::size_t>(language)];
  const auto found = table.find(given);
  return found == table.end() ? kNone : found->second;
}

struct Abbreviation {
  std::string_view word;
  Forms forms;
};

const std::vector<Abbreviation>& abbreviations_of(Language language) {
  static const std::array<std::vector<Abbreviation>, kLanguages> kTables = [] {
    std::array<std::vector<Abbreviation>, kLanguages> tables;
    for (const auto& row : table_rows("shared/street_abbreviations.tsv", 3)) {
      for (std::size_t at = 0; at < kLanguages; ++at) {
        if (row[0] == language_code(static_cast<Language>(at)))
          tables[at].push_back({.word = row[1], .forms = split(row[2], ',')});
      }
    }
    return tables;
  }();
  return kTables[static_cast<std::size_t>(language)];
}

const Forms& domain_typos(std::string_view domain) {
  static const ByText kTable = [] {
    ByText table;
    for (const auto& row : table_rows("shared/domain_typos.tsv", 2)) table[row[0]] = split(row[1], ',');
    return table;
  }();
  static const Forms kNone;
  const auto found = kTable.find(domain);
  return found == kTable.end() ? kNone : found->second;
}

std::string_view any_of(const Forms& forms, Rng& rng) {
  return forms[rng.below(static_cast<std::uint32_t>(forms.size()))];
}

bool is_particle(std::string_view word) {
  constexpr std::array<std::string_view, 18> kParticles = {"de",  "la",  "las", "los", "del", "von",
                                                           "van", "der", "den", "zum", "zur", "auf",
                                                           "vom", "Le",  "La",  "Du",  "Da",  "San"};
  return std::ranges::find(kParticles, word) != kParticles.end();
}

std::string capitalised(std::string_view word) { return upper_case(word.substr(0, 1)) + std::string(word.substr(1)); }

// Digits in groups of so many, the last at least two.
std::string grouped(std::string_view digits, std::size_t size, char between) {
  std::string out;
  out.reserve(2 * digits.size());
  for (std::size_t at = 0; at < digits.size(); ++at) {
    if (at > 0 && at % size == 0 && digits.size() - at > 1) out += between;
    out += digits[at];
  }
  return out;
}

// Where the flat stands, without the comma and blank that part it from the rest.
std::string_view bare_flat(const Address& address) {
  std::string_view flat = address.flat;
  while (!flat.empty() && (flat.front() == ',' || flat.front() == ' ')) flat.remove_prefix(1);
  while (!flat.empty() && (flat.back() == ',' || flat.back() == ' ')) flat.remove_suffix(1);
  return flat;
}

std::string dated(int year, std::string_view rest) { return fmt::format("{:04}{}", year, rest); }

int year_of(std::string_view date) { return static_cast<int>(table_number(date.substr(0, 4))); }

}  // namespace

std::string nickname(std::string_view given, Language language, Rng& rng) {
  const Forms& whole = nicknames_of(language, given);
  if (!whole.empty()) return std::string(any_of(whole, rng));
  const Forms& first = nicknames_of(language, split(given, ' ').front());
  return std::string(first.empty() ? given : any_of(first, rng));
}

std::string initials(std::string_view given, Rng& rng) {
  const bool stops = rng.chance(0.7);
  std::string out;
  for (const std::string_view name : split(given, ' ')) {
    if (name.empty()) continue;
    if (!out.empty()) out += ' ';
    out += name.substr(0, static_cast<unsigned char>(name.front()) < 0x80 ? 1 : 2);
    if (stops) out += '.';
  }
  return out;
}

std::string first_given_name(std::string_view given) { return std::string(given.substr(0, given.find_first_of(" -"))); }

std::string other_particles(std::string_view family, Rng& rng) {
  const std::uint32_t form = rng.below(3);
  if (family.contains('-')) {
    std::string out(family);
    if (form == 0) {
      std::erase(out, '-');
    } else {
      std::ranges::replace(out, '-', ' ');
    }
    return out;
  }
  // De La Cruz, or where that is how it was written, Delacruz.
  std::string capitals;
  std::string together;
  bool glue = false;
  for (const std::string_view word : split(family, ' ')) {
    const bool particle = is_particle(word);
    if (!capitals.empty()) capitals += ' ';
    capitals += particle ? capitalised(word) : std::string(word);
    if (!together.empty() && !glue) together += ' ';
    together += glue ? lower_ascii(word) : particle ? capitalised(word) : std::string(word);
    glue = particle;
  }
  return form == 0 || capitals == family ? together : capitals;
}

std::string first_family_name(std::string_view family, Language language) {
  if (language != Language::kSpanish) return std::string(family);
  std::size_t end = 0;
  // Particles belong to the name that they stand before.
  for (bool more = true; more && end < family.size();) {
    const std::size_t begin = end == 0 ? 0 : end + 1;
    end = std::min(family.find(' ', begin), family.size());
    more = is_particle(family.substr(begin, end - begin));
  }
  return std::string(family.substr(0, end));
}

std::string phone_form(std::string_view number, Rng& rng) {
  if (number.size() < 5 || !number.starts_with('+')) return std::string(number);
  const std::string_view code = number.substr(1, 2);  // all our countries' codes have two digits
  const std::string_view rest = number.substr(3);
  const std::size_t size = code == "33" ? 2 : 3;
  std::string national = code == "34" ? "" : "0";
  national += rest;
  std::string out;
  out.reserve(number.size() + 8);
  switch (rng.below(8)) {
    case 0: return grouped(national, size, ' ');
    case 1: return ((out += "00") += code) += rest;
    case 2: return (((out += '+') += code) += ' ') += grouped(rest, 3, ' ');
    case 3:
      if (code == "34") return (((out += "(+") += code) += ") ") += rest;
      return (((out += '+') += code) += " (0)") += rest;
    case 4: return grouped(national, size, code == "49" ? '/' : code == "33" ? '.' : '-');
    case 5: return (out += code) += rest;
    default: return national;
  }
}

std::string with_domain_typo(std::string_view email, Rng& rng) {
  const std::size_t at = email.find('@');
  if (at == std::string_view::npos) return std::string(email);
  const std::string_view domain = email.substr(at + 1);
  const Forms& known = domain_typos(domain);
  const std::string wrong = known.empty() ? with_typo(domain, rng) : std::string(any_of(known, rng));
  return std::string(email.substr(0, at + 1)) + wrong;
}

std::string with_local_typo(std::string_view email, Rng& rng) {
  const std::size_t at = std::min(email.find('@'), email.size());
  return with_typo(email.substr(0, at), rng) + std::string(email.substr(at));
}

std::string abbreviated_street(std::string_view street, Language language, Rng& rng) {
  std::string out(street);
  for (const Abbreviation& each : abbreviations_of(language)) {
    const std::size_t at = out.find(each.word);
    if (at == std::string::npos) continue;
    const std::size_t end = at + each.word.size();
    if (end < out.size() && out[end] != ' ' && out[end] != ',' && out[end] != '-') continue;
    return out.replace(at, each.word.size(), any_of(each.forms, rng));
  }
  return out;
}

std::string without_flat(const Address& address, std::string_view street) {
  std::string out(street);
  const std::size_t at = address.flat.empty() ? std::string::npos : out.find(address.flat);
  return at == std::string::npos ? out : out.erase(at, address.flat.size());
}

std::string with_flat_elsewhere(const Address& address, std::string_view street) {
  std::string rest = without_flat(address, street);
  if (rest == street) return rest;
  const std::string flat(bare_flat(address));
  return address.flat.starts_with(',') ? flat + ", " + rest : rest + ", " + flat;
}

std::string with_swapped_digits(std::string_view postcode, Rng& rng) {
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at + 1 < postcode.size(); ++at) {
    if (postcode[at] != postcode[at + 1] && postcode[at] != ' ' && postcode[at + 1] != ' ') places.push_back(at);
  }
  std::string out(postcode);
  if (places.empty()) return out;
  const std::size_t at = places[rng.below(static_cast<std::uint32_t>(places.size()))];
  std::swap(out[at], out[at + 1]);
  return out;
}

std::string with_day_and_month_swapped(std::string_view date) {
  if (date.substr(8, 2) > "12") return std::string(date);
  return fmt::format("{}-{}-{}", date.substr(0, 4), date.substr(8, 2), date.substr(5, 2));
}

std::string with_wrong_year(std::string_view date, Rng& rng) {
  constexpr std::array<int, 4> kSteps = {1, -1, 10, -10};
  const std::string_view rest = date.substr(4);
  // The 29th of February has no neighbour a year away.
  return dated(year_of(date) + kSteps[rng.below(kSteps.size())], rest == "-02-29" ? "-02-28" : rest);
}

}  // namespace hilo::world
