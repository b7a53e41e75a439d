// What is to be expected of a customer from the end of a day on: at the end of which days it is told, how far ahead,
// and as which row of the truth.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "world/behaviour/customer.h"
#include "world/silos/silo.h"

namespace hilo::world {

/// How often expectations are told: at the end of each of these, weeks ending on Sundays.
enum class Rhythm : std::uint8_t { kDay, kWeek, kMonth, kQuarter };

/// Parses day, week, month or quarter. **Errors**: kUsage for another name, with the nearest known one.
[[nodiscard]] Result<Rhythm> parse_rhythm(const std::string& name);
[[nodiscard]] std::string_view rhythm_name(Rhythm rhythm);
/// Returns true on the days at whose end expectations are told.
[[nodiscard]] bool ends_on(Rhythm rhythm, Date day);

/// Which expectations are told. **Units**: horizons in whole days after the day.
struct ExpectationPlan {
  Rhythm every = Rhythm::kQuarter;
  std::vector<int> horizons = {30, 90, 365};
};
inline constexpr int kHorizonMax = 7'305;  ///< days: 20 years
inline constexpr std::size_t kHorizonsMax = 32;

/// Checks that horizons are from 1 to kHorizonMax days, each longer than the one before, and 1 to kHorizonsMax of them.
/// **Errors**: kUsage, with the value at fault.
[[nodiscard]] Status check_horizons(std::span<const int> horizons);
/// Parses whole days with commas between them: 30,90,365. **Errors**: as check_horizons, and for what is no number.
[[nodiscard]] Result<std::vector<int>> parse_horizons(std::string_view text);
[[nodiscard]] std::string horizons_text(std::span<const int> horizons);

/// Returns what is to be expected of a customer over each horizon from the day after `day` on, in their order:
/// purchases and spend, if no further message reaches her. Nothing of one who dropped out.
/// **Requires**: `state` is that of the end of `day`; horizons as check_horizons wants them, and a calendar that
/// reaches as far. **Cost**: some 10 ns for each day of the longest horizon.
[[nodiscard]] std::vector<Expectation> expectations_of(const WorldFacts& world, const Character& character,
                                                       const CustomerState& state, Date day,
                                                       std::span<const int> horizons);

/// Returns the header of the truth's table of expectations.
[[nodiscard]] std::string expectations_header(std::span<const int> horizons);
/// Appends a row of it.
void write_truth_expectations(PersonId person, Date day, std::span<const Expectation> expected, Rows& rows);

}  // namespace hilo::world
