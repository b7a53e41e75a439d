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

TEST(WithoutPopulationSets, EndsWithTheLastSetOfOneCustomer) {
  const std::string plain =
      "with golden as (select 1),\n\"flat 0\" as (select 2)\nselect * from \"flat 0\" order by customer_id";
  EXPECT_EQ(without_population_sets(plain), plain);
  EXPECT_EQ(without_population_sets("with golden as (select 1),\n\"flat 0\" as (select 2),\n\"flat 1\" as (select 3),\n"
                                    "\"flat 2\" as (select 4)\nselect * from \"flat 2\" order by customer_id"),
            plain);
}

}  // namespace
}  // namespace hilo::timeline
