// Segments through time and against each other: size by day, who came and went, what was recorded, overlap.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/segments.h"

namespace hilo::app {

/// Called before each day that is computed, and once at the end.
using DayProgress = std::function<void(std::int64_t done, std::int64_t total)>;

/// A segment on one day. `entered` and `left` count against the point before; the first has none.
struct HistoryPoint {
  Date day;
  std::int64_t customers = 0;
  std::int64_t members = 0;
  std::optional<std::int64_t> entered;
  std::optional<std::int64_t> left;
};

struct SegmentHistory {
  std::vector<HistoryPoint> points;
  TextTable who;  ///< day, change, customer_id: who entered and who left, where that was asked for
};

/// The days of a history: what is not given is chosen. `to` = the default day; `from` = a year of months, a quarter of
/// weeks, a month of days before it, but not before the first customer. Months are month ends, and the last day.
/// **Errors**: kUsage as days_between.
[[nodiscard]] Result<std::vector<Date>> history_days(SegmentDesk& desk, std::optional<Date> from,
                                                     std::optional<Date> to, Step step);

/// Computes a segment on each of the days, by today's definition and with what is known now.
/// **Cost**: one pass over what happened (SegmentSeries); for rules that do not allow that one flat table per day other
/// than the default day, of the columns that the rule reads.
[[nodiscard]] Result<SegmentHistory> segment_history(SegmentDesk& desk, const expr::SegmentRule& rule,
                                                     const std::vector<Date>& days, bool with_who,
                                                     const DayProgress& progress);

/// What runs recorded of a segment. **Shape**: run, recorded_on (a day of the workspace's zone), day, version, members,
/// entered, left; by run.
[[nodiscard]] Result<TextTable> recorded_history(Reader& reader, const std::string& name);

/// Who was known to be a member on a day.
struct KnownMembers {
  std::int64_t run = 0;     ///< the last one that recorded the segment on that day or before
  std::string recorded_on;  ///< in the workspace's zone
  std::string day;          ///< membership was as of its end
  std::string version;
  TextTable members;  ///< customer_id as it was known then; merged_into where it is another now; by id
};

/// Looks up what was recorded. The segment may have no definition any more. `rows_max` = 0: all.
/// **Errors**: kNotFound when no run had recorded it by then.
[[nodiscard]] Result<KnownMembers> members_known_on(Reader& reader, const std::string& name, Date day,
                                                    std::int64_t rows_max);

/// How far segments hold the same customers.
struct Overlap {
  Date day;
  std::int64_t in_any = 0;
  std::int64_t in_all = 0;
  TextTable pairs;  ///< segment, other, members, other_members, both, jaccard; by both names as they were given
};

/// Compares two segments or more on a day. Jaccard = both / either; null where both are empty.
/// **Requires**: the names are known and differ.
[[nodiscard]] Result<Overlap> overlap(SegmentDesk& desk, const std::vector<std::string>& names, Date day);

}  // namespace hilo::app
