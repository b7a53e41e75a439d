// Goal: what one customer's rows can tell. Method: a table of sets of each kind.
#include "timeline/one_customer.h"

#include <gtest/gtest.h>

namespace hilo::timeline {
namespace {

TEST(WithoutPopulations, KeepsTheSetsOfOneCustomer) {
  FlatTable table;
  for (const char* from : {"events", "customers", "items"}) table.program.sets.emplace_back().from = from;
  table = without_populations(std::move(table));
  ASSERT_EQ(table.program.sets.size(), 2U);
  EXPECT_EQ(table.program.sets[1].from, "items");
}

}  // namespace
}  // namespace hilo::timeline
