// Goal: what a fold does and what it leaves to the engine are told apart, form by form, and where a fold does it, it
// gives what the engine gives. Method: one definition for each form, over one history.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "oracle/fold_oracle.h"
#include "oracle/history.h"
#include "timeline/fold/fold_job.h"

namespace hilo::timeline {
namespace {

class FoldForms : public testing::Test {
 protected:
  void SetUp() override {
    oracle::Dice dice(1);
    ASSERT_TRUE(oracle::make_tables(connection_, dice, oracle::Values::kUsual));
  }

  // Compiles a definition, and where a fold does some of it, compares it with the engine.
  expr::AttributeSet compared(const std::string& text) {
    const auto program = oracle::compile({text}, scratch_);
    EXPECT_TRUE(program) << text << "\n" << (program ? "" : program.error().text());
    if (!program) return {};
    expr::AttributeSet set = program->sets.front();
    const Status folded = oracle::fold(connection_, *program);
    EXPECT_TRUE(folded) << text << "\n" << (folded ? "" : folded.error().text());
    if (folded) {
      const auto rows = oracle::rows_by_fold(connection_, set);
      EXPECT_TRUE(rows) << text << "\n" << (rows ? "" : rows.error().text());
      if (rows) {
        EXPECT_EQ(*rows, oracle::rows_by_engine(connection_, set).value()) << text;
      }
      EXPECT_TRUE(drop_folds(connection_, *program));
    }
    return set;
  }

 private:
  store::Database database_ = store::Database::open("", {.threads = 2}).value();
  store::Connection connection_ = database_.connect().value();
  store::Database scratch_database_ = store::Database::open("", {.threads = 1}).value();
  store::Connection scratch_ = scratch_database_.connect().value();
};

std::string over_events(const std::string& item) { return fmt::format("select {} as value from events", item); }

const std::vector<std::string>& folded_items() {
  static const std::vector<std::string> kItems = {
      // aggregates
      "count(*)", "count(visits)", "count(distinct channel)", "count(distinct rating)", "count_if(flag)", "sum(amount)",
      "sum(visits)", "sum(rating)", "avg(amount)", "avg(rating)", "min(type)", "max(time)", "min(rating)", "max(flag)",
      "stddev(amount)", "stddev_pop(rating)", "variance(visits)", "median(visits)", "median(amount)", "median(rating)",
      "median(time)", "median(due)", "quantile_cont(amount, 0.9)", "quantile_disc(channel, 0.25)", "mode(channel)",
      "first(flag)", "last(rating)", "last(channel order by amount desc)", "arg_max(channel, amount)",
      "arg_min(time, rating)", "bool_and(flag)", "bool_or(flag)", "list(distinct channel)", "list(distinct visits)",
      "count(*) + (select count(*) from items)", "max('yes')",
      // conditions
      "count(*) filter (where time >= date_trunc('month', $day))",
      "count(*) filter (where time >= date_trunc('quarter', $day) - interval 1 quarter)",
      "count(*) filter (where year(time) = year($day) - 1 and extract(week from time) = extract(week from $day))",
      "count(*) filter (where last_day(due) = last_day($day))", "count(*) filter (where channel ilike 'w%')",
      "count(*) filter (where regexp_matches(type, '^o'))", "count(*) filter (where type < channel)",
      "count(*) filter (where points < amount)", "count(*) filter (where dayname(time) = 'Monday')",
      "count(*) filter (where date_sub('month', time, $as_of) < 3)",
      // values
      "sum(amount / nullif(visits, 0))", "sum(visits // 2)", "sum(visits % 7)", "sum(points + 1)",
      "max(round(amount, 1))", "last(upper(channel) || type)",
      "mode(case when amount > 1 then 'much' else channel end)", "first(coalesce(channel, 'none'))",
      "sum(try_cast(channel as integer))", "max(time + interval 1 month)", "count(distinct time::date)",
      "max(extract(hour from time))", "sum(greatest(visits, 3))", "min(visits::varchar)"};
  return kItems;
}

TEST_F(FoldForms, AreDoneByAFold) {
  for (const std::string& item : folded_items()) EXPECT_TRUE(oracle::is_folded(compared(over_events(item)))) << item;
}

TEST_F(FoldForms, OfWindowsAreDoneByAFold) {
  for (const char* inner : {
           "*, lag(time) over (order by time_utc, seq) as w",
           "*, lead(time) over (partition by channel order by time_utc, seq) as w",
           "*, row_number() over (partition by time::date order by time_utc, seq) as w",
           "*, count(*) over (partition by flag order by time_utc, seq) as w",
           "*, count(amount) over (order by time_utc, seq) as w",
           "*, first_value(type) over (partition by points order by time_utc, seq) as w",
           "*, max(amount) over (partition by channel order by time_utc, seq) as w",
           "*, date_diff('hour', lag(time) over (order by time_utc, seq), time) as w",
           "*, coalesce(lag(channel) over (order by time_utc, seq), 'first') as w",
       }) {
    const std::string text = fmt::format(
        "select count(w) as a, last(w) as b, count(distinct w) as c from (select {} from "
        "events qualify row_number() over (partition by type order by time_utc, seq) "
        "< 5)",
        inner);
    EXPECT_TRUE(oracle::is_folded(compared(text))) << text;
  }
}

// Whoever makes a fold do one of these moves it up.
TEST_F(FoldForms, AreLeftToTheEngine) {
  for (const char* text : {
           "select list(channel) as a from events",
           "select string_agg(channel, ',') as a from events",
           "select sum(distinct visits) as a from events",
           "select mode(rating) as a from events",
           "select quantile_cont(amount, [0.25, 0.75]) as a from events",
           "select corr(rating, visits) as a from events",
           "select any_value(channel) as a from events",
           "select max(amount * visits) as a from events",
           "select max(time - ends) as a from events",
           "select max(orders) as a from (select time::date as day, count(*) as orders from events group by day)",
           "select count(*) as a from (select distinct type, channel from events)",
           "select last(w) as a from (select *, sum(amount) over (order by time_utc, seq) as w from events)",
           "select last(w) as a from (select *, max(time) over () as w from events)",
           "select last(w) as a from (select *, row_number() over (order by time desc) as w from events)",
           "select max(w ilike 'o%') as a from (select *, lag(type) over (order by time_utc, seq) as w from events)",
       }) {
    EXPECT_TRUE(compared(text).folds.empty()) << text;
  }
}

TEST_F(FoldForms, OnceDiffered) {
  std::string numbers = "0";
  for (int number = 1; number < 60; ++number) numbers += fmt::format(", {}", number);
  for (const std::string& text : std::vector<std::string>{
           "select max('yes') filter (where type = 'order') as bought, count('x') as n, first('a') as a from events",
           "select count(b) as n from (select *, lag('k') over (order by time_utc, seq) as b from events)",
           "select last(type) as l from (select type, amount as x from (select type, amount from events))",
           "select count(*) filter (where ends + interval 30 day >= $as_of) as n from events",
           "select max(ends - interval 7 day) as m, min(ends::date) as e from events",
           "select sum(date_diff('day', time, ends)) as d, count(date_diff('day', due, ends)) as f from events",
           "select avg(share) as s, avg(amount) as a from events",
           "select count(case when type = 'zz' then date '2021-02-30' end) as n from events",
           "select count(*) filter (where visits in (" + numbers + ")) as n from events",
           "select count(*) + (select count(*) from items) as n from events",
           "select count(*) filter (where (visits between 0 and 3) between false and true) as n from events",
           "select count(*) filter (where e.type = 'order') as n from events e",
       }) {
    compared(text);
  }
}

}  // namespace
}  // namespace hilo::timeline
