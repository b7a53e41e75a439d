// How customers moved between the values of one column from one day to another.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/segment_history.h"
#include "app/segments.h"
#include "base/time.h"
#include "store/database.h"

namespace hilo::app {

/// Those who had one value on the first day and one on the second, stayed or moved. Nothing = NULL.
struct Move {
  bool is_new = false;  ///< did not exist yet on the first day; `from` is nothing then
  std::optional<std::string> from;
  std::optional<std::string> to;
  std::int64_t customers = 0;
  std::int64_t started = 0;            ///< of all who had `from`, or of all who are new
  std::optional<std::string> revenue;  ///< what `revenue` is more on the second day, DECIMAL or as that column is
  [[nodiscard]] bool moved() const { return is_new || from != to; }
};

/// **Shape** of `moves`: each pair that holds a customer once, by `from` then `to`, NULL last, those who are new at the
/// end.
struct Migration {
  store::Column column;
  Date from;
  Date to;
  std::string currency;
  std::optional<std::string> revenue_type;       ///< nothing where the flat table has no numeric column `revenue`
  std::int64_t customers = 0;                    ///< that exist on the second day
  std::vector<std::optional<std::string>> ends;  ///< the values on the second day, in their order, NULL last
  std::vector<Move> moves;
};

struct MigrationDays {
  std::optional<Date> from;  ///< left out: a month before `to`
  std::optional<Date> to;    ///< left out: the default day
};

/// Counts who moved from which value of a column to which, by today's definitions and with what is known now.
/// **Errors**: kNotFound for a column that the flat table does not have; kUsage for days in the wrong order;
/// kInvalidInput for a column of another type than text, boolean or whole number, or of more than 50 values.
/// **Cost**: one flat table per day other than the default day, of these columns.
[[nodiscard]] Result<Migration> migration(SegmentDesk& desk, const std::string& column, const MigrationDays& days,
                                          const DayProgress& progress);

}  // namespace hilo::app
