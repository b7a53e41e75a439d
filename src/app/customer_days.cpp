#include "app/customer_days.h"

#include <algorithm>
#include <map>
#include <ranges>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.h"
#include "expr/segment_days.h"
#include "expr/tokens.h"
#include "segment/membership.h"
#include "timeline/flat_table.h"
#include "timeline/one_customer.h"

namespace hilo::app {
namespace {

using store::quote_name;

constexpr std::string_view kDayOfNumber = "(date '1970-01-01' + customer_id::integer)";
std::vector<std::string> lower_names(const std::vector<store::Column>& columns) {
  std::vector<std::string> names;
  for (const store::Column& column : columns) names.push_back(lower_ascii(column.name));
  return names;
}

std::string column_list(const std::vector<std::string>& names) {
  std::string list = "customer_id";
  for (const std::string& name : names) list += ", " + quote_name(name);
  return list;
}

std::vector<std::int32_t> numbers_of(const std::vector<Date>& days) {
  std::vector<std::int32_t> numbers;
  for (const Date day : days) numbers.push_back(day.days);
  return numbers;
}

}  // namespace

// A query of one day with the parameters `$day` and `$as_of`, and the temporary table that takes what it gives, the day
// first.
struct CustomerDays::PerDay {
  std::string table;
  std::string columns;  ///< of what the query gives
  std::string sql;
};

// Segments on some of the days whose rows a table holds, and the table that takes the answers.
struct CustomerDays::Asked {
  std::vector<std::string> names;
  std::vector<Date> days;
  std::string rows;
  std::string answers;  ///< day, segment
};

Result<CustomerDays> CustomerDays::open(Reader& reader, std::int64_t customer_id) {
  HILO_ASSIGN(store::Database database, reader.past().open_again());
  HILO_ASSIGN(store::Connection session, database.connect());
  CustomerDays days(std::move(session));
  days.flat_ = timeline::flat_table_sql(timeline::without_populations(reader.past().table()));
  HILO_ASSIGN(const std::vector<store::Column> all, days.session_.describe("select * from main.customers"));
  HILO_ASSIGN(days.columns_, days.session_.describe(days.flat_));
  const std::vector<std::string> known = lower_names(days.columns_);
  for (const store::Column& column : all) {
    if (std::ranges::find(known, lower_ascii(column.name)) == known.end()) days.left_out_.push_back(column.name);
  }
  days.day_ = "day";
  while (std::ranges::find(known, days.day_) != known.end()) days.day_ += "_";
  HILO_TRY(timeline::keep_one_customer(days.session_, customer_id));
  return days;
}

Status CustomerDays::fill(const PerDay& query, const std::vector<Date>& days) {
  for (const Date day : days)
    HILO_TRY(session_.query(
        fmt::format("insert into {} select $day::date, {} from ({}) of_day", query.table, query.columns, query.sql),
        timeline::day_parameters(day)));
  return {};
}

Status CustomerDays::compute(const std::vector<Date>& days, const std::vector<std::string>& names) {
  days_ = days;
  names_.clear();
  std::set<std::string> wanted;
  for (const std::string& name : names) wanted.insert(lower_ascii(name));
  std::string definitions = quote_name(day_) + " date, customer_id bigint";
  for (const store::Column& column : columns_) {
    if (column.name == "customer_id" || !wanted.contains(lower_ascii(column.name))) continue;
    names_.push_back(column.name);
    definitions += fmt::format(", {} {}", quote_name(column.name), column.type);
  }
  HILO_TRY(session_.execute(fmt::format("create or replace temp table customer_days ({})", definitions)));
  return fill({.table = "temp.customer_days", .columns = column_list(names_), .sql = flat_}, days);
}

Result<TextTable> CustomerDays::rows() {
  std::string list = quote_name(day_);
  for (const std::string& name : names_) list += ", " + quote_name(name);
  return query_table(session_, fmt::format("select {} from temp.customer_days order by {}", list, quote_name(day_)));
}

// A rule is a condition on one row, and every day has one: they are asked at once, with the days' numbers for ids. A
// rule that reads the id itself is asked day by day.
Status CustomerDays::fill_segments(const expr::SegmentProgram& program, const Asked& asked) {
  std::vector<std::string> by_number;
  std::vector<std::string> by_id;
  for (const std::string& name : asked.names) {
    const bool reads_id = std::ranges::any_of(expr::closure(program, {name}), [](const expr::SegmentRule* rule) {
      return std::ranges::find(rule->uses, "customer_id") != rule->uses.end();
    });
    (reads_id ? by_id : by_number).push_back(name);
  }
  const auto members = [&](const std::vector<std::string>& names, const std::string& customers) {
    return segment::members_sql(program, names, customers, segment::RowsOf::kOneCustomer);
  };
  if (!by_number.empty()) {
    const std::string customers = fmt::format(
        "(select datediff('day', date '1970-01-01', {0}) as customer_id, * exclude ({0}, customer_id) from temp.{1} "
        "where datediff('day', date '1970-01-01', {0}) in ({2}))",
        quote_name(day_), asked.rows, fmt::join(numbers_of(asked.days), ", "));
    HILO_TRY(session_.execute(fmt::format("insert into {} select {}, segment from ({})", asked.answers, kDayOfNumber,
                                          expr::with_day_from(members(by_number, customers), kDayOfNumber,
                                                              fmt::format("({} + 1)::timestamp", kDayOfNumber)))));
  }
  if (by_id.empty()) return {};
  const std::string customers =
      fmt::format("(select * exclude ({0}) from temp.{1} where {0} = $day)", quote_name(day_), asked.rows);
  return fill({.table = asked.answers, .columns = "segment", .sql = members(by_id, customers)}, asked.days);
}

// Each segment is asked on all of its days at once, after those that it needs.
Status CustomerDays::fill_past_segments(const expr::SegmentProgram& program, const std::vector<std::string>& names) {
  HILO_ASSIGN(const std::vector<expr::SegmentsOfDay> needed,
              expr::past_members_needed(program, names, days_, session_));
  HILO_TRY(session_.execute(
      fmt::format("create or replace temp table {} (day date, segment varchar)", segment::kPastMembers)));
  if (needed.empty()) return {};
  std::vector<Date> others;
  std::map<std::string, std::vector<Date>> days_of;
  for (const expr::SegmentsOfDay& of_day : needed) {
    if (!std::ranges::binary_search(days_, of_day.day)) others.push_back(of_day.day);
    for (const std::string& name : of_day.names) days_of[name].push_back(of_day.day);
  }
  HILO_TRY(session_.execute("create or replace temp table customer_days_and_past as from temp.customer_days"));
  HILO_TRY(fill({.table = "temp.customer_days_and_past", .columns = column_list(names_), .sql = flat_}, others));
  for (const expr::SegmentRule& rule : program.rules) {
    const auto asked = days_of.find(rule.name);
    if (asked == days_of.end()) continue;
    HILO_TRY(fill_segments(program, {.names = {rule.name},
                                     .days = asked->second,
                                     .rows = "customer_days_and_past",
                                     .answers = std::string(segment::kPastMembers)}));
  }
  return {};
}

Result<TextTable> CustomerDays::segments(const expr::SegmentProgram& program, const std::vector<std::string>& names,
                                         const Limit& limit) {
  HILO_TRY(session_.execute("create or replace temp table segment_days (day date, segment varchar)"));
  const TimeLimit watch(session_, limit);
  Status filled = fill_past_segments(program, names);
  if (filled && !names.empty())
    filled = fill_segments(program,
                           {.names = names, .days = days_, .rows = "customer_days", .answers = "temp.segment_days"});
  if (!filled) return std::unexpected(watch.told(filled.error()));
  return query_table(session_, "select day, segment from temp.segment_days order by day, segment");
}

}  // namespace hilo::app
