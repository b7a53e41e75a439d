// The golden row over a series of days.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "store/database.h"
#include "timeline/fold/history.h"

namespace hilo::timeline {

/// Makes the temporary table `series` of the days: _place, counted from 0, and _day.
[[nodiscard]] Status write_series(store::Connection& connection, const std::vector<Date>& days);

/// Makes a temporary table of some columns of the golden row on every day of a series, in place of any of that name:
/// customer_id, _first, _until (places in the series, as write_stretches has them), then the columns. **Shape**: of
/// each customer of the range that exists on the last day one row or more, without a gap from its first day to the end,
/// in any order.
/// **Requires**: the columns are among golden_columns_over_time; write_series made `series` of these days.
/// **Errors**: the engine's.
[[nodiscard]] Status write_golden_stretches(store::Connection& connection, const std::vector<std::string>& columns,
                                            const std::string& name, CustomerRange range);

}  // namespace hilo::timeline
