#include "world/retailer/calendar.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace hilo::world {
namespace {

// Of the middle of each month, January first: fashion and home sell in November and December. Mean 1.
constexpr std::array<double, 12> kMonths = {0.86, 0.78, 0.90, 0.95, 0.98, 0.97, 1.01, 0.83, 0.93, 0.98, 1.23, 1.58};
// Monday first. Means 1.
constexpr std::array<double, 7> kOnlineWeek = {1.08, 1.02, 1.00, 0.98, 0.88, 0.86, 1.18};
constexpr std::array<double, 7> kStoreWeek = {0.86, 0.86, 0.91, 1.02, 1.30, 2.05, 0};

struct Promotion {
  int from_month;
  int from_day;
  int until_month;
  int until_day;  // inclusive
  double factor;
};
constexpr std::array<Promotion, 5> kPromotions = {
    {{1, 7, 1, 31, 1.25}, {5, 2, 5, 8, 1.15}, {7, 1, 7, 20, 1.25}, {10, 6, 10, 12, 1.15}, {11, 24, 11, 30, 1.6}}};

double season_of(const CivilDate& date) {
  // Between the middles of two months in a straight line.
  const double at = date.month - 1 + (date.day - 15.5) / 30.5;
  const int before = at < 0 ? 11 : static_cast<int>(at);
  const double share = at < 0 ? at + 1 : at - before;
  const double from = kMonths.at(static_cast<std::size_t>(before));
  const double to = kMonths.at(static_cast<std::size_t>((before + 1) % 12));
  return from + (to - from) * share;
}

// The share of sales made by each full hour, 0 to 24.
using Hours = std::array<double, 25>;

constexpr Hours cumulated(const std::array<double, 24>& by_hour) {
  Hours sums{};
  for (std::size_t hour = 0; hour < 24; ++hour) sums.at(hour + 1) = sums.at(hour) + by_hour.at(hour);
  for (double& sum : sums) sum /= sums.back() > 0 ? sums.back() : 1;
  return sums;
}

constexpr Hours kOnlineHours = cumulated(
    {1.5, 0.8, 0.4, 0.3, 0.3, 0.5, 1.2, 2.2, 3.2, 4.2, 5, 5.2, 5.5, 5.4, 5, 4.8, 4.8, 5, 5.5, 6.3, 7.8, 8.6, 7.2, 4});
// Open from ten to half past eight; nobody counts the minutes.
constexpr Hours kStoreHours =
    cumulated({0, 0, 0, 0, 0, 0, 0, 0, 0, 0.4, 5, 9, 10, 7, 5, 5.5, 8, 11, 13, 11, 4, 0, 0, 0});

}  // namespace

DayFactors factors_of(Date day) {
  const CivilDate date = civil(day);
  const auto weekday = static_cast<std::size_t>(((day.days + 3) % 7 + 7) % 7);  // 1970-01-01 was a Thursday
  const double season = season_of(date);
  DayFactors factors{.online = season * kOnlineWeek.at(weekday), .store = season * kStoreWeek.at(weekday)};
  const int in_year = date.month * 100 + date.day;
  for (const Promotion& each : kPromotions) {
    if (in_year >= each.from_month * 100 + each.from_day && in_year <= each.until_month * 100 + each.until_day)
      factors.promotion = each.factor;
  }
  return factors;
}

double time_of_day(Channel channel, double share) {
  const Hours& hours = channel == Channel::kStore ? kStoreHours : kOnlineHours;
  // Nothing happens at midnight of the next day, to which a share next to 1 would be rounded.
  share = std::clamp(share, 0.0, 1 - 1e-9);
  const auto* const after = std::ranges::upper_bound(hours, share);
  const auto hour = static_cast<std::size_t>(after - hours.begin()) - 1;
  const double width = hours.at(hour + 1) - hours.at(hour);
  return (static_cast<double>(hour) + (share - hours.at(hour)) / width) / 24;
}

}  // namespace hilo::world
