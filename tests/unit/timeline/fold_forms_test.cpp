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

TEST_F(FoldForms, AreDoneByAFold) {
  for (const char* item : {
           "count(*)",
           "count(visits)",
           "count(distinct channel)",
           "sum(amount)",
           "sum(visits)",
           "avg(amount)",
           "min(type)",
           "max(time)",
           "first(flag)",
           "last(rating)",
           "mode(channel)",
           "median(visits)",
           "bool_or(flag)",
           "count(*) + (select count(*) from items)",

       }) {
    EXPECT_TRUE(oracle::is_folded(compared(over_events(item)))) << item;
  }
}

// Whoever makes a fold do one of these moves it up.
TEST_F(FoldForms, AreLeftToTheEngine) {
  for (const char* item : {
           "sum(rating)",
           "stddev(amount)",
           "list(distinct channel)",
           "median(amount)",
       }) {
    EXPECT_TRUE(compared(over_events(item)).folds.empty()) << item;
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
