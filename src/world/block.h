// A block of persons lived through all days: the unit of work that a thread takes.
#pragma once

#include <cstdint>
#include <map>

#include "world/silos/write_day.h"
#include "world/truth.h"

namespace hilo::world {

/// Cells in a block. A whole number of associates' books (character.cpp) lies within one.
inline constexpr std::uint64_t kCellsPerBlock = 256;

/// What a block wrote.
struct BlockRows {
  Rows rows;
  std::map<std::uint32_t, CampaignTotals> campaigns;
  std::int64_t purchases = 0;
};

/// Lives the persons of the cells [first_cell, last_cell) through all days of [world.opened_on, until), as far as their
/// numbers are below `customers`. **Cost**: memory for one block; owns nothing that another block sees.
[[nodiscard]] BlockRows live_block(const WorldFacts& world, const Pen& pen, std::uint64_t first_cell,
                                   std::uint64_t last_cell, std::uint64_t customers, Date until);

}  // namespace hilo::world
