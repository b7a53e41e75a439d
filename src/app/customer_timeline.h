// One customer's story: day by day what happened, and what changed of what is computed of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/segments.h"
#include "base/time.h"

namespace hilo::app {

/// A column of the flat table whose value became another. `before` and `after`: nothing = NULL.
struct ColumnChange {
  store::Column column;
  std::optional<std::string> before;
  std::optional<std::string> after;
};

/// Events of one day that are alike.
struct EventsAlike {
  std::optional<std::string> type;
  std::optional<std::string> channel;
  std::optional<std::string> source;
  std::int64_t count = 0;
  std::optional<std::string> amount;  ///< of all of them, in the workspace's currency
};

/// A day on which something happened or changed.
struct TimelineDay {
  Date day;
  bool first = false;  ///< the first day on which the customer exists: changes are against nothing
  std::vector<EventsAlike> events;
  std::vector<ColumnChange> changes;
  std::vector<std::string> entered;  ///< segments
  std::vector<std::string> left;
};

/// **Shape** of `days`: by day, none twice, none without content.
struct CustomerTimeline {
  std::int64_t customer_id = 0;
  Date from;
  Date to;
  Date known_since;
  std::string currency;
  std::int64_t events_before = 0;  ///< before `from`
  std::vector<std::string> columns_left_out;
  std::vector<std::string> segments_left_out;  ///< that read such columns
  bool segments_at_fault = false;              ///< some definitions are not right, and left out
  std::vector<TimelineDay> days;
};

struct TimelineSpan {
  std::optional<Date> from;  ///< left out: a year before `to`
  std::optional<Date> to;    ///< left out: the default day
};

/// Tells a customer's story by today's definitions and with what is known now: its events, and from one day to the
/// next the changes of texts and booleans of the flat table, of `orders` and `revenue` where these are numbers, and of
/// segments. Days on which nothing happens count too: what changes by time alone is told on its day. Nothing of it is
/// contact data. `from` is not before the customer's first day.
/// **Errors**: kUsage for days in the wrong order or more than 40,000; kNotFound when the customer does not exist yet
/// on `to`. **Cost**: the customer's own history, once for each day.
[[nodiscard]] Result<CustomerTimeline> customer_timeline(SegmentDesk& desk, std::int64_t customer_id,
                                                         const TimelineSpan& span);

/// Returns the first day on which a customer exists. **Errors**: kNotFound.
[[nodiscard]] Result<Date> first_day(Reader& reader, std::int64_t customer_id);

/// Returns the error that a customer does not exist yet on a day.
[[nodiscard]] Error not_yet(std::int64_t customer_id, Date day, Date known_since);

}  // namespace hilo::app
