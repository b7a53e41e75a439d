// What a customer of the real regimes is like for good. Silos see only what follows from it.
#pragma once

#include <cstdint>
#include <vector>

#include "world/behaviour/regime.h"
#include "world/behaviour/textbook.h"
#include "world/people/people.h"
#include "world/retailer/calendar.h"
#include "world/retailer/campaigns.h"
#include "world/retailer/catalogue.h"

namespace hilo::world {

/// How a person begins: where she buys before she ever changes.
enum class Habit : std::uint8_t { kStoreOnly, kHybrid, kOnlineOnly };

struct Character {
  Kind kind = Kind::kOccasional;
  Habit habit = Habit::kStoreOnly;
  Date joined_on;                ///< the day of the first purchase; may lie before the world opens
  double purchases_per_day = 0;  ///< as of the world's first day, in a mean season
  double dropout_per_day = 0;
  double mean_value_eur = 0;
  double trend_per_day = 0;         ///< of the log rate
  double moves_online_per_day = 0;  ///< while habit is kStoreOnly
  double online_share = 0;          ///< of purchases, while online at all
  double sessions_per_day = 0;
  double visits_per_day = 0;  ///< to a store, without buying
  double openness = 1;        ///< factor on the chance to notice a message
  double leaning = 0;         ///< to the web; standard normal; shows in sessions
  double hidden = 0;          ///< standard normal; no silo writes it down, it shows in what follows from it alone
  double social_per_day = 0;  ///< posts, for those who follow
  bool buys_as_guest = false;
  bool in_control_group = false;  ///< the universal one: no campaign ever
  Taste taste{};
  const Store* home = nullptr;
  std::uint32_t associate = 0;  ///< whose book she would be in: a place in Catalogue::associates
  TextbookCharacter textbook;   ///< in the textbook regime: purchases follow this
};

/// The share of persons whom no campaign may touch.
inline constexpr double kControlGroupShare = 0.05;

/// What everybody's life shares. Immutable.
struct WorldFacts {
  std::uint64_t seed = 0;
  Regime regime = Regime::kReal;
  double anonymous = 0.35;  ///< share of till receipts that name nobody
  Date opened_on;
  const Catalogue* catalogue = nullptr;
  std::vector<Campaign> campaigns;   ///< by number
  std::vector<DayFactors> calendar;  ///< from `opened_on` on, as far past the world's end as anybody looks ahead
  TextbookFigures textbook_figures = {};

  [[nodiscard]] const DayFactors& factors(Date day) const {
    return calendar[static_cast<std::size_t>(day.days - opened_on.days)];
  }
};

/// Draws what a person is like. In the textbook regime people join evenly over the first year; in the others a part
/// joined over the five years before the world opens and the rest evenly over its first year.
[[nodiscard]] Character draw_character(const WorldFacts& world, const Person& person);

}  // namespace hilo::world
