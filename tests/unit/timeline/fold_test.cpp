// Goal: what the fold gives is what the engine gives for the same canonical text. Method: seeded random histories (rows
// in no order, ties in time, nulls, values at the ends of their types) and random definitions from a grammar, read back
// from the text that a store keeps; every cell compared, at one and two threads. A failure prints the seed and the
// definition.
//
// Values that overflow are asked for one at a time: where a TRY fails, DuckDB 1.4.4 may lose values of the columns that
// it reads for what stands beside it (docs/decisions/0020), and would not do as an oracle.
#include <cstdlib>
#include <filesystem>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/text.h"
#include "expr/attributes_text.h"
#include "timeline/flat_table.h"
#include "timeline/fold/fold_job.h"

namespace hilo::timeline {
namespace {

constexpr int kShares = 4;
constexpr int kCustomers = 40;
constexpr Date kDay{18'900};

const std::vector<store::Column>& columns() {
  static const std::vector<store::Column> kColumns = {
      {"customer_id", "BIGINT"}, {"time", "TIMESTAMP"},     {"time_utc", "TIMESTAMP"},   {"seq", "BIGINT"},
      {"type", "VARCHAR"},       {"channel", "VARCHAR"},    {"amount", "DECIMAL(18,4)"}, {"cost", "DECIMAL(18,4)"},
      {"points", "INTEGER"},     {"visits", "BIGINT"},      {"rating", "DOUBLE"},        {"flag", "BOOLEAN"},
      {"due", "DATE"},           {"share", "DECIMAL(4,2)"}, {"ends", "TIMESTAMP"}};
  return kColumns;
}

class Dice {
 public:
  explicit Dice(int seed) : random_(static_cast<std::uint64_t>(seed)) {}
  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  bool one_in(int n) { return below(n) == 0; }
  std::string of(const std::vector<std::string>& choices) {
    return choices[static_cast<std::size_t>(below(static_cast<int>(choices.size())))];
  }

 private:
  std::mt19937_64 random_;
};

enum class Values : std::uint8_t { kUsual, kExtreme };

std::string random_rows(Dice& dice, Values values) {
  std::vector<std::string> rows;
  const int number = 300 + dice.below(300);
  const bool extreme = values == Values::kExtreme;
  const std::string high = extreme ? "99999999999999.9999" : "12345.6789";
  const std::string low = extreme ? "-99999999999999.9999" : "-77.5";
  for (int row = 0; row < number; ++row) {
    const std::string time = fmt::format("timestamp '2021-{:02}-{:02} {:02}:00:00'", 8 + dice.below(5),
                                         1 + dice.below(28), dice.below(3) * 11);
    rows.push_back(fmt::format(
        "({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})",
        dice.one_in(15) ? "null" : std::to_string(dice.below(kCustomers) * 3), time, time, row,
        dice.of({"'order'", "'return'", "'visit'", "'message_sent'", "''"}),
        dice.of({"'web'", "'store'", "'ä'", "null"}), dice.of({"1.5", "20", "-3.25", "null", "7.1234", high, low, "0"}),
        dice.of({"0.5", "2", "null", "12345.6789", high}), dice.of({"1", "2", "-3", "null", "2147483647"}),
        dice.of(
            {"1", "2", "5", "null", extreme ? "9223372036854775807" : "70", extreme ? "-9223372036854775808" : "-9"}),
        dice.of({"0.1", "1e300", "-0.0", "0", "null", "'nan'", "'inf'"}), dice.of({"true", "false", "null"}),
        dice.of({"date '2021-10-01'", "date '1969-12-31'", "date 'infinity'", "null"}),
        dice.of({"1.25", "-99.99", "null"}),
        dice.of({"timestamp '2021-09-01 12:00:00'", "timestamp 'infinity'", "timestamp '-infinity'", "null"})));
  }
  return join(rows, ", ");
}

// Definitions of what a fold knows, and a little of what it leaves to the engine.
class Grammar {
 public:
  Grammar(Dice& dice, Values values) : dice_(dice), values_(values) {}

  std::string definition() {
    std::string from = "events";
    if (values_ == Values::kUsual && dice_.one_in(2)) {
      from = fmt::format(
          "(select *, lag(time) over ({0}order by time_utc, seq) as before_at, {1}(case when {2} then {3} end) over "
          "(order "
          "by time_utc, seq) as so_far from events{4})",
          dice_.of({"", "partition by type ", "partition by channel "}), dice_.of({"max", "min"}), condition(1),
          dice_.of({"time", "amount", "visits"}), dice_.one_in(2) ? " where " + condition(1) : "");
      moments_ = {"time", "before_at", "ends"};
    }
    std::vector<std::string> items;
    const int number = values_ == Values::kExtreme ? 1 : 2 + dice_.below(6);
    for (int at = 0; at < number; ++at) items.push_back(fmt::format("{} as value_{}", aggregate(), at));
    std::string text = "select " + join(items, ", ") + " from " + from;
    if (values_ == Values::kUsual && dice_.one_in(3)) text += " where " + condition(2);
    return text;
  }

 private:
  std::string aggregate() {
    const std::string filter =
        values_ == Values::kExtreme || dice_.one_in(3) ? "" : fmt::format(" filter (where {})", condition(2));
    switch (dice_.below(12)) {
      case 0: return "count(*)" + filter;
      case 1: return fmt::format("count({})", any()) + filter;
      case 2:
        return fmt::format("count(distinct {})", dice_.of({"type", "channel", "points", "due", "amount"})) + filter;
      case 3:
      case 4: return fmt::format("{}({})", dice_.of({"sum", "avg"}), number(2)) + filter;
      case 5: return fmt::format("min({})", dice_.of({"type", "channel", "amount", "time", "due", "rating"})) + filter;
      case 6: return fmt::format("max({})", dice_.of({"type", "channel", "visits", moment(), "share"})) + filter;
      case 7: return fmt::format("{}({})", dice_.of({"first", "last"}), any()) + filter;
      case 8: return fmt::format("mode({})", dice_.of({"type", "channel", "points", "due"})) + filter;
      case 9:
        return fmt::format("median({})", dice_.of({"visits", "amount",
                                                   fmt::format("date_diff('day', {}, {})", moment(), moment())})) +
               filter;
      case 10: return fmt::format("{}({})", dice_.of({"bool_and", "bool_or"}), condition(1)) + filter;
      default: return fmt::format("count_if({})", condition(1));
    }
  }

  std::string any() {
    return dice_.of(
        {"type", "channel", "amount", "points", "visits", "rating", "flag", "due", "share", moment(), number(1)});
  }

  std::string moment() { return dice_.of(moments_); }

  std::string number(int depth) {
    if (depth == 0 || dice_.one_in(3)) return dice_.of({"amount", "cost", "visits", "points", "share"});
    switch (dice_.below(6)) {
      case 0: return fmt::format("amount {} cost", dice_.of({"+", "-", "*"}));
      case 1: return fmt::format("amount - cost * {}", dice_.of({"share", "cost"}));
      case 2: return fmt::format("visits {} visits", dice_.of({"+", "-", "*"}));
      case 3:
        return fmt::format("case when {} then {} else {} end", condition(depth - 1), "amount",
                           dice_.of({"cost", "null"}));
      case 4: return "coalesce(amount, cost)";
      default: return fmt::format("date_diff('day', {}, {})", moment(), dice_.of({moment(), "$day", "due"}));
    }
  }

  std::string condition(int depth) {
    if (depth > 0 && dice_.one_in(2)) {
      return fmt::format("({} {} {})", condition(depth - 1), dice_.of({"and", "or"}), condition(depth - 1));
    }
    const std::string compare = dice_.of({"=", "<>", "<", "<=", ">", ">="});
    switch (dice_.below(12)) {
      case 0: return fmt::format("type {} 'order'", dice_.of({"=", "<>"}));
      case 1: return fmt::format("channel {} ('web', 'ä')", dice_.of({"in", "not in"}));
      case 2: return fmt::format("{} >= $as_of - interval {} day", moment(), dice_.of({"30", "90"}));
      case 3: return fmt::format("amount {} {}", compare, dice_.of({"1.5", "0", "cost", "99999999999999.9999"}));
      case 4: return fmt::format("points {} {}", compare, dice_.of({"2", "-3", "visits"}));
      case 5: return fmt::format("rating {} {}", compare, dice_.of({"0", "0.1", "rating"}));
      case 6: return fmt::format("{} is {}null", any(), dice_.of({"", "not "}));
      case 7: return fmt::format("not ({})", condition(0));
      case 8: return fmt::format("{} between $as_of - interval 90 day and $as_of - interval 20 day", moment());
      case 9: return "flag";
      case 10: return fmt::format("{} {} {} - interval {} day", moment(), compare, moment(), dice_.of({"7", "40"}));
      default: return fmt::format("{}::date {} {}", moment(), compare, dice_.of({"$day", "due"}));
    }
  }

  Dice& dice_;
  Values values_;
  std::vector<std::string> moments_ = {"time", "ends"};
};

// Those who exist; some have no rows.
std::vector<std::int64_t> everybody(store::Connection& connection) {
  std::vector<std::int64_t> all;
  auto rows = connection.query("select customer_id::bigint from customer_spans order by customer_id");
  EXPECT_TRUE(rows && rows->for_each(
                          [&](const store::Chunk& chunk, std::size_t row) { all.push_back(chunk.integer(0, row)); }));
  return all;
}

Status write(store::Connection& connection, const expr::AttributeProgram& program, Date day,
             std::int64_t rows_per_range = kRowsPerRange) {
  HILO_ASSIGN(const std::unique_ptr<Histories> histories, Histories::beside(connection));
  const std::vector<std::int64_t> all = everybody(connection);
  return write_folds(connection, program, {.day = day, .customers = all}, *histories, rows_per_range);
}

expr::Checked<expr::AttributeProgram> program_of(const std::string& text) {
  auto database = store::Database::open("");
  auto scratch = database->connect();
  return expr::compile_attributes({{"attributes/a.sql", "a", text}},
                                  {{"events", columns()},
                                   {"items", columns()},
                                   {"versions", columns()},
                                   {"customers", {{"customer_id", "BIGINT"}}}},
                                  *scratch);
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

class FoldTest : public testing::Test {
 protected:
  static void load(store::Connection& connection, Dice& dice, Values values) {
    const std::string definitions = store::column_definitions(columns());
    ASSERT_TRUE(connection.execute(fmt::format(
        "create table events({}); insert into events values {}; create table customer_spans as select range * 3 as "
        "customer_id from range({})",
        definitions, random_rows(dice, values), kCustomers + 2)));
  }

  // The rows of a set's query as text.
  static std::vector<std::string> rows_of(store::Connection& connection, const std::string& set_sql,
                                          const expr::AttributeSet& set, Date day = kDay) {
    std::vector<std::string> texts = {"customer_id::varchar"};
    for (const store::Column& column : set.columns)
      texts.push_back(fmt::format("coalesce({}::varchar, 'NULL')", store::quote_name(column.name)));
    const std::string sql = fmt::format(
        "with existing as (select customer_id from main.customer_spans where $day::date is not null), events as "
        "(select "
        "* from main.events where customer_id is not null and time < $as_of::timestamp) select concat_ws('|', {}) from "
        "({}) order by customer_id",
        join(texts, ", "), set_sql);
    auto rows = connection.query(sql, day_parameters(day));
    EXPECT_TRUE(rows) << sql << "\n" << (rows ? "" : rows.error().message);
    std::vector<std::string> out;
    if (!rows) return out;
    EXPECT_TRUE(
        rows->for_each([&](const store::Chunk& chunk, std::size_t row) { out.emplace_back(chunk.text(0, row)); }));
    return out;
  }
};

class FoldOracle : public FoldTest, public testing::WithParamInterface<int> {};

// FOLD_SEEDS gives the number of seeds; they are shared out among the tests.
int seeds() {
  const char* wanted = std::getenv("FOLD_SEEDS");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return wanted == nullptr ? 40 : std::atoi(wanted);
}

TEST_P(FoldOracle, GivesWhatTheEngineGives) {
  auto scratch_database = store::Database::open("");
  ASSERT_TRUE(scratch_database);
  auto scratch = scratch_database->connect();
  ASSERT_TRUE(scratch);
  int definitions = 0;
  int folded = 0;
  for (int seed = GetParam(); seed < seeds(); seed += kShares) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Dice dice(seed);
    auto database = store::Database::open("", {.threads = 1 + seed / kShares % 2, .memory_limit = "1GB"});
    ASSERT_TRUE(database);
    auto connection = database->connect();
    ASSERT_TRUE(connection);
    const Values values = seed % 3 == 0 ? Values::kExtreme : Values::kUsual;
    load(*connection, dice, values);
    for (int round = 0; round < 10; ++round) {
      const std::string text = Grammar(dice, values).definition();
      const auto made = expr::compile_attributes({{"attributes/a.sql", "a", text}},
                                                 {{"events", columns()},
                                                  {"items", columns()},
                                                  {"versions", columns()},
                                                  {"customers", {{"customer_id", "BIGINT"}}}},
                                                 *scratch);
      if (!made) continue;                                                // of types that do not go together
      const auto program = expr::parse_attributes(expr::to_text(*made));  // as a store keeps it
      ASSERT_TRUE(program) << text;
      ++definitions;
      const expr::AttributeSet& set = program->sets.front();
      if (set.folds.empty()) continue;
      ++folded;
      const Status written = write(*connection, *program, kDay, 20 + dice.below(400));
      ASSERT_TRUE(written) << text << "\n" << written.error().text();
      const std::vector<std::string> by_engine = rows_of(*connection, set.sql, set);
      ASSERT_EQ(by_engine.size(), static_cast<std::size_t>(kCustomers + 2));
      const std::vector<std::string> by_fold = rows_of(*connection, expr::folded_sql(set), set);
      for (std::size_t row = 0; row < by_engine.size(); ++row) ASSERT_EQ(by_fold.at(row), by_engine[row]) << text;
      ASSERT_TRUE(drop_folds(*connection, *program));
    }
  }
  EXPECT_GT(folded, definitions / 2) << "the grammar is of what a fold knows";
}

// A store on disk, of which what was read for the last day serves the days before.
TEST_P(FoldOracle, GivesItOnAnyDayAndInPart) {
  for (int seed = GetParam(); seed < seeds(); seed += 2 * kShares) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Dice dice(seed);
    const TemporaryFile file(fmt::format("hilo-fold-{}-{}.duckdb", getpid(), seed));
    auto database = store::Database::open(file.path(), {.threads = 2, .memory_limit = "1GB"});
    auto connection = database->connect();
    load(*connection, dice, Values::kUsual);
    ASSERT_TRUE(connection->execute("checkpoint"));
    const std::vector<std::int64_t> all = everybody(*connection);
    auto again = store::Database::open(file.path(), {.read_only = true, .threads = 1});
    ASSERT_TRUE(again);
    const auto histories = Histories::of(std::move(*again), 1 + dice.below(2), kDay);
    ASSERT_TRUE(histories) << histories.error().text();
    if (!dice.one_in(3)) (*histories)->expect_more();
    for (int round = 0; round < 4; ++round) {
      const std::string text = Grammar(dice, Values::kUsual).definition();
      const auto program = program_of(text);
      if (!program || program->sets.front().folds.empty()) continue;
      const expr::AttributeSet& whole = program->sets.front();
      expr::AttributeProgram part;
      part.sets.push_back(expr::part_of(
          whole, {whole.columns[static_cast<std::size_t>(dice.below(static_cast<int>(whole.columns.size())))].name}));
      const expr::AttributeSet& set = part.sets.front();
      for (const Date day : {kDay, Date{kDay.days - dice.below(120)}, Date{kDay.days - 500}, Date{kDay.days + 9}}) {
        ASSERT_TRUE(write_folds(*connection, part, {.day = day, .customers = all}, **histories, 100)) << text;
        const std::string sql = set.folds.empty() ? set.sql : expr::folded_sql(set);
        ASSERT_EQ(rows_of(*connection, sql, set, day), rows_of(*connection, set.sql, set, day)) << text;
        ASSERT_TRUE(drop_folds(*connection, part));
      }
    }
  }
}

expr::AttributeProgram compiled(const std::string& text) {
  auto program = program_of(text);
  EXPECT_TRUE(program) << text;
  return program ? *program : expr::AttributeProgram{};
}

TEST_F(FoldTest, CasesThatOnceDiffered) {
  std::string numbers = "0";
  for (int number = 1; number < 60; ++number) numbers += fmt::format(", {}", number);
  const std::vector<std::string> texts = {
      "select max('yes') filter (where type = 'order') as bought, count('x') as n, first('a') as a from events",
      "select count(b) as n from (select *, lag('k') over (order by time_utc, seq) as b from events)",
      "select sum(a) as s from (select amount as a, cost as a from events)",
      "select sum(b) as s from (select amount as a, cost as a, a as b from events)",
      "select last(type) as l from (select type, amount as x from (select type, amount from events))",
      "select count(*) filter (where ends + interval 30 day >= $as_of) as n from events",
      "select max(ends - interval 7 day) as m, min(ends::date) as e from events",
      "select sum(date_diff('day', time, ends)) as d, count(date_diff('day', due, ends)) as f from events",
      "select avg(share) as s, avg(amount) as a from events",
      "select count(case when type = 'zz' then date '2021-02-30' end) as n from events",
      "select count(*) filter (where visits in (" + numbers + ")) as n from events",
      "select (select count(*) from items) as n from events",
      "select count(*) filter (where (visits between 0 and 3) between false and true) as n from events",
      "select count(*) filter (where e.type = 'order') as n from events e",
  };
  auto database = store::Database::open("", {.threads = 2});
  auto connection = database->connect();
  Dice dice(1);
  load(*connection, dice, Values::kUsual);
  ASSERT_TRUE(connection->execute("create table items as from events"));
  for (const std::string& text : texts) {
    const auto program = program_of(text);
    if (!program) continue;  // refused
    const expr::AttributeSet& set = program->sets.front();
    ASSERT_TRUE(write(*connection, *program, kDay)) << text;
    if (!set.folds.empty()) {
      EXPECT_EQ(rows_of(*connection, expr::folded_sql(set), set), rows_of(*connection, set.sql, set)) << text;
    }
    ASSERT_TRUE(drop_folds(*connection, *program));
  }
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
      store::column_definitions(columns()))));
  const auto program = compiled(
      "select count(*) as orders, sum(visits) as visited, count(distinct channel) as channels, count(*) filter (where "
      "before_at is null) as firsts from (select *, lag(time) over (partition by channel order by time_utc, seq) as "
      "before_at from events)");
  ASSERT_EQ(program.sets.front().folds.size(), 1U);
  ASSERT_TRUE(write(*connection, program, kDay));
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
  const Status written = write(*connection, compiled("select sum(amount) as revenue from events"), kDay, 10);
  ASSERT_FALSE(written);
  EXPECT_TRUE(written.error().message.contains("amount")) << written.error().text();
  EXPECT_EQ(connection->query_integer("select current_setting('threads')::bigint").value(), 2);
}

INSTANTIATE_TEST_SUITE_P(All, FoldOracle, testing::Range(0, kShares));

}  // namespace
}  // namespace hilo::timeline
