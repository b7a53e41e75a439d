#include "world/people.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>

#include <fmt/format.h>

#include "base/text.h"

namespace hilo::world {
namespace {

constexpr int kDaysPerYear = 365;
constexpr double kMovesPerDay = 1.0 / (9 * kDaysPerYear);
constexpr double kNewEmailsPerDay = 1.0 / (8 * kDaysPerYear);
constexpr double kNewMobilesPerDay = 1.0 / (7 * kDaysPerYear);
constexpr double kMarriagesPerDay = 1.0 / (25 * kDaysPerYear);

// A household's role decides age and name.
enum class Role : std::uint8_t { kHead, kPartner, kChild };

struct Household {
  std::uint64_t id = 0;
  Language language = Language::kSpanish;
  std::string family_name;         // the head's
  std::string second_family_name;  // Spanish: the head's second
  Address address;
  std::string landline;
  std::string shared_email;  // empty where everybody has one of their own
  Date head_born_on;
};

std::uint32_t digits(Rng& rng, int count) {
  return rng.below(static_cast<std::uint32_t>(std::lround(std::pow(10, count))));
}

std::string mobile_number(Language language, Rng& rng) {
  switch (language) {
    case Language::kEnglish: return fmt::format("+447{:01}{:08}", 4 + rng.below(6), digits(rng, 8));
    case Language::kSpanish: return fmt::format("+346{:08}", digits(rng, 8));
    case Language::kFrench: return fmt::format("+336{:08}", digits(rng, 8));
    case Language::kGerman: return fmt::format("+4915{:01}{:08}", 1 + rng.below(9), digits(rng, 8));
  }
  return {};
}

std::string landline_number(Language language, Rng& rng) {
  switch (language) {
    case Language::kEnglish: return fmt::format("+44113{:07}", 2'000'000 + digits(rng, 6));
    case Language::kSpanish: return fmt::format("+3491{:07}", 2'000'000 + digits(rng, 6));
    case Language::kFrench: return fmt::format("+331{:08}", 40'000'000 + digits(rng, 7));
    case Language::kGerman: return fmt::format("+4930{:07}", 2'000'000 + digits(rng, 6));
  }
  return {};
}

std::string postcode(const City& city, Language language, Rng& rng) {
  if (language == Language::kEnglish) {
    constexpr std::string_view kLetters = "ABDEFGHJLNPQRSTUWXYZ";  // those of inward codes
    const auto letter = [&] { return kLetters[rng.below(static_cast<std::uint32_t>(kLetters.size()))]; };
    return fmt::format("{} {}{}{}", city.postcode_prefix, rng.below(10), letter(), letter());
  }
  std::string code = city.postcode_prefix;
  while (code.size() < 5) code += static_cast<char>('0' + rng.below(10));
  return code;
}

Address draw_address(const Culture& culture, Language language, Rng& rng) {
  const City& city = culture.cities.pick(rng);
  const std::string& street = culture.streets.pick(rng);
  const std::uint32_t number = 1 + rng.below(rng.chance(0.7) ? 60 : 300);
  Address address{.street = {},
                  .city = city.name,
                  .postcode = postcode(city, language, rng),
                  .country = std::string(country_of(language))};
  switch (language) {
    case Language::kEnglish: address.street = fmt::format("{} {}", number, street); break;
    case Language::kFrench: address.street = fmt::format("{} {}", number, street); break;
    case Language::kGerman: address.street = fmt::format("{} {}", street, number); break;
    case Language::kSpanish: address.street = fmt::format("{}, {}", street, number); break;
  }
  if (rng.chance(0.35)) {
    constexpr std::array<std::string_view, kLanguages> kFlats = {"Flat {}{}, ", ", {}º {}", ", Apt {}{}", ", Whg {}{}"};
    const std::uint32_t floor = 1 + rng.below(8);
    const auto door = static_cast<char>('A' + rng.below(4));
    const std::string flat = fmt::format(fmt::runtime(kFlats[static_cast<std::size_t>(language)]), floor, door);
    address.street = language == Language::kEnglish ? flat + address.street : address.street + flat;
  }
  return address;
}

// Letters of a name as mail addresses write them.
std::string mail_letters(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 28> kPlain = {
      {{"á", "a"},  {"à", "a"}, {"â", "a"}, {"ä", "ae"}, {"é", "e"},  {"è", "e"},  {"ê", "e"},
       {"ë", "e"},  {"í", "i"}, {"î", "i"}, {"ï", "i"},  {"ó", "o"},  {"ò", "o"},  {"ô", "o"},
       {"ö", "oe"}, {"ú", "u"}, {"ù", "u"}, {"û", "u"},  {"ü", "ue"}, {"ñ", "n"},  {"ç", "c"},
       {"ß", "ss"}, {"Á", "a"}, {"É", "e"}, {"Í", "i"},  {"Ó", "o"},  {"Ö", "oe"}, {"Ü", "ue"}}};
  std::string out;
  for (std::size_t at = 0; at < name.size();) {
    const auto found =
        std::ranges::find_if(kPlain, [&](const auto& each) { return name.substr(at).starts_with(each.first); });
    if (found != kPlain.end()) {
      out += found->second;
      at += found->first.size();
      continue;
    }
    const char c = name[at++];
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) out += static_cast<char>(c | 0x20);
  }
  return out;
}

std::string draw_email(const Culture& culture, std::string_view given, std::string_view family, Date born_on,
                       Rng& rng) {
  const std::string first = mail_letters(given);
  const std::string last = mail_letters(family);
  const int year = civil(born_on).year;
  std::string local;
  switch (rng.below(6)) {
    case 0: local = first + "." + last; break;
    case 1: local = first + last + fmt::format("{:02}", year % 100); break;
    case 2: local = first.substr(0, 1) + last; break;
    case 3: local = first + "_" + last; break;
    case 4: local = first + fmt::format("{}", year); break;
    default: local = last + "." + first; break;
  }
  // The plain addresses of frequent names are long taken.
  if (rng.chance(0.6)) local += fmt::format("{}", 1 + rng.below(998));
  return local + "@" + culture.mail_domains.pick(rng);
}

Language draw_language(Rng& rng) {
  static const WeightedChoice kShares(std::array<double, kLanguages>{0.22, 0.48, 0.15, 0.15});
  return static_cast<Language>(kShares.pick(rng));
}

// How many of a cell's persons belong to each of its households.
std::vector<std::uint32_t> household_sizes(Rng& rng) {
  static const WeightedChoice kSizes(std::array<double, 5>{0.34, 0.31, 0.15, 0.14, 0.06});  // of 1 to 5 persons
  std::vector<std::uint32_t> sizes;
  std::uint32_t left = kCellSize;
  while (left > 0) {
    sizes.push_back(std::min(left, static_cast<std::uint32_t>(kSizes.pick(rng)) + 1));
    left -= sizes.back();
  }
  return sizes;
}

Household draw_household(std::uint64_t id, Date opened_on, Rng& rng) {
  Household household;
  household.id = id;
  household.language = draw_language(rng);
  const Culture& culture = culture_of(household.language);
  household.family_name = culture.family.pick(rng);
  household.second_family_name = culture.family.pick(rng);
  household.address = draw_address(culture, household.language, rng);
  if (rng.chance(0.45)) household.landline = landline_number(household.language, rng);
  const double age = 24 + 50 * rng.beta(1.6, 2.2);
  household.head_born_on = {opened_on.days - static_cast<std::int32_t>(age * kDaysPerYear + rng.below(kDaysPerYear))};
  if (rng.chance(0.12)) {
    household.shared_email = fmt::format("familia.{}{}@{}", mail_letters(household.family_name), digits(rng, 3),
                                         culture.mail_domains.pick(rng));
  }
  return household;
}

// A newly drawn given name; some have two.
std::string draw_given_name(const Culture& culture, Gender gender, Rng& rng) {
  const WeightedTexts& names = gender == Gender::kFemale ? culture.given_female : culture.given_male;
  std::string name = names.pick(rng);
  if (rng.chance(0.08)) {
    const std::string& second = names.pick(rng);
    if (second != name) name += " " + second;
  }
  return name;
}

std::string family_name_of(const Household& household, Role role, const Culture& culture, Rng& rng) {
  const bool spanish = household.language == Language::kSpanish;
  if (role == Role::kPartner) {
    // Partners in Spain keep their names; elsewhere most share one.
    if (spanish) return culture.family.pick(rng) + " " + culture.family.pick(rng);
    return rng.chance(0.7) ? household.family_name : culture.family.pick(rng);
  }
  return spanish ? household.family_name + " " + household.second_family_name : household.family_name;
}

Date birth_date_of(const Household& household, Role role, Rng& rng) {
  const auto years = [&](double from, double to) {
    return static_cast<std::int32_t>((from + (to - from) * rng.uniform()) * kDaysPerYear);
  };
  switch (role) {
    case Role::kHead: return household.head_born_on;
    case Role::kPartner: return {household.head_born_on.days + years(-6, 6)};
    case Role::kChild: return {household.head_born_on.days + years(20, 38)};
  }
  return household.head_born_on;
}

Role role_of(std::uint32_t place) {
  if (place == 0) return Role::kHead;
  return place == 1 ? Role::kPartner : Role::kChild;
}

// A person as she is when the world opens.
Person draw_person(std::uint64_t seed, PersonId id, const Household& household, std::uint32_t place,
                   const std::vector<Person>& before) {
  Rng rng = lasting_chance(seed, id, Purpose::kPerson);
  const Culture& culture = culture_of(household.language);
  const Role role = role_of(place);
  Person person;
  person.id = id;

  person.language = household.language;
  person.landline = household.landline;
  person.gender = rng.chance(0.53) ? Gender::kFemale : Gender::kMale;
  if (role == Role::kPartner && rng.chance(0.95))
    person.gender = before.front().gender == Gender::kFemale ? Gender::kMale : Gender::kFemale;
  person.born_on = birth_date_of(household, role, rng);
  Identity identity;
  identity.from = Date{std::numeric_limits<std::int32_t>::min()};
  identity.given_name = draw_given_name(culture, person.gender, rng);
  identity.family_name = family_name_of(household, role, culture, rng);
  if (role == Role::kChild) {
    // Twins; sons and daughters called after a parent.
    const Person& elder = before.back();
    if (before.size() > 2 && rng.chance(0.04)) person.born_on = elder.born_on;
    const auto parent = std::ranges::find(before, person.gender, &Person::gender);
    if (parent != before.end() && rng.chance(0.06)) {
      identity.given_name = parent->identities.front().given_name;
      identity.family_name = parent->identities.front().family_name;
    }
  }
  identity.household = household.id;
  identity.address = household.address;
  identity.mobile = mobile_number(household.language, rng);
  const bool shares = !household.shared_email.empty() && rng.chance(0.8);
  identity.email = shares ? household.shared_email
                          : draw_email(culture, identity.given_name, identity.family_name, person.born_on, rng);
  person.identities.push_back(std::move(identity));
  return person;
}

// What changes in a person's life, each kind by a clock of its own: days between changes are exponential, so that a
// longer world only adds to a shorter one.
void add_changes(std::uint64_t seed, Person& person, Date opened_on, Date until) {
  struct Kind {
    double per_day;
    Purpose purpose;
    void (*apply)(Identity&, const Person&, Rng&);
  };
  constexpr std::array<Kind, 4> kKinds = {{
      {kMovesPerDay, Purpose::kMoves,
       [](Identity& identity, const Person& who, Rng& rng) {
         identity.address = draw_address(culture_of(who.language), who.language, rng);
       }},
      {kNewEmailsPerDay, Purpose::kNewEmails,
       [](Identity& identity, const Person& who, Rng& rng) {
         identity.email =
             draw_email(culture_of(who.language), identity.given_name, identity.family_name, who.born_on, rng);
       }},
      {kNewMobilesPerDay, Purpose::kNewMobiles,
       [](Identity& identity, const Person& who, Rng& rng) { identity.mobile = mobile_number(who.language, rng); }},
      {kMarriagesPerDay, Purpose::kMarriages,
       [](Identity& identity, const Person& who, Rng& rng) {
         if (who.language == Language::kSpanish || who.gender == Gender::kMale) return;  // they keep their names
         identity.family_name = culture_of(who.language).family.pick(rng);
       }},
  }};
  struct Change {
    Date on;
    const Kind* kind;
    Rng rng;
  };
  std::vector<Change> changes;
  for (const Kind& kind : kKinds) {
    Rng rng = lasting_chance(seed, person.id, kind.purpose);
    // Whole days after the first: on the day the world opens everybody is as drawn.
    double at = opened_on.days + 1 + rng.exponential(kind.per_day);
    for (; at < until.days; at += rng.exponential(kind.per_day)) {
      const Date on{static_cast<std::int32_t>(at)};
      changes.push_back({on, &kind, daily_chance(seed, person.id, on, kind.purpose)});
    }
  }
  std::ranges::stable_sort(changes, {}, &Change::on);
  for (Change& change : changes) {
    Identity next = person.identities.back();
    next.from = change.on;
    change.kind->apply(next, person, change.rng);
    if (person.identities.back().from == change.on) person.identities.pop_back();
    person.identities.push_back(std::move(next));
  }
}

}  // namespace

const Identity& Person::on(Date day) const {
  const auto after = std::ranges::upper_bound(identities, day, {}, &Identity::from);
  return after == identities.begin() ? identities.front() : *(after - 1);
}

std::vector<Person> people_of_cell(std::uint64_t seed, std::uint64_t cell, Date opened_on, Date until) {
  Rng rng = lasting_chance(seed, PersonId{cell}, Purpose::kHouseholds);
  std::vector<Person> people;
  std::uint64_t number = cell * kCellSize;
  for (const std::uint32_t size : household_sizes(rng)) {
    const Household household = draw_household(number, opened_on, rng);  // a household is named after its first person
    std::vector<Person> members;
    for (std::uint32_t place = 0; place < size; ++place)
      members.push_back(draw_person(seed, PersonId{number++}, household, place, members));
    for (Person& member : members) add_changes(seed, member, opened_on, until);
    std::ranges::move(members, std::back_inserter(people));
  }
  return people;
}

}  // namespace hilo::world
