// Goal: records err as often as they are told to, one error does not move another, and what is written is text.
// Method: some thousand records with one rate alone, at 1 to see where the error can happen and below to count it;
// noise 0 against the truth.
#include "world/spelling/errors.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/text.h"
#include "world/spelling/written_forms.h"

namespace hilo::world {
namespace {

constexpr std::uint64_t kSeed = 8;
constexpr Date kDay{19'100};
constexpr std::uint32_t kRecord = 2;

const std::vector<Person>& some_people() {
  static const std::vector<Person> kPeople = [] {
    std::vector<Person> people;
    for (std::uint64_t cell = 0; cell < 500; ++cell) {
      std::vector<Person> few = people_of_cell(kSeed, cell, {19'000}, {19'200});
      people.insert(people.end(), few.begin(), few.end());
    }
    return people;
  }();
  return kPeople;
}

// A rate and the fields that it is about.
struct Named {
  std::string name;
  double ErrorRates::* rate;
  std::vector<Field> fields;
};

const std::vector<Named>& all_rates() {
  using enum Field;
  static const std::vector<Field> kAll = {kGivenName, kFamilyName, kEmail,    kPhone,
                                          kStreet,    kCity,       kPostcode, kBirthDate};
  static const std::vector<Field> kNames = {kGivenName, kFamilyName};
  static const std::vector<Field> kPlaces = {kStreet, kCity, kPostcode};
  static const std::vector<Field> kWords = {kGivenName, kFamilyName, kStreet, kCity};
  static const std::vector<Named> kRates = {
      {"typo", &ErrorRates::typo, kAll},
      {"misread", &ErrorRates::misread, kAll},
      {"nonsense", &ErrorRates::nonsense, {kGivenName, kFamilyName, kEmail, kPhone, kStreet, kBirthDate}},
      {"missing_name", &ErrorRates::missing_name, kNames},
      {"missing_email", &ErrorRates::missing_email, {kEmail}},
      {"missing_phone", &ErrorRates::missing_phone, {kPhone}},
      {"missing", &ErrorRates::missing, kPlaces},
      {"missing_birth_date", &ErrorRates::missing_birth_date, {kBirthDate}},
      {"misheard", &ErrorRates::misheard, kWords},
      {"plain", &ErrorRates::plain, kWords},
      {"transliterated", &ErrorRates::transliterated, kWords},
      {"lost_letters", &ErrorRates::lost_letters, kWords},
      {"mojibake", &ErrorRates::mojibake, kWords},
      {"upper", &ErrorRates::upper, kWords},
      {"nickname", &ErrorRates::nickname, {kGivenName}},
      {"initial", &ErrorRates::initial, {kGivenName}},
      {"one_given_name", &ErrorRates::one_given_name, {kGivenName}},
      {"one_family_name", &ErrorRates::one_family_name, {kFamilyName}},
      {"particles", &ErrorRates::particles, {kFamilyName}},
      {"swapped", &ErrorRates::swapped, kNames},
      {"merged", &ErrorRates::merged, kNames},
      {"domain_typo", &ErrorRates::domain_typo, {kEmail}},
      {"phone_form", &ErrorRates::phone_form, {kPhone}},
      {"landline", &ErrorRates::landline, {kPhone}},
      {"office", &ErrorRates::office, {kPhone}},
      {"email_in_phone", &ErrorRates::email_in_phone, {kPhone, kEmail}},
      {"abbreviated", &ErrorRates::abbreviated, {kStreet}},
      {"flat_lost", &ErrorRates::flat_lost, {kStreet}},
      {"flat_elsewhere", &ErrorRates::flat_elsewhere, {kStreet}},
      {"swapped_digits", &ErrorRates::swapped_digits, {kPostcode}},
      {"day_and_month", &ErrorRates::day_and_month, {kBirthDate}},
      {"wrong_year", &ErrorRates::wrong_year, {kBirthDate}},
      {"no_birth_date", &ErrorRates::no_birth_date, {kBirthDate}},
  };
  return kRates;
}

bool concerns(const Named& rate, Field field) { return std::ranges::find(rate.fields, field) != rate.fields.end(); }

ErrorRates only(double ErrorRates::* rate, double value) {
  ErrorRates rates;
  for (const Named& each : all_rates()) rates.*each.rate = 0;
  rates.*rate = value;
  return rates;
}

WrittenPerson written(const Person& person, const ErrorRates& rates, double noise = 1) {
  return write_down(kSeed, person, kDay, rates, noise, kRecord);
}

TEST(ErrorsTest, EveryRateIsTested) { EXPECT_EQ(all_rates().size(), sizeof(ErrorRates) / sizeof(double)); }

TEST(ErrorsTest, WithoutNoiseTheTruthIsWritten) {
  for (const Person& person : some_people()) {
    const Identity& identity = person.on(kDay);
    for (const ErrorRates& rates : {kWebForm, kClerk, kScannedForm, kPhoneCentre}) {
      const WrittenPerson record = written(person, rates, 0);
      ASSERT_EQ(record.given_name, identity.given_name);
      ASSERT_EQ(record.family_name, identity.family_name);
      ASSERT_EQ(record.email, identity.email);
      ASSERT_EQ(record.phone, identity.mobile);
      ASSERT_EQ(record.street, identity.address.street);
      ASSERT_EQ(record.city, identity.address.city);
      ASSERT_EQ(record.postcode, identity.address.postcode);
      ASSERT_EQ(record.birth_date, to_string(person.born_on));
    }
  }
}

TEST(ErrorsTest, EachErrorHappensAsOftenAsItsRateSays) {
  constexpr double kRate = 0.3;
  for (const Named& each : all_rates()) {
    std::vector<double> possible(kFields, 0);
    std::vector<double> happened(kFields, 0);
    for (const Person& person : some_people()) {
      const WrittenPerson truth = written(person, kClerk, 0);
      const WrittenPerson always = written(person, only(each.rate, 1));
      const WrittenPerson sometimes = written(person, only(each.rate, kRate));
      for (std::size_t at = 0; at < kFields; ++at) {
        const auto field = static_cast<Field>(at);
        const std::string& right = field_of(truth, field);
        const bool can = field_of(always, field) != right;
        const bool does = field_of(sometimes, field) != right;
        possible[at] += can ? 1 : 0;
        happened[at] += does ? 1 : 0;
        // What happens at a low rate happens at a high one, in the same way.
        if (does) {
          ASSERT_EQ(field_of(sometimes, field), field_of(always, field)) << each.name;
        }
      }
    }
    for (std::size_t at = 0; at < kFields; ++at) {
      const bool concerned = concerns(each, static_cast<Field>(at));
      if (!concerned) {
        EXPECT_EQ(possible[at], 0) << each.name << " in field " << at;
        continue;
      }
      ASSERT_GT(possible[at], 100) << each.name << " in field " << at;
      const double error = std::sqrt(kRate * (1 - kRate) / possible[at]);
      EXPECT_NEAR(happened[at] / possible[at], kRate, 5 * error) << each.name << " in field " << at;
    }
  }
}

TEST(ErrorsTest, NoiseScalesRates) {
  for (const Person& person : some_people()) {
    const WrittenPerson half = written(person, only(&ErrorRates::typo, 0.4), 0.5);
    const WrittenPerson low = written(person, only(&ErrorRates::typo, 0.2), 1);
    ASSERT_EQ(half.street + half.email, low.street + low.email);
  }
}

TEST(ErrorsTest, OneRateDoesNotMoveOtherFields) {
  ErrorRates base = kPhoneCentre;
  base.swapped = base.merged = base.email_in_phone = 0;  // these carry one field's errors into another
  for (const Named& each : all_rates()) {
    ErrorRates other = base;
    other.*each.rate = 0.5;
    for (std::size_t at = 0; at < 300; ++at) {
      const WrittenPerson one = written(some_people()[at], base);
      const WrittenPerson two = written(some_people()[at], other);
      for (std::size_t field = 0; field < kFields; ++field) {
        if (concerns(each, static_cast<Field>(field))) continue;
        ASSERT_EQ(field_of(one, static_cast<Field>(field)), field_of(two, static_cast<Field>(field))) << each.name;
      }
    }
  }
}

TEST(ErrorsTest, ARecordErrsTheSameWheneverItIsAskedAndAnotherOtherwise) {
  std::size_t differ = 0;
  for (std::size_t at = 0; at < 100; ++at) {
    const Person& person = some_people()[at];
    const auto text = [&](std::uint32_t record) {
      const WrittenPerson made = write_down(kSeed, person, kDay, kClerk, 3, record);
      return made.given_name + made.email + made.street + made.phone;
    };
    EXPECT_EQ(text(4), text(4));
    differ += text(4) != text(5) ? 1 : 0;
  }
  EXPECT_GT(differ, 50U);
}

TEST(ErrorsTest, WhatIsWrittenIsText) {
  for (const Person& person : some_people()) {
    for (const ErrorRates& rates : {kWebForm, kClerk, kScannedForm, kPhoneCentre}) {
      const WrittenPerson record = written(person, rates, 20);
      for (std::size_t field = 0; field < kFields; ++field)
        ASSERT_TRUE(is_utf8(field_of(record, static_cast<Field>(field))));
    }
  }
  Rng rng({.seed = 2});
  for (const std::string_view text : {"Íñigo Peña", "Müller", "X", "ß", "José", "xx"}) {
    for (int i = 0; i < 200; ++i) {
      EXPECT_TRUE(is_utf8(with_typo(text, rng)));
      EXPECT_NE(with_typo(text, rng), text);
      EXPECT_TRUE(is_utf8(misread(text, rng)));
      EXPECT_TRUE(is_utf8(misheard(text, Language::kGerman, rng)));
    }
  }
}

TEST(MisspellingTest, AlphabetsThatLackLetters) {
  Rng rng({.seed = 2});
  EXPECT_EQ(without_accents("Íñigo Müller-Strauß"), "Inigo Muller-Strauss");
  EXPECT_EQ(transliterated("Jürgen Strauß, Peña, José"), "Juergen Strauss, Penya, Jose");
  EXPECT_EQ(mojibake("García"), "GarcÃ\u00ADa");
  EXPECT_EQ(mojibake("Straße"), "StraÃŸe");
  EXPECT_EQ(upper_case("Señor Strauß é"), "SEÑOR STRAUSS É");
  const std::string lost = without_letters("José", rng);
  EXPECT_TRUE(lost == "Jos" || lost == "Jos?");
}

// Everything that a form makes of a text.
template <class Function>
std::set<std::string> outcomes(Function form) {
  Rng rng({.seed = 4});
  std::set<std::string> all;
  for (int i = 0; i < 300; ++i) all.insert(form(rng));
  return all;
}

TEST(MisspellingTest, EarsMistakeLikeSounds) {
  const auto heard = [](std::string_view name, Language language) {
    return outcomes([&](Rng& rng) { return misheard(name, language, rng); });
  };
  EXPECT_TRUE(heard("Meier", Language::kGerman).contains("Mayer"));
  EXPECT_TRUE(heard("Meier", Language::kGerman).contains("Maier"));
  EXPECT_TRUE(heard("González", Language::kSpanish).contains("Gonzáles"));
  EXPECT_TRUE(heard("Hernández", Language::kSpanish).contains("Ernández"));
  EXPECT_TRUE(heard("Smith", Language::kEnglish).contains("Smyth"));
  EXPECT_TRUE(heard("Thibault", Language::kFrench).contains("Thibaud"));
}

TEST(WrittenFormsTest, NamesAreShortenedAndJoined) {
  const auto particles = [](std::string_view name) {
    return outcomes([&](Rng& rng) { return other_particles(name, rng); });
  };
  EXPECT_EQ(particles("de la Cruz"), (std::set<std::string>{"De La Cruz", "Delacruz"}));
  EXPECT_EQ(particles("Le Gall"), (std::set<std::string>{"Legall"}));
  EXPECT_EQ(particles("Parry-Jones"), (std::set<std::string>{"Parry Jones", "ParryJones"}));
  EXPECT_EQ(first_family_name("de la Cruz García", Language::kSpanish), "de la Cruz");
  EXPECT_EQ(first_family_name("García de la Cruz", Language::kSpanish), "García");
  EXPECT_EQ(first_family_name("van Dyk", Language::kGerman), "van Dyk");
  EXPECT_EQ(first_given_name("María Pilar"), "María");
  EXPECT_TRUE(outcomes([](Rng& rng) { return initials("Ángel Luis", rng); }).contains("Á. L."));
  EXPECT_TRUE(outcomes([](Rng& rng) { return nickname("Francisco", Language::kSpanish, rng); }).contains("Paco"));
}

TEST(WrittenFormsTest, PhonesKeepTheirDigits) {
  for (const std::string number : {"+34612345678", "+447912345678", "+33612345678", "+4915112345678"}) {
    const std::set<std::string> forms = outcomes([&](Rng& rng) { return phone_form(number, rng); });
    EXPECT_GE(forms.size(), 5U);
    for (const std::string& form : forms) {
      std::string digits;
      std::ranges::copy_if(form, std::back_inserter(digits), [](char c) { return c >= '0' && c <= '9'; });
      EXPECT_TRUE(digits.ends_with(number.substr(3))) << form;
    }
  }
  EXPECT_TRUE(outcomes([](Rng& rng) { return phone_form("+447912345678", rng); }).contains("+44 (0)7912345678"));
  EXPECT_TRUE(outcomes([](Rng& rng) { return phone_form("+33612345678", rng); }).contains("06 12 34 56 78"));
}

TEST(WrittenFormsTest, AddressesAndDates) {
  const Address flat{
      .street = "Flat 3B, 12 High Street", .city = "", .postcode = "", .country = "GB", .flat = "Flat 3B, "};
  EXPECT_EQ(without_flat(flat, flat.street), "12 High Street");
  EXPECT_EQ(with_flat_elsewhere(flat, flat.street), "12 High Street, Flat 3B");
  const Address floor{.street = "Calle Mayor, 5, 3º B", .city = "", .postcode = "", .country = "ES", .flat = ", 3º B"};
  EXPECT_EQ(with_flat_elsewhere(floor, floor.street), "3º B, Calle Mayor, 5");
  EXPECT_TRUE(outcomes([](Rng& rng) {
                return abbreviated_street("Calle Mayor, 5", Language::kSpanish, rng);
              }).contains("C/ Mayor, 5"));
  EXPECT_TRUE(outcomes([](Rng& rng) {
                return abbreviated_street("Lindenstraße 5", Language::kGerman, rng);
              }).contains("Lindenstr. 5"));
  EXPECT_TRUE(outcomes([](Rng& rng) { return with_domain_typo("a@gmail.com", rng); }).contains("a@gmial.com"));
  EXPECT_EQ(with_day_and_month_swapped("1980-03-07"), "1980-07-03");
  EXPECT_EQ(with_day_and_month_swapped("1980-03-27"), "1980-03-27");
  EXPECT_EQ(outcomes([](Rng& rng) { return with_wrong_year("1980-03-07", rng); }),
            (std::set<std::string>{"1970-03-07", "1979-03-07", "1981-03-07", "1990-03-07"}));
}

}  // namespace
}  // namespace hilo::world
