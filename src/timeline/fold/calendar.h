// The calendar's arithmetic on days and moments, as the engine has it. Infinite ones are the callers' to tell.
#pragma once

#include <cstdint>

#include "expr/fold/program.h"

namespace hilo::timeline {

inline constexpr std::int64_t kMicrosPerDay = 86'400'000'000;

/// Returns the day of a moment, and the first day of the period in which a day lies.
[[nodiscard]] std::int64_t day_of_moment(std::int64_t micros);
[[nodiscard]] std::int64_t begin_of(expr::CalendarUnit period, std::int64_t day);
[[nodiscard]] std::int64_t last_day_of_month(std::int64_t day);
/// Returns one part of a moment, as its year or hour.
[[nodiscard]] std::int64_t part_of(expr::CalendarUnit unit, std::int64_t micros);
/// Returns how often a unit begins between two moments; of weeks how many whole ones lie between their days.
[[nodiscard]] std::int64_t units_between(expr::CalendarUnit unit, std::int64_t from, std::int64_t to);
[[nodiscard]] std::int64_t shifted_by_months(std::int64_t micros, std::int64_t months);
[[nodiscard]] std::int64_t truncated(std::int64_t micros, std::int64_t unit);

}  // namespace hilo::timeline
