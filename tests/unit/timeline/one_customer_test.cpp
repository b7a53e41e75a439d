// Goal: the query of the flat table becomes one of many days by its parameters alone. Method: texts in which what looks
// like a parameter is none.
#include "timeline/one_customer.h"

#include <gtest/gtest.h>

namespace hilo::timeline {
namespace {

TEST(WithDayFrom, ReplacesParametersAndNothingElse) {
  EXPECT_EQ(with_day_from("select $day, CAST($as_of AS DATE)", "d.day", "d.as_of"),
            "select d.day, CAST(d.as_of AS DATE)");
  EXPECT_EQ(with_day_from("$DAY + $As_Of", "d", "a"), "d + a");
  EXPECT_EQ(with_day_from("$days, $day_, $dayé", "d", "a"), "$days, $day_, $dayé");
  const std::string quoted = R"(select '$day', "$as_of", 'it''s $day', "a""$day" -- $day)";
  EXPECT_EQ(with_day_from(quoted, "d", "a"), quoted);
  EXPECT_EQ(with_day_from("", "d", "a"), "");
}

TEST(WithoutPopulations, KeepsTheSetsOfOneCustomer) {
  FlatTable table;
  for (const char* from : {"events", "customers", "items"}) table.program.sets.emplace_back().from = from;
  table = without_populations(std::move(table));
  ASSERT_EQ(table.program.sets.size(), 2U);
  EXPECT_EQ(table.program.sets[1].from, "items");
}

}  // namespace
}  // namespace hilo::timeline
