#include "store/memory.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace hilo::store {
namespace {

TEST(MemoryTest, ReadsSizesAsSettingsWriteThem) {
  EXPECT_EQ(bytes_of_size("4GB"), 4'000'000'000U);
  EXPECT_EQ(bytes_of_size("512MB"), 512'000'000U);
  EXPECT_EQ(bytes_of_size("1 TB"), 1'000'000'000'000U);
  EXPECT_EQ(bytes_of_size(""), 0U);
  EXPECT_EQ(bytes_of_size("GB"), 0U);
  EXPECT_EQ(bytes_of_size("4G"), 0U);
}

TEST(MemoryTest, TheProcessIsBoundedByTheWidestThatWasAsked) {
  bound_process_memory(1'000'000'000'000);  // more than any database that another test opened
  rlimit narrow{};
  ASSERT_EQ(::getrlimit(RLIMIT_DATA, &narrow), 0);
  EXPECT_NE(narrow.rlim_cur, RLIM_INFINITY);
  bound_process_memory(2'000'000'000'000);
  rlimit wide{};
  ASSERT_EQ(::getrlimit(RLIMIT_DATA, &wide), 0);
  EXPECT_GE(wide.rlim_cur, narrow.rlim_cur + 1'000'000'000'000);
  bound_process_memory(1'500'000'000'000);
  rlimit after{};
  ASSERT_EQ(::getrlimit(RLIMIT_DATA, &after), 0);
  EXPECT_EQ(after.rlim_cur, wide.rlim_cur);
}

}  // namespace
}  // namespace hilo::store
