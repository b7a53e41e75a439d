#include "expr/segment_days.h"

#include <map>
#include <ranges>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "expr/tokens.h"

namespace hilo::expr {
namespace {

using DaySet = std::set<std::int32_t>;

// The days that an expression gives for these days, without those that lie after the one asked about.
Result<DaySet> days_told(const std::string& expression, const DaySet& days, store::Connection& scratch) {
  HILO_ASSIGN(store::Rows rows,
              scratch.query(fmt::format(
                  "select distinct past from (select day_asked, {} as past from (select date '1970-01-01' + "
                  "unnest([{}]::integer[]) as day_asked)) where past <= day_asked",
                  with_day_from(expression, "day_asked", "(day_asked + 1)::timestamp"), fmt::join(days, ", "))));
  DaySet told;
  HILO_TRY(rows.for_each([&](const store::Chunk& chunk, std::size_t row) {
    told.insert(static_cast<std::int32_t>(chunk.integer(0, row)));
  }));
  return told;
}

}  // namespace

Result<std::vector<SegmentsOfDay>> past_members_needed(const SegmentProgram& program,
                                                       const std::vector<std::string>& names,
                                                       const std::vector<Date>& days, store::Connection& scratch) {
  std::map<std::string, DaySet> asked;
  for (const std::string& name : names) {
    for (const Date day : days) asked[name].insert(day.days);
  }
  std::map<std::string, DaySet> needed;
  // Each rule stands after those that it uses: from the end, every user comes before what it uses.
  for (const SegmentRule& rule : std::views::reverse(program.rules)) {
    const DaySet& own = asked[rule.name];
    if (own.empty()) continue;
    for (const std::string& used : rule.segments) asked[used].insert(own.begin(), own.end());
    for (const PastMembership& past : rule.past) {
      HILO_ASSIGN(const DaySet told, days_told(past.day, own, scratch));
      asked[past.segment].insert(told.begin(), told.end());
      needed[past.segment].insert(told.begin(), told.end());
    }
  }
  std::map<std::int32_t, SegmentsOfDay> by_day;
  for (const SegmentRule& rule : program.rules) {
    for (const std::int32_t day : needed[rule.name]) by_day[day].names.push_back(rule.name);
  }
  std::vector<SegmentsOfDay> result;
  for (auto& [day, segments] : by_day) result.push_back({.day = Date{day}, .names = std::move(segments.names)});
  return result;
}

}  // namespace hilo::expr
