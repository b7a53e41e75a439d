// Wall clocks of time zones, as text of SQL expressions.
#pragma once

#include <string>

namespace hilo::store {

/// Returns what a zone's wall clock shows (TIMESTAMP) at an instant: `utc` is a TIMESTAMP in UTC.
[[nodiscard]] std::string wall_time_sql(const std::string& utc, const std::string& time_zone);

/// Returns the instant (TIMESTAMPTZ) at which a zone's wall clock shows a moment (TIMESTAMP): the first one where it
/// shows it twice, as what comes before it must be; where it never does, the instant at which it would.
[[nodiscard]] std::string first_instant_sql(const std::string& moment, const std::string& time_zone);

}  // namespace hilo::store
