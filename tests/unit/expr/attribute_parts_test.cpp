// What an attribute is computed of, as SQL; and its text and comments, as its file has them.
#include "expr/attribute_parts.h"

#include <gtest/gtest.h>

#include "expr/written_attributes.h"
#include "shop.h"

namespace hilo::expr {
namespace {

std::vector<AttributeParts> parts_of(const std::vector<std::string>& texts) {
  Engine engine;
  const auto program = compile_attributes(files_of(texts), shop_schema(), engine.connection());
  if (!program) ADD_FAILURE() << lines_of(program.error());
  if (!program) return {};
  auto parts = attribute_parts(program->sets.back(), engine.connection());
  if (!parts) ADD_FAILURE() << parts.error().text();
  return parts.value_or(std::vector<AttributeParts>{});
}

WrittenDefinition written(const std::string& text) {
  Engine engine;
  auto read = read_written({"attributes/a.sql", "a", text}, engine.connection());
  if (!read) ADD_FAILURE() << read.error().text();
  return read.value_or(WrittenDefinition{});
}

TEST(AttributeParts, FilterWhereAndWindowSayWhichRowsCount) {
  const auto parts =
      parts_of({"select sum(amount) filter (where type = 'order' and time >= $as_of - interval 30 day) as revenue, "
                "(select count(*) from items where quantity > 1) as several, revenue / several as each from (select *, "
                "lag(time) over (order by time_utc, seq) as before from events)"});
  ASSERT_EQ(parts.size(), 3U);
  const CountedRows& revenue = parts[0].counted.at(0);
  EXPECT_EQ(revenue.table, "events");
  EXPECT_EQ(revenue.argument, "amount");
  EXPECT_EQ(revenue.rows_sql,
            "SELECT *, amount AS _counted FROM " + revenue.relation +
                " WHERE (((\"type\" = 'order') AND (\"time\" >= (CAST($as_of AS TIMESTAMP) - to_days(30)))) AND "
                "(amount IS NOT NULL))");
  EXPECT_EQ(revenue.decider_sql, "") << "all rows make a sum";
  EXPECT_EQ(parts[1].canonical, "COALESCE((SELECT count_star() FROM items WHERE (quantity > 1)), 0)");
  EXPECT_EQ(parts[1].counted.at(0).rows_sql, "SELECT * FROM items WHERE (quantity > 1)");
  EXPECT_EQ(parts[2].uses, (std::vector<std::string>{"revenue", "several"}));
  EXPECT_TRUE(parts[2].counted.empty());
}

TEST(AttributeParts, OneRowDecides) {
  const auto parts = parts_of(
      {"select max(time) as latest_at, first(channel) as first_channel, (select last(sku order by amount) from items) "
       "as dearest from events"});
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[0].counted.at(0).decider_sql,
            "SELECT arg_max(seq, \"time\" ORDER BY time_utc, seq) AS seq FROM events");
  EXPECT_EQ(parts[1].counted.at(0).decider_sql, "SELECT \"first\"(seq ORDER BY time_utc, seq) AS seq FROM events");
  EXPECT_NE(parts[2].counted.at(0).decider_sql.find(" AS line FROM items"), std::string::npos);
}

TEST(AttributeParts, OverAllCustomersOnlyOthersAreRead) {
  const auto parts =
      parts_of({"select sum(amount) as revenue from events",
                "select ntile(4) over (order by revenue desc) as quarter, quarter = 1 and country = 'ES' "
                "as best from customers"});
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].uses, std::vector<std::string>{"revenue"});
  EXPECT_EQ(parts[1].uses, (std::vector<std::string>{"quarter", "country"}));
  EXPECT_TRUE(parts[0].counted.empty());
}

TEST(WrittenAttributes, TextsPlacesAndComments) {
  const WrittenDefinition definition = written(
      "/* What they did.\n * All of it.\n *\n * More. */\nselect -- Counts\n  count(*) as n, -- of all\n\n"
      "  -- An old remark.\n\n  -- Money,\n  -- in euros\n  sum(amount)\n    as revenue -- gross\n  , "
      "max(case when a is distinct from b then 1 end) as \"a, b\", 1 as one from events -- e\nwhere true");
  EXPECT_EQ(definition.about, "What they did. All of it.");
  EXPECT_EQ(definition.read_from, "from events -- e\nwhere true");
  std::string lines;
  for (const WrittenAttribute& one : definition.attributes) {
    lines += std::to_string(one.line) + "|" + one.name + "|" + one.text + "|" + one.section + "|" + one.comment + "\n";
  }
  EXPECT_EQ(lines,
            "6|n|count(*) as n|Counts|of all\n"
            "12|revenue|sum(amount)\n    as revenue|Money, in euros|gross\n"
            "14|a, b|max(case when a is distinct from b then 1 end) as \"a, b\"|Money, in euros|\n"
            "14|one|1 as one|Money, in euros|\n");
}

TEST(WrittenAttributes, OddForms) {
  EXPECT_EQ(written("from events select count(*) as n, max(x) as m,").attributes.at(1).text, "max(x) as m");
  EXPECT_EQ(written("(select count(*) as n from events)").attributes.at(0).text, "count(*) as n");
  EXPECT_EQ(written("select percentile_cont(0.5) within group (order by x) as \"from\", x.\"where\" as b from x")
                .attributes.at(1)
                .text,
            "x.\"where\" as b");
  EXPECT_EQ(written("select '-- no, comment' as a, 2 as b --").attributes.at(0).comment, "");
  EXPECT_EQ(written("select 1 as a--\r\nfrom x").attributes.at(0).comment, "");
  Engine engine;
  EXPECT_FALSE(read_written({"a.sql", "a", "select 1 as a union select 2"}, engine.connection()));
  EXPECT_TRUE(written_names({"a.sql", "a", "select ("}, engine.connection()).empty());
}

}  // namespace
}  // namespace hilo::expr
