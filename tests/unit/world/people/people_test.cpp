// Goal: people are many-sided as people are, and the same for every way of asking. Method: some thousand cells; shares
// within bounds that five standard errors give.
#include "world/people/people.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include <gtest/gtest.h>

#include "base/text.h"
#include "world/people/rare_names.h"

namespace hilo::world {
namespace {

constexpr std::uint64_t kSeed = 5;
constexpr std::uint64_t kCells = 2'000;
constexpr Date kOpened{19'000};

std::vector<Person> everybody(std::uint64_t cells = kCells, int days = 730) {
  std::vector<Person> people;
  for (std::uint64_t cell = 0; cell < cells; ++cell) {
    std::vector<Person> some = people_of_cell(kSeed, cell, kOpened, {kOpened.days + days});
    people.insert(people.end(), some.begin(), some.end());
  }
  return people;
}

bool same(const Identity& one, const Identity& other) {
  return one.from == other.from && one.given_name == other.given_name && one.family_name == other.family_name &&
         one.email == other.email && one.mobile == other.mobile && one.household == other.household &&
         one.landline == other.landline && one.office == other.office && one.address.street == other.address.street &&
         one.address.city == other.address.city && one.address.postcode == other.address.postcode;
}

TEST(PeopleTest, AreNumberedWithoutGaps) {
  const std::vector<Person> people = everybody(50);
  ASSERT_EQ(people.size(), 50 * kCellSize);
  for (std::size_t at = 0; at < people.size(); ++at) {
    EXPECT_EQ(people[at].id.number, at);
    EXPECT_LE(people[at].identities.front().household, people[at].id.number);
    EXPECT_EQ(people[at].identities.front().household / kCellSize, people[at].id.number / kCellSize);
  }
}

TEST(PeopleTest, ALongerWorldOnlyAddsChanges) {
  const std::vector<Person> shorter = everybody(200, 365);
  const std::vector<Person> longer = everybody(200, 366);
  std::size_t changes = 0;
  for (std::size_t at = 0; at < shorter.size(); ++at) {
    ASSERT_LE(shorter[at].identities.size(), longer[at].identities.size());
    for (std::size_t version = 0; version < shorter[at].identities.size(); ++version)
      EXPECT_TRUE(same(shorter[at].identities[version], longer[at].identities[version]));
    changes += shorter[at].identities.size() - 1;
  }
  EXPECT_GT(changes, shorter.size() / 5);
}

TEST(PeopleTest, AnIdentityHoldsFromItsDay) {
  for (const Person& person : everybody(200)) {
    EXPECT_TRUE(same(person.on(kOpened), person.identities.front()));
    for (std::size_t at = 1; at < person.identities.size(); ++at) {
      const Date from = person.identities[at].from;
      ASSERT_LT(person.identities[at - 1].from, from);
      Identity before = person.identities[at - 1];
      before.from = from;
      EXPECT_FALSE(same(before, person.identities[at]));  // something changed
      EXPECT_TRUE(same(person.on(from), person.identities[at]));
      EXPECT_TRUE(same(person.on({from.days - 1}), person.identities[at - 1]));
    }
  }
}

// The share of `count` in `of` is `rate` within five standard errors.
void expect_share(double count, double of, double rate, const std::string& what) {
  ASSERT_GT(of, 0) << what;
  EXPECT_NEAR(count / of, rate, 5 * std::sqrt(rate * (1 - rate) / of)) << what;
}

TEST(PeopleTest, NobodyIsAChild) {
  for (const Person& person : everybody()) {
    const CivilDate born = civil(person.born_on);
    const CivilDate opened = civil(kOpened);
    const int birthday_to_come = std::pair(born.month, born.day) > std::pair(opened.month, opened.day) ? 1 : 0;
    ASSERT_GE(opened.year - born.year - birthday_to_come, kAgeMin) << person.id.number;
    ASSERT_LE(opened.year - born.year, 100);
  }
}

TEST(PeopleTest, NamesAreAsFrequentAsTheTablesSay) {
  for (std::size_t at = 0; at < kLanguages; ++at) {
    const auto language = static_cast<Language>(at);
    constexpr int kDraws = 200'000;
    std::map<std::string, int> names;
    Rng rng({.seed = 3, .subject = at});
    for (int draw = 0; draw < kDraws; ++draw) ++names[draw_family_name(language, rng)];
    int listed = 0;
    for (const auto& row : table_rows(std::string(language_code(language)) + "/family.tsv", 2)) {
      const int count = names[std::string(row[0])];
      listed += count;
      const double rate = table_number(row[1]) / 100'000;
      // Six standard errors and the few names with a hyphen.
      EXPECT_NEAR(count, rate * kDraws, 6 * std::sqrt(rate * kDraws) + 0.03 * rate * kDraws + 1) << row[0];
    }
    EXPECT_NEAR(1 - static_cast<double>(listed) / kDraws, rare_family_share(language), 0.015);
    EXPECT_GT(names.size(), 15'000U);  // a long tail
  }
}

TEST(PeopleTest, RareNamesAreManyAndNoneIsFrequent) {
  for (std::size_t at = 0; at < kLanguages; ++at) {
    const auto language = static_cast<Language>(at);
    std::set<std::string> names;
    const std::uint32_t count = rare_family_names(language);
    EXPECT_GT(count, 30'000U);
    for (std::uint32_t rank = 0; rank < count; ++rank) {
      const std::string name = rare_family_name(language, rank);
      ASSERT_TRUE(is_utf8(name));
      names.insert(name);
    }
    EXPECT_GT(names.size(), count * 9 / 10);  // few are made twice
  }
}

TEST(PeopleTest, BigTownsHaveManyPostcodeAreas) {
  std::map<std::string, std::set<std::string>> areas;
  for (const Person& person : everybody()) {
    const Address& address = person.identities.front().address;
    if (address.country == "GB") areas[address.city].emplace(split(address.postcode, ' ').front());
  }
  EXPECT_GT(areas["London"].size(), 60U);
  EXPECT_GT(areas["Manchester"].size(), 5U);
}

TEST(PeopleTest, HouseholdsShareAnAddressOnEveryDay) {
  const std::vector<Person> people = everybody(500);
  std::size_t moved_together = 0;
  for (std::size_t cell = 0; cell < people.size(); cell += kCellSize) {
    for (int days = 0; days < 730; days += 7) {
      std::map<std::uint64_t, const Identity*> homes;
      for (std::size_t at = cell; at < cell + kCellSize; ++at) {
        const Identity& identity = people[at].on({kOpened.days + days});
        const auto [home, is_new] = homes.emplace(identity.household, &identity);
        ASSERT_EQ(home->second->address.street, identity.address.street);
        ASSERT_EQ(home->second->address.postcode, identity.address.postcode);
        ASSERT_EQ(home->second->landline, identity.landline);
        const bool elsewhere = identity.address.street != people[at].identities.front().address.street;
        moved_together += !is_new && elsewhere ? 1 : 0;
      }
    }
  }
  EXPECT_GT(moved_together, 1'000U);
}

TEST(PeopleTest, HouseholdsFoundedLaterHaveNumbersOfTheirOwn) {
  std::map<std::uint64_t, std::set<std::uint64_t>> cells;
  std::size_t founded = 0;
  std::size_t joined = 0;
  for (const Person& person : everybody()) {
    for (std::size_t at = 0; at < person.identities.size(); ++at) {
      const std::uint64_t household = person.identities[at].household;
      cells[household].insert(person.id.number / kCellSize);
      if (at == 0 || household == person.identities[at - 1].household) continue;
      (household % kFoundedLater == person.id.number && household > kFoundedLater ? founded : joined) += 1;
      EXPECT_NE(person.identities[at].address.street, person.identities[at - 1].address.street);
    }
  }
  for (const auto& [household, of] : cells) EXPECT_EQ(of.size(), 1U);
  EXPECT_GT(founded, 500U);
  EXPECT_GT(joined, 50U);
}

TEST(PeopleTest, SomeTakeTheirPartnersName) {
  int taken = 0;
  int of_outsiders = 0;
  for (const Person& person : everybody()) {
    for (std::size_t at = 1; at < person.identities.size(); ++at) {
      if (person.identities[at].family_name == person.identities[at - 1].family_name) continue;
      EXPECT_NE(person.language, Language::kSpanish);
      ++(person.role == Role::kHead || person.role == Role::kPartner ? taken : of_outsiders);
    }
  }
  EXPECT_GT(taken, 50);
  EXPECT_GT(of_outsiders, 10);
}

TEST(PeopleTest, TwinsAndNamesakesAreAsFrequentAsMeant) {
  double children = 0;
  double younger = 0;
  double twins = 0;
  double with_parent = 0;
  double namesakes = 0;
  const std::vector<Person> people = everybody();
  for (std::size_t at = 1; at < people.size(); ++at) {
    const Person& child = people[at];
    if (child.role != Role::kChild) continue;
    ++children;
    const Identity& identity = child.identities.front();
    bool has_parent = false;
    bool namesake = false;
    for (std::size_t before = identity.household; before < at; ++before) {
      const Person& other = people[before];
      if (other.role == Role::kChild || other.gender != child.gender) continue;
      has_parent = true;
      namesake = namesake || other.identities.front().given_name == identity.given_name;
    }
    with_parent += has_parent ? 1 : 0;
    namesakes += namesake ? 1 : 0;
    if (people[at - 1].role != Role::kChild) continue;
    ++younger;
    twins += people[at - 1].born_on == child.born_on ? 1 : 0;
  }
  EXPECT_GT(children, 3'000);
  expect_share(twins, younger, 0.04, "twins");
  expect_share(namesakes, with_parent, 0.065, "namesakes");  // a few by chance
}

TEST(PeopleTest, HouseholdsShareMailboxesAndPhones) {
  std::map<std::uint64_t, std::vector<const Person*>> households;
  const std::vector<Person> people = everybody();
  for (const Person& person : people) households[person.identities.front().household].push_back(&person);
  double shared_mails = 0;
  double shared_mobiles = 0;
  double larger = 0;
  double couples = 0;
  for (const auto& [id, members] : households) {
    std::map<std::string, int> mails;
    std::set<std::string> mobiles;
    for (const Person* member : members) {
      ++mails[member->identities.front().email];
      mobiles.insert(member->identities.front().mobile);
    }
    larger += members.size() > 1 ? 1 : 0;
    shared_mails += mails.size() < members.size() ? 1 : 0;
    if (members.size() < 2 || members[1]->role != Role::kPartner) continue;
    ++couples;
    shared_mobiles += mobiles.size() < members.size() ? 1 : 0;
  }
  EXPECT_GT(shared_mails / larger, 0.05);
  EXPECT_LT(shared_mails / larger, 0.15);
  EXPECT_GT(shared_mobiles / couples, 0.04);
  EXPECT_LT(shared_mobiles / couples, 0.15);
}

TEST(PeopleTest, SwitchboardsAreSharedByMany) {
  std::map<std::string, std::set<std::uint64_t>> numbers;
  std::map<std::string, int> mailboxes;
  double with_office = 0;
  const std::vector<Person> people = everybody(4'000);
  for (const Person& person : people) {
    const Identity& identity = person.identities.front();
    if (identity.office.empty()) continue;
    ++with_office;
    numbers[identity.office].insert(person.id.number / kCellSize);
    if (identity.office_email) ++mailboxes[identity.email];
  }
  const double share = with_office / static_cast<double>(people.size());
  EXPECT_GT(share, 0.04);
  EXPECT_LT(share, 0.06);
  std::vector<std::size_t> sizes;
  for (const auto& [number, cells] : numbers) sizes.push_back(cells.size());
  std::ranges::sort(sizes);
  EXPECT_GT(sizes[sizes.size() / 2], 9U);
  EXPECT_GT(sizes.back(), 100U);
  EXPECT_LT(sizes.back(), 350U);
  EXPECT_TRUE(std::ranges::any_of(mailboxes, [](const auto& each) { return each.second > 5; }));
}

TEST(PeopleTest, IdentifiersAreWellFormed) {
  for (const Person& person : everybody(300)) {
    for (const Identity& identity : person.identities) {
      EXPECT_EQ(std::ranges::count(identity.email, '@'), 1) << identity.email;
      EXPECT_TRUE(std::ranges::all_of(identity.email, [](char c) { return c > 0x20 && c < 0x7f; })) << identity.email;
      EXPECT_TRUE(identity.mobile.starts_with('+'));
      EXPECT_GE(identity.mobile.size(), 12U);
      EXPECT_LE(identity.mobile.size(), 14U);
      for (const std::string* line : {&identity.landline, &identity.office})
        EXPECT_TRUE(line->empty() || (line->starts_with('+') && line->size() >= 11 && line->size() <= 13)) << *line;
      EXPECT_TRUE(identity.address.street.contains(identity.address.flat));
      EXPECT_TRUE(is_utf8(identity.given_name + identity.family_name + identity.address.street));
      EXPECT_FALSE(identity.address.postcode.empty());
    }
  }
}

}  // namespace
}  // namespace hilo::world
