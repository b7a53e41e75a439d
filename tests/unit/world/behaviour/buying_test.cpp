// Goal: people buy as often and as much as their forecast says, and a quiet day is passed over only if it is one.
// Method: many lives, day by day, against expect() in standard errors at a fixed seed; each cause of change (trend,
// dropout, going online, an offer at work) made large enough to be seen alone.
#include "world/behaviour/buying.h"

#include <algorithm>
#include <array>
#include <functional>

#include <gtest/gtest.h>

#include "world_fixture.h"

namespace hilo::world {
namespace {

constexpr double kErrorsAllowed = 4;
constexpr std::array<int, 3> kHorizons = {30, 90, 365};

struct Tally {
  std::array<double, 3> purchases{};
  std::array<double, 3> spend_eur{};
};

// Lives the days of the longest horizon.
Tally live(const TestWorld& world, PersonId person, const Character& character, BuyingState state, Date from) {
  Tally tally;
  std::vector<Purchase> purchases;
  for (int passed = 0; passed < kHorizons.back(); ++passed) {
    const Date day{from.days + passed};
    buy(world.facts, person, character, {.day = day, .chance = chance_of_day(world.facts.seed, person, day)}, state,
        purchases);
    for (const Purchase& purchase : purchases) {
      for (std::size_t at = 0; at < kHorizons.size(); ++at) {
        if (passed >= kHorizons.at(at)) continue;
        tally.purchases.at(at) += 1;
        tally.spend_eur.at(at) += purchase.value_eur;
      }
    }
  }
  return tally;
}

// What is lived less what was expected.
class Residuals {
 public:
  void add(const TestWorld& world, PersonId person, const Character& character, const BuyingState& state, Date from) {
    const Tally tally = live(world, person, character, state, from);
    for (std::size_t at = 0; at < kHorizons.size(); ++at) {
      const Expectation expected = expect(world.facts, character, state, from, kHorizons.at(at));
      purchases_.at(at).add(tally.purchases.at(at) - expected.purchases);
      spend_.at(at).add(tally.spend_eur.at(at) - expected.spend_eur);
    }
  }
  void check(const std::string& name) const {
    for (std::size_t at = 0; at < kHorizons.size(); ++at) {
      EXPECT_LT(std::abs(purchases_.at(at).z()), kErrorsAllowed) << name << ", purchases in " << kHorizons.at(at);
      EXPECT_LT(std::abs(spend_.at(at).z()), kErrorsAllowed) << name << ", spend in " << kHorizons.at(at);
    }
  }

 private:
  std::array<Mean, 3> purchases_;
  std::array<Mean, 3> spend_;
};

TEST(BuyingTest, PeopleBuyAsExpectedWhenNobodyWritesToThem) {
  for (const Regime regime : {Regime::kReal, Regime::kHiddenConfounder}) {
    const TestWorld world(regime);
    Residuals residuals;
    for (std::uint64_t number = 0; number < 4'000; ++number) {
      const Character character = character_of(world, number);
      // Half of them over the turn of the year.
      const Date from{kWorldOpened.days + 366 + (number % 2 == 0 ? 0 : 250)};
      residuals.add(world, {number}, character, active_state(character), from);
    }
    residuals.check(std::string(regime_name(regime)));
  }
}

TEST(BuyingTest, EveryCauseOfChangeIsForeseen) {
  const TestWorld world(Regime::kReal);
  struct Case {
    const char* name;
    std::function<void(Character&, BuyingState&, Date)> change;
  };
  const auto boost = [](Date from, double rate, double dropout, double shift) {
    return Boost{.from_day = from.days + 2,
                 .until_day = from.days + 80,
                 .effect = {.rate_factor = rate, .dropout_factor = dropout, .store_shift = shift}};
  };
  const std::vector<Case> cases = {
      {"season", [](Character& character, BuyingState&, Date) { character.dropout_per_day = 0; }},
      {"growth", [](Character& character, BuyingState&, Date) { character.trend_per_day = 0.003; }},
      {"decline", [](Character& character, BuyingState&, Date) { character.trend_per_day = -0.004; }},
      {"dropout", [](Character& character, BuyingState&, Date) { character.dropout_per_day = 0.02; }},
      {"sudden dropout", [](Character& character, BuyingState&, Date) { character.dropout_per_day = 0.8; }},
      {"going online",
       [](Character& character, BuyingState& state, Date) {
         character.habit = Habit::kStoreOnly;
         state.online_since = BuyingState::kNever;
         character.moves_online_per_day = 0.01;
       }},
      {"an offer",
       [&](Character&, BuyingState& state, Date from) {
         state.boosts[0] = boost(from, 2.5, 0.5, 0.4);
         state.boost_count = 1;
       }},
      {"two offers, one of which annoys",
       [&](Character& character, BuyingState& state, Date from) {
         character.dropout_per_day = 0.005;
         state.boosts[0] = boost(from, 2.5, 1, 0);
         state.boosts[1] = boost(from, 0.7, 4, 0);
         state.boost_count = 2;
       }},
      {"being written to too often",
       [](Character& character, BuyingState& state, Date from) {
         character.dropout_per_day = 0.01;
         state.fatigue = 40;
         state.fatigue_day = from.days - 5;
       }},
  };
  for (const Case& each : cases) {
    Residuals residuals;
    for (std::uint64_t number = 0; number < 150; ++number) {
      const Date from{kWorldOpened.days + 30};
      Character character = vivid_character(world, number);
      BuyingState state = active_state(character);
      each.change(character, state, from);
      residuals.add(world, {number}, character, state, from);
    }
    residuals.check(each.name);
  }
}

TEST(BuyingTest, AForecastInPartsIsTheForecastAtOnce) {
  const TestWorld world(Regime::kReal);
  const Character character = vivid_character(world, 4);
  const BuyingState state = active_state(character);
  const Date from{kWorldOpened.days + 10};
  Forecast forecast(world.facts, character, state, from);
  for (const int days : {1, 29, 60}) forecast.advance(days);
  const Expectation at_once = expect(world.facts, character, state, from, 90);
  EXPECT_NEAR(forecast.sum().purchases, at_once.purchases, 1e-9 * at_once.purchases);
  EXPECT_NEAR(forecast.sum().spend_eur, at_once.spend_eur, 1e-9 * at_once.spend_eur);
}

TEST(BuyingTest, NothingIsExpectedOfSomebodyWhoLeft) {
  const TestWorld world(Regime::kReal);
  const Character character = vivid_character(world, 4);
  BuyingState state = active_state(character);
  state.active = false;
  EXPECT_EQ(expect(world.facts, character, state, kWorldOpened, 90).purchases, 0);
  EXPECT_EQ(live(world, {4}, character, state, kWorldOpened).purchases.back(), 0);
}

TEST(BuyingTest, GoingOnlineRaisesTheRateByTheRegimesFactor) {
  for (const Regime regime : {Regime::kReal, Regime::kHiddenConfounder}) {
    const TestWorld world(regime);
    Mean gain;
    for (std::uint64_t number = 0; number < 150; ++number) {
      Character character = vivid_character(world, number);
      character.habit = Habit::kStoreOnly;
      character.moves_online_per_day = 0;
      character.dropout_per_day = 0;
      character.trend_per_day = 0;
      BuyingState state;
      const double stays = live(world, {number}, character, state, kWorldOpened).purchases.back();
      state.online_since = kWorldOpened.days;
      const double moves = live(world, {number}, character, state, kWorldOpened).purchases.back();
      gain.add(moves / stays);
    }
    EXPECT_NEAR(gain.mean(), real_figures(regime).online_factor, 0.03) << regime_name(regime);
  }
}

// The same lives with and without the bounds that pass over quiet days, under many messages.
TEST(BuyingTest, AQuietDayIsPassedOverOnlyIfNothingWouldHappen) {
  TestWorld world(Regime::kReal);
  for (std::size_t at = 0; at < 60; ++at) world.announce(at % offers().size(), {kWorldOpened.days + 6 * int(at)});
  int bought = 0;
  int dropped = 0;
  for (std::uint64_t number = 0; number < 600; ++number) {
    Character character = character_of(world, number);
    if (number % 3 == 0) character.purchases_per_day *= 10;
    if (number % 5 == 0) character.dropout_per_day *= 8;
    if (number % 7 == 0) character.moves_online_per_day *= 30;
    character.openness = 3;
    BuyingState quick = active_state(character);
    BuyingState thorough = quick;
    std::vector<Purchase> of_quick;
    std::vector<Purchase> of_thorough;
    auto campaign = world.facts.campaigns.begin();
    for (Date day = kWorldOpened; day.days < kWorldOpened.days + 365; ++day.days) {
      for (; campaign != world.facts.campaigns.end() && campaign->on == day; ++campaign) {
        (void)receive(world.facts, {number}, character, *campaign, quick);
        (void)receive(world.facts, {number}, character, *campaign, thorough);
      }
      thorough.purchase_ceiling = thorough.dropout_ceiling = 1e9;
      thorough.ceiling_until_day = BuyingState::kNever;
      const DayChance chance = chance_of_day(world.facts.seed, {number}, day);
      buy(world.facts, {number}, character, {.day = day, .chance = chance}, quick, of_quick);
      buy(world.facts, {number}, character, {.day = day, .chance = chance}, thorough, of_thorough);
      ASSERT_EQ(of_quick.size(), of_thorough.size()) << number << ' ' << to_string(day);
      for (std::size_t at = 0; at < of_quick.size(); ++at)
        ASSERT_EQ(text_of(of_quick[at]), text_of(of_thorough[at])) << number << ' ' << to_string(day);
      ASSERT_EQ(quick.dropped_at, thorough.dropped_at) << number << ' ' << to_string(day);
      ASSERT_EQ(quick.online_since, thorough.online_since) << number << ' ' << to_string(day);
      bought += static_cast<int>(of_quick.size());
    }
    dropped += quick.active ? 0 : 1;
  }
  EXPECT_GT(bought, 2'000);
  EXPECT_GT(dropped, 100);
}

TEST(BuyingTest, PurchasesLieWithinTheirDayAndStoresStayShutOnSundays) {
  const TestWorld world(Regime::kReal);
  std::vector<Purchase> purchases;
  for (std::uint64_t number = 0; number < 40; ++number) {
    const Character character = vivid_character(world, number);
    BuyingState state = active_state(character);
    for (Date day = kWorldOpened; day.days < kWorldOpened.days + 365; ++day.days) {
      buy(world.facts, {number}, character, {.day = day, .chance = chance_of_day(world.facts.seed, {number}, day)},
          state, purchases);
      ASSERT_TRUE(std::ranges::is_sorted(purchases, {}, &Purchase::moment));
      for (const Purchase& purchase : purchases) {
        ASSERT_EQ(std::floor(purchase.moment), day.days);
        ASSERT_GT(purchase.value_eur, 0);
        ASSERT_EQ(purchase.promoted, world.facts.factors(day).promotion > 1);
        if (purchase.channel == Channel::kStore) {
          ASSERT_GT(world.facts.factors(day).store, 0) << to_string(day);
        } else {
          ASSERT_GE(day.days, state.online_since);
        }
      }
      if (!state.active && !purchases.empty()) {
        ASSERT_GE(state.dropped_at, purchases.back().moment);
      }
    }
  }
}

// The law of a constant hazard, by Kolmogorov and Smirnov's distance at a chance of error of one in a thousand.
TEST(BuyingTest, PeopleLeaveAfterAnExponentialTime) {
  const TestWorld world(Regime::kReal);
  constexpr int kDays = 300;
  constexpr std::uint64_t kPeople = 1'500;
  std::vector<double> stayed;
  std::vector<Purchase> purchases;
  for (std::uint64_t number = 0; number < kPeople; ++number) {
    Character character = character_of(world, number);
    character.dropout_per_day = 0.01;
    BuyingState state = active_state(character);
    for (int day = 0; day < kDays && state.active; ++day) {
      const Date on{kWorldOpened.days + day};
      buy(world.facts, {number}, character, {.day = on, .chance = chance_of_day(world.facts.seed, {number}, on)}, state,
          purchases);
    }
    if (!state.active) stayed.push_back(state.dropped_at - kWorldOpened.days);
  }
  std::ranges::sort(stayed);
  double distance = 0;
  for (std::size_t at = 0; at < stayed.size(); ++at) {
    const double law = -std::expm1(-0.01 * stayed[at]);
    distance = std::max({distance, std::abs(law - static_cast<double>(at) / kPeople),
                         std::abs(law - static_cast<double>(at + 1) / kPeople)});
  }
  EXPECT_LT(distance, 1.95 / std::sqrt(kPeople));
}

TEST(BuyingTest, WhoLeftBeforeTheWorldOpenedIsFoundGone) {
  const TestWorld world(Regime::kReal);
  Successes gone;
  for (std::uint64_t number = 0; number < 4'000; ++number) {
    const Character character = character_of(world, number);
    const BuyingState state = first_state(world.facts, {number}, character);
    const double days = kWorldOpened.days - character.joined_on.days - 1;
    if (days <= 0) {
      EXPECT_TRUE(state.active);
      continue;
    }
    gone.add(!state.active, -std::expm1(-character.dropout_per_day * days));
    if (state.active) continue;
    EXPECT_GT(state.dropped_at, character.joined_on.days);
    EXPECT_LT(state.dropped_at, kWorldOpened.days);
  }
  EXPECT_GT(gone.count(), 1'500);
  EXPECT_LT(std::abs(gone.z()), kErrorsAllowed);
}

}  // namespace
}  // namespace hilo::world
