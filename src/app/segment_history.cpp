#include "app/segment_history.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/segment_series.h"
#include "base/text.h"

namespace hilo::app {
namespace {

Date month_end(int year, int month) {
  Result<Date> end = make_date(year, month, 31);
  for (int day = 30; !end; --day) end = make_date(year, month, day);
  return *end;
}

// The end of the month that lies `months` before that of `day`.
Date month_end_before(Date day, int months) {
  const CivilDate at = civil(day);
  const int number = at.year * 12 + at.month - 1 - months;
  return month_end(number / 12, number % 12 + 1);
}

Date default_from(Date to, Step step) {
  switch (step) {
    case Step::kDay: return {to.days - 30};
    case Step::kWeek: return {to.days - 13 * 7};
    case Step::kMonth: return month_end_before(to, 12);
  }
  return to;
}

// An instant's day in the workspace's zone.
constexpr std::string_view kRecordedOn = "timezone((select time_zone from meta), timezone('UTC', recorded_at))::date";

Result<std::int64_t> count_of(SegmentDesk& desk, const std::string& sql) {
  return desk.reader().connection().query_integer(sql);
}

void append_rows(TextTable& table, TextTable more) {
  table.columns = std::move(more.columns);
  table.rows.insert(table.rows.end(), more.rows.begin(), more.rows.end());
}

}  // namespace

Result<std::vector<Date>> history_days(SegmentDesk& desk, std::optional<Date> from, std::optional<Date> to, Step step) {
  const Date last = to.value_or(desk.default_day());
  HILO_ASSIGN(const std::int64_t first,
              count_of(desk, "select coalesce(min(exists_from)::date, (select day from meta)) from customer_spans"));
  Date start = from.value_or(default_from(last, step));
  if (!from) start = std::min(last, std::max(start, Date{static_cast<std::int32_t>(first)}));
  if (step == Step::kMonth && !from) {
    const CivilDate at = civil(start);
    start = std::min(last, month_end(at.year, at.month));
  }
  HILO_ASSIGN(std::vector<Date> days, days_between(start, last, step));
  if (days.back() != last) days.push_back(last);
  return days;
}

Result<SegmentHistory> segment_history(SegmentDesk& desk, const expr::SegmentRule& rule, const std::vector<Date>& days,
                                       bool with_who, const DayProgress& progress) {
  constexpr std::size_t kFewDays = 3;  // which are made as fast one by one
  if (days.size() > kFewDays) {
    HILO_ASSIGN(SegmentSeries series, SegmentSeries::open(desk, {&rule}, days));
    HILO_ASSIGN(std::optional<SegmentHistory> whole, series.history(rule, with_who, progress));
    if (whole) return std::move(*whole);
  }
  SegmentHistory history;
  store::Connection& connection = desk.reader().connection();
  for (const Date day : days) {
    progress(static_cast<std::int64_t>(history.points.size()), static_cast<std::int64_t>(days.size()));
    if (!history.points.empty())
      HILO_TRY(connection.execute("create or replace temp table members_before as from members"));
    HILO_TRY(desk.write_members(day, {rule.name}, "members"));
    HistoryPoint point{.day = day, .customers = 0, .members = 0, .entered = {}, .left = {}};
    HILO_ASSIGN(point.customers, desk.count_customers(day));
    HILO_ASSIGN(point.members, count_of(desk, "select count(*) from members"));
    if (!history.points.empty()) {
      HILO_ASSIGN(point.entered, count_of(desk,
                                          "select count(*) from members anti join members_before using "
                                          "(customer_id)"));
      point.left = history.points.back().members + *point.entered - point.members;
      if (with_who) {
        HILO_ASSIGN(TextTable who,
                    query_table(connection,
                                "select $day::date as day, 'entered' as change, customer_id from members "
                                "anti join members_before using (customer_id) union all "
                                "select $day::date, 'left', customer_id from members_before anti join "
                                "members using (customer_id) order by change, customer_id",
                                {{"day", day}}));
        append_rows(history.who, std::move(who));
      }
    }
    history.points.push_back(point);
  }
  progress(static_cast<std::int64_t>(days.size()), static_cast<std::int64_t>(days.size()));
  return history;
}

Result<TextTable> recorded_history(Reader& reader, const std::string& name) {
  return query_table(reader.connection(),
                     fmt::format("select run, {} as recorded_on, day, version, members, entered, departed as \"left\" "
                                 "from segment_records where segment = $segment order by run",
                                 kRecordedOn),
                     {{"segment", name}});
}

Result<KnownMembers> members_known_on(Reader& reader, const std::string& name, Date day, std::int64_t rows_max) {
  HILO_ASSIGN(const TextTable record,
              query_table(reader.connection(),
                          fmt::format("select run, {0} as recorded_on, day, version from segment_records "
                                      "where segment = $segment and {0} <= $day order by run desc limit 1",
                                      kRecordedOn),
                          {{"segment", name}, {"day", day}}));
  if (record.rows.empty()) {
    HILO_ASSIGN(const auto first,
                reader.connection().query_text(
                    fmt::format("select min({})::varchar from segment_records where segment = $segment", kRecordedOn),
                    {{"segment", name}}));
    return fail(ErrorCode::kNotFound, fmt::format("no run had recorded the segment '{}' by {}", name, to_string(day)),
                first ? fmt::format("The first record is of {}.", *first)
                      : "`hilo run` records who is a member; `--as-of` computes any day.");
  }
  KnownMembers known;
  const TextRow& row = record.rows.front();
  known.run = std::stoll(row[0].value_or("0"));
  known.recorded_on = row[1].value_or("");
  known.day = row[2].value_or("");
  known.version = row[3].value_or("");
  HILO_ASSIGN(known.members,
              query_table(reader.connection(),
                          "select m.customer_id, case when i.customer_id <> m.customer_id then i.customer_id end as "
                          "merged_into from (select customer_id from segment_changes where segment = $segment and "
                          "run <= $run group by all having sum(change) > 0) m left join identity i on i.record_id = "
                          "m.customer_id order by m.customer_id",
                          {{"segment", name}, {"run", known.run}}, rows_max));
  return known;
}

Result<Overlap> overlap(SegmentDesk& desk, const std::vector<std::string>& names, Date day) {
  Overlap result;
  result.day = day;
  HILO_TRY(desk.write_members(day, names, "members"));
  HILO_ASSIGN(result.in_any, count_of(desk, "select count(distinct customer_id) from members"));
  HILO_ASSIGN(result.in_all,
              count_of(desk, fmt::format("select count(*) from (select customer_id from members group by all having "
                                         "count(*) = {})",
                                         names.size())));
  HILO_ASSIGN(
      result.pairs,
      query_table(
          desk.reader().connection(),
          fmt::format("with names as (select unnest({0}) as segment, unnest(range({1})) as place), "
                      "sizes as (select n.segment, n.place, count(m.customer_id) as members from names n "
                      "left join members m using (segment) group by all), "
                      "common as (select a.segment, b.segment as other, count(*) as both from members a join members b "
                      "using (customer_id) group by all) "
                      "select a.segment, b.segment as other, a.members, b.members as other_members, "
                      "coalesce(c.both, 0) as both, "
                      "coalesce(c.both, 0) / nullif(a.members + b.members - coalesce(c.both, 0), 0) as jaccard "
                      "from sizes a join sizes b on a.place < b.place "
                      "left join common c on c.segment = a.segment and c.other = b.segment order by a.place, b.place",
                      store::quote_list(names), names.size())));
  return result;
}

}  // namespace hilo::app
