// Goal: what the fold gives is what the engine gives for the same canonical text. Method: seeded random histories and
// definitions of a grammar (tests/oracle), every cell compared, at one and two threads; days before, at and after the
// last one, and parts of definitions; what once differed. A failure prints the seed and the definition.
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "expr/attributes_text.h"
#include "oracle/fold_oracle.h"
#include "oracle/grammar.h"
#include "oracle/history.h"
#include "timeline/fold/fold_job.h"

namespace hilo::timeline {
namespace {

using oracle::Dice;
using oracle::Grammar;
using oracle::kDay;
using oracle::Values;

constexpr int kShares = 4;

// FOLD_SEEDS gives the number of seeds, which are shared out among the tests; FOLD_SEED the only one.
std::vector<std::uint64_t> seeds_of(int share, int usually) {
  // NOLINTBEGIN(concurrency-mt-unsafe): nobody sets them
  const char* only = std::getenv("FOLD_SEED");
  const char* number = std::getenv("FOLD_SEEDS");
  // NOLINTEND(concurrency-mt-unsafe)
  if (only != nullptr)
    return share == 0 ? std::vector<std::uint64_t>{std::strtoull(only, nullptr, 10)} : std::vector<std::uint64_t>{};
  std::vector<std::uint64_t> seeds;
  for (int seed = share; seed < (number == nullptr ? usually : std::atoi(number)); seed += kShares)
    seeds.push_back(static_cast<std::uint64_t>(seed));
  return seeds;
}

class FoldOracle : public testing::TestWithParam<int> {};

TEST_P(FoldOracle, GivesWhatTheEngineGives) {
  const auto oracle = oracle::FoldOracle::open(1 + GetParam() % 2);
  ASSERT_TRUE(oracle) << oracle.error().text();
  for (const std::uint64_t seed : seeds_of(GetParam(), 100)) {
    const Status same = (*oracle)->judge(seed);
    ASSERT_TRUE(same) << same.error().message;
  }
}

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& name) : path_(testing::TempDir() + name) { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    for (const char* ending : {"", ".wal"}) std::filesystem::remove(path_ + ending);
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A store on disk, of which what was read for the last day serves the days before.
TEST_P(FoldOracle, GivesItOnAnyDayAndInPart) {
  auto scratch_database = store::Database::open("", {.threads = 1});
  auto scratch = scratch_database->connect();
  for (const std::uint64_t seed : seeds_of(GetParam(), 16)) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Dice dice(seed);
    const TemporaryFile file(fmt::format("hilo-fold-{}-{}.duckdb", getpid(), seed));
    auto database = store::Database::open(file.path(), {.threads = 2, .memory_limit = "1GB"});
    auto connection = database->connect();
    ASSERT_TRUE(oracle::make_tables(*connection, dice, Values::kUsual));
    ASSERT_TRUE(connection->execute("checkpoint"));
    const std::vector<std::int64_t> all = oracle::everybody(*connection).value();
    auto again = store::Database::open(file.path(), {.read_only = true, .threads = 1});
    ASSERT_TRUE(again);
    const auto histories = Histories::of(std::move(*again), 1 + dice.below(2), kDay);
    ASSERT_TRUE(histories) << histories.error().text();
    if (!dice.one_in(3)) (*histories)->expect_more();
    for (int round = 0; round < 2; ++round) {
      const std::string text = Grammar(dice, Values::kUsual).definition("value");
      const auto program = oracle::compile({text}, *scratch);
      ASSERT_TRUE(program) << text << "\n" << program.error().text();
      const expr::AttributeSet& whole = program->sets.front();
      ASSERT_TRUE(oracle::is_folded(whole)) << text;
      expr::AttributeProgram part;
      part.sets.push_back(expr::part_of(
          whole, {whole.columns[static_cast<std::size_t>(dice.below(static_cast<int>(whole.columns.size())))].name}));
      const expr::AttributeSet& set = part.sets.front();
      for (const Date day : {kDay, Date{kDay.days - dice.below(120)}, Date{kDay.days - 500}, Date{kDay.days + 9}}) {
        ASSERT_TRUE(write_folds(*connection, part, {.day = day, .customers = all}, **histories, 100)) << text;
        ASSERT_EQ(oracle::rows_by_fold(*connection, set, day).value(),
                  oracle::rows_by_engine(*connection, set, day).value())
            << text;
        ASSERT_TRUE(drop_folds(*connection, part));
      }
    }
  }
}

expr::AttributeProgram compiled(const std::string& text) {
  auto database = store::Database::open("");
  auto scratch = database->connect();
  auto program = oracle::compile({text}, *scratch);
  EXPECT_TRUE(program) << text;
  return program ? *program : expr::AttributeProgram{};
}

TEST(FoldJobTest, OneCustomerMayHaveMoreRowsThanABatch) {
  auto database = store::Database::open("", {.threads = 2});
  auto connection = database->connect();
  ASSERT_TRUE(connection->execute(fmt::format(
      "create table events({}); insert into events by name select range // 30000 as customer_id, timestamp "
      "'2021-01-01' "
      "+ to_minutes(range % 997) as time, time as time_utc, range as seq, 'order' as type, 'k' || (range % 5000) as "
      "channel, range % 10 as visits from range(90000); create table customer_spans as select range as customer_id "
      "from "
      "range(3)",
      store::column_definitions(oracle::schema().front().columns))));
  const auto program = compiled(
      "select count(*) as orders, sum(visits) as visited, count(distinct channel) as channels, count(*) filter (where "
      "before_at is null) as firsts from (select *, lag(time) over (partition by channel order by time_utc, seq) as "
      "before_at from events)");
  ASSERT_EQ(program.sets.front().folds.size(), 1U);
  ASSERT_TRUE(oracle::fold(*connection, program));
  const auto wrong = connection->query_integer(
      "select count(*) filter (where _a1 <> 30000 or _a2 <> 135000 or _a3 <> 5000 or _a4 <> 5000) + abs(count(*) - 3) "
      "from \"fold 1 1\"");
  ASSERT_TRUE(wrong) << wrong.error().text();
  EXPECT_EQ(*wrong, 0);
}

TEST(FoldJobTest, TextThatIsNoProgramIsTold) {
  for (const char* text : {"", "{}", "[]", "{\"sets\": [1]}"}) EXPECT_FALSE(expr::parse_attributes(text)) << text;
}

TEST(FoldJobTest, WhatCannotBeReadIsToldAndThreadsAreAsBefore) {
  auto database = store::Database::open("", {.threads = 2});
  auto connection = database->connect();
  ASSERT_TRUE(connection->execute(
      "create table events(customer_id bigint, time timestamp, time_utc timestamp, seq bigint); insert into events "
      "select range, timestamp '2021-01-01', timestamp '2021-01-01', range from range(50); create table customer_spans "
      "as select customer_id from events"));
  const Status written = oracle::fold(*connection, compiled("select sum(amount) as revenue from events"), 10);
  ASSERT_FALSE(written);
  EXPECT_TRUE(written.error().message.contains("amount")) << written.error().text();
  EXPECT_EQ(connection->query_integer("select current_setting('threads')::bigint").value(), 2);
}

INSTANTIATE_TEST_SUITE_P(All, FoldOracle, testing::Range(0, kShares));

}  // namespace
}  // namespace hilo::timeline
