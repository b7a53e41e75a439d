// Goal: the regimes differ in what drives people online, and the textbook's customers leave as its law says. Method:
// many persons' characters and, where chance decides, a year or two of their lives; correlations and standard errors.
#include <algorithm>
#include <array>

#include <gtest/gtest.h>

#include "world/behaviour/customer.h"
#include "world_fixture.h"

namespace hilo::world {
namespace {

constexpr double kErrorsAllowed = 4;

// Two columns' covariance over their spreads.
class Correlation {
 public:
  void add(double x, double y) {
    ++count_;
    x_ += x;
    y_ += y;
    xx_ += x * x;
    yy_ += y * y;
    xy_ += x * y;
  }
  [[nodiscard]] double value() const {
    return (count_ * xy_ - x_ * y_) / std::sqrt((count_ * xx_ - x_ * x_) * (count_ * yy_ - y_ * y_));
  }
  /// The error of a correlation that is none.
  [[nodiscard]] double error() const { return 1 / std::sqrt(count_); }
  [[nodiscard]] double z() const { return value() / error(); }

 private:
  double count_ = 0;
  double x_ = 0;
  double y_ = 0;
  double xx_ = 0;
  double yy_ = 0;
  double xy_ = 0;
};

struct Movers {
  Correlation leaning;
  Correlation hidden;
  Correlation leaning_and_hidden;
  int moved = 0;
};

// A year and a half of those who buy in stores only.
Movers movers_of(Regime regime) {
  const TestWorld world(regime);
  Movers movers;
  std::vector<Purchase> purchases;
  for (std::uint64_t number = 0; number < 4'000; ++number) {
    const Character character = character_of(world, number);
    movers.leaning_and_hidden.add(character.leaning, character.hidden);
    if (character.habit != Habit::kStoreOnly) continue;
    BuyingState state = active_state(character);
    for (int day = 0; day < 540; ++day) {
      const Date on{kWorldOpened.days + day};
      buy(world.facts, {number}, character, {.day = on, .chance = chance_of_day(world.facts.seed, {number}, on)}, state,
          purchases);
    }
    const double moved = state.online_since == BuyingState::kNever ? 0 : 1;
    movers.leaning.add(character.leaning, moved);
    movers.hidden.add(character.hidden, moved);
    movers.moved += static_cast<int>(moved);
  }
  return movers;
}

TEST(RegimesTest, InTheRealRegimeLeaningDecidesWhoGoesOnline) {
  const Movers movers = movers_of(Regime::kReal);
  EXPECT_GT(movers.moved, 100);
  EXPECT_GT(movers.leaning.z(), 5);
  EXPECT_LT(std::abs(movers.hidden.z()), kErrorsAllowed);
  EXPECT_LT(std::abs(movers.leaning_and_hidden.z()), kErrorsAllowed);
}

TEST(RegimesTest, InTheHiddenRegimeWhatNobodySeesDecides) {
  const Movers movers = movers_of(Regime::kHiddenConfounder);
  EXPECT_GT(movers.moved, 100);
  EXPECT_GT(movers.hidden.z(), 7);
  EXPECT_GT(movers.hidden.value(), 2 * std::abs(movers.leaning.value()));
  EXPECT_LT(std::abs(movers.leaning_and_hidden.z()), kErrorsAllowed);
}

TEST(RegimesTest, WhatIsHiddenDrivesSpendOnlyInTheHiddenRegime) {
  for (const Regime regime : {Regime::kReal, Regime::kHiddenConfounder}) {
    const TestWorld world(regime);
    Correlation value;
    Correlation trend;
    for (std::uint64_t number = 0; number < 4'000; ++number) {
      const Character character = character_of(world, number);
      value.add(character.hidden, std::log(character.mean_value_eur));
      trend.add(character.hidden, character.trend_per_day);
    }
    if (regime == Regime::kReal) {
      EXPECT_LT(std::abs(value.z()), kErrorsAllowed);
      EXPECT_LT(std::abs(trend.z()), kErrorsAllowed);
    } else {
      EXPECT_GT(value.z(), 5);
      EXPECT_GT(trend.z(), 5);
    }
  }
}

// Sessions of those who never buy online; purchases on the web bring sessions of their own.
TEST(RegimesTest, SessionsTellOfLeaningAndNothingOfWhatIsHidden) {
  const TestWorld world(Regime::kHiddenConfounder);
  Correlation leaning;
  Correlation hidden;
  DayEvents events;
  for (std::uint64_t number = 0; number < 2'500; ++number) {
    Character character = character_of(world, number);
    if (character.habit != Habit::kStoreOnly || character.joined_on >= kWorldOpened) continue;
    character.moves_online_per_day = 0;
    character.dropout_per_day = 0;
    character.sessions_per_day *= 10;
    const Person person = plain_person(number);
    CustomerState state = first_customer_state(world.facts, person, character);
    if (!state.buying.active) continue;
    double sessions = 0;
    for (int day = 0; day < 120; ++day) {
      step(world.facts, {person, character}, {kWorldOpened.days + day}, {}, state, events);
      sessions += static_cast<double>(events.sessions.size());
    }
    leaning.add(character.leaning, sessions);
    hidden.add(character.hidden, sessions);
  }
  EXPECT_GT(leaning.z(), 5);
  EXPECT_LT(std::abs(hidden.z()), kErrorsAllowed);
}

TEST(RegimesTest, KindsAreWhatTheirTableSays) {
  const TestWorld world(Regime::kReal);
  std::array<Mean, kKinds> rate;
  std::array<Mean, kKinds> value;
  for (std::uint64_t number = 0; number < 12'000; ++number) {
    const Character character = character_of(world, number);
    rate.at(static_cast<std::size_t>(character.kind)).add(character.purchases_per_day * 365.25);
    value.at(static_cast<std::size_t>(character.kind)).add(character.mean_value_eur);
  }
  const std::array<double, kKinds> rates = {6.0, 3.2, 1.6, 1.4, 2.0, 11.0};
  const std::array<double, kKinds> values = {62, 38, 55, 52, 48, 420};
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    EXPECT_LT(std::abs(rate.at(kind).z(rates.at(kind))), kErrorsAllowed) << kind;
    EXPECT_LT(std::abs(value.at(kind).z(values.at(kind))), kErrorsAllowed) << kind;
  }
}

TEST(RegimesTest, OneInTwentyIsInTheControlGroupWhateverSheIsLike) {
  const TestWorld world(Regime::kReal);
  Successes control;
  Correlation with_rate;
  for (std::uint64_t number = 0; number < 8'000; ++number) {
    const Character character = character_of(world, number);
    control.add(character.in_control_group, kControlGroupShare);
    with_rate.add(character.in_control_group ? 1 : 0, std::log(character.purchases_per_day));
  }
  EXPECT_LT(std::abs(control.z()), kErrorsAllowed);
  EXPECT_LT(std::abs(with_rate.z()), kErrorsAllowed);
}

// Of one and the same character: a Poisson process of purchases that each ends with probability p.
TEST(RegimesTest, TheTextbooksCustomersLeaveByItsLaw) {
  const TextbookCharacter character{
      .joined_on = kWorldOpened, .purchases_per_day = 0.3, .dropout_chance = 0.1, .spend_rate = 0.1};
  const TextbookFigures figures;
  constexpr std::uint64_t kPeople = 1'500;
  constexpr int kDays = 100;
  std::vector<double> stayed;
  Successes last;
  for (std::uint64_t number = 0; number < kPeople; ++number) {
    TextbookState state;
    double joined = 0;
    for (int day = 0; day < kDays && state.active; ++day) {
      for (const TextbookPurchase& purchase : step(5, {number}, character, figures, state, {kWorldOpened.days + day})) {
        if (joined == 0) {
          joined = purchase.moment;
        } else {
          last.add(!state.active && purchase.moment == state.dropped_after, character.dropout_chance);
        }
      }
    }
    if (!state.active) stayed.push_back(state.dropped_after - joined);
  }
  EXPECT_LT(std::abs(last.z()), kErrorsAllowed);
  std::ranges::sort(stayed);
  double distance = 0;
  for (std::size_t at = 0; at < stayed.size(); ++at) {
    // Some joined late on the first day: only the days that all of them were watched count.
    if (stayed[at] > kDays - 1) break;
    const double law = -std::expm1(-character.purchases_per_day * character.dropout_chance * stayed[at]);
    distance = std::max(distance, std::abs(law - static_cast<double>(at) / kPeople));
  }
  EXPECT_LT(distance, 1.95 / std::sqrt(kPeople));
}

}  // namespace
}  // namespace hilo::world
