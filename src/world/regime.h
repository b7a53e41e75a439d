// The regimes a world can follow, and the figures that drive them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hilo::world {

enum class Regime : std::uint8_t {
  kTextbook,          ///< BG/NBD purchases, gamma-gamma spend: what the formulae of the literature assume
  kReal,              ///< seasons, drift, wholesale, channels, promotions, effects that differ by kind of person
  kHiddenConfounder,  ///< as kReal, and what drives both the move to the web and the spend stands in no silo
};

/// **Errors**: kUsage for an unknown name, with the nearest known one.
[[nodiscard]] Result<Regime> parse_regime(const std::string& name);
[[nodiscard]] std::string_view regime_name(Regime regime);

/// The purchase process of the textbook. **Source**: Fader, Hardie, Lee, "Counting Your Customers the Easy Way: An
/// Alternative to the Pareto/NBD Model", Marketing Science 2005 (BG/NBD); Fader, Hardie, "The Gamma-Gamma Model of
/// Monetary Value", 2013.
struct TextbookFigures {
  double rate_shape = 0.9;      ///< r: purchases a day ~ gamma(r, alpha)
  double rate_scale_days = 45;  ///< alpha
  double dropout_a = 0.8;       ///< the chance to drop out after a repeat purchase ~ beta(a, b)
  double dropout_b = 4.5;       ///< b
  double spend_shape = 6.2;     ///< p: a purchase's value ~ gamma(p, nu)
  double spend_q = 4.1;         ///< q: a person's nu ~ gamma(q, gamma)
  double spend_gamma_eur = 28;  ///< gamma
};

}  // namespace hilo::world
