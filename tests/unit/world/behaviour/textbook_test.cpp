// Goal: the textbook regime is what its formulae say. Method: many people simulated day by day; means against the
// closed forms within five standard errors; days asked in parts and at once.
#include "world/behaviour/textbook.h"

#include <cmath>

#include <gtest/gtest.h>

namespace hilo::world {
namespace {

constexpr std::uint64_t kSeed = 11;
constexpr std::uint64_t kPeople = 40'000;
constexpr Date kOpened{18'000};

struct History {
  TextbookCharacter character;
  TextbookState state;
  std::vector<TextbookPurchase> purchases;
};

History live(PersonId person, const TextbookFigures& figures, int days, int joining_days = 1) {
  History history;
  history.character = draw_character(kSeed, person, figures, kOpened, joining_days);
  for (int day = 0; day < days; ++day) {
    for (const TextbookPurchase& purchase :
         step(kSeed, person, history.character, figures, history.state, {kOpened.days + day})) {
      history.purchases.push_back(purchase);
    }
  }
  return history;
}

TEST(TextbookTest, RepeatPurchasesFollowBgNbd) {
  const TextbookFigures figures;
  for (const int days : {30, 180}) {
    double sum = 0;
    double squares = 0;
    for (std::uint64_t person = 0; person < kPeople; ++person) {
      const History history = live({person}, figures, days + 1);
      ASSERT_FALSE(history.purchases.empty());
      const double end = history.purchases.front().moment + days;
      double repeats = -1;
      for (const TextbookPurchase& purchase : history.purchases) repeats += purchase.moment < end ? 1 : 0;
      sum += repeats;
      squares += repeats * repeats;
    }
    const double mean = sum / kPeople;
    const double error = std::sqrt((squares / kPeople - mean * mean) / kPeople);
    EXPECT_NEAR(mean, expected_repeat_purchases(figures, days), 5 * error) << days << " days";
  }
}

TEST(TextbookTest, SpendFollowsGammaGamma) {
  const TextbookFigures figures;
  double sum = 0;
  double squares = 0;
  for (std::uint64_t person = 0; person < kPeople; ++person) {
    const History history = live({person}, figures, 1);
    const double value = history.purchases.front().value_eur;
    sum += value;
    squares += value * value;
  }
  const double mean = sum / kPeople;
  const double error = std::sqrt((squares / kPeople - mean * mean) / kPeople);
  EXPECT_NEAR(mean, figures.spend_shape * figures.spend_gamma_eur / (figures.spend_q - 1), 5 * error);
}

TEST(TextbookTest, APersonsOwnExpectationIsWhatHappensOnAverage) {
  const TextbookFigures figures;
  double expected = 0;
  double happened = 0;
  double squares = 0;
  for (std::uint64_t person = 0; person < kPeople; ++person) {
    History history = live({person}, figures, 60);
    const double forecast = expected_purchases(history.character, history.state, 90);
    double count = 0;
    for (int day = 60; day < 150; ++day) {
      count += static_cast<double>(
          step(kSeed, {person}, history.character, figures, history.state, {kOpened.days + day}).size());
    }
    expected += forecast;
    happened += count;
    squares += (count - forecast) * (count - forecast);
  }
  EXPECT_NEAR(happened, expected, 5 * std::sqrt(squares));
}

TEST(TextbookTest, NobodyBuysBeforeJoiningOrAfterDroppingOut) {
  const TextbookFigures figures;
  int dropped = 0;
  for (std::uint64_t person = 0; person < 2'000; ++person) {
    const History history = live({person}, figures, 200, 100);
    ASSERT_GE(history.purchases.front().moment, history.character.joined_on.days);
    ASSERT_LT(history.purchases.front().moment, history.character.joined_on.days + 1);
    if (history.state.active) continue;
    ++dropped;
    EXPECT_EQ(history.purchases.back().moment, history.state.dropped_after);
  }
  EXPECT_GT(dropped, 200);
}

TEST(TextbookTest, ALongerWorldBeginsAsAShorterOne) {
  const TextbookFigures figures;
  for (std::uint64_t person = 0; person < 200; ++person) {
    const History shorter = live({person}, figures, 100, 50);
    const History longer = live({person}, figures, 101, 50);
    ASSERT_LE(shorter.purchases.size(), longer.purchases.size());
    for (std::size_t at = 0; at < shorter.purchases.size(); ++at) {
      EXPECT_EQ(shorter.purchases[at].moment, longer.purchases[at].moment);
      EXPECT_EQ(shorter.purchases[at].value_eur, longer.purchases[at].value_eur);
    }
  }
}

}  // namespace
}  // namespace hilo::world
