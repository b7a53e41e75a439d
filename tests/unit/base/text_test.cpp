// Goal: the text functions that errors and reports rest on. Method: tables of cases.
#include "base/text.h"

#include <gtest/gtest.h>

namespace hilo {
namespace {

TEST(NearestNameTest, FindsTheNameThatWasMeant) {
  const std::vector<std::string> known = {"quantity", "price", "amount"};
  EXPECT_EQ(nearest_name("quantty", known), "quantity");
  EXPECT_EQ(nearest_name("AMOUNT", known), "amount");
  EXPECT_EQ(nearest_name("zzzzzz", known), "");
  EXPECT_EQ(did_you_mean("prise", known), " (did you mean 'price'?)");
  EXPECT_EQ(did_you_mean("zzzzzz", known), "");
}

TEST(WithSeparatorsTest, GroupsThousands) {
  EXPECT_EQ(with_separators(0), "0");
  EXPECT_EQ(with_separators(999), "999");
  EXPECT_EQ(with_separators(1'044'847), "1,044,847");
  EXPECT_EQ(with_separators(-1234), "-1,234");
}

TEST(CountedTest, AgreesWithItsNumber) {
  EXPECT_EQ(counted(1, "row"), "1 row");
  EXPECT_EQ(counted(2'000, "row"), "2,000 rows");
}

TEST(Sha256Test, MatchesTheStandardsExample) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(IsUtf8Test, FollowsTheTableOfWellFormedSequences) {
  EXPECT_TRUE(is_utf8("añ€😀"));
  EXPECT_FALSE(is_utf8("\xC0\x80"));          // overlong
  EXPECT_FALSE(is_utf8("\xED\xA0\x80"));      // surrogate
  EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80"));  // past the last code point
  EXPECT_FALSE(is_utf8("a\xE2\x82"));         // cut off
}

TEST(LineColumnTest, CountsFromOne) {
  EXPECT_EQ(line_column("ab\ncd", 0).line, 1);
  EXPECT_EQ(line_column("ab\ncd", 4).line, 2);
  EXPECT_EQ(line_column("ab\ncd", 4).column, 2);
}

}  // namespace
}  // namespace hilo
