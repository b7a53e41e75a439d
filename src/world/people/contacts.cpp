#include "world/people/contacts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/compile.h>
#include <fmt/format.h>

#include "world/people/rare_names.h"

namespace hilo::world {
namespace {

constexpr double kFlats = 0.35;            // share of homes that are one
constexpr std::uint64_t kRegion = 48'000;  // persons who share a labour market
constexpr std::size_t kFirms = 20;         // per language and region
constexpr double kFirmSlope = 0.7;         // a firm's size falls as its rank to this power

// A number with so many digits, noughts before it.
void put_digits(std::string& out, std::uint32_t number, std::size_t count) {
  out.append(count, '0');
  for (auto digit = out.rbegin(); number > 0 && count > 0; ++digit, --count, number /= 10)
    *digit = static_cast<char>('0' + number % 10);
}

std::string numbered(std::string_view prefix, std::uint32_t number, std::size_t count) {
  std::string out;
  out.reserve(16);
  out += prefix;
  put_digits(out, number, count);
  return out;
}

// Letters of a name as mail addresses write them.
std::string mail_letters(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 36> kPlain = {
      {{"á", "a"},  {"à", "a"}, {"â", "a"},  {"ä", "ae"}, {"é", "e"}, {"è", "e"},  {"ê", "e"}, {"ë", "e"}, {"í", "i"},
       {"î", "i"},  {"ï", "i"}, {"ó", "o"},  {"ò", "o"},  {"ô", "o"}, {"ö", "oe"}, {"ú", "u"}, {"ù", "u"}, {"û", "u"},
       {"ü", "ue"}, {"ñ", "n"}, {"ç", "c"},  {"ß", "ss"}, {"Á", "a"}, {"É", "e"},  {"È", "e"}, {"Í", "i"}, {"Ó", "o"},
       {"Ö", "oe"}, {"Ú", "u"}, {"Ü", "ue"}, {"Ç", "c"},  {"Ñ", "n"}, {"ı", "i"},  {"ş", "s"}, {"Ş", "s"}, {"ğ", "g"}}};
  std::string out;
  out.reserve(name.size() + 24);
  for (std::size_t at = 0; at < name.size();) {
    const char c = name[at];
    if (static_cast<unsigned char>(c) < 0x80) {
      if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) out += static_cast<char>(c | 0x20);
      ++at;
      continue;
    }
    const std::string_view letter = name.substr(at, 2);  // the tables' letters beyond ASCII have two bytes
    const auto* const found = std::ranges::find(kPlain, letter, &std::pair<std::string_view, std::string_view>::first);
    if (found != kPlain.end()) out += found->second;
    at += 2;
  }
  return out;
}

std::string postcode(const City& city, Language language, Rng& rng) {
  std::string code = city.postcode_prefix;
  if (language == Language::kEnglish) {
    constexpr std::string_view kLetters = "ABDEFGHJLNPQRSTUWXYZ";  // those of inward codes
    const auto letter = [&] { return kLetters[rng.below(static_cast<std::uint32_t>(kLetters.size()))]; };
    code += ' ';
    code += static_cast<char>('0' + rng.below(10));
    code += letter();
    code += letter();
    return code;
  }
  while (code.size() < 5) code += static_cast<char>('0' + rng.below(10));
  return code;
}

std::string flat_of(Language language, std::uint32_t floor, char door) {
  switch (language) {
    case Language::kEnglish: return fmt::format(FMT_COMPILE("Flat {}{}, "), floor, door);
    case Language::kSpanish: return fmt::format(FMT_COMPILE(", {}º {}"), floor, door);
    case Language::kFrench: return fmt::format(FMT_COMPILE(", Apt {}{}"), floor, door);
    case Language::kGerman: return fmt::format(FMT_COMPILE(", Whg {}{}"), floor, door);
  }
  return {};
}

}  // namespace

std::string draw_mobile(Language language, Rng& rng) {
  const std::uint32_t digits = rng.below(100'000'000);
  const std::uint32_t network = rng.below(6);
  switch (language) {
    case Language::kEnglish: return numbered("+447", (4 + network) * 100'000'000 + digits, 9);
    case Language::kSpanish: return numbered("+346", digits, 8);
    case Language::kFrench: return numbered(network == 0 ? "+337" : "+336", digits, 8);
    case Language::kGerman: return numbered(network < 4 ? "+4915" : "+4917", (1 + network) * 100'000'000 + digits, 9);
  }
  return {};
}

std::string draw_landline(Language language, Rng& rng) {
  const std::uint32_t digits = rng.below(6'000'000);
  switch (language) {
    case Language::kEnglish: return numbered("+44113", 2'000'000 + digits, 7);
    case Language::kSpanish: return numbered("+3491", 2'000'000 + digits, 7);
    case Language::kFrench: return numbered("+331", 40'000'000 + digits, 8);
    case Language::kGerman: return numbered("+4930", 2'000'000 + digits, 7);
  }
  return {};
}

Address draw_address(Language language, Rng& rng) {
  const City& city = culture_of(language).cities.pick(rng);
  const std::string street = draw_street(language, rng);
  const std::uint32_t number = 1 + rng.below(rng.chance(0.7) ? 60 : 300);
  Address address{.street = {},
                  .city = city.name,
                  .postcode = postcode(city, language, rng),
                  .country = std::string(country_of(language)),
                  .flat = {}};
  switch (language) {
    case Language::kEnglish:
    case Language::kFrench: address.street = fmt::format(FMT_COMPILE("{} {}"), number, street); break;
    case Language::kGerman: address.street = fmt::format(FMT_COMPILE("{} {}"), street, number); break;
    case Language::kSpanish: address.street = fmt::format(FMT_COMPILE("{}, {}"), street, number); break;
  }
  if (rng.chance(kFlats)) {
    const std::uint32_t floor = 1 + rng.below(8);
    address.flat = flat_of(language, floor, static_cast<char>('A' + rng.below(4)));
    address.street.insert(language == Language::kEnglish ? 0 : address.street.size(), address.flat);
  }
  return address;
}

std::string draw_email(Language language, const Identity& identity, Date born_on, Rng& rng) {
  std::string first = mail_letters(identity.given_name);
  const std::string last = mail_letters(identity.family_name);
  std::string local;
  local.reserve(first.size() + last.size() + 30);
  const std::uint32_t form = rng.below(6);
  if (form == 2) first.resize(1);
  if (form == 5) {
    ((local += last) += '.') += first;
  } else if (form == 4) {
    local += first;
    put_digits(local, static_cast<std::uint32_t>(civil(born_on).year), 4);
  } else {
    constexpr std::array<std::string_view, 4> kBetween = {".", "", "", "_"};
    ((local += first) += kBetween[form]) += last;
    if (form == 1) put_digits(local, static_cast<std::uint32_t>(civil(born_on).year % 100), 2);
  }
  // The plain addresses of frequent names are long taken.
  if (rng.chance(0.6)) local += fmt::format_int(1 + rng.below(998)).c_str();
  local += '@';
  local += culture_of(language).mail_domains.pick(rng);
  return local;
}

std::string draw_family_mailbox(Language language, std::string_view family_name, Rng& rng) {
  constexpr std::array<std::string_view, kLanguages> kFamily = {"the", "familia.", "famille.", "familie."};
  std::string local(kFamily[static_cast<std::size_t>(language)]);
  local += mail_letters(family_name);
  put_digits(local, rng.below(1'000), 3);
  local += '@';
  return local + culture_of(language).mail_domains.pick(rng);
}

Employer draw_employer(std::uint64_t seed, PersonId person, Language language, Rng& rng) {
  static const WeightedChoice kSizes([] {
    std::array<double, kFirms> weights{};
    for (std::size_t rank = 0; rank < kFirms; ++rank)
      weights[rank] = std::pow(static_cast<double>(rank + 1), -kFirmSlope);
    return weights;
  }());
  const std::uint64_t market = person.number / kRegion * kLanguages + static_cast<std::uint64_t>(language);
  const PersonId firm{market * kFirms + kSizes.pick(rng)};
  Rng of_firm = lasting_chance(seed, firm, Purpose::kEmployers);
  Employer employer;
  employer.switchboard = draw_landline(language, of_firm);
  constexpr std::array<std::string_view, 6> kTrades = {"group", "consult", "logistics", "media", "tech", "partner"};
  constexpr std::array<std::string_view, kLanguages> kCountries = {".co.uk", ".es", ".fr", ".de"};
  employer.domain = mail_letters(rare_family_name(language, of_firm.below(rare_family_names(language))));
  employer.domain += '-';
  employer.domain += kTrades[of_firm.below(kTrades.size())];
  employer.domain += kCountries[static_cast<std::size_t>(language)];
  employer.one_mailbox = of_firm.chance(0.3);
  return employer;
}

std::string office_email(const Employer& employer, const Identity& identity) {
  if (employer.one_mailbox) return "info@" + employer.domain;
  return mail_letters(identity.given_name) + "." + mail_letters(identity.family_name) + "@" + employer.domain;
}

}  // namespace hilo::world
