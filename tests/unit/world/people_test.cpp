// Goal: people are many-sided as people are, and the same for every way of asking. Method: some thousand cells; shares
// within bounds that five standard errors give.
#include "world/people.h"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "base/text.h"

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
         one.email == other.email && one.mobile == other.mobile && one.address.street == other.address.street &&
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
      EXPECT_TRUE(same(person.on(from), person.identities[at]));
      EXPECT_TRUE(same(person.on({from.days - 1}), person.identities[at - 1]));
    }
  }
}

TEST(PeopleTest, FrequentNamesAreFrequentAndMostAreRare) {
  std::map<std::string, int> names;
  int spanish = 0;
  for (const Person& person : everybody()) {
    if (person.language != Language::kSpanish) continue;
    ++spanish;
    ++names[std::string(split(person.identities.front().family_name, ' ').front())];
  }
  EXPECT_GT(spanish, 8'000);
  EXPECT_GT(names["García"], spanish / 60);
  EXPECT_GT(names.size(), 150U);
}

TEST(PeopleTest, HouseholdsShareWhatTheyShare) {
  std::map<std::uint64_t, std::vector<Person>> households;
  for (const Person& person : everybody()) households[person.identities.front().household].push_back(person);
  int twins = 0;
  int namesakes = 0;
  int shared_mails = 0;
  for (const auto& [id, members] : households) {
    std::set<std::string> addresses;
    std::set<std::string> mails;
    std::set<std::pair<std::string, std::string>> names;
    std::set<Date> births;
    for (const Person& member : members) {
      addresses.insert(member.identities.front().address.street);
      mails.insert(member.identities.front().email);
      names.emplace(member.identities.front().given_name, member.identities.front().family_name);
      births.insert(member.born_on);
    }
    EXPECT_EQ(addresses.size(), 1U);
    twins += births.size() < members.size() ? 1 : 0;
    namesakes += names.size() < members.size() ? 1 : 0;
    shared_mails += mails.size() < members.size() ? 1 : 0;
  }
  EXPECT_GT(twins, 20);
  EXPECT_GT(namesakes, 20);
  EXPECT_GT(shared_mails, 100);
  EXPECT_LT(shared_mails, static_cast<int>(households.size()) / 8);
}

TEST(PeopleTest, IdentifiersAreWellFormed) {
  for (const Person& person : everybody(300)) {
    for (const Identity& identity : person.identities) {
      EXPECT_EQ(std::ranges::count(identity.email, '@'), 1) << identity.email;
      EXPECT_TRUE(std::ranges::all_of(identity.email, [](char c) { return c > 0x20 && c < 0x7f; })) << identity.email;
      EXPECT_TRUE(identity.mobile.starts_with('+'));
      EXPECT_GE(identity.mobile.size(), 12U);
      EXPECT_LE(identity.mobile.size(), 14U);
      EXPECT_TRUE(is_utf8(identity.given_name + identity.family_name + identity.address.street));
      EXPECT_FALSE(identity.address.postcode.empty());
    }
  }
}

}  // namespace
}  // namespace hilo::world
