#include "timeline/fold/moving_rows.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "expr/tokens.h"
#include "timeline/fold/calendar.h"
#include "timeline/fold/history.h"

namespace hilo::timeline {
namespace {

using expr::FoldOp;
using expr::FoldScan;
using expr::FoldStep;
using expr::FoldType;

// The constants of a scan on all days of a series: one column each, a row a day.
struct ConstantSeries {
  std::vector<Values> values;
  std::vector<Texts> texts;
};

Result<ConstantSeries> constants_by_day(store::Connection& connection, const FoldScan& scan,
                                        std::span<const Date> days) {
  ConstantSeries series;
  if (scan.constants_sql.empty()) return series;
  std::vector<std::int32_t> numbers;
  for (const Date day : days) numbers.push_back(day.days);
  // The query has no FROM of its own.
  HILO_ASSIGN(store::Rows rows,
              connection.query(fmt::format(
                  "{} from (select date '1970-01-01' + unnest([{}]::integer[]) as _day) order by _day",
                  expr::with_day_from(scan.constants_sql, "_day", "(_day + 1)::timestamp"), fmt::join(numbers, ", "))));
  series.texts.resize(rows.columns().size());
  for (std::size_t at = 0; at < rows.columns().size(); ++at)
    series.values.push_back({.type = held_as(rows.columns()[at].type), .texts = &series.texts[at]});
  while (true) {
    HILO_ASSIGN(const std::optional<store::Chunk> chunk, rows.next());
    if (!chunk) return series;
    for (std::size_t at = 0; at < series.values.size(); ++at) take(*chunk, at, series.values[at], &series.texts[at]);
  }
}

bool is_same(const Values& values, std::size_t row) {
  const Slice slice = values.slice();
  if (slice.is_null(0) || slice.is_null(row)) return slice.is_null(0) && slice.is_null(row);
  if (slice.truths != nullptr) return slice.truths[0] == slice.truths[row];
  if (slice.integers != nullptr) return slice.integers[0] == slice.integers[row];
  return slice.reals != nullptr ? slice.reals[0] == slice.reals[row] : slice.codes[0] == slice.codes[row];
}

bool is_window(FoldOp op) {
  static constexpr auto kWindows =
      std::to_array({FoldOp::kLag, FoldOp::kRunningLeast, FoldOp::kRunningGreatest, FoldOp::kLead, FoldOp::kRowNumber,
                     FoldOp::kRunningCount, FoldOp::kRunningFirst});
  return std::ranges::find(kWindows, op) != kWindows.end();
}

class MovingScanOf {
 public:
  MovingScanOf(const FoldScan& scan, const ConstantSeries& series, std::size_t days) : scan_(scan), series_(series) {
    for (const FoldStep& step : scan.steps) {
      const auto inputs_move = [&](int input) { return moves(input); };
      moves_.push_back(step.op == FoldOp::kConstant ? constant_moves(step, days)
                                                    : std::ranges::any_of(step.inputs, inputs_move));
    }
  }

  [[nodiscard]] std::optional<MovingScan> made() const {
    MovingScan made;
    if (std::ranges::any_of(scan_.columns, &expr::FoldColumn::by_day)) return std::nullopt;
    for (std::size_t at = 0; at < scan_.steps.size(); ++at) {
      if (!is_window(scan_.steps[at].op)) continue;
      // A row that comes later is the next one of those before.
      if (moves_[at] || scan_.steps[at].op == FoldOp::kLead) return std::nullopt;
      made.is_ordered = true;
    }
    for (const expr::FoldAggregate& aggregate : scan_.aggregates) {
      if (moves(aggregate.value) || moves(aggregate.key)) return std::nullopt;
      MovingRows& rows = made.aggregates.emplace_back();
      if (aggregate.rows >= 0 && !add(aggregate.rows, rows)) return std::nullopt;
    }
    return made;
  }

 private:
  [[nodiscard]] const FoldStep& step(int number) const { return scan_.steps[static_cast<std::size_t>(number)]; }
  [[nodiscard]] bool moves(int number) const { return number >= 0 && moves_[static_cast<std::size_t>(number)]; }

  [[nodiscard]] bool constant_moves(const FoldStep& step, std::size_t days) const {
    const Values& values = series_.values[static_cast<std::size_t>(step.number)];
    for (std::size_t day = 1; day < days; ++day) {
      if (!is_same(values, day)) return true;
    }
    return false;
  }

  // Adds a condition, all parts of which must hold.
  bool add(int condition, MovingRows& rows) const {
    if (!moves(condition)) {
      rows.truths.push_back(condition);
      return true;
    }
    const FoldStep& test = step(condition);
    if (test.op == FoldOp::kAnd) return std::ranges::all_of(test.inputs, [&](int part) { return add(part, rows); });
    if (test.op != FoldOp::kLess && test.op != FoldOp::kLessOrEqual) return false;
    const bool is_since = moves(test.inputs[1]);
    const int value = test.inputs[is_since ? 0 : 1];
    std::optional<std::vector<std::int64_t>> limits = rising(test.inputs[is_since ? 1 : 0]);
    if (moves(value) || !limits || step(value).type != FoldType::kInteger) return false;
    rows.tests.push_back({.value = value,
                          .is_since = is_since,
                          .or_equal = test.op == FoldOp::kLessOrEqual,
                          .limits = std::move(*limits)});
    return true;
  }

  // The values of a step that is the same for all rows, where it never falls as days go by.
  [[nodiscard]] std::optional<std::vector<std::int64_t>> rising(int number) const {
    const FoldStep& made = step(number);
    if (made.op == FoldOp::kMomentOf) {
      auto days = rising(made.inputs[0]);
      if (days) std::ranges::for_each(*days, [](std::int64_t& day) { day *= kMicrosPerDay; });
      return days;
    }
    if (made.op != FoldOp::kConstant || made.type != FoldType::kInteger) return std::nullopt;
    const Values& values = series_.values[static_cast<std::size_t>(made.number)];
    if (values.has_nulls || !std::ranges::is_sorted(values.integers)) return std::nullopt;
    return values.integers;
  }

  const FoldScan& scan_;
  const ConstantSeries& series_;
  std::vector<bool> moves_;  // by step: whether it may be another on another day
};

}  // namespace

void MovingTest::cut(std::int64_t row_value, Places& places) const {
  // The first place with a limit of at least the value, or above it.
  const bool is_above = is_since != or_equal;
  const auto found =
      is_above ? std::ranges::upper_bound(limits, row_value) : std::ranges::lower_bound(limits, row_value);
  const auto place = static_cast<std::int32_t>(found - limits.begin());
  if (is_since) {
    places.begin = std::max(places.begin, place);
  } else {
    places.end = std::min(places.end, place);
  }
}

std::optional<Places> MovingRows::of(const Evaluation& evaluation, std::size_t row, Places there) const {
  for (const int truth : truths) {
    const Slice& slice = evaluation.step(truth);
    if (slice.truths[slice.at(row)] != kTrue) return std::nullopt;
  }
  for (const MovingTest& test : tests) {
    const Slice& slice = evaluation.step(test.value);
    if (slice.is_null(row)) return std::nullopt;
    test.cut(slice.integers[slice.at(row)], there);
  }
  return there.begin < there.end ? std::optional(there) : std::nullopt;
}

Result<std::optional<MovingScan>> moving_scan(store::Connection& connection, const FoldScan& scan,
                                              std::span<const Date> days) {
  HILO_ASSIGN(const ConstantSeries series, constants_by_day(connection, scan, days));
  return MovingScanOf(scan, series, days.size()).made();
}

}  // namespace hilo::timeline
