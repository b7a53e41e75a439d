// A world for tests of what people do: its facts without files, plain persons, and means with their errors.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "world/behaviour/customer.h"

namespace hilo::world {

/// A Sunday, so that the first day has its pitfalls.
inline constexpr Date kWorldOpened{19'358};  // 2023-01-01

struct TestWorld {
  explicit TestWorld(Regime regime, int days = 800, std::uint64_t seed = 5) : catalogue(seed) {
    facts.seed = seed;
    facts.regime = regime;
    facts.opened_on = kWorldOpened;
    facts.catalogue = &catalogue;
    for (int day = 0; day < days + 400; ++day) facts.calendar.push_back(factors_of({kWorldOpened.days + day}));
  }

  /// Adds a campaign of one offer that everybody may be in. **Requires**: place < offers().size().
  const Campaign& announce(std::size_t place, Date on) {
    facts.campaigns.reserve(1'000);  // the pointers of earlier ones stay
    facts.campaigns.push_back({.number = static_cast<std::uint32_t>(facts.campaigns.size()),
                               .on = on,
                               .offer = &offers().at(place),
                               .propensities = {0.8, 0.55, 0.25}});
    return facts.campaigns.back();
  }

  Catalogue catalogue;
  WorldFacts facts;
};

/// Somebody between 18 and 78 without a name.
inline Person plain_person(std::uint64_t number) {
  Person person;
  person.id = {number};
  person.born_on = {kWorldOpened.days - 18 * 365 - static_cast<std::int32_t>(number * 7'919 % (60 * 365))};
  return person;
}

inline Character character_of(const TestWorld& world, std::uint64_t number) {
  return draw_character(world.facts, plain_person(number));
}

/// Returns one who has been a customer for long, is active, and buys every other day: chance averages out soon.
inline Character vivid_character(const TestWorld& world, std::uint64_t number) {
  Character character = character_of(world, number);
  character.joined_on = {kWorldOpened.days - 100};
  character.purchases_per_day = 0.5;
  return character;
}

inline BuyingState active_state(const Character& character) {
  BuyingState state;
  if (character.habit != Habit::kStoreOnly) state.online_since = character.joined_on.days;
  return state;
}

/// A mean with its standard error.
class Mean {
 public:
  void add(double value) {
    ++count_;
    sum_ += value;
    squares_ += value * value;
  }
  [[nodiscard]] double count() const { return count_; }
  [[nodiscard]] double mean() const { return sum_ / count_; }
  [[nodiscard]] double error() const {
    return std::sqrt(std::max(0.0, squares_ / count_ - mean() * mean()) / (count_ - 1));
  }
  /// Returns by how many standard errors the mean lies away from a value.
  [[nodiscard]] double z(double from = 0) const {
    const double apart = mean() - from;
    return apart == 0 ? 0 : apart / error();
  }

 private:
  double count_ = 0;
  double sum_ = 0;
  double squares_ = 0;
};

/// Returns how far a count of successes lies from the sum of their probabilities, in standard errors.
class Successes {
 public:
  void add(bool success, double probability) {
    apart_ += (success ? 1 : 0) - probability;
    variance_ += probability * (1 - probability);
    ++count_;
  }
  [[nodiscard]] double z() const { return apart_ / std::sqrt(variance_); }
  [[nodiscard]] int count() const { return count_; }

 private:
  double apart_ = 0;
  double variance_ = 0;
  int count_ = 0;
};

inline std::string text_of(const Purchase& purchase) {
  return fmt::format("{} {} {} {} {} {}\n", purchase.moment, static_cast<int>(purchase.channel), purchase.value_eur,
                     purchase.discount_eur, purchase.promoted, purchase.coupon_of.value_or(9'999));
}

/// What to leave out of a day's text.
struct DayText {
  bool with_marketing = true;  ///< messages, consents, sessions that a message led to, and how many there were before
};

/// Writes every field of a day, each number in full.
[[nodiscard]] std::string text_of(const DayEvents& events, const DayText& how = {});

}  // namespace hilo::world
