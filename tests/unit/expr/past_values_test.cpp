// at(attribute, day): the relation that it becomes, what of a set needs none, parts of sets, and each fault with its
// place. Method: small sets, their queries and parts as text.
#include <algorithm>

#include <gtest/gtest.h>

#include "base/text.h"
#include "expr/attribute_parts.h"
#include "expr/attributes_text.h"
#include "shop.h"

namespace hilo::expr {
namespace {

constexpr const char* kNineDays = "(CAST((CAST($as_of AS TIMESTAMP) - to_days(9)) AS DATE) - 1)";
constexpr const char* kSet =
    "select count(*) as n, at(n, $as_of - interval 9 day) as before, n - before as more,\n"
    "       at(country, date '2024-01-31') as land, max(time) as latest from events";

AttributeProgram compiled(const std::vector<std::string>& texts) {
  Engine engine;
  auto program = compile_attributes(files_of(texts), shop_schema(), engine.connection());
  EXPECT_TRUE(program.has_value()) << lines_of(program.error());
  return program.value_or(AttributeProgram());
}

std::string names_of(const AttributeSet& set) {
  std::vector<std::string> names;
  for (const store::Column& column : set.columns) names.push_back(column.name + " " + column.type);
  return join(names, ", ");
}

TEST(PastValues, AreReadFromARelationOfTheirDay) {
  const AttributeSet set = compiled({kSet}).sets.at(0);
  EXPECT_EQ(names_of(set), "n BIGINT, before BIGINT, more BIGINT, land VARCHAR, latest TIMESTAMP");
  ASSERT_EQ(set.past.size(), 2U);
  EXPECT_EQ(set.past[0].day, kNineDays);
  EXPECT_EQ(set.past[0].columns, std::vector<std::string>{"n"});
  EXPECT_EQ(set.past[1].day, "(CAST('2024-01-31' AS DATE))");
  EXPECT_EQ(set.past[1].columns, std::vector<std::string>{"country"});
  EXPECT_NE(set.sql.find("_p1_1._n AS \"before\""), std::string::npos) << set.sql;
  EXPECT_NE(set.sql.find("LEFT JOIN \"at " + std::string(kNineDays) + "\" AS _p1_1 USING (customer_id)"),
            std::string::npos)
      << set.sql;
  EXPECT_EQ(set.now, (std::vector<std::string>{"n", "latest"}));
  EXPECT_EQ(set.sql_now.find("_p1_"), std::string::npos) << set.sql_now;
  const AttributeSet now = without_past(set);
  EXPECT_EQ(names_of(now), "n BIGINT, latest TIMESTAMP");
  EXPECT_EQ(now.sql, set.sql_now);
  EXPECT_TRUE(now.past.empty());
}

TEST(PastValues, APartNeedsOnlyItsDays) {
  const AttributeSet set = compiled({kSet}).sets.at(0);
  ASSERT_FALSE(set.folds.empty());
  EXPECT_TRUE(part_of(set, {"n"}).past.empty());
  EXPECT_TRUE(part_of(set, {"land"}).folds.empty());
  EXPECT_EQ(part_of(set, {"land"}).past.size(), 1U);
  const AttributeSet more = part_of(set, {"more"});
  EXPECT_EQ(names_of(more), "n BIGINT, before BIGINT, more BIGINT");
  ASSERT_EQ(more.past.size(), 1U);
  EXPECT_EQ(more.past[0].day, kNineDays);
}

TEST(PastValues, ASetIsKeptAsText) {
  const AttributeProgram program = compiled({kSet});
  const auto read = parse_attributes(to_text(program));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->sets.at(0).past.at(1).source, program.sets.at(0).past.at(1).source);
  EXPECT_EQ(read->sets.at(0).sql_now, program.sets.at(0).sql_now);
  EXPECT_EQ(to_text(*read), to_text(program));
}

TEST(PastValues, MayComeFromASetFurtherDownAndBack) {
  const AttributeProgram program =
      compiled({"select count(*) as n, at(M, $day - 1) as m_before from events",
                "select max(amount) as M, at(n, $day - 1) as n_before, at(n, $day - 2) as earlier from items"});
  ASSERT_EQ(program.sets.size(), 2U);
  EXPECT_EQ(names_of(program.sets[0]), "n BIGINT, m_before DECIMAL(18,4)");
  EXPECT_EQ(names_of(program.sets[1]), "M DECIMAL(18,4), n_before BIGINT, earlier BIGINT");
}

TEST(PastValues, StandInPartsAsTheyWereWritten) {
  Engine engine;
  const AttributeSet set = compiled({kSet}).sets.at(0);
  const auto parts = attribute_parts(set, engine.connection());
  ASSERT_TRUE(parts.has_value());
  EXPECT_EQ(parts->at(1).canonical, "\"at\"(n, " + std::string(kNineDays) + ")");
  EXPECT_TRUE(parts->at(1).uses.empty());
  EXPECT_EQ(parts->at(2).uses, (std::vector<std::string>{"n", "before"}));
}

TEST(PastValues, FaultsKeepTheirPlaces) {
  // What stands behind a call on several lines is found where it was written.
  EXPECT_EQ(errors_of({"select at(n,\n  $day\n - 3) as x, cuont(*) as y, count(*) as n\nfrom events"}),
            "a 3:13 unknown function 'cuont' (did you mean 'count'?)\n");
  EXPECT_EQ(errors_of({"select count(*) as n, at(n, $day - 3) + channel as x from events"}),
            "a 1:41 'channel' has a value in every row, an attribute has one per customer\n");
  EXPECT_EQ(errors_of({"select count(*) as n, at(country, $day - 1) = 5 as y from events"}),
            "a 1:45 this compares text with an INTEGER\n");
  EXPECT_EQ(errors_of({"select count(*) as n, at(y, $day - 3) as x from events", "select cuont(*) as y from events"}),
            "b 1:8 unknown function 'cuont' (did you mean 'count'?)\n");
  EXPECT_EQ(errors_of({"select count(*) as n, at(y, $day - 3) as x, x as z, at(z, $day - 9) as a from events",
                       "select count(*) as y, at(x, $day - 3) as b from events"}),
            "a 1:53 'z' itself asks for another day: at cannot ask for it\n"
            "b 1:23 'x' itself asks for another day: at cannot ask for it\n");
  EXPECT_EQ(errors_of({"select count(*) as n, at(n, $day - 3, 1) as x, at(events.n, $day - 1) as y from events"}),
            "a 1:23 at takes the name of an attribute and a day\na 1:48 at takes the name of an attribute and a day\n");
  EXPECT_EQ(errors_of({"select count(*) as n, _at1() as x from events"}), "a 1:23 unknown function '_at1'\n");
}

}  // namespace
}  // namespace hilo::expr
