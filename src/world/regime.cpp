#include "world/regime.h"

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

std::string_view regime_name(Regime regime) {
  for (const auto& [each, name] : kNames) {
    if (each == regime) return name;
  }
  return "";
}

}  // namespace hilo::world
