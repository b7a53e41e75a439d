#include "world/behaviour/regime.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace hilo::world {
namespace {

constexpr auto kNames = std::to_array<std::pair<Regime, std::string_view>>(
    {{Regime::kTextbook, "textbook"}, {Regime::kReal, "real"}, {Regime::kHiddenConfounder, "hidden-confounder"}});

}  // namespace

Result<Regime> parse_regime(const std::string& name) {
  std::vector<std::string> known;
  for (const auto& [regime, its_name] : kNames) {
    if (name == its_name) return regime;
    known.emplace_back(its_name);
  }
  return fail(ErrorCode::kUsage, fmt::format("there is no regime '{}'{}", name, did_you_mean(name, known)),
              fmt::format("A regime is {}.", join(known, ", ")));
}

const RealFigures& real_figures(Regime regime) {
  static constexpr RealFigures kOpen;
  // The silos see as much leaning to the web as ever, but it decides little; the effect is small, the seeming one not.
  static constexpr RealFigures kHidden{.online_factor = 1.05,
                                       .leaning_weight = 0.1,
                                       .value_weight = 0,
                                       .hidden_weight = 1.1,
                                       .hidden_on_value = 0.3,
                                       .hidden_on_trend = 0.15};
  HILO_CHECK(regime != Regime::kTextbook);
  return regime == Regime::kReal ? kOpen : kHidden;
}

std::string_view regime_name(Regime regime) {
  for (const auto& [each, name] : kNames) {
    if (each == regime) return name;
  }
  return "";
}

}  // namespace hilo::world
