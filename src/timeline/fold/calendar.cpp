#include "timeline/fold/calendar.h"

#include <algorithm>

namespace hilo::timeline {
namespace {

using Unit = expr::CalendarUnit;

constexpr std::int64_t kMicrosPerHour = 3'600'000'000;
constexpr std::int64_t kMicrosPerMinute = 60'000'000;
constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kMonths = 12;

std::int64_t floored(std::int64_t value, std::int64_t unit) {
  const std::int64_t part = value / unit;
  return value % unit < 0 ? part - 1 : part;
}

// A day as the months since year 0 and a day of the month from 1. Years of five digits occur, which std::chrono has
// not: days from March on in eras of 400 years (Howard Hinnant's algorithm).
struct DayOfMonth {
  std::int64_t month;
  std::int64_t day;
};

DayOfMonth split(std::int64_t day) {
  constexpr std::int64_t kDaysOfEra = 146'097;
  constexpr std::int64_t kToYearZero = 719'468;
  const std::int64_t era = floored(day + kToYearZero, kDaysOfEra);
  const std::int64_t of_era = day + kToYearZero - era * kDaysOfEra;
  const std::int64_t year = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const std::int64_t month = (5 * of_year + 2) / 153;  // from March
  return {(year + era * 400) * kMonths + month + 2, of_year - (153 * month + 2) / 5 + 1};
}

std::int64_t joined(const DayOfMonth& date) {
  const std::int64_t from_march = date.month - 2;
  const std::int64_t year = floored(from_march, kMonths);
  const std::int64_t month = from_march - year * kMonths;
  const std::int64_t leap_days = floored(year, 4) - floored(year, 100) + floored(year, 400);
  return year * 365 + leap_days + (153 * month + 2) / 5 + date.day - 1 - 719'468;
}

std::int64_t first_of_month(std::int64_t month) { return joined({month, 1}); }
std::int64_t monday_of(std::int64_t day) { return floored(day + 3, 7) * 7 - 3; }  // 1970-01-01 was a Thursday

// The week of ISO 8601: that of the year in which its Thursday lies.
std::int64_t iso_week(std::int64_t day) {
  const std::int64_t thursday = monday_of(day) + 3;
  return (thursday - begin_of(Unit::kYear, thursday)) / 7 + 1;
}

}  // namespace

std::int64_t day_of_moment(std::int64_t micros) { return floored(micros, kMicrosPerDay); }

std::int64_t begin_of(Unit period, std::int64_t day) {
  const std::int64_t month = split(day).month;
  switch (period) {
    case Unit::kYear: return first_of_month(floored(month, kMonths) * kMonths);
    case Unit::kQuarter: return first_of_month(floored(month, 3) * 3);
    case Unit::kMonth: return first_of_month(month);
    case Unit::kWeek: return monday_of(day);
    case Unit::kDay:
    case Unit::kHour:
    case Unit::kMinute:
    case Unit::kSecond:
    case Unit::kDayOfWeek:
    case Unit::kIsoDayOfWeek:
    case Unit::kDayOfYear: break;
  }
  return day;
}

std::int64_t last_day_of_month(std::int64_t day) { return first_of_month(split(day).month + 1) - 1; }

std::int64_t part_of(Unit unit, std::int64_t micros) {
  const std::int64_t day = day_of_moment(micros);
  const std::int64_t of_day = micros - day * kMicrosPerDay;
  const DayOfMonth date = split(day);
  const std::int64_t year = floored(date.month, kMonths);
  switch (unit) {
    case Unit::kYear: return year;
    case Unit::kQuarter: return (date.month - year * kMonths) / 3 + 1;
    case Unit::kMonth: return date.month - year * kMonths + 1;
    case Unit::kWeek: return iso_week(day);
    case Unit::kDay: return date.day;
    case Unit::kHour: return of_day / kMicrosPerHour;
    case Unit::kMinute: return of_day % kMicrosPerHour / kMicrosPerMinute;
    case Unit::kSecond: return of_day % kMicrosPerMinute / kMicrosPerSecond;
    case Unit::kDayOfWeek: return (day - monday_of(day) + 1) % 7;
    case Unit::kIsoDayOfWeek: return day - monday_of(day) + 1;
    case Unit::kDayOfYear: return day - begin_of(Unit::kYear, day) + 1;
  }
  return 0;
}

std::int64_t units_between(Unit unit, std::int64_t from, std::int64_t to) {
  const std::int64_t first = day_of_moment(from);
  const std::int64_t last = day_of_moment(to);
  const auto months = [](std::int64_t day, std::int64_t of) { return floored(split(day).month, of); };
  switch (unit) {
    case Unit::kYear: return months(last, kMonths) - months(first, kMonths);
    case Unit::kQuarter: return months(last, 3) - months(first, 3);
    case Unit::kMonth: return months(last, 1) - months(first, 1);
    case Unit::kWeek: return (last - first) / 7;  // whole ones, wherever they begin
    case Unit::kHour: return floored(to, kMicrosPerHour) - floored(from, kMicrosPerHour);
    case Unit::kMinute: return floored(to, kMicrosPerMinute) - floored(from, kMicrosPerMinute);
    case Unit::kSecond: return floored(to, kMicrosPerSecond) - floored(from, kMicrosPerSecond);
    case Unit::kDay:
    case Unit::kDayOfWeek:
    case Unit::kIsoDayOfWeek:
    case Unit::kDayOfYear: break;
  }
  return last - first;
}

std::int64_t shifted_by_months(std::int64_t micros, std::int64_t months) {
  const std::int64_t day = day_of_moment(micros);
  const DayOfMonth date = split(day);
  const std::int64_t month = date.month + months;
  const std::int64_t days = first_of_month(month + 1) - first_of_month(month);
  const std::int64_t moved = joined({month, std::min(date.day, days)});
  return moved * kMicrosPerDay + (micros - day * kMicrosPerDay);
}

std::int64_t truncated(std::int64_t micros, std::int64_t unit) { return floored(micros, unit) * unit; }

}  // namespace hilo::timeline
