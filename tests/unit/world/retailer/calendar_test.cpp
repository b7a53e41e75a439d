// Goal: the calendar moves when people buy, not how much in a year. Method: factors summed over whole years; every day
// of some years; the time of day on a fine grid of shares.
#include "world/retailer/calendar.h"

#include <chrono>
#include <cmath>

#include <gtest/gtest.h>

namespace hilo::world {
namespace {

struct Year {
  double online = 0;
  double store = 0;
  int days = 0;
};

Year year_of(int year) {
  Year sum;
  for (Date day = *make_date(year, 1, 1); civil(day).year == year; ++day.days) {
    const DayFactors factors = factors_of(day);
    sum.online += factors.online;
    sum.store += factors.store;
    ++sum.days;
  }
  return sum;
}

bool is_sunday(Date day) {
  return std::chrono::weekday(std::chrono::sys_days(std::chrono::days(day.days))) == std::chrono::Sunday;
}

TEST(CalendarTest, FactorsHaveMeanOneOverAYear) {
  for (const int year : {1969, 2023, 2024, 2027}) {
    const Year sum = year_of(year);
    EXPECT_NEAR(sum.online / sum.days, 1, 0.01) << year;
    EXPECT_NEAR(sum.store / sum.days, 1, 0.015) << year;  // of 52 or 53 weekends before Christmas
  }
}

TEST(CalendarTest, StoresAreClosedOnSundaysAndOnNoOtherDay) {
  for (Date day{-800}; day.days < 25'000; ++day.days) {
    const DayFactors factors = factors_of(day);
    ASSERT_EQ(factors.store == 0, is_sunday(day)) << to_string(day);
    ASSERT_GT(factors.online, 0.5) << to_string(day);
    ASSERT_LT(factors.online, 2.2) << to_string(day);
  }
}

TEST(CalendarTest, TheSeasonHasNoStepsFromDayToDay) {
  // A week apart, so that the day of the week is the same.
  for (Date day = *make_date(2023, 1, 1); day < *make_date(2026, 1, 1); ++day.days) {
    const double ratio = factors_of({day.days + 7}).online / factors_of(day).online;
    EXPECT_NEAR(ratio, 1, 0.17) << to_string(day);
  }
}

TEST(CalendarTest, PromotionsAreTheSameEveryYear) {
  const auto factor = [](int year, int month, int day) { return factors_of(*make_date(year, month, day)).promotion; };
  for (const int year : {2023, 2024, 2031}) {
    EXPECT_EQ(factor(year, 1, 6), 1);
    EXPECT_GT(factor(year, 1, 7), 1);
    EXPECT_GT(factor(year, 1, 31), 1);
    EXPECT_EQ(factor(year, 2, 1), 1);
    EXPECT_GT(factor(year, 11, 27), factor(year, 7, 4));
    EXPECT_EQ(factor(year, 12, 24), 1);
  }
}

TEST(CalendarTest, TheTimeOfDayIncreasesAndStaysWithinTheDay) {
  for (const Channel channel : {Channel::kWeb, Channel::kApp, Channel::kStore}) {
    double before = -1;
    for (int share = 0; share <= 10'000; ++share) {
      const double at = time_of_day(channel, share / 1e4);
      ASSERT_GT(at, before) << share;
      ASSERT_GE(at, 0);
      ASSERT_LT(at, 1) << share;
      before = at;
    }
    // However close to the day's end: a moment is a day and a share of it in one number.
    EXPECT_LT(19'358 + time_of_day(channel, std::nextafter(1.0, 0.0)), 19'359);
  }
}

TEST(CalendarTest, StoresSellWhileTheyAreOpen) {
  EXPECT_GE(time_of_day(Channel::kStore, 0), 9.0 / 24);
  EXPECT_LE(time_of_day(Channel::kStore, 1), 21.0 / 24);
  EXPECT_LT(time_of_day(Channel::kWeb, 0.001), 1.0 / 24);
  EXPECT_GT(time_of_day(Channel::kWeb, 0.999), 23.0 / 24);
}

}  // namespace
}  // namespace hilo::world
