#include "world/people/life.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "world/people/contacts.h"
#include "world/people/rare_names.h"

namespace hilo::world {
namespace {

// Chances per year; what they are for a day is 1 / kDaysPerYear of it.
constexpr double kDaysPerYear = 365.25;
constexpr double kHeadMoves = 1.0 / 9;
constexpr double kPartnerLeaves = 1.0 / 40;
constexpr double kChildLeaves = 1.0 / 6;
constexpr double kFlatmateLeaves = 1.0 / 3;
constexpr double kPairings = 1.0 / 12;
constexpr double kMarriages = 1.0 / 12;
constexpr double kNewEmails = 1.0 / 8;
constexpr double kNewMobiles = 1.0 / 7;
constexpr double kNewJobs = 1.0 / 7;

constexpr double kOfficeNumbers = 0.06;  // of people at work
constexpr double kOfficeEmails = 0.35;   // of those
constexpr double kWorkUntilAge = 66;
constexpr double kTakesName = 0.7;  // of wives outside Spain
constexpr double kAddsName = 0.12;
constexpr double kNameBack = 0.3;         // of those who part
constexpr double kNewNameNewEmail = 0.4;  // on the same day

enum class Change : std::uint8_t { kMove, kPairing, kMarriage, kNewEmail, kNewMobile, kNewJob };

struct Event {
  Date on;
  std::uint32_t who = 0;  // a place in the cell
  Change change = Change::kMove;
  auto operator<=>(const Event&) const = default;
};

// What identities do not say.
struct Situation {
  int partner = -1;  // a place in the cell
  bool married = false;
  std::uint64_t founded = 0;
  std::string name_before;  // the marriage; empty where it changed none
};

// The people of a cell, day after day.
class Cell {
 public:
  Cell(std::uint64_t seed, std::vector<Person>& people) : seed_(seed), people_(people), situations_(people.size()) {
    for (std::uint32_t who = 1; who < people.size(); ++who) {
      if (people[who].role != Role::kPartner) continue;
      join(who - 1, who);  // a partner stands next after the head
      situations_[who].married = situations_[who - 1].married = now(who).family_name == now(who - 1).family_name;
    }
  }

  void happen(const Event& event) {
    const std::uint32_t who = event.who;
    switch (event.change) {
      case Change::kMove: {
        Rng rng = chance(event, Purpose::kMoves);
        return is_first(who) ? move_household(who, event.on, rng) : leave(who, event.on, rng);
      }
      case Change::kPairing: {
        Rng rng = chance(event, Purpose::kPairings);
        return pair(who, event.on, rng);
      }
      case Change::kMarriage: {
        Rng rng = chance(event, Purpose::kMarriages);
        return marry(who, event.on, rng);
      }
      case Change::kNewEmail: {
        Rng rng = chance(event, Purpose::kNewEmails);
        return new_email(who, event.on, rng);
      }
      case Change::kNewMobile: {
        Rng rng = chance(event, Purpose::kNewMobiles);
        return new_mobile(who, event.on, rng);
      }
      case Change::kNewJob: {
        Rng rng = chance(event, Purpose::kJobs);
        return new_job(who, event.on, rng);
      }
    }
  }

 private:
  [[nodiscard]] Rng chance(const Event& event, Purpose purpose) const {
    return daily_chance(seed_, people_[event.who].id, event.on, purpose);
  }

  [[nodiscard]] const Identity& now(std::uint32_t who) const { return people_[who].identities.back(); }

  Identity& from(std::uint32_t who, Date day) {
    std::vector<Identity>& identities = people_[who].identities;
    if (identities.back().from != day) {
      identities.push_back(identities.back());
      identities.back().from = day;
    }
    return identities.back();
  }

  [[nodiscard]] std::vector<std::uint32_t> at_home_with(std::uint32_t who) const {
    std::vector<std::uint32_t> home;
    for (std::uint32_t each = 0; each < people_.size(); ++each) {
      if (now(each).household == now(who).household) home.push_back(each);
    }
    return home;
  }

  [[nodiscard]] bool is_first(std::uint32_t who) const { return at_home_with(who).front() == who; }

  void join(std::uint32_t one, std::uint32_t other) {
    situations_[one].partner = static_cast<int>(other);
    situations_[other].partner = static_cast<int>(one);
  }

  [[nodiscard]] std::string draw_home_line(std::uint32_t who, Rng& rng) const {
    return rng.chance(kHomesWithLandline) ? draw_landline(people_[who].language, rng) : std::string();
  }

  void move_household(std::uint32_t who, Date day, Rng& rng) {
    const Address address = draw_address(people_[who].language, rng);
    const std::string landline = draw_home_line(who, rng);
    for (const std::uint32_t each : at_home_with(who)) {
      Identity& next = from(each, day);
      next.address = address;
      next.landline = landline;
    }
  }

  // What two shared stays with who stays.
  void stop_sharing(std::uint32_t who, Date day, Rng& rng) {
    const std::vector<std::uint32_t> home = at_home_with(who);
    const auto shared = [&](std::string Identity::* what) {
      return std::ranges::any_of(home,
                                 [&](std::uint32_t each) { return each != who && now(each).*what == now(who).*what; });
    };
    const bool mobile = shared(&Identity::mobile);
    const bool email = shared(&Identity::email) && !now(who).office_email;
    Identity& next = from(who, day);
    if (mobile) next.mobile = draw_mobile(people_[who].language, rng);
    if (email) next.email = draw_email(people_[who].language, next, people_[who].born_on, rng);
  }

  void found_household(std::uint32_t who, Date day, Rng& rng) {
    Identity& next = from(who, day);
    next.household = kFoundedLater * ++situations_[who].founded + people_[who].id.number;
    next.address = draw_address(people_[who].language, rng);
    next.landline = draw_home_line(who, rng);
  }

  void move_in_with(std::uint32_t who, std::uint32_t other, Date day, Rng& rng) {
    stop_sharing(who, day, rng);
    Identity& next = from(who, day);
    next.household = now(other).household;
    next.address = now(other).address;
    next.landline = now(other).landline;
  }

  void leave(std::uint32_t who, Date day, Rng& rng) {
    stop_sharing(who, day, rng);
    const int partner = situations_[who].partner;
    if (partner >= 0) part(who, static_cast<std::uint32_t>(partner), day, rng);
    found_household(who, day, rng);
  }

  void part(std::uint32_t who, std::uint32_t partner, Date day, Rng& rng) {
    for (const std::uint32_t each : {who, partner}) {
      Situation& situation = situations_[each];
      situation.partner = -1;
      situation.married = false;
      if (!situation.name_before.empty() && rng.chance(kNameBack)) from(each, day).family_name = situation.name_before;
      situation.name_before.clear();
    }
  }

  [[nodiscard]] bool suits(std::uint32_t one, std::uint32_t other, bool same_gender) const {
    constexpr int kAgeGapDays = 12 * 365;
    return situations_[other].partner < 0 && people_[one].language == people_[other].language &&
           (people_[one].gender == people_[other].gender) == same_gender &&
           now(one).household != now(other).household &&
           std::abs(people_[one].born_on.days - people_[other].born_on.days) < kAgeGapDays;
  }

  void pair(std::uint32_t who, Date day, Rng& rng) {
    const bool same_gender = rng.chance(0.05);
    if (situations_[who].partner >= 0) return;
    std::vector<std::uint32_t> others;
    for (std::uint32_t each = 0; each < people_.size(); ++each) {
      if (each != who && suits(who, each, same_gender)) others.push_back(each);
    }
    if (others.empty()) return;  // a cell is small: most find somebody elsewhere, who is no customer
    const std::uint32_t other = others[rng.below(static_cast<std::uint32_t>(others.size()))];
    if (at_home_with(other).size() == 1) {
      move_in_with(who, other, day, rng);
    } else if (at_home_with(who).size() == 1) {
      move_in_with(other, who, day, rng);
    } else {
      stop_sharing(who, day, rng);
      found_household(who, day, rng);
      move_in_with(other, who, day, rng);
    }
    join(who, other);
  }

  void take_name(std::uint32_t who, const std::string& name, Date day, Rng& rng) {
    const double choice = rng.uniform();
    if (choice >= kTakesName + kAddsName || name == now(who).family_name) return;
    situations_[who].name_before = now(who).family_name;
    Identity& next = from(who, day);
    const bool adds = choice >= kTakesName && !name.contains('-') && !next.family_name.contains('-');
    next.family_name = adds ? next.family_name + "-" + name : name;
    if (rng.chance(kNewNameNewEmail) && !next.office_email)
      next.email = draw_email(people_[who].language, next, people_[who].born_on, rng);
  }

  void marry(std::uint32_t who, Date day, Rng& rng) {
    const auto is_wife = [&](std::uint32_t each) { return people_[each].gender == Gender::kFemale; };
    if (situations_[who].married || people_[who].language == Language::kSpanish)
      return;  // who marries in Spain keeps hers
    const int partner = situations_[who].partner;
    if (partner >= 0) {
      const auto other = static_cast<std::uint32_t>(partner);
      situations_[who].married = situations_[other].married = true;
      const bool takes = is_wife(who) || !is_wife(other);
      return takes ? take_name(who, now(other).family_name, day, rng)
                   : take_name(other, now(who).family_name, day, rng);
    }
    // To somebody who is no customer; the young do, and one who lives at home stays until she moves.
    if (age_on(people_[who].born_on, day) > 45 || !is_wife(who)) return;
    situations_[who].married = true;
    take_name(who, draw_family_name(people_[who].language, rng), day, rng);
  }

  void new_email(std::uint32_t who, Date day, Rng& rng) {
    Identity& next = from(who, day);
    const std::string before = next.email;
    do next.email = draw_email(people_[who].language, next, people_[who].born_on, rng);
    while (next.email == before);
    next.office_email = false;
  }

  void new_mobile(std::uint32_t who, Date day, Rng& rng) {
    const std::string before = now(who).mobile;
    const std::string mobile = draw_mobile(people_[who].language, rng);
    for (const std::uint32_t each : at_home_with(who)) {
      if (now(each).mobile == before) from(each, day).mobile = mobile;
    }
  }

  void new_job(std::uint32_t who, Date day, Rng& rng) {
    const Person& person = people_[who];
    Identity next = now(who);
    take_job(seed_, person, next, day, rng);
    if (next.office == now(who).office && next.email == now(who).email) return;  // none gives a number, as before
    if (now(who).office_email && !next.office_email)
      next.email = draw_email(person.language, next, person.born_on, rng);
    next.from = day;
    from(who, day) = std::move(next);
  }

  std::uint64_t seed_;
  std::vector<Person>& people_;
  std::vector<Situation> situations_;
};

double move_rate(Role role) {
  switch (role) {
    case Role::kHead: return kHeadMoves;
    case Role::kPartner: return kPartnerLeaves;
    case Role::kChild: return kChildLeaves;
    case Role::kFlatmate: return kFlatmateLeaves;
  }
  return 0;
}

}  // namespace

double age_on(Date born_on, Date day) { return (day.days - born_on.days) / kDaysPerYear; }

void take_job(std::uint64_t seed, const Person& person, Identity& identity, Date day, Rng& rng) {
  identity.office.clear();
  identity.office_email = false;
  if (!rng.chance(kOfficeNumbers) || age_on(person.born_on, day) > kWorkUntilAge) return;
  const Employer employer = draw_employer(seed, person.id, person.language, rng);
  identity.office = employer.switchboard;
  if (!rng.chance(kOfficeEmails)) return;
  identity.office_email = true;
  identity.email = office_email(employer, identity);
}

void live(std::uint64_t seed, std::vector<Person>& people, Date opened_on, Date until) {
  std::vector<Event> events;
  for (std::uint32_t who = 0; who < people.size(); ++who) {
    // Each kind has a clock of its own, whose ticks are exponential: a longer world hears more of the same ticks.
    const auto tick = [&](Change change, Purpose purpose, double per_year) {
      Rng rng = lasting_chance(seed, people[who].id, purpose);
      const double per_day = per_year / kDaysPerYear;
      // Whole days after the first: on the day the world opens everybody is as drawn.
      double at = opened_on.days + 1 + rng.exponential(per_day);
      for (; at < until.days; at += rng.exponential(per_day))
        events.push_back({.on = {static_cast<std::int32_t>(at)}, .who = who, .change = change});
    };
    tick(Change::kMove, Purpose::kMoves, move_rate(people[who].role));
    tick(Change::kPairing, Purpose::kPairings, kPairings);
    tick(Change::kMarriage, Purpose::kMarriages, kMarriages);
    tick(Change::kNewEmail, Purpose::kNewEmails, kNewEmails);
    tick(Change::kNewMobile, Purpose::kNewMobiles, kNewMobiles);
    tick(Change::kNewJob, Purpose::kJobs, kNewJobs);
  }
  std::ranges::sort(events);
  Cell cell(seed, people);
  for (const Event& event : events) cell.happen(event);
}

}  // namespace hilo::world
