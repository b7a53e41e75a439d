// Goal: records err as often as they are told to, and are still text. Method: many records; rates within five standard
// errors; noise 0 against the truth.
#include "world/errors.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/text.h"

namespace hilo::world {
namespace {

constexpr std::uint64_t kSeed = 8;
constexpr Date kDay{19'100};

std::vector<Person> some_people() {
  std::vector<Person> people;
  for (std::uint64_t cell = 0; cell < 1'000; ++cell) {
    std::vector<Person> few = people_of_cell(kSeed, cell, {19'000}, {19'200});
    people.insert(people.end(), few.begin(), few.end());
  }
  return people;
}

TEST(ErrorsTest, WithoutNoiseTheTruthIsWritten) {
  for (const Person& person : some_people()) {
    const WrittenPerson written = write_down(kSeed, person, kDay, kClerk, 0, 1);
    const Identity& identity = person.on(kDay);
    ASSERT_EQ(written.given_name, identity.given_name);
    ASSERT_EQ(written.family_name, identity.family_name);
    ASSERT_EQ(written.email, identity.email);
    ASSERT_EQ(written.phone, identity.mobile);
    ASSERT_EQ(written.street, identity.address.street);
    ASSERT_EQ(written.birth_date, to_string(person.born_on));
  }
}

TEST(ErrorsTest, FieldsErrAsOftenAsTheRatesSay) {
  double missing = 0;
  double changed = 0;
  double there = 0;
  const std::vector<Person> people = some_people();
  for (const Person& person : people) {
    const WrittenPerson written = write_down(kSeed, person, kDay, kWebForm, 1, 2);
    missing += written.postcode.empty() ? 1 : 0;
    if (written.postcode.empty()) continue;
    ++there;
    changed += written.postcode != person.on(kDay).address.postcode ? 1 : 0;
  }
  const auto near = [](double count, double of, double rate) {
    // Of typing errors some change nothing: two like characters swapped.
    EXPECT_NEAR(count / of, rate, 5 * std::sqrt(rate / of) + 0.1 * rate);
  };
  near(missing, static_cast<double>(people.size()), kWebForm.missing);
  near(changed, there, kWebForm.typo);
}

TEST(ErrorsTest, ARecordErrsTheSameWheneverItIsAsked) {
  const Person person = some_people()[7];
  const WrittenPerson one = write_down(kSeed, person, kDay, kClerk, 3, 4);
  const WrittenPerson again = write_down(kSeed, person, kDay, kClerk, 3, 4);
  EXPECT_EQ(one.given_name + one.email + one.street, again.given_name + again.email + again.street);
}

TEST(ErrorsTest, WhatIsWrittenIsText) {
  Rng rng({.seed = 2});
  for (const std::string_view text : {"Íñigo Peña", "Müller", "X", "ß", "José"}) {
    for (int i = 0; i < 200; ++i) {
      EXPECT_TRUE(is_utf8(with_typo(text, rng)));
      EXPECT_TRUE(is_utf8(misread(text, rng)));
    }
  }
  EXPECT_EQ(without_accents("Íñigo Müller-Strauß"), "Inigo Muller-Strauss");
}

}  // namespace
}  // namespace hilo::world
