#include "timeline/golden_stretches.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "store/log_view.h"
#include "timeline/flat_table.h"

namespace hilo::timeline {
namespace {

using store::quote_name;

// A golden row may be another from the day of any version on that says something of its columns. Places: {says},
// whether a version does; {begin} and {end} of the customers.
constexpr const char* kTimes = R"(create or replace temp table golden_times as
with first_places as (
  select c.customer_id, c.customer_since, s._place
  from customer_spans c asof join series s on c.exists_from::date <= s._day
  where c.customer_id >= {begin} and c.customer_id < {end}),
places as (
  select customer_id, _place from first_places
  union
  select v.customer_id, greatest(s._place, f._place)
  from (select customer_id, time::date as _date from versions
        where customer_id >= {begin} and customer_id < {end} and ({says})) v
  asof join series s on v._date <= s._day
  join first_places f on f.customer_id = v.customer_id)
select row_number() over () as _number, p.customer_id, f.customer_since, p._place, (s._day + 1)::timestamp as _as_of
from places p join series s on s._place = p._place join first_places f on f.customer_id = p.customer_id)";

}  // namespace

Status write_series(store::Connection& connection, const std::vector<Date>& days) {
  std::vector<std::int32_t> numbers;
  for (const Date day : days) numbers.push_back(day.days);
  return connection.execute(
      fmt::format("create or replace temp table series as select unnest(range({})) as _place, date '1970-01-01' + "
                  "unnest([{}]::integer[]) as _day",
                  days.size(), fmt::join(numbers, ", ")));
}

Status write_golden_stretches(store::Connection& connection, const std::vector<std::string>& columns,
                              const std::string& name, CustomerRange range) {
  std::string says = "false";
  std::string list;
  for (const std::string& column : columns) {
    list += ", _g." + quote_name(column);
    if (column != "customer_since") says += fmt::format(" or {} is not null", quote_name(column));
  }
  HILO_TRY(connection.execute(store::fill(
      kTimes, {{"says", says}, {"begin", std::to_string(range.begin)}, {"end", std::to_string(range.end)}})));
  HILO_TRY(connection.execute(fmt::format(
      "create or replace temp table {} as select _t.customer_id, _t._place as _first, lead(_t._place, 1, (select "
      "count(*) from series)) over (partition by _t.customer_id order by _t._place) as _until{} from golden_times _t "
      "join ({}) _g on _g.customer_id = _t._number",
      quote_name(name), list, golden_rows_at_sql("golden_times", columns))));
  return connection.execute("drop table temp.golden_times");
}

}  // namespace hilo::timeline
