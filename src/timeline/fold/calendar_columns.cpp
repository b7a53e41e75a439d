// The steps of the calendar, over columns of days and moments.
#include "timeline/fold/calendar.h"
#include "timeline/fold/each_row.h"
#include "timeline/fold/evaluate.h"

namespace hilo::timeline {
namespace {

using expr::CalendarUnit;
using expr::FoldOp;
using expr::FoldStep;

CalendarUnit unit_of(const FoldStep& step) { return static_cast<CalendarUnit>(step.number); }

// As compute_each, of work on finite values; infinity stays.
template <class Work>
void compute_finite(const Slice& input, std::int64_t infinity, std::size_t rows, Values& out, const Work& work) {
  compute_each(input, rows, out, [&](std::int64_t value, std::int64_t& result) {
    result = is_infinite(value, infinity) ? value : work(value);
    return false;
  });
}

void count_between(const FoldStep& step, const Slice& from, const Slice& to, std::size_t rows, Values& out) {
  any_null(from, to, rows, out);
  for_pairs(from, to, rows, [&](std::size_t row, std::size_t a, std::size_t b) {
    const bool none = is_infinite(from.integers[a], kInfiniteMoment) || is_infinite(to.integers[b], kInfiniteMoment);
    out.integers[row] = none ? 0 : units_between(unit_of(step), from.integers[a], to.integers[b]);
    if (!none) return;
    out.nulls[row] = 1;
    out.has_nulls = true;
  });
}

}  // namespace

void Evaluation::compute_calendar(const FoldStep& step, Values& out) {
  const Slice& of = input(step, 0);
  switch (step.op) {
    case FoldOp::kShiftMonths:
      return compute_finite(of, kInfiniteMoment, rows_, out,
                            [&](std::int64_t micros) { return shifted_by_months(micros, step.number); });
    case FoldOp::kTruncate:
      return compute_finite(of, kInfiniteMoment, rows_, out,
                            [&](std::int64_t micros) { return truncated(micros, step.number); });
    case FoldOp::kPeriodOf:
      return compute_finite(of, kInfiniteDay, rows_, out,
                            [&](std::int64_t day) { return begin_of(unit_of(step), day); });
    case FoldOp::kLastDay:
      return compute_each(of, rows_, out, [](std::int64_t day, std::int64_t& result) {
        const bool none = is_infinite(day, kInfiniteDay);
        result = none ? 0 : last_day_of_month(day);
        return none;
      });
    case FoldOp::kPartOf:
      return compute_each(of, rows_, out, [&](std::int64_t micros, std::int64_t& result) {
        const bool none = is_infinite(micros, kInfiniteMoment);
        result = none ? 0 : part_of(unit_of(step), micros);
        return none;
      });
    default: return count_between(step, of, input(step, 1), rows_, out);
  }
}

}  // namespace hilo::timeline
