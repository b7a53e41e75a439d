#include "app/customer_timeline.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "app/customer_days.h"
#include "app/time_limit.h"
#include "base/text.h"
#include "segment/membership.h"

namespace hilo::app {
namespace {

constexpr std::int32_t kDaysByDefault = 365;

bool is_told(const store::Column& column) {
  if (column.type == "VARCHAR" || column.type == "BOOLEAN") return true;
  const std::string name = lower_ascii(column.name);
  return (name == "orders" || name == "revenue") && is_number(column.type);
}

// The days of the story by day; the map puts them in order.
using Days = std::map<Date, TimelineDay>;

TimelineDay& day_at(Days& days, Date day) {
  TimelineDay& entry = days[day];
  entry.day = day;
  return entry;
}

Result<Date> date_of(const std::optional<std::string>& text) { return parse_date(text.value_or("")); }

// What of the workspace can be computed of one customer alone.
struct Scope {
  std::vector<store::Column> told;
  std::vector<std::string> needed;  // columns: those told, and those that rules read
  std::vector<std::string> segments;
};

Scope scope_of(const CustomerDays& customer, const expr::SegmentProgram& program, CustomerTimeline& timeline) {
  Scope scope;
  std::set<std::string> known;
  std::set<std::string> needed;
  for (const store::Column& column : customer.columns()) {
    known.insert(lower_ascii(column.name));
    if (!is_told(column)) continue;
    scope.told.push_back(column);
    needed.insert(column.name);
  }
  timeline.columns_left_out = customer.left_out();
  for (const std::string& name : segment::names_of(program)) {
    const std::vector<std::string> columns = segment::columns_needed(program, {name}, expr::Reach::kAnyDay);
    if (std::ranges::all_of(columns, [&](const std::string& column) { return known.contains(lower_ascii(column)); })) {
      scope.segments.push_back(name);
      needed.insert(columns.begin(), columns.end());
    } else {
      timeline.segments_left_out.push_back(name);
    }
  }
  scope.needed.assign(needed.begin(), needed.end());
  return scope;
}

Status add_events(CustomerDays& customer, const CustomerTimeline& timeline, Days& days) {
  HILO_ASSIGN(const TextTable table,
              query_table(customer.session(),
                          "select time::date as day, type, channel, source, count(*) as events, sum(amount) as amount "
                          "from temp.events where time::date between $from and $to group by all "
                          "order by day, min(time_utc), min(seq)",
                          {{"from", timeline.from}, {"to", timeline.to}}));
  for (const TextRow& row : table.rows) {
    HILO_ASSIGN(const Date day, date_of(row[0]));
    day_at(days, day).events.push_back({.type = row[1],
                                        .channel = row[2],
                                        .source = row[3],
                                        .count = std::stoll(row[4].value_or("0")),
                                        .amount = row[5]});
  }
  return {};
}

// What the rows of the days that follow each other differ in. The first is compared with the day before the story, or,
// where the customer begins in it, with nothing.
Status add_changes(CustomerDays& customer, const std::vector<store::Column>& told, const CustomerTimeline& timeline,
                   Days& days) {
  HILO_ASSIGN(const TextTable table, customer.rows());
  std::vector<std::pair<std::size_t, store::Column>> places;
  for (const store::Column& column : told)
    places.emplace_back(std::ranges::find(table.columns, column.name, &store::Column::name) - table.columns.begin(),
                        column);
  TextRow before(table.columns.size());
  for (const TextRow& row : table.rows) {
    HILO_ASSIGN(const Date day, date_of(row[0]));
    if (day >= timeline.from) {
      std::vector<ColumnChange> changes;
      for (const auto& [place, column] : places) {
        // Nothing bought on the first day is no change.
        const bool still_none = !before[place] && row[place] == "0" && is_number(column.type);
        if (row[place] == before[place] || still_none) continue;
        changes.push_back({.column = column, .before = before[place], .after = row[place]});
      }
      if (!changes.empty()) day_at(days, day).changes = std::move(changes);
      if (day == timeline.known_since) day_at(days, day).first = true;
    }
    before = row;
  }
  return {};
}

Status add_segments(CustomerDays& customer, const expr::SegmentProgram& program, const Scope& scope, const Limit& limit,
                    const CustomerTimeline& timeline, Days& days) {
  HILO_ASSIGN(const TextTable table, customer.segments(program, scope.segments, limit));
  std::map<Date, std::set<std::string>> members;
  for (const TextRow& row : table.rows) {
    HILO_ASSIGN(const Date day, date_of(row[0]));
    members[day].insert(row[1].value_or(""));
  }
  for (Date day = timeline.from; day <= timeline.to; ++day.days) {
    const std::set<std::string>& before = members[Date{day.days - 1}];
    const std::set<std::string>& now = members[day];
    if (before == now) continue;
    TimelineDay& entry = day_at(days, day);
    std::ranges::set_difference(now, before, std::back_inserter(entry.entered));
    std::ranges::set_difference(before, now, std::back_inserter(entry.left));
  }
  return {};
}

}  // namespace

Result<Date> first_day(Reader& reader, std::int64_t customer_id) {
  HILO_ASSIGN(const auto since, reader.connection().query_text(
                                    "select exists_from::date::varchar from customer_spans where customer_id = $id",
                                    {{"id", customer_id}}));
  if (!since) return fail(ErrorCode::kNotFound, fmt::format("there is no customer {}", customer_id));
  return parse_date(*since);
}

Error not_yet(std::int64_t customer_id, Date day, Date known_since) {
  return {.code = ErrorCode::kNotFound,
          .message = fmt::format("customer {} does not exist yet on {}", customer_id, to_string(day)),
          .advice = fmt::format("Known since {}.", to_string(known_since))};
}

Result<CustomerTimeline> customer_timeline(SegmentDesk& desk, std::int64_t customer_id, const TimelineSpan& span) {
  Reader& reader = desk.reader();
  CustomerTimeline timeline;
  timeline.customer_id = customer_id;
  timeline.currency = reader.currency();
  HILO_ASSIGN(timeline.known_since, first_day(reader, customer_id));
  timeline.to = span.to.value_or(reader.default_day());
  timeline.from = span.from.value_or(Date{timeline.to.days - kDaysByDefault});
  if (span.from) HILO_TRY(days_between(*span.from, timeline.to, Step::kWeek));
  if (timeline.to < timeline.known_since)
    return std::unexpected(not_yet(customer_id, timeline.to, timeline.known_since));
  timeline.from = std::max(timeline.from, timeline.known_since);
  HILO_ASSIGN(const std::vector<Date> days, days_between(Date{timeline.from.days - 1}, timeline.to, Step::kDay));
  // Segments at fault are no reason not to tell the rest.
  timeline.segments_at_fault = !desk.all().has_value();
  HILO_ASSIGN(CustomerDays customer, CustomerDays::open(reader, customer_id));
  const Scope scope = scope_of(customer, desk.program(), timeline);
  HILO_TRY(customer.compute(days, scope.needed));
  Days story;
  HILO_TRY(add_events(customer, timeline, story));
  HILO_TRY(add_changes(customer, scope.told, timeline, story));
  HILO_TRY(add_segments(customer, desk.program(), scope, desk.limit(), timeline, story));
  HILO_ASSIGN(timeline.events_before,
              customer.session().query_integer("select count(*) from temp.events where time::date < $from",
                                               {{"from", timeline.from}}));
  for (auto& [day, entry] : story) timeline.days.push_back(std::move(entry));
  return timeline;
}

}  // namespace hilo::app
