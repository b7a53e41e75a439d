// Goal: dates and instants read what they write, and refuse days that do not exist. Method: tables of cases.
#include "base/time.h"

#include <gtest/gtest.h>

namespace hilo {
namespace {

TEST(ParseDateTest, ReadsWhatToStringWrites) {
  for (const char* text : {"1970-01-01", "2012-02-29", "1899-12-31", "9999-12-31"}) {
    const auto date = parse_date(text);
    ASSERT_TRUE(date) << text;
    EXPECT_EQ(to_string(*date), text);
  }
}

TEST(ParseDateTest, RefusesWhatIsNoDay) {
  for (const char* text :
       {"", "2011-02-29", "2011-13-01", "2011-1-1", "20111-01-01", "2011-01-01x", "-201-01-01", "today"}) {
    const auto date = parse_date(text);
    ASSERT_FALSE(date) << text;
    EXPECT_EQ(date.error().code, ErrorCode::kInvalidInput);
    EXPECT_FALSE(date.error().advice.empty());
  }
}

TEST(ParseInstantTest, ReadsDaysAndTimesOfDay) {
  EXPECT_EQ(parse_instant("1970-01-02")->micros, 86'400'000'000);
  EXPECT_EQ(parse_instant("1970-01-01T00:00:01Z")->micros, 1'000'000);
  EXPECT_EQ(parse_instant("1970-01-01 00:01")->micros, 60'000'000);
  EXPECT_EQ(parse_instant("1970-01-01T00:00:00.000250Z")->micros, 250);
}

TEST(ParseInstantTest, RefusesTimesThatAreNone) {
  for (const char* text : {"1970-01-01T24:00", "1970-01-01T10", "1970-01-01T10:00:00.", "1970-01-01T10:00+01:00"}) {
    EXPECT_FALSE(parse_instant(text)) << text;
  }
}

TEST(ToStringTest, ShowsInstantsBeforeTheEpoch) {
  EXPECT_EQ(to_string(Instant{-1}), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(to_string(Instant{0}), "1970-01-01T00:00:00Z");
}

}  // namespace
}  // namespace hilo
