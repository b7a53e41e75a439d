// Segment rules: the canonical rule, the columns it reads, and each fault with its place.
#include "expr/segment.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "shop.h"

namespace hilo::expr {
namespace {

Checked<SegmentRule> check(const std::string& text) {
  Engine engine;
  const TableSchema customers{
      "customers",
      {{"customer_id", "BIGINT"}, {"orders", "BIGINT"}, {"last_order_at", "TIMESTAMP"}, {"city", "VARCHAR"}}};
  return check_segment({"segments/a.sql", "a", text}, customers, engine.connection());
}

std::string errors_in(const std::string& text) {
  const auto rule = check(text);
  return rule ? "" : lines_of(rule.error());
}

TEST(Segment, IsBroughtToCanonicalForm) {
  const auto rule = check(
      "select customer_id from customers c where c.orders * 2 > 3 and last_order_at < $as_of - interval 90 day and "
      "orders > 1");
  ASSERT_TRUE(rule) << lines_of(rule.error());
  EXPECT_EQ(rule->sql,
            "SELECT customer_id FROM customers AS c WHERE ((TRY((c.orders * 2)) > 3) AND (last_order_at < (CAST($as_of "
            "AS TIMESTAMP) - to_days(90))) AND (orders > 1))");
  EXPECT_EQ(rule->uses, (std::vector<std::string>{"orders", "last_order_at"}));
}

TEST(Segment, FaultsAreTold) {
  EXPECT_EQ(
      errors_in("select * from customers where ordrs > 1 and $dy > 1"),
      "a 1:31 unknown column 'ordrs' (did you mean 'orders'?)\na 1:45 unknown parameter $dy (did you mean '$day'?)\n");
  EXPECT_EQ(errors_in("select * from customers"), "a 1:15 a segment needs a WHERE\n");
  EXPECT_EQ(errors_in("select * from customer where orders > 1"),
            "a 1:15 unknown table 'customer' (did you mean 'customers'?)\n");
  EXPECT_EQ(errors_in("select * from customers where count(*) > 1"),
            "a 1:31 the aggregate 'count' cannot stand in the WHERE of a segment\n");
  EXPECT_EQ(errors_in("select * from customers where orders > 1 order by city limit 3"),
            "a 1:42 ORDER BY cannot stand here\na 1:56 LIMIT cannot stand here\n");
  EXPECT_EQ(errors_in("select * from customers where city + 1 > 1"),
            "a 1:36 No function matches the given name and argument types '+(VARCHAR, INTEGER_LITERAL)'\n");
  EXPECT_EQ(errors_in("select cty from customers where city in (select city from customers)"),
            "a 1:8 unknown column 'cty' (did you mean 'city'?)\na 1:38 EXISTS, IN and ANY over a subquery are not "
            "supported\n");
  EXPECT_EQ(errors_in("delete from customers"), "a 1:1 this is not a SELECT\n");
}

}  // namespace
}  // namespace hilo::expr
