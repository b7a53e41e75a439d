#include "world/truth/expectations.h"

#include <array>
#include <charconv>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace hilo::world {
namespace {

constexpr auto kRhythmNames = std::to_array<std::pair<Rhythm, std::string_view>>(
    {{Rhythm::kDay, "day"}, {Rhythm::kWeek, "week"}, {Rhythm::kMonth, "month"}, {Rhythm::kQuarter, "quarter"}});

std::unexpected<Error> no_horizons(std::string_view value) {
  return fail(ErrorCode::kUsage,
              fmt::format("'{}' cannot be among the horizons of expectations: they are whole days from 1 to {}, each "
                          "more than the one before, at most {} of them",
                          value, kHorizonMax, kHorizonsMax),
              "Write them with commas between them, such as 30,90,365.");
}

}  // namespace

Result<Rhythm> parse_rhythm(const std::string& name) {
  std::vector<std::string> known;
  for (const auto& [rhythm, its_name] : kRhythmNames) {
    if (name == its_name) return rhythm;
    known.emplace_back(its_name);
  }
  return fail(ErrorCode::kUsage, fmt::format("expectations are not told every '{}'{}", name, did_you_mean(name, known)),
              "They are told at the end of every day, week, month or quarter.");
}

std::string_view rhythm_name(Rhythm rhythm) { return kRhythmNames.at(static_cast<std::size_t>(rhythm)).second; }

bool ends_on(Rhythm rhythm, Date day) {
  const Date next{day.days + 1};
  switch (rhythm) {
    case Rhythm::kDay: return true;
    case Rhythm::kWeek: return ((next.days + 3) % 7 + 7) % 7 == 0;  // 1970-01-01 was a Thursday
    case Rhythm::kMonth: return civil(next).day == 1;
    case Rhythm::kQuarter: return civil(next).day == 1 && civil(next).month % 3 == 1;
  }
  return false;
}

Status check_horizons(std::span<const int> horizons) {
  if (horizons.empty()) return no_horizons("");
  int before = 0;
  for (std::size_t at = 0; at < horizons.size(); ++at) {
    if (horizons[at] <= before || horizons[at] > kHorizonMax || at >= kHorizonsMax)
      return no_horizons(std::to_string(horizons[at]));
    before = horizons[at];
  }
  return {};
}

Result<std::vector<int>> parse_horizons(std::string_view text) {
  std::vector<int> horizons;
  for (const std::string_view part : split(text, ',')) {
    int days = 0;
    const auto [end, failure] = std::from_chars(part.data(), part.data() + part.size(), days);
    if (failure != std::errc{} || end != part.data() + part.size()) return no_horizons(part);
    horizons.push_back(days);
  }
  HILO_TRY(check_horizons(horizons));
  return horizons;
}

std::string horizons_text(std::span<const int> horizons) { return fmt::format("{}", fmt::join(horizons, ",")); }

std::vector<Expectation> expectations_of(const WorldFacts& world, const Character& character,
                                         const CustomerState& state, Date day, std::span<const int> horizons) {
  std::vector<Expectation> expected;
  expected.reserve(horizons.size());
  if (world.regime == Regime::kTextbook) {
    const double value = expected_value(character.textbook, world.textbook_figures);
    for (const int days : horizons) {
      const double purchases = expected_purchases(character.textbook, state.textbook, days);
      expected.push_back({.purchases = purchases, .spend_eur = purchases * value});
    }
    return expected;
  }
  Forecast forecast(world, character, state.buying, Date{day.days + 1});
  int passed = 0;
  for (const int days : horizons) {
    forecast.advance(days - passed);
    passed = days;
    expected.push_back(forecast.sum());
  }
  return expected;
}

std::string expectations_header(std::span<const int> horizons) {
  std::string header = "person,day";
  for (const int days : horizons) header += fmt::format(",purchases_{}d", days);
  for (const int days : horizons) header += fmt::format(",spend_{}d_eur", days);
  return header + '\n';
}

void write_truth_expectations(PersonId person, Date day, std::span<const Expectation> expected, Rows& rows) {
  std::string& out = rows.add(Silo::kTruthExpectations, day);
  const auto append = std::back_inserter(out);
  fmt::format_to(append, "{},{}", person.number, to_string(day));
  for (const Expectation& each : expected) fmt::format_to(append, ",{:.5g}", each.purchases);
  for (const Expectation& each : expected) fmt::format_to(append, ",{:.5g}", each.spend_eur);
  out += '\n';
}

}  // namespace hilo::world
