#include "world/behaviour/textbook.h"

#include <cmath>

namespace hilo::world {
namespace {

// Gauss's 2F1 by its series. **Requires**: 0 <= z < 1.
double hypergeometric(double a, double b, double c, double z) {
  double term = 1;
  double sum = 1;
  for (int n = 0; n < 100'000 && std::abs(term) > 1e-14 * std::abs(sum); ++n) {
    term *= (a + n) * (b + n) / ((c + n) * (n + 1.0)) * z;
    sum += term;
  }
  return sum;
}

}  // namespace

TextbookCharacter draw_character(std::uint64_t seed, PersonId person, const TextbookFigures& figures, Date opened_on,
                                 int joining_days) {
  Rng joining = lasting_chance(seed, person, Purpose::kJoining);
  Rng rng = lasting_chance(seed, person, Purpose::kCharacter);
  TextbookCharacter character;
  character.joined_on = {opened_on.days +
                         static_cast<std::int32_t>(joining.below(static_cast<std::uint32_t>(joining_days)))};
  character.purchases_per_day = rng.gamma(figures.rate_shape, figures.rate_scale_days);
  character.dropout_chance = rng.beta(figures.dropout_a, figures.dropout_b);
  character.spend_rate = rng.gamma(figures.spend_q, figures.spend_gamma_eur);
  return character;
}

std::vector<TextbookPurchase> step(std::uint64_t seed, PersonId person, const TextbookCharacter& character,
                                   const TextbookFigures& figures, TextbookState& state, Date day) {
  std::vector<TextbookPurchase> purchases;
  if (!state.active || day < character.joined_on) return purchases;
  Rng rng = daily_chance(seed, person, day, Purpose::kPurchases);
  Rng spend = daily_chance(seed, person, day, Purpose::kSpend);
  double at = 0;
  bool first = day == character.joined_on;
  if (first) at = rng.uniform();
  while (true) {
    if (!first) at += rng.exponential(character.purchases_per_day);
    if (at >= 1) return purchases;
    purchases.push_back({.moment = day.days + at, .value_eur = spend.gamma(figures.spend_shape, character.spend_rate)});
    if (!first && rng.chance(character.dropout_chance)) {
      state = {.active = false, .dropped_after = purchases.back().moment};
      return purchases;
    }
    first = false;
  }
}

double expected_repeat_purchases(const TextbookFigures& figures, double days) {
  const double a = figures.dropout_a;
  const double b = figures.dropout_b;
  const double r = figures.rate_shape;
  const double alpha = figures.rate_scale_days;
  const double share = std::pow(alpha / (alpha + days), r) * hypergeometric(r, b, a + b - 1, days / (alpha + days));
  return (a + b - 1) / (a - 1) * (1 - share);
}

double expected_purchases(const TextbookCharacter& character, const TextbookState& state, double days) {
  if (!state.active) return 0;
  const double p = character.dropout_chance;
  // -expm1(-x) / p keeps its digits where p is close to nothing.
  return -std::expm1(-character.purchases_per_day * p * days) / p;
}

double expected_value(const TextbookCharacter& character, const TextbookFigures& figures) {
  return figures.spend_shape / character.spend_rate;
}

}  // namespace hilo::world
