// Goal: who gets a pager, and for what. Method: the choice as a function of the environment; counting lines by hand.
#include "cli/pager.h"

#include <gtest/gtest.h>

namespace hilo::cli {
namespace {

TEST(PagerCommand, TheNearestWishCounts) {
  EXPECT_EQ(pager_command({.hilo_pager = "most", .pager = "more", .less_found = true}), "most");
  EXPECT_EQ(pager_command({.pager = "more", .less_found = true}), "more");
  EXPECT_EQ(pager_command({.less_found = true}), "less -FRX");
  EXPECT_EQ(pager_command({}), "");
}

TEST(PagerCommand, NoneIsAWishToo) {
  EXPECT_EQ(pager_command({.hilo_pager = "", .pager = "more", .less_found = true}), "");
  EXPECT_EQ(pager_command({.hilo_pager = " cat ", .less_found = true}), "");
  EXPECT_EQ(pager_command({.pager = "", .less_found = true}), "");
  EXPECT_EQ(pager_command({.pager = "cat", .less_found = true}), "");
}

TEST(PagerCommand, ADumbTerminalGetsOneOnlyByName) {
  EXPECT_EQ(pager_command({.pager = "less", .less_found = true, .dumb = true}), "");
  EXPECT_EQ(pager_command({.hilo_pager = "less", .dumb = true}), "less");
}

TEST(LinesTaken, CountsWhatTheTerminalDoes) {
  EXPECT_EQ(lines_taken("one\ntwo\n", 80), 2);
  EXPECT_EQ(lines_taken("one\n\ntwo", 80), 3);
  EXPECT_EQ(lines_taken("12345678901", 10), 2);
  EXPECT_EQ(lines_taken("1234567890\n", 10), 1);
  EXPECT_EQ(lines_taken("\x1b[1m1234567890\x1b[0m\n", 10), 1) << "colours take no room";
  EXPECT_EQ(lines_taken("日本日本日本\n", 10), 2) << "wide letters take two columns";
}

}  // namespace
}  // namespace hilo::cli
