// The textbook's customer: buys at a rate of her own until, after some purchase, she never comes back.
#pragma once

#include <cstdint>
#include <vector>

#include "world/behaviour/regime.h"
#include "world/chance/randomness.h"

namespace hilo::world {

/// What a person has for good.
struct TextbookCharacter {
  Date joined_on;              ///< the day of the first purchase
  double purchases_per_day{};  ///< while active
  double dropout_chance{};     ///< after each repeat purchase
  double spend_rate{};         ///< nu: a purchase's value is gamma(p, nu)
};

/// What changes from day to day.
struct TextbookState {
  bool active = true;
  double dropped_after = -1;  ///< the moment of the last purchase, in days since 1970-01-01; below 0 while active
};

struct TextbookPurchase {
  double moment{};  ///< in days since 1970-01-01
  double value_eur{};
};

/// Draws what a person is like. People join evenly over [opened_on, opened_on + joining_days).
[[nodiscard]] TextbookCharacter draw_character(std::uint64_t seed, PersonId person, const TextbookFigures& figures,
                                               Date opened_on, int joining_days);

/// Returns a person's purchases of one day, in their order, and brings the state to the day's end. A day is a function
/// of the state at its beginning and its own draws: the process has no memory beyond them, so that gaps between
/// purchases stay exponential across midnight.
/// **Requires**: days in their order, each once.
[[nodiscard]] std::vector<TextbookPurchase> step(std::uint64_t seed, PersonId person,
                                                 const TextbookCharacter& character, const TextbookFigures& figures,
                                                 TextbookState& state, Date day);

/// Returns the expected number of repeat purchases of a random person within `days` of the first.
/// **Source**: Fader, Hardie, Lee 2005, equation (9). **Requires**: dropout_a != 1.
[[nodiscard]] double expected_repeat_purchases(const TextbookFigures& figures, double days);

/// Returns the expected number of purchases that a known person makes from a moment at which she is active over the
/// next `days`: what a forecast is judged against. **Source**: the mean of a Poisson process that each purchase ends
/// with probability p: (1 - exp(-lambda p t)) / p.
[[nodiscard]] double expected_purchases(const TextbookCharacter& character, const TextbookState& state, double days);

/// Returns the mean value of a known person's purchases. **Units**: EUR.
[[nodiscard]] double expected_value(const TextbookCharacter& character, const TextbookFigures& figures);

}  // namespace hilo::world
