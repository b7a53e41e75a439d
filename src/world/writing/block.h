// A block of persons lived through all days: the unit of work that a thread takes.
#pragma once

#include <cstdint>
#include <map>

#include "world/silos/write_day.h"
#include "world/truth/expectations.h"
#include "world/truth/truth_rows.h"

namespace hilo::world {

/// Cells in a block. A whole number of associates' books (character.cpp) lies within one.
inline constexpr std::uint64_t kCellsPerBlock = 256;

/// What every block of a world is lived by.
struct BlockPlan {
  std::uint64_t customers = 0;  ///< persons whose numbers are below live
  Date until;                   ///< the day after the world's last
  Date lived_until;             ///< no sooner: when the last outcome of a decision before `until` is known
  ExpectationPlan expectations = {};
};

/// What a block wrote.
struct BlockRows {
  Rows rows;
  std::map<std::uint32_t, CampaignTotals> campaigns;
  std::int64_t purchases = 0;
};

/// Lives the persons of the cells [first_cell, last_cell) through all days of [world.opened_on, plan.lived_until). Of
/// those from `plan.until` on nothing is told but the outcomes of decisions made before.
/// **Requires**: campaigns and calendar that reach as far.
/// **Cost**: memory for one block; owns nothing that another block sees.
[[nodiscard]] BlockRows live_block(const WorldFacts& world, const Pen& pen, const BlockPlan& plan,
                                   std::uint64_t first_cell, std::uint64_t last_cell);

}  // namespace hilo::world
