// The canonical query of representative definitions, as text. Method: compile one definition, compare the whole text.
#include <gtest/gtest.h>

#include "shop.h"

namespace hilo::expr {
namespace {

std::string canonical_with_copies(const std::string& text) {
  Engine engine;
  const auto program = compile_attributes(files_of({text}), shop_schema(), engine.connection());
  if (!program) return lines_of(program.error());
  return program->sets.front().sql;
}

std::string canonical(const std::string& text) { return without_copies(canonical_with_copies(text)); }

std::string scan_of(const std::string& aggregate, const std::string& table = "events") {
  std::string text = canonical("select " + aggregate + " as x from " + table);
  const std::string head = "LEFT JOIN (SELECT customer_id, ";
  const std::size_t from = text.find(head);
  if (from == std::string::npos) return text;
  const std::size_t end = text.find(" AS _a1 FROM", from);
  return text.substr(from + head.size(), end - from - head.size());
}

TEST(Canonical, CountsAndLateralAliases) {
  EXPECT_EQ(canonical("select count(*) filter (where type = 'order') as orders,\n"
                      " max(time) filter (where type = 'order') as last_order_at,\n"
                      " date_diff('day', last_order_at::date, $day) as days_since_order from events"),
            "SELECT customer_id, COALESCE(_s1._a1, 0) AS orders, _s1._a2 AS last_order_at, "
            "date_diff('day', TRY_CAST(last_order_at AS DATE), CAST($day AS DATE)) AS days_since_order FROM existing "
            "LEFT JOIN "
            "(SELECT customer_id, count_star() FILTER (WHERE (\"type\" = 'order')) AS _a1, "
            "max(\"time\") FILTER (WHERE (\"type\" = 'order')) AS _a2 FROM events GROUP BY customer_id) AS _s1 USING "
            "(customer_id)");
}

TEST(Canonical, ScalarSubqueriesOfOneScanShareIt) {
  EXPECT_EQ(canonical("select count(*) as n, (select mode(category) from items where quantity > 0) as favourite, "
                      "coalesce((select sum(quantity) from items where quantity > 0), 0) as pieces from events"),
            "SELECT customer_id, COALESCE(_s1._a1, 0) AS n, _s2._a1 AS favourite, COALESCE(_s2._a2, 0) AS pieces FROM "
            "existing LEFT "
            "JOIN (SELECT customer_id, count_star() AS _a1 FROM events GROUP BY customer_id) AS _s1 USING "
            "(customer_id) LEFT JOIN "
            "(SELECT customer_id, \"mode\"(category ORDER BY category) AS _a1, sum(quantity) AS _a2 FROM items WHERE "
            "(quantity > 0) "
            "GROUP BY customer_id) AS _s2 USING (customer_id)");
}

// The engine itself cannot: "Alias referenced in a SELECT clause - but the expression has a subquery".
TEST(Canonical, AnAliasOfASubqueryCanBeUsed) {
  EXPECT_EQ(
      canonical(
          "select count(*) as n, (select sum(quantity) from items) as pieces, pieces / n as per_event from events"),
      "SELECT customer_id, COALESCE(_s1._a1, 0) AS n, _s2._a1 AS pieces, TRY((pieces / TRY(\"nullif\"(n, 0)))) AS "
      "per_event "
      "FROM existing "
      "LEFT JOIN "
      "(SELECT customer_id, count_star() AS _a1 FROM events GROUP BY customer_id) AS _s1 USING (customer_id) LEFT JOIN "
      "(SELECT customer_id, sum(quantity) AS _a1 FROM items GROUP BY customer_id) AS _s2 USING (customer_id)");
  EXPECT_EQ(canonical("select count(*) as n, (select max(sku) from items) as top, date_part('year', top + 1) as "
                      "per_event from events")
                .substr(0, 65),
            "a 1:1 this cannot be computed for all customers: No function matc");
}

TEST(Canonical, AComparisonOfUnknownTypesCannotRaise) {
  EXPECT_NE(canonical("select count(*) as n, (select max(sku) from items) as top, top = 3 as odd from events")
                .find("TRY((top = 3)) AS odd"),
            std::string::npos);
  EXPECT_EQ(scan_of("count(*) filter (where type = 'order' and time >= $as_of and amount > 5)").find("TRY("),
            std::string::npos);
}

TEST(Canonical, WindowsOfASubqueryArePartitioned) {
  EXPECT_EQ(
      canonical("select max(gap) as longest_gap from (select *, time - lag(time) over (partition by type order by "
                "time_utc, seq) as gap from events)"),
      "SELECT customer_id, _s1._a1 AS longest_gap FROM existing LEFT JOIN (SELECT customer_id, max(gap) AS _a1 FROM "
      "(SELECT *, TRY((\"time\" - lag(\"time\") OVER (PARTITION BY customer_id, \"type\" ORDER BY time_utc, seq))) AS "
      "gap "
      "FROM events) GROUP BY customer_id) AS _s1 USING (customer_id)");
}

TEST(Canonical, GroupedSubqueriesKeepTheCustomer) {
  EXPECT_EQ(canonical("select avg(n) as per_month from (select date_trunc('month', time) as month, count(*) as n from "
                      "events group by month)"),
            "SELECT customer_id, _s1._a1 AS per_month FROM existing LEFT JOIN (SELECT customer_id, avg(n) AS _a1 FROM "
            "(SELECT date_trunc('month', \"time\") AS \"month\", count_star() AS n, customer_id FROM events GROUP BY "
            "\"month\", customer_id) "
            "GROUP BY customer_id) AS _s1 USING (customer_id)");
}

TEST(Canonical, RowsAreOrderedWhereOrderMatters) {
  EXPECT_EQ(scan_of("first(channel)"), "\"first\"(channel ORDER BY time_utc, seq)");
  EXPECT_EQ(scan_of("last(sku)", "items"), "\"last\"(sku ORDER BY time_utc, seq, line)");
  EXPECT_EQ(scan_of("last(channel order by time)"), "\"last\"(channel ORDER BY \"time\", time_utc, seq)");
  EXPECT_EQ(scan_of("arg_max(channel, amount)"), "arg_max(channel, amount ORDER BY time_utc, seq)");
  EXPECT_EQ(scan_of("mode(channel)"), "\"mode\"(channel ORDER BY channel)");
  EXPECT_EQ(scan_of("mode() within group (order by channel)"), "\"mode\"(channel ORDER BY channel)");
  EXPECT_EQ(scan_of("list(distinct channel)"), "list_sort(list(DISTINCT channel), 'ASC', 'NULLS LAST')");
  EXPECT_EQ(scan_of("string_agg(channel, ',')"), "string_agg(channel, ',' ORDER BY channel)");
}

TEST(Canonical, OnlyDoublesAreSummedInOrder) {
  EXPECT_EQ(scan_of("sum(amount)"), "sum(amount)");
  EXPECT_EQ(scan_of("sum(points)"), "sum(points)");
  EXPECT_EQ(scan_of("sum(rating)"), "sum(rating ORDER BY time_utc, seq)");
  EXPECT_EQ(scan_of("avg(rating * 2)"), "avg(TRY((rating * 2)) ORDER BY time_utc, seq)");
  EXPECT_EQ(scan_of("stddev(amount)"), "stddev(amount ORDER BY time_utc, seq)");
  EXPECT_EQ(scan_of("sum(distinct rating)"), "sum(DISTINCT rating ORDER BY rating)");
}

TEST(Canonical, WhatCanRaiseIsTried) {
  EXPECT_EQ(scan_of("sum(points * points + 1)"), "sum(TRY((TRY((points * points)) + 1)))");
  EXPECT_EQ(scan_of("max(order_id::int)"), "max(TRY_CAST(order_id AS INTEGER))");
  EXPECT_EQ(scan_of("max(strptime(channel, '%Y'))"), "max(TRY(strptime(channel, '%Y')))");
  EXPECT_EQ(scan_of("count(*) filter (where time >= $as_of - interval 90 day)"),
            "count_star() FILTER (WHERE (\"time\" >= (CAST($as_of AS TIMESTAMP) - to_days(90))))");
}

TEST(Canonical, PopulationSets) {
  EXPECT_EQ(
      canonical("select ntile(10) over (order by birth_date desc) as decile, decile + 1 as next_decile from customers"),
      "SELECT customer_id, ntile(10) OVER (ORDER BY birth_date DESC, customer_id) AS decile, TRY((decile + 1)) AS "
      "next_decile FROM customers");
}

// A TRY that fails writes its null into what it reads; a lambda's names and what a window reads are no such columns.
TEST(Canonical, WhatIsTriedIsACopy) {
  EXPECT_EQ(
      canonical_with_copies("select avg(rating) as mean, ln(mean) as log, list_transform(list(distinct points), "
                            "x -> x * 2) as doubled, sum(gap * points) as s from (select *, points - lag(points) "
                            "over (order by time_utc, seq) as gap from events)"),
      "SELECT customer_id, _s1._a1 AS mean, TRY(ln(CASE  WHEN ((mean IS NOT NULL)) THEN (mean) ELSE NULL END)) AS "
      "log, TRY(list_transform(CASE  WHEN ((_s1._a2 IS NOT NULL)) THEN (_s1._a2) ELSE NULL END, (x -> (x * 2)))) "
      "AS doubled, _s1._a3 AS s FROM existing LEFT JOIN (SELECT customer_id, avg(rating ORDER BY time_utc, seq) AS "
      "_a1, list_sort(list(DISTINCT points), 'ASC', 'NULLS LAST') AS _a2, sum(TRY((CASE  WHEN ((gap IS NOT NULL)) "
      "THEN (gap) ELSE NULL END * CASE  WHEN ((points IS NOT NULL)) THEN (points) ELSE NULL END))) AS _a3 FROM "
      "(SELECT *, TRY((CASE  WHEN ((points IS NOT NULL)) THEN (points) ELSE NULL END - lag(points) OVER "
      "(PARTITION BY customer_id ORDER BY time_utc, seq))) AS gap FROM events) GROUP BY customer_id) AS _s1 USING "
      "(customer_id)");
}

TEST(Canonical, IsAFixedPointOfTheParser) {
  Engine engine;
  const std::string text = canonical_with_copies(
      "select sum(points * 2) as s, last(channel) as l, list(distinct type) as t from events where amount > 0");
  const auto again = engine.connection().query_text("SELECT json_deserialize_sql(json_serialize_sql($text::VARCHAR))",
                                                    {{"text", text}});
  ASSERT_TRUE(again && *again);
  EXPECT_EQ(**again, text);
}

TEST(Program, OrdersSetsByWhatTheyRead) {
  Engine engine;
  const auto program = compile_attributes(
      files_of({"select y * 2 as x from customers", "select count(*) as n from events",
                "select n + 1 as y, country || 'x' as z from customers", "select max(line) as lines from items"}),
      shop_schema(), engine.connection());
  ASSERT_TRUE(program) << lines_of(program.error());
  std::string order;
  for (const AttributeSet& set : program->sets) {
    order += set.name + ":" + set.from;
    for (const auto& column : set.columns) order += " " + column.name + " " + column.type;
    for (const std::string& use : set.depends_on) order += " <" + use;
    order += "\n";
  }
  EXPECT_EQ(order,
            "b:events n BIGINT\nd:items lines INTEGER\nc:customers y BIGINT z VARCHAR <n\na:customers x BIGINT <y\n");
}

}  // namespace
}  // namespace hilo::expr
