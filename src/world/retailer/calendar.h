// When people buy: the seasons of the year, the days of the week, the hours of the day, the promotions.
#pragma once

#include "base/time.h"
#include "world/retailer/channels.h"

namespace hilo::world {

/// What a day does to everybody's rate of buying. Factors have mean 1 over a year, promotions aside.
struct DayFactors {
  double online = 1;
  double store = 1;      ///< 0 on Sundays: closed
  double promotion = 1;  ///< 1 where there is none
};
[[nodiscard]] DayFactors factors_of(Date day);

/// Returns the time of day, as a share of the day, at which the given share of a channel's sales has been made.
/// Increasing in `share`, so that the order of events is kept. **Requires**: 0 <= share <= 1.
[[nodiscard]] double time_of_day(Channel channel, double share);

}  // namespace hilo::world
