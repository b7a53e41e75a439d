// The members of segments on the days that rules read beside the day asked about.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/time_limit.h"
#include "base/time.h"
#include "expr/segment.h"
#include "expr/segment_days.h"
#include "store/database.h"

namespace hilo::app {

/// Gives the relation with these columns at least of the flat table of a day. It need not outlive the next call.
using CustomersOfDay = std::function<Result<std::string>(Date day, const std::vector<std::string>& columns)>;

/// Gives those of a store that is being made, as a temporary table of that name. **Requires**: its flat table and
/// history stand; the connection outlives this.
[[nodiscard]] CustomersOfDay customers_in_making(store::Connection& connection, std::string table);

/// Writes what segments on a day need to know of other days into segment::kPastMembers, in place of what it held.
/// **Cost**: one flat table per other day, of the columns that rules read.
[[nodiscard]] Status write_past_members(store::Connection& connection, const expr::SegmentProgram& program,
                                        const expr::SegmentsOfDay& asked, const CustomersOfDay& customers_on,
                                        const Limit& limit);

}  // namespace hilo::app
