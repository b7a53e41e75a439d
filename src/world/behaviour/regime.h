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

/// What drives the real regimes beside what is given by kind of person (character.cpp).
struct RealFigures {
  double rate_spread = 0.5;    ///< standard deviation of the log rate within a kind
  double value_spread = 0.45;  ///< likewise of the log mean value
  double rate_value_correlation = 0.35;
  double trend_spread = 0.2;            ///< standard deviation of the yearly change of the log rate
  double value_shape = 6.2;             ///< a purchase's value ~ gamma with this shape around the person's mean
  double online_factor = 1.25;          ///< what going online does to the rate: the effect
  double moves_online_per_year = 0.10;  ///< of those who only buy in stores, at mean leaning
  double leaning_weight = 0.8;          ///< of the leaning to the web in the log of that: the selection
  double value_weight = 0.5;            ///< of the spend: big spenders move sooner
  double hidden_weight = 0;             ///< of what no silo knows, in the log rate of moving
  double hidden_on_value = 0;           ///< of the same, in the log mean value
  double hidden_on_trend = 0;           ///< of the same, in the yearly trend
  double margin_share = 0.55;           ///< of a purchase's value
};
/// Returns the figures of a regime. **Requires**: not kTextbook.
[[nodiscard]] const RealFigures& real_figures(Regime regime);

}  // namespace hilo::world
