// Goal: stretches hold on each of their days what a fold of that day gives. Method: random histories and definitions of
// a seed (tests/oracle), random series of days; every customer and day compared. What a fold over time cannot do is
// left alone: how often it can is asserted, so that the comparison is not empty.

#include "timeline/fold/stretches.h"

#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "oracle/fold_oracle.h"
#include "oracle/grammar.h"
#include "oracle/history.h"
#include "timeline/fold/fold_job.h"

namespace hilo::timeline {
namespace {

using oracle::Dice;
using oracle::kDay;

// Ascending, some of them before anything happened.
std::vector<Date> random_days(Dice& dice) {
  std::vector<Date> days;
  Date day{kDay.days - dice.below(400)};
  const int count = 2 + dice.below(12);
  while (std::ssize(days) < count) {
    days.push_back(day);
    day.days += 1 + (dice.one_in(2) ? 0 : dice.below(60));
  }
  return days;
}

// Those of the rows, as text, whose customer exists.
std::vector<std::string> of_existing(const std::vector<std::string>& rows, const std::vector<std::int32_t>& first,
                                     std::size_t place) {
  std::vector<std::string> some;
  for (std::size_t at = 0; at < rows.size(); ++at) {
    if (std::cmp_less_equal(first[at], place)) some.push_back(rows[at]);
  }
  return some;
}

class StretchesTest : public testing::Test {
 protected:
  void SetUp() override {
    database_ = store::Database::open("", {.threads = 2, .memory_limit = "1GB"}).value();
    connection_ = database_->connect().value();
    scratch_database_ = store::Database::open("", {.threads = 1}).value();
    scratch_ = scratch_database_->connect().value();
  }

  // Compares a definition's values with the engine's on each of the days. Returns whether they can be made over time.
  bool compare(const std::string& text, const std::vector<Date>& days, Dice& dice) {
    const auto program = oracle::compile({text}, *scratch_);
    EXPECT_TRUE(program) << text;
    if (!program) return false;
    const expr::AttributeSet& set = program->sets.front();
    const std::vector<std::int64_t> all = oracle::everybody(*connection_).value();
    std::vector<std::int32_t> first;
    while (first.size() < all.size()) first.push_back(dice.one_in(4) ? dice.below(static_cast<int>(days.size())) : 0);
    const auto histories = Histories::beside(*connection_).value();
    for (const expr::FoldScan& scan : set.folds) {
      const auto written = write_stretches(*connection_, scan, {.days = days, .customers = all, .first = first},
                                           plan_of(std::vector{&scan}), *histories, 20 + dice.below(300));
      EXPECT_TRUE(written) << written.error().text() << "\n" << text;
      if (!written || !*written) return false;
      EXPECT_TRUE(
          connection_->execute(fmt::format("create or replace temp table {} as from {}",
                                           store::quote_name("over time " + scan.name), store::quote_name(scan.name))));
    }
    for (std::size_t place = 0; place < days.size(); ++place) {
      for (const expr::FoldScan& scan : set.folds) {
        EXPECT_TRUE(connection_->execute(
            fmt::format("create or replace temp table {} as from {} where _first <= {} and _until > {}",
                        store::quote_name(scan.name), store::quote_name("over time " + scan.name), place, place)));
      }
      const Date day = days[place];
      EXPECT_EQ(of_existing(oracle::rows_by_fold(*connection_, set, day).value(), first, place),
                of_existing(oracle::rows_by_engine(*connection_, set, day).value(), first, place))
          << to_string(day) << "\n"
          << text;
    }
    return true;
  }

  std::optional<store::Database> database_;
  std::optional<store::Connection> connection_;
  std::optional<store::Database> scratch_database_;
  std::optional<store::Connection> scratch_;
};

TEST_F(StretchesTest, HoldWhatEachDayGives) {
  constexpr int kSeeds = 40;
  int made = 0;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Dice dice(seed);
    const auto values = dice.one_in(3) ? oracle::Values::kExtreme : oracle::Values::kUsual;
    ASSERT_TRUE(oracle::make_tables(*connection_, dice, values));
    const std::string definition = oracle::Grammar(dice, values).definition("value");
    made += compare(definition, random_days(dice), dice) ? 1 : 0;
  }
  EXPECT_GT(made, kSeeds / 10);
}

// What definitions ask most: windows that end with the day, every kind of result.
TEST_F(StretchesTest, HoldWhatDefinitionsAskMost) {
  constexpr int kSeeds = 6;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Dice dice(seed);
    ASSERT_TRUE(oracle::make_tables(*connection_, dice, oracle::Values::kUsual));
    std::vector<Date> days;
    for (int before = 150; before >= 0; before -= 1 + dice.below(9)) days.push_back({kDay.days - before});
    EXPECT_TRUE(compare(
        "select count(*) as a, count(*) filter (where type = 'order' and time >= $as_of - interval 30 day) as b, "
        "sum(amount) filter (where time between $as_of - interval 90 day and $as_of - interval 20 day) as c, "
        "avg(rating) filter (where time::date > $day - 45) as d, mode(channel) filter (where time >= $day - interval "
        "60 day) as e, list(distinct type) as f, last(channel) as g, max(time) as h, median(visits) as i, "
        "bool_or(flag) as j, arg_max(points, amount) as k from events",
        days, dice));
    for (const char* other : {"select count(*) filter (where month(time) = month($day)) as a from events",
                              "select max(date_diff('day', time, $day)) as a from events",
                              "select count(*) filter (where type = 'order' or time >= $as_of - interval 9 day) as a "
                              "from events"}) {
      EXPECT_FALSE(compare(other, days, dice)) << other;
    }
  }
}

// A row whose day comes after that of the next one, as clocks of two zones can have it, would be looked back to before
// it is there.
TEST_F(StretchesTest, AreNotMadeWhereTheRowBeforeMayComeLater) {
  ASSERT_TRUE(connection_->execute(fmt::format(
      "create table events({}); insert into events by name from (values (0, timestamp '2021-09-02 00:30', timestamp "
      "'2021-09-01 22:00', 1), (0, timestamp '2021-09-01 20:00', timestamp '2021-09-01 23:00', 2)) t(customer_id, "
      "time, "
      "time_utc, seq); create table customer_spans as select 0 as customer_id",
      store::column_definitions(oracle::schema().front().columns))));
  const auto program = oracle::compile(
      {"select max(date_diff('hour', before, time)) as longest from (select *, lag(time) over (order by time_utc, seq) "
       "as before from events)"},
      *scratch_);
  ASSERT_TRUE(program) << program.error().text();
  const std::vector<Date> days = {{kDay.days - 29}, {kDay.days - 28}, kDay};
  const std::vector<std::int64_t> all = {0};
  const std::vector<std::int32_t> first = {0};
  const auto histories = Histories::beside(*connection_).value();
  const expr::FoldScan& scan = program->sets.front().folds.front();
  const auto written = write_stretches(*connection_, scan, {.days = days, .customers = all, .first = first},
                                       plan_of(std::vector{&scan}), *histories);
  ASSERT_TRUE(written) << written.error().text();
  EXPECT_FALSE(*written);
  EXPECT_FALSE(connection_->execute("from temp." + store::quote_name(scan.name)));
}

}  // namespace
}  // namespace hilo::timeline
