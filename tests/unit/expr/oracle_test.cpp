// Goal: the compiled query says for each customer exactly what the definition, as written, says over a table that holds
// that customer's rows alone. Method: seeded random histories (ties in time, nulls, customers without rows),
// definitions of every kind that fix their own order; values compared as text, at one and four threads. A failure
// prints the seed.
#include <map>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "shop.h"

namespace hilo::expr {
namespace {

constexpr int kCustomers = 7;  // the last one has no rows at all

const std::vector<std::string>& definitions() {
  static const std::vector<std::string> kTexts = {
      "select count(*) as n, count(*) filter (where type = 'order' and time >= $as_of - interval 20 day) as recent, "
      "sum(amount) as total, "
      "avg(points) as mean_points, max(time) as last_at, date_diff('day', last_at::date, $day) as days_since, "
      "case when n > 5 then 'many' when n > 0 then 'few' end as kind, coalesce(total, 0) / nullif(n, 0) as mean_amount "
      "from events",
      "select first(channel order by time_utc, seq) as first_channel, last(channel order by time_utc, seq) as "
      "last_channel, "
      "any_value(order_id order by time_utc, seq) as some_order, arg_max(type, amount order by time_utc, seq) as "
      "best_type, "
      "min_by(type, amount order by time_utc, seq) as worst_type, mode(channel order by channel) as usual_channel, "
      "list_sort(list(distinct type)) as types, string_agg(channel, '+' order by channel, seq) as channels, "
      "count(distinct channel) as n_channels, "
      "median(amount) as mid, quantile_cont(points, 0.9) as p90, bool_or(points > 3) as high, bool_and(points > 0) as "
      "positive from events where amount is not null",
      // NOLINTNEXTLINE(bugprone-suspicious-missing-comma): one statement over many lines
      "select sum(rating order by time_utc, seq) as rating_sum, avg(rating order by time_utc, seq) as rating_mean, "
      "stddev(rating order by time_utc, seq) as rating_sd, corr(rating, points order by time_utc, seq) as r, "
      "sum(rating * 2 order by time_utc, seq) as twice from events",
      "select max(time - previous_at) as longest_gap, avg(date_diff('hour', previous_at, time)) as mean_gap, "
      "count(previous_at) as gaps, "
      "count(*) filter (where nth = 2) as seconds from (select *, lag(time) over (partition by type order by time_utc, "
      "seq) as previous_at, "
      "row_number() over (order by time_utc, seq) as nth from events where type <> 'call')",
      "select max(m) as best_month, count(*) as months, sum(m) filter (where c > 1) as busy from "
      "(select date_trunc('month', time) as month, sum(amount) as m, count(*) as c from events group by month having "
      "count(*) > 0)",
      "select count(*) as kinds from (select distinct type, channel from events where points is not null)",
      "select count(*) as kinds2, sum(s) as s2 from (select type, sum(points) as s from events group by all)",
      "select max(amount) as biggest, sum(points) as pts from (select * exclude (customer_id) from events qualify "
      "row_number() over (partition by type order by amount desc, seq) = 1)",
      "select count(*) as ev, (select mode(category order by category) from items where quantity > 0) as favourite, "
      "coalesce((select count(*) from items where quantity > 0), -1) as pieces, (select sum(quantity * price) from "
      "items where quantity > 0) as worth, "
      "(select arg_max(sku, price order by time_utc, seq, line) from items) as dearest, (select count(*) from "
      "versions) as versions_seen, "
      "(select last(city order by time_utc, seq) from versions where city is not null) as last_city, ev * 2 as "
      "twice_ev from events",
      "select count(distinct sku) as skus, list(distinct category order by category) as categories, "
      "max(try_cast(order_id as integer)) as top_order, "
      "lower(max(sku)) || '!' as loud, sum(case when quantity < 0 then 1 else 0 end) as returned from items i where "
      "i.time < $as_of - interval 1 day",
      "select count_if(points > 2) as over_two, sum(points) + sum(points) as double_points, min(time)::date = $day as "
      "new_today, "
      "extract(year from max(time)) as last_year, max(points) in (1, 2, 5) as odd, max(points) between 2 and 4 as "
      "mid_range, "
      "list_transform(list_sort(list(points)), lambda x: x + 1) as plus_one from events",
  };
  return kTexts;
}

std::string random_rows(std::mt19937_64& random, const std::string& table, bool items) {
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<std::uint64_t>(n)); };
  const auto pick = [&](std::vector<std::string> of) {
    return of[static_cast<std::size_t>(below(static_cast<int>(of.size())))];
  };
  std::vector<std::string> tuples;
  const int rows = 60 + below(60);
  for (int row = 0; row < rows; ++row) {
    const std::string time =
        fmt::format("TIMESTAMP '2021-{:02}-{:02} {:02}:00:00'", 10 + below(3), 1 + below(28), below(3) * 6);
    std::string tuple = fmt::format("{}, {}, {}, {}", below(kCustomers - 1), time, time, row);
    if (table == "versions") {
      tuples.push_back(fmt::format("({}, 'pos', {})", tuple, pick({"'Ulm'", "'Bonn'", "NULL"})));
      continue;
    }
    tuple += fmt::format(", {}, {}, {}, {}", pick({"'order'", "'call'", "'visit'"}),
                         pick({"'web'", "'store'", "'app'", "NULL"}), pick({"1.5", "20", "-3.25", "NULL", "7.1234"}),
                         pick({"'12'", "'x7'", "'40'"}));
    tuple += items ? fmt::format(", {}, {}, {}, {}, {}", below(3), pick({"'A'", "'B'", "'C'"}),
                                 pick({"'toys'", "'food'", "NULL"}), below(5) - 1, pick({"1.25", "9.99"}))
                   : fmt::format(", {}, {}", pick({"0.1", "0.7", "1e9", "NULL"}), pick({"1", "2", "3", "4", "NULL"}));
    tuples.push_back("(" + tuple + ")");
  }
  return fmt::format("INSERT INTO {} VALUES {};", table, join(tuples, ", "));
}

// Rows of a query as text: "customer|v1|v2".
std::vector<std::string> rows_of(store::Connection& connection, const std::string& sql,
                                 const store::Parameters& parameters) {
  std::vector<std::string> texts;
  {
    const auto described = connection.query(sql, parameters);
    EXPECT_TRUE(described) << sql << "\n" << (described ? "" : described.error().message);
    if (!described) return {};
    for (const store::Column& column : described->columns())
      texts.push_back(fmt::format("coalesce({}::VARCHAR, 'NULL')", store::quote_name(column.name)));
  }
  auto rows = connection.query(fmt::format("SELECT concat_ws('|', {}) FROM ({}) ORDER BY 1", join(texts, ", "), sql),
                               parameters);
  EXPECT_TRUE(rows) << sql << "\n" << (rows ? "" : rows.error().message);
  std::vector<std::string> out;
  if (!rows) return out;
  EXPECT_TRUE(
      rows->for_each([&](const store::Chunk& chunk, std::size_t row) { out.emplace_back(chunk.text(0, row)); }));
  return out;
}

class Oracle : public testing::TestWithParam<int> {
 protected:
  // Tables `all_x` hold everybody; the views `x` are what a query sees.
  void load(store::Connection& connection) {
    std::mt19937_64 random(static_cast<std::uint64_t>(GetParam()));
    for (const TableSchema& table : shop_schema()) {
      std::vector<std::string> columns;
      for (const store::Column& column : table.columns)
        columns.push_back(store::quote_name(column.name) + " " + column.type);
      ASSERT_TRUE(connection.execute(fmt::format("CREATE OR REPLACE TABLE {} ({})", table.name, join(columns, ", "))));
      const std::string rows = table.name == "customers" ? "" : random_rows(random, table.name, table.name == "items");
      ASSERT_TRUE(connection.execute(rows + "SELECT 1"));
      ASSERT_TRUE(connection.execute(fmt::format("CREATE OR REPLACE TABLE all_{0} AS FROM {0}", table.name)));
    }
    ASSERT_TRUE(connection.execute(
        fmt::format("CREATE OR REPLACE TABLE existing AS SELECT range AS customer_id FROM range({})", kCustomers)));
  }

  static void see(store::Connection& connection, const std::string& where) {
    for (const char* table : {"events", "items", "versions"}) {
      ASSERT_TRUE(connection.execute(fmt::format(
          "DELETE FROM {0}; INSERT INTO {0} FROM all_{0} WHERE time < TIMESTAMP '2021-12-21' AND {1}", table, where)));
    }
  }

  const store::Parameters parameters_ = {{"as_of", store::WallTime{1640044800000000}}, {"day", Date{18981}}};
};

TEST_P(Oracle, EachCustomerAsIfAlone) {
  SCOPED_TRACE(fmt::format("seed {}", GetParam()));
  Engine scratch;
  const auto program = compile_attributes(files_of(definitions()), shop_schema(), scratch.connection());
  ASSERT_TRUE(program) << lines_of(program.error());
  std::vector<std::vector<std::string>> by_threads;
  for (const int threads : {1, 4}) {
    Engine engine(threads);
    store::Connection& connection = engine.connection();
    load(connection);
    std::vector<std::string> seen;
    for (std::size_t set = 0; set < program->sets.size(); ++set) {
      see(connection, "true");
      const std::vector<std::string> all = rows_of(connection, program->sets[set].sql, parameters_);
      ASSERT_EQ(all.size(), static_cast<std::size_t>(kCustomers));
      seen.insert(seen.end(), all.begin(), all.end());
      if (threads > 1) continue;
      for (int customer = 0; customer < kCustomers; ++customer) {
        see(connection, fmt::format("customer_id = {}", customer));
        const std::vector<std::string> alone = rows_of(connection, definitions()[set], parameters_);
        ASSERT_EQ(alone.size(), 1U);
        EXPECT_EQ(all[static_cast<std::size_t>(customer)], fmt::format("{}|{}", customer, alone[0]))
            << definitions()[set] << "\n"
            << program->sets[set].sql;
      }
    }
    by_threads.push_back(std::move(seen));
  }
  EXPECT_EQ(by_threads[0], by_threads[1]);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Oracle, testing::Range(1, 4));

// What a definition leaves open, the canonical form decides: the same at any number of threads and in any order of
// rows.
TEST(Canonicalised, DoesNotDependOnTheOrderOfRows) {
  const std::vector<DefinitionFile> files =
      files_of({"select first(k) as f, last(k) as l, arg_max(k, v) as a, mode(v) as m, list(v) as li, string_agg(v, "
                "',') as s, sum(r) as su, stddev(r) as sd, "
                "sum(case when r > 999000 then points * 2000000000 end) as overflow, max(k::int) as number from "
                "(select type as k, channel as v, "
                "rating as r, points, time from events)"});
  Engine scratch;
  const auto program = compile_attributes(files, shop_schema(), scratch.connection());
  ASSERT_TRUE(program) << lines_of(program.error());
  std::vector<std::vector<std::string>> results;
  // More rows than one thread takes at a time (122,880).
  const std::vector<std::pair<int, std::string>> runs = {{1, "seq"}, {4, "hash(seq)"}};
  for (const auto& [threads, order] : runs) {
    Engine engine(threads);
    ASSERT_TRUE(engine.connection().execute(
        fmt::format("CREATE TABLE existing AS SELECT range AS customer_id FROM range(300); CREATE TABLE events AS "
                    "SELECT * FROM (SELECT range % 300 AS "
                    "customer_id, TIMESTAMP '2021-01-01' + to_days((range // 900)::INTEGER) AS time, time AS "
                    "time_utc, range AS seq, 't' || (range % 7) AS type, "
                    "'c' || (range // 300 % 3) AS channel, sin(range) * 1e6 AS rating, (range % 5)::INTEGER AS points "
                    "FROM range(126000)) ORDER BY {}",
                    order)));
    results.push_back(rows_of(engine.connection(), program->sets[0].sql, {}));
    EXPECT_EQ(results.back(), results.front()) << threads << " " << order;
  }
  ASSERT_EQ(results.front().size(), 300U);
}

// Sums of powers beyond a double, infinities and what is no number make the engine's statistics raise.
TEST(Canonicalised, StatisticsNeverRaise) {
  Engine engine;
  const auto program = compile_attributes(
      files_of({"select stddev(rating) as sd, var_pop(rating) as v, kurtosis(rating) as k, corr(rating, points) as r, "
                "regr_slope(points, rating) as slope from events",
                "select max(so_far) as sd_max from (select stddev(rating) over (order by time, seq) as so_far from "
                "events)"}),
      shop_schema(), engine.connection());
  ASSERT_TRUE(program) << lines_of(program.error());
  const Status filled = engine.connection().execute(
      "CREATE OR REPLACE TABLE existing AS SELECT 1 AS customer_id;"
      "CREATE OR REPLACE TABLE events AS SELECT 1 AS customer_id, TIMESTAMP '2021-01-01' AS time, time AS time_utc, "
      "i AS seq, ['1', '3', '1e300', '-1e300', 'nan', 'inf', '-inf'][i]::DOUBLE AS rating, 1 AS points "
      "FROM range(1, 8) t(i)");
  ASSERT_TRUE(filled) << filled.error().text();
  const std::string deviation = "1|1.4142135623730951";
  EXPECT_EQ(rows_of(engine.connection(), program->sets[0].sql, {}).at(0).substr(0, deviation.size()), deviation);
  EXPECT_EQ(rows_of(engine.connection(), program->sets[1].sql, {}).at(0), deviation);
}

TEST(Population, GoldenColumnsAndAttributesOfOtherSets) {
  Engine engine;
  const auto program = compile_attributes(files_of({"select count(*) as n from events",
                                                    "select rank() over (order by n desc) as place, sum(n) over () as "
                                                    "everything, n * 1.0 / everything as share from customers"}),
                                          shop_schema(), engine.connection());
  ASSERT_TRUE(program) << lines_of(program.error());
  ASSERT_TRUE(engine.connection().execute(
      "CREATE OR REPLACE TABLE customers AS SELECT * FROM (VALUES (1, 3), (2, 5), (3, 0)) AS t(customer_id, n)"));
  EXPECT_EQ(rows_of(engine.connection(), program->sets[1].sql, {}),
            (std::vector<std::string>{"1|2|8|0.375", "2|1|8|0.625", "3|3|8|0.0"}));
}

}  // namespace
}  // namespace hilo::expr
