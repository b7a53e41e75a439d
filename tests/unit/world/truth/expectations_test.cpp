// Goal: what is told to be expected holds at any day and over any horizon, and is told on the days asked for. Method:
// known persons live on from one state under many seeds, and their mean is compared in standard errors; days and lists
// by example.
#include "world/truth/expectations.h"

#include <gtest/gtest.h>

#include "world_fixture.h"

namespace hilo::world {
namespace {

constexpr double kErrorsAllowed = 4;

struct Future {
  std::vector<double> purchases;  // by horizon
  std::vector<double> spend_eur;
};

// Lives the days after `day` under the chance of another world.
Future future_of(const WorldFacts& facts, const Customer& customer, CustomerState state, Date day,
                 std::span<const int> horizons) {
  Future future{.purchases = std::vector<double>(horizons.size()), .spend_eur = std::vector<double>(horizons.size())};
  DayEvents events;
  for (int passed = 1; passed <= horizons.back(); ++passed) {
    step(facts, customer, {day.days + passed}, {}, state, events);
    for (const Purchase& purchase : state.bought) {
      for (std::size_t at = 0; at < horizons.size(); ++at) {
        if (passed > horizons[at]) continue;
        future.purchases[at] += 1;
        future.spend_eur[at] += purchase.value_eur;
      }
    }
  }
  return future;
}

TEST(ExpectationsTest, AnyDayAndHorizonIsTheMeanOfManyFutures) {
  const std::vector<int> horizons = {1, 17, 61, 143};
  for (const Regime regime : {Regime::kTextbook, Regime::kReal, Regime::kHiddenConfounder}) {
    TestWorld world(regime);
    const std::uint64_t seed = world.facts.seed;
    int told = 0;
    for (std::uint64_t number = 0; number < 24; ++number) {
      const Person person = plain_person(number);
      Character character = vivid_character(world, number);
      if (regime == Regime::kTextbook) character.joined_on = character.textbook.joined_on = kWorldOpened;
      const Customer customer{person, character};
      CustomerState state = first_customer_state(world.facts, person, character);
      DayEvents events;
      const Date day{kWorldOpened.days + 40 + static_cast<int>(number) * 11};  // no end of anything
      for (Date each = kWorldOpened; each <= day; ++each.days) step(world.facts, customer, each, {}, state, events);
      const auto expected = expectations_of(world.facts, character, state, day, horizons);
      ASSERT_EQ(expected.size(), horizons.size());
      const bool active = regime == Regime::kTextbook ? state.textbook.active : state.buying.active;
      ASSERT_EQ(active, expected.back().purchases > 0);
      if (!active) continue;
      ++told;
      std::vector<Mean> purchases(horizons.size());
      std::vector<Mean> spend(horizons.size());
      for (std::uint64_t other = 1; other <= 150; ++other) {
        world.facts.seed = seed + other;
        const Future future = future_of(world.facts, customer, state, day, horizons);
        for (std::size_t at = 0; at < horizons.size(); ++at) {
          purchases[at].add(future.purchases[at]);
          spend[at].add(future.spend_eur[at]);
        }
      }
      world.facts.seed = seed;
      // Within a day few buy: a mean of nothing but zeros has no error.
      for (std::size_t at = 1; at < horizons.size(); ++at) {
        if (expected[at].purchases < 0.1) continue;
        EXPECT_LT(std::abs(purchases[at].z(expected[at].purchases)), kErrorsAllowed)
            << regime_name(regime) << ", person " << number << ", purchases in " << horizons[at];
        EXPECT_LT(std::abs(spend[at].z(expected[at].spend_eur)), kErrorsAllowed)
            << regime_name(regime) << ", person " << number << ", spend in " << horizons[at];
      }
    }
    EXPECT_GT(told, 8) << regime_name(regime);
  }
}

TEST(ExpectationsTest, AHorizonDoesNotDependOnTheOthers) {
  for (const Regime regime : {Regime::kTextbook, Regime::kReal}) {
    const TestWorld world(regime);
    const Character character = vivid_character(world, 3);
    const CustomerState state = first_customer_state(world.facts, plain_person(3), character);
    const auto all = expectations_of(world.facts, character, state, kWorldOpened, std::vector{1, 30, 47, 365});
    const auto alone = expectations_of(world.facts, character, state, kWorldOpened, std::vector{47});
    // But for rounding: the trend is carried on from horizon to horizon.
    EXPECT_NEAR(all[2].purchases, alone[0].purchases, 1e-9 * alone[0].purchases);
    EXPECT_NEAR(all[2].spend_eur, alone[0].spend_eur, 1e-9 * alone[0].spend_eur);
    EXPECT_LT(all[1].purchases, all[2].purchases);
  }
}

TEST(ExpectationsTest, RhythmsEndOnTheirDays) {
  const auto ends = [](Rhythm rhythm) {
    std::string days;
    for (Date day = kWorldOpened; day.days < kWorldOpened.days + 91; ++day.days) {
      if (ends_on(rhythm, day)) days += to_string(day).substr(5) + ' ';
    }
    return days;
  };
  EXPECT_EQ(ends(Rhythm::kQuarter), "03-31 ");
  EXPECT_EQ(ends(Rhythm::kMonth), "01-31 02-28 03-31 ");
  EXPECT_EQ(ends(Rhythm::kWeek),
            "01-01 01-08 01-15 01-22 01-29 02-05 02-12 02-19 02-26 03-05 03-12 03-19 03-26 ");  // Sundays
  EXPECT_EQ(std::ranges::count(ends(Rhythm::kDay), ' '), 91);
  EXPECT_TRUE(ends_on(Rhythm::kQuarter, {-1}));  // 1969-12-31, a Wednesday
  EXPECT_FALSE(ends_on(Rhythm::kWeek, {-1}));
  EXPECT_TRUE(ends_on(Rhythm::kWeek, {-4}));
}

TEST(ExpectationsTest, NamesAndListsAreRead) {
  for (const Rhythm rhythm : {Rhythm::kDay, Rhythm::kWeek, Rhythm::kMonth, Rhythm::kQuarter})
    EXPECT_EQ(parse_rhythm(std::string(rhythm_name(rhythm))).value(), rhythm);
  const auto wrong = parse_rhythm("weak");
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().code, ErrorCode::kUsage);
  EXPECT_NE(wrong.error().message.find("did you mean 'week'"), std::string::npos) << wrong.error().message;
  EXPECT_EQ(parse_horizons("1").value(), std::vector{1});
  EXPECT_EQ(parse_horizons("1,30,7305").value(), (std::vector{1, 30, 7305}));
  EXPECT_EQ(horizons_text(std::vector{1, 30, 7305}), "1,30,7305");
  EXPECT_EQ(expectations_header(std::vector{7, 28}),
            "person,day,purchases_7d,purchases_28d,spend_7d_eur,spend_28d_eur\n");
  for (const char* text : {"", ",", "0", "-1", "30,", "30,,90", "30;90", "30, 90", "90,30", "30,30", "1.5", "7306", "x",
                           "1e2", "99999999999999999999"}) {
    const auto horizons = parse_horizons(text);
    ASSERT_FALSE(horizons.has_value()) << text;
    EXPECT_EQ(horizons.error().code, ErrorCode::kUsage);
    EXPECT_FALSE(horizons.error().advice.empty());
  }
  std::vector<int> many;
  for (int days = 1; many.size() < kHorizonsMax; ++days) many.push_back(days);
  EXPECT_TRUE(check_horizons(many).has_value());
  many.push_back(many.back() + 1);
  EXPECT_FALSE(check_horizons(many).has_value());
  EXPECT_FALSE(check_horizons({}).has_value());
}

}  // namespace
}  // namespace hilo::world
