#include "world/people/people.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "world/people/contacts.h"
#include "world/people/life.h"
#include "world/people/rare_names.h"

namespace hilo::world {
namespace {

constexpr double kDaysPerYear = 365.25;
constexpr double kFlatshareUntilAge = 37;  // younger heads have no grown-up children
constexpr double kFlatshares = 0.06;       // of other households beyond a couple
constexpr double kSharedMailbox = 0.12;    // of households with two or more
constexpr double kTwins = 0.04;            // of children, beside the one before
constexpr double kNamesakes = 0.06;        // of children, with a parent of their gender
constexpr double kSharedMobile = 0.05;     // of couples; of old ones more
constexpr double kSharedMobileOld = 0.2;
constexpr double kTwoGivenNames = 0.08;
constexpr double kOnePartnerName = 0.7;  // of couples outside Spain

struct Household {
  std::uint64_t id = 0;
  Language language = Language::kSpanish;
  std::string family_name;         // the head's
  std::string second_family_name;  // Spanish: the head's second
  Address address;
  std::string landline;
  std::string shared_email;  // empty where everybody has one of their own
  Date opened_on;
  Date head_born_on;
  [[nodiscard]] double head_age() const { return age_on(head_born_on, opened_on); }
};

Language draw_language(Rng& rng) {
  static const WeightedChoice kShares(std::array<double, kLanguages>{0.22, 0.48, 0.15, 0.15});
  return static_cast<Language>(kShares.pick(rng));
}

// How many of a cell's persons the next household has.
std::uint32_t draw_size(std::uint32_t left, Rng& rng) {
  static const WeightedChoice kSizes(std::array<double, 5>{0.34, 0.31, 0.15, 0.14, 0.06});  // of 1 to 5 persons
  return std::min(left, static_cast<std::uint32_t>(kSizes.pick(rng)) + 1);
}

Household draw_household(std::uint64_t id, std::uint32_t size, Date opened_on, Rng& rng) {
  Household household;
  household.id = id;
  household.language = draw_language(rng);
  household.family_name = draw_family_name(household.language, rng);
  if (household.language == Language::kSpanish)
    household.second_family_name = draw_family_name(household.language, rng);
  household.address = draw_address(household.language, rng);
  if (rng.chance(kHomesWithLandline)) household.landline = draw_landline(household.language, rng);
  const double age = 19 + 69 * rng.beta(1.7, 2.2);
  household.opened_on = opened_on;
  household.head_born_on = {opened_on.days - static_cast<std::int32_t>(age * kDaysPerYear)};
  if (size > 1 && rng.chance(kSharedMailbox))
    household.shared_email = draw_family_mailbox(household.language, household.family_name, rng);
  return household;
}

// The roles of a household's members, by place. **Ensures**: a partner stands second.
std::vector<Role> draw_roles(const Household& household, std::uint32_t size, Rng& rng) {
  std::vector<Role> roles(size, Role::kChild);
  roles[0] = Role::kHead;
  const bool flatshare = household.head_age() < kFlatshareUntilAge || (size > 2 && rng.chance(kFlatshares));
  if (flatshare) std::ranges::fill(roles.begin() + 1, roles.end(), Role::kFlatmate);
  if (size > 1 && rng.chance(size == 2 ? 0.82 : flatshare ? 0.4 : 0.75)) roles[1] = Role::kPartner;
  return roles;
}

// A newly drawn given name; some have two.
std::string draw_given_name(Language language, Gender gender, Rng& rng) {
  const Culture& culture = culture_of(language);
  const WeightedTexts& names = gender == Gender::kFemale ? culture.given_female : culture.given_male;
  std::string name = names.pick(rng);
  if (rng.chance(kTwoGivenNames)) {
    const std::string& second = names.pick(rng);
    if (second != name) (name += ' ') += second;
  }
  return name;
}

std::string draw_own_family_name(Language language, Rng& rng) {
  std::string name = draw_family_name(language, rng);
  return language == Language::kSpanish ? name + " " + draw_family_name(language, rng) : name;
}

Date draw_birth_date(const Household& household, Role role, Rng& rng) {
  const double head = household.head_age();
  const auto aged = [&](double years) {
    return Date{household.opened_on.days - static_cast<std::int32_t>(std::ceil(years * kDaysPerYear)) - 1};
  };
  switch (role) {
    case Role::kHead: return household.head_born_on;
    case Role::kPartner: return aged(std::max(18 + 4 * rng.uniform(), head - 6 + 12 * rng.uniform()));
    case Role::kFlatmate: return aged(std::max(18 + 6 * rng.uniform(), head - 8 + 14 * rng.uniform()));
    case Role::kChild: {
      const double youngest = std::min(38.0, head - kAgeMin);  // the largest gap that leaves the child old enough
      return aged(head - (20 + (youngest - 20) * rng.uniform()));
    }
  }
  return household.head_born_on;
}

// The members of a household as they are drawn, one by one.
class HouseholdDraw {
 public:
  HouseholdDraw(std::uint64_t seed, const Household& household, std::vector<Person>& people)
      : seed_(seed), household_(household), people_(people), first_(people.size()) {}

  // Draws the next member, as she is when the world opens.
  void add(Role role) {
    const PersonId id{household_.id + people_.size() - first_};
    Rng rng = lasting_chance(seed_, id, Purpose::kPerson);
    const Language language = household_.language;
    Person& person = people_.emplace_back();
    person.id = id;
    person.language = language;
    person.role = role;
    person.gender = rng.chance(0.53) ? Gender::kFemale : Gender::kMale;
    if (role == Role::kPartner && rng.chance(0.95))
      person.gender = head().gender == Gender::kFemale ? Gender::kMale : Gender::kFemale;
    person.born_on = draw_birth_date(household_, role, rng);
    Identity identity;
    identity.from = Date{std::numeric_limits<std::int32_t>::min()};
    identity.household = household_.id;
    identity.given_name = draw_given_name(language, person.gender, rng);
    identity.family_name = family_name(role, rng);
    if (role == Role::kChild) take_after_family(person, identity, rng);
    identity.address = household_.address;
    identity.landline = household_.landline;
    const double shares_mobile = household_.head_age() > 68 ? kSharedMobileOld : kSharedMobile;
    identity.mobile = draw_mobile(language, rng);
    if (role == Role::kPartner && rng.chance(shares_mobile)) identity.mobile = head().identities.front().mobile;
    const bool shares = !household_.shared_email.empty() && role != Role::kFlatmate && rng.chance(0.8);
    identity.email = shares ? household_.shared_email : draw_email(language, identity, person.born_on, rng);
    Rng job = lasting_chance(seed_, id, Purpose::kEmployers);
    take_job(seed_, person, identity, household_.opened_on, job);
    person.identities.push_back(std::move(identity));
  }

 private:
  [[nodiscard]] const Person& head() const { return people_[first_]; }

  std::string family_name(Role role, Rng& rng) {
    const bool spanish = household_.language == Language::kSpanish;
    switch (role) {
      case Role::kHead:
        return spanish ? household_.family_name + " " + household_.second_family_name : household_.family_name;
      case Role::kPartner: {
        if (!spanish)
          return rng.chance(kOnePartnerName) ? household_.family_name : draw_own_family_name(household_.language, rng);
        // Partners in Spain keep their names.
        partner_name_ = draw_family_name(household_.language, rng);
        return partner_name_ + " " + draw_family_name(household_.language, rng);
      }
      case Role::kFlatmate: return draw_own_family_name(household_.language, rng);
      case Role::kChild: {
        if (!spanish) return household_.family_name;
        // In Spain the father's first name comes before the mother's, where both are known.
        if (partner_name_.empty()) partner_name_ = draw_family_name(household_.language, rng);
        const bool head_first = head().gender == Gender::kMale;
        return head_first ? household_.family_name + " " + partner_name_ : partner_name_ + " " + household_.family_name;
      }
    }
    return {};
  }

  // Twins; sons and daughters called after a parent.
  void take_after_family(Person& person, Identity& identity, Rng& rng) {
    const Person& elder = people_[people_.size() - 2];
    const bool twin = rng.chance(kTwins);
    const bool namesake = rng.chance(kNamesakes);
    if (twin && elder.role == Role::kChild) {
      person.born_on = elder.born_on;
      while (identity.given_name == elder.identities.front().given_name)
        identity.given_name = draw_given_name(person.language, person.gender, rng);
    }
    if (!namesake) return;
    // The family name follows by itself; in Spain a namesake's second is his mother's.
    for (std::size_t at = first_; at + 1 < people_.size(); ++at) {
      if (people_[at].role == Role::kChild || people_[at].gender != person.gender) continue;
      identity.given_name = people_[at].identities.front().given_name;
      return;
    }
  }

  std::uint64_t seed_;
  const Household& household_;
  std::vector<Person>& people_;
  std::size_t first_;
  std::string partner_name_;
};

}  // namespace

const Identity& Person::on(Date day) const {
  const auto after = std::ranges::upper_bound(identities, day, {}, &Identity::from);
  return after == identities.begin() ? identities.front() : *(after - 1);
}

std::vector<Person> people_of_cell(std::uint64_t seed, std::uint64_t cell, Date opened_on, Date until) {
  Rng rng = lasting_chance(seed, PersonId{cell}, Purpose::kHouseholds);
  std::vector<Person> people;
  people.reserve(kCellSize);
  while (people.size() < kCellSize) {
    const std::uint32_t size = draw_size(static_cast<std::uint32_t>(kCellSize - people.size()), rng);
    // A household is named after its first person.
    const Household household = draw_household(cell * kCellSize + people.size(), size, opened_on, rng);
    HouseholdDraw draw(seed, household, people);
    for (const Role role : draw_roles(household, size, rng)) draw.add(role);
  }
  live(seed, people, opened_on, until);
  return people;
}

}  // namespace hilo::world
