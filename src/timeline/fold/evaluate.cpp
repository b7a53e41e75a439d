#include "timeline/fold/evaluate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

namespace hilo::timeline {
namespace {

using expr::FoldOp;
using expr::FoldStep;
using expr::FoldType;

constexpr std::int64_t kMicrosPerDay = 86'400'000'000;
constexpr std::int64_t kInfiniteMoment = std::numeric_limits<std::int64_t>::max();  // and its negative; so of days
constexpr std::int64_t kInfiniteDay = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t kTenToEighteen = 1'000'000'000'000'000'000;

// Calls `each(row, left row, right row)`, in a loop of its own for each way in which a side may be one value.
template <class Each>
void for_pairs(const Slice& left, const Slice& right, std::size_t rows, const Each& each) {
  if (right.same && !left.same) {
    for (std::size_t row = 0; row < rows; ++row) each(row, row, 0);
  } else if (left.same && !right.same) {
    for (std::size_t row = 0; row < rows; ++row) each(row, 0, row);
  } else if (left.same) {
    for (std::size_t row = 0; row < rows; ++row) each(row, 0, 0);
  } else {
    for (std::size_t row = 0; row < rows; ++row) each(row, row, row);
  }
}

template <class Compare>
void compare(const Slice& left, const Slice& right, std::size_t rows, std::uint8_t* out, const Compare& holds) {
  if (left.type == FoldType::kReal) {
    for_pairs(left, right, rows, [&](std::size_t row, std::size_t a, std::size_t b) {
      out[row] = holds(left.reals[a], right.reals[b]) ? kTrue : kFalse;
    });
  } else if (left.type == FoldType::kTruth) {
    for_pairs(left, right, rows, [&](std::size_t row, std::size_t a, std::size_t b) {
      out[row] = holds(left.truths[a], right.truths[b]) ? kTrue : kFalse;
    });
  } else {
    for_pairs(left, right, rows, [&](std::size_t row, std::size_t a, std::size_t b) {
      out[row] = holds(left.integers[a], right.integers[b]) ? kTrue : kFalse;
    });
  }
  for (const Slice* side : {&left, &right}) {
    if (side->nulls == nullptr && side->truths == nullptr) continue;
    for (std::size_t row = 0; row < rows; ++row) {
      if (side->is_null(row)) out[row] = kUnknown;
    }
  }
}

template <class T>
bool is_nan(T value) {
  if constexpr (std::is_floating_point_v<T>) return std::isnan(value);
  return false;
}

// The engine orders doubles totally: NaN equals itself and is greater than all else.
struct Equal {
  template <class T>
  bool operator()(T left, T right) const {
    return left == right || (is_nan(left) && is_nan(right));
  }
};
struct Less {
  template <class T>
  bool operator()(T left, T right) const {
    return left < right || (!is_nan(left) && is_nan(right));
  }
};
struct LessOrEqual {
  template <class T>
  bool operator()(T left, T right) const {
    return left <= right || is_nan(right);
  }
};

void combine(FoldOp op, const Slice& left, const Slice& right, std::size_t rows, std::uint8_t* out) {
  if (op == FoldOp::kAnd) {
    for_pairs(left, right, rows, [&](std::size_t row, std::size_t a, std::size_t b) {
      out[row] = std::min(left.truths[a], right.truths[b]);
    });
  } else {
    for_pairs(left, right, rows, [&](std::size_t row, std::size_t a, std::size_t b) {
      out[row] = std::max(left.truths[a], right.truths[b]);
    });
  }
}

void any_null(const Slice& left, const Slice& right, std::size_t rows, Values& out) {
  out.has_nulls = left.nulls != nullptr || right.nulls != nullptr;
  std::fill_n(out.nulls.begin(), rows, 0);
  for (const Slice* side : {&left, &right}) {
    if (side->nulls == nullptr) continue;
    for (std::size_t row = 0; row < rows; ++row) out.nulls[row] |= side->nulls[side->at(row)];
  }
}

void compute_reals(FoldOp op, const Slice& left, const Slice& right, std::size_t rows, Values& out) {
  for_pairs(left, right, rows, [&](std::size_t row, std::size_t a, std::size_t b) {
    const double x = left.reals[a];
    const double y = right.reals[b];
    switch (op) {
      case FoldOp::kAdd: out.reals[row] = x + y; return;
      case FoldOp::kSubtract: out.reals[row] = x - y; return;
      default: out.reals[row] = x * y; return;
    }
  });
}

bool overflows(FoldOp op, std::int64_t left, std::int64_t right, std::int64_t& result) {
  if (op == FoldOp::kAdd) return __builtin_add_overflow(left, right, &result);
  if (op == FoldOp::kSubtract) return __builtin_sub_overflow(left, right, &result);
  return __builtin_mul_overflow(left, right, &result);
}

void compute_integers(const FoldStep& step, const Slice& left, const Slice& right, std::size_t rows, Values& out) {
  bool lost = false;
  for_pairs(left, right, rows, [&](std::size_t row, std::size_t a, std::size_t b) {
    std::int64_t result = 0;
    bool beyond = overflows(step.op, left.integers[a], right.integers[b], result);
    if (step.number != 0) beyond = beyond || result >= step.number || result <= -step.number;
    out.integers[row] = beyond ? 0 : result;
    out.nulls[row] |= beyond ? 1 : 0;
    lost = lost || beyond;
  });
  out.has_nulls = out.has_nulls || lost;
}

// Arithmetic of one value: `work(value, result)` returns whether there is no result.
template <class Work>
void compute_each(const Slice& input, std::size_t rows, Values& out, const Work& work) {
  out.has_nulls = input.nulls != nullptr;
  for (std::size_t row = 0; row < rows; ++row) {
    std::int64_t result = 0;
    const bool lost = work(input.integers[input.at(row)], result);
    const bool null = lost || (input.nulls != nullptr && input.nulls[input.at(row)] != 0);
    out.integers[row] = null ? 0 : result;
    out.nulls[row] = null ? 1 : 0;
    out.has_nulls = out.has_nulls || lost;
  }
}

// Where a text's code stands in a table by code, in which null comes first.
std::size_t place_of(std::int32_t code) { return static_cast<std::size_t>(std::int64_t{code} + 1); }

bool is_infinite(std::int64_t value, std::int64_t infinity) { return value == infinity || value == -infinity; }

std::int64_t day_of(std::int64_t micros) {
  if (is_infinite(micros, kInfiniteMoment)) return micros > 0 ? kInfiniteDay : -kInfiniteDay;
  const std::int64_t day = micros / kMicrosPerDay;
  return micros % kMicrosPerDay < 0 ? day - 1 : day;
}

void days_between(const Slice& from, const Slice& to, std::size_t rows, Values& out) {
  any_null(from, to, rows, out);
  for_pairs(from, to, rows, [&](std::size_t row, std::size_t a, std::size_t b) {
    out.integers[row] = to.integers[b] - from.integers[a];
    if (!is_infinite(from.integers[a], kInfiniteDay) && !is_infinite(to.integers[b], kInfiniteDay)) return;
    out.nulls[row] = 1;
    out.has_nulls = true;
  });
}

// Gives a row the value of another column's row.
void copy_value(const Slice& from, std::size_t from_row, std::size_t row, Values& out) {
  const std::size_t at = from.at(from_row);
  switch (out.type) {
    case FoldType::kTruth: out.truths[row] = from.truths[at]; return;
    case FoldType::kText: out.codes[row] = from.codes[at]; return;
    case FoldType::kReal: out.reals[row] = from.reals[at]; break;
    case FoldType::kInteger:
    case FoldType::kHuge: out.integers[row] = from.integers[at]; break;
  }
  out.nulls[row] = from.nulls != nullptr ? from.nulls[at] : 0;
  out.has_nulls = out.has_nulls || out.nulls[row] != 0;
}

void put_null(std::size_t row, Values& out) {
  switch (out.type) {
    case FoldType::kTruth: out.truths[row] = kUnknown; return;
    case FoldType::kText: out.codes[row] = Texts::kNull; return;
    case FoldType::kReal: out.reals[row] = 0; break;
    case FoldType::kInteger:
    case FoldType::kHuge: out.integers[row] = 0; break;
  }
  out.nulls[row] = 1;
  out.has_nulls = true;
}

}  // namespace

void Evaluation::compute(std::span<const std::size_t> starts) {
  starts_ = starts;
  begin_ = starts.front();
  rows_ = starts.back() - begin_;
  for (std::size_t number = 0; number < program_.steps.size(); ++number) compute_step(number);
}

void Evaluation::compute_step(std::size_t number) {
  const FoldStep& step = program_.steps[number];
  Slice& slice = slices_[number];
  if (step.op == FoldOp::kColumn) {
    slice = columns_[static_cast<std::size_t>(step.number)]->slice(begin_);
    return;
  }
  if (step.op == FoldOp::kConstant) {
    slice = constants_[static_cast<std::size_t>(step.number)].slice();
    return;
  }
  Values& out = made_[number];
  out.type = step.type;
  out.has_nulls = false;
  out.resize(rows_);
  if (step.type == FoldType::kTruth) {
    compute_truths(number, out);
  } else {
    compute_values(number, out);
  }
  slice = out.slice();
}

void Evaluation::compute_truths(std::size_t number, Values& out) {
  const FoldStep& step = program_.steps[number];
  std::uint8_t* truths = out.truths.data();
  switch (step.op) {
    case FoldOp::kTextIn: return text_in(number, out);
    case FoldOp::kEqual: return compare(input(step, 0), input(step, 1), rows_, truths, Equal());
    case FoldOp::kLess: return compare(input(step, 0), input(step, 1), rows_, truths, Less());
    case FoldOp::kLessOrEqual: return compare(input(step, 0), input(step, 1), rows_, truths, LessOrEqual());
    case FoldOp::kAnd:
    case FoldOp::kOr: return combine(step.op, input(step, 0), input(step, 1), rows_, truths);
    case FoldOp::kNot: {
      const Slice& of = input(step, 0);
      for (std::size_t row = 0; row < rows_; ++row) truths[row] = static_cast<std::uint8_t>(2 - of.truths[of.at(row)]);
      return;
    }
    case FoldOp::kIsNull:
      for (std::size_t row = 0; row < rows_; ++row) truths[row] = input(step, 0).is_null(row) ? kTrue : kFalse;
      return;
    default: compute_any(number, out);
  }
}

void Evaluation::compute_values(std::size_t number, Values& out) {
  const FoldStep& step = program_.steps[number];
  switch (step.op) {
    case FoldOp::kAdd:
    case FoldOp::kSubtract:
    case FoldOp::kMultiply:
      any_null(input(step, 0), input(step, 1), rows_, out);
      return step.type == FoldType::kReal ? compute_reals(step.op, input(step, 0), input(step, 1), rows_, out)
                                          : compute_integers(step, input(step, 0), input(step, 1), rows_, out);
    case FoldOp::kShift:
      return compute_each(input(step, 0), rows_, out, [&](std::int64_t value, std::int64_t& result) {
        if (is_infinite(value, kInfiniteMoment)) {
          result = value;
          return false;
        }
        return __builtin_add_overflow(value, step.number, &result);
      });
    case FoldOp::kDayOf:
      return compute_each(input(step, 0), rows_, out, [](std::int64_t value, std::int64_t& result) {
        result = day_of(value);
        return false;
      });
    case FoldOp::kDaysBetween: return days_between(input(step, 0), input(step, 1), rows_, out);
    case FoldOp::kScaleUp:
      return compute_each(input(step, 0), rows_, out, [&](std::int64_t value, std::int64_t& result) {
        const bool beyond = value >= step.number || value <= -step.number;
        result = beyond ? 0 : value * (kTenToEighteen / step.number);
        return beyond;
      });
    case FoldOp::kToReal: {
      const Slice& of = input(step, 0);
      any_null(of, of, rows_, out);
      for (std::size_t row = 0; row < rows_; ++row) out.reals[row] = static_cast<double>(of.integers[of.at(row)]);
      return;
    }
    case FoldOp::kRunningLeast:
    case FoldOp::kRunningGreatest: return running(step, out);
    default: compute_any(number, out);
  }
}

// Steps for values of every type.
void Evaluation::compute_any(std::size_t number, Values& out) {
  const FoldStep& step = program_.steps[number];
  switch (step.op) {
    case FoldOp::kNull:
      out.resize(1);
      out.same = true;
      return put_null(0, out);
    case FoldOp::kChoose: return choose(step, out);
    case FoldOp::kLag: return lag(number, out);
    default: HILO_CHECK(false);
  }
}

// A text is judged once, whatever the number of rows that hold it.
void Evaluation::text_in(std::size_t number, Values& out) {
  const FoldStep& step = program_.steps[number];
  const Slice& text = input(step, 0);
  std::vector<std::uint8_t>& is_in = texts_in_[number];
  if (is_in.empty()) {
    is_in.assign(text.texts->size() + 1, kFalse);
    is_in[0] = kUnknown;  // of null, whose code is -1
    for (std::size_t code = 0; code < text.texts->size(); ++code) {
      const std::string_view one = text.texts->text(static_cast<std::int32_t>(code));
      if (std::ranges::find(step.texts, one) != step.texts.end()) is_in[code + 1] = kTrue;
    }
  }
  for (std::size_t row = 0; row < rows_; ++row) out.truths[row] = is_in[place_of(text.codes[text.at(row)])];
}

void Evaluation::choose(const FoldStep& step, Values& out) {
  for (std::size_t row = 0; row < rows_; ++row) {
    std::size_t which = 0;
    while (which + 1 < step.inputs.size()) {
      const Slice& condition = input(step, which);
      if (condition.truths[condition.at(row)] == kTrue) break;
      which += 2;
    }
    copy_value(input(step, which + 1 < step.inputs.size() ? which + 1 : which), row, row, out);
  }
}

void Evaluation::lag(std::size_t number, Values& out) {
  const FoldStep& step = program_.steps[number];
  const Slice& counts = input(step, 0);
  const Slice& value = input(step, 1);
  const Slice* key = step.inputs.size() > 2 ? &input(step, 2) : nullptr;
  out.texts = value.texts;
  std::vector<std::ptrdiff_t>& last_rows = last_rows_[number];
  if (last_rows.empty()) last_rows.assign(key == nullptr ? 1 : key->texts->size() + 1, -1);
  for (std::size_t customer = 0; customer + 1 < starts_.size(); ++customer) {
    const std::size_t first = starts_[customer];
    for (std::size_t at = first; at < starts_[customer + 1]; ++at) {
      const std::size_t row = at - begin_;
      put_null(row, out);
      if (counts.truths[counts.at(row)] != kTrue) continue;
      std::ptrdiff_t& last = last_rows[key == nullptr ? 0 : place_of(key->codes[key->at(row)])];
      // Of an earlier customer is none of this one's.
      if (last >= static_cast<std::ptrdiff_t>(first))
        copy_value(value, static_cast<std::size_t>(last) - begin_, row, out);
      last = static_cast<std::ptrdiff_t>(at);
    }
  }
}

void Evaluation::running(const FoldStep& step, Values& out) {
  const Slice& counts = input(step, 0);
  const Slice& value = input(step, 1);
  const bool least = step.op == FoldOp::kRunningLeast;
  for (std::size_t customer = 0; customer + 1 < starts_.size(); ++customer) {
    bool any = false;
    std::int64_t best = 0;
    for (std::size_t row = starts_[customer] - begin_; row < starts_[customer + 1] - begin_; ++row) {
      if (counts.truths[counts.at(row)] == kTrue && !value.is_null(row)) {
        const std::int64_t one = value.integers[value.at(row)];
        best = !any ? one : least ? std::min(best, one) : std::max(best, one);
        any = true;
      }
      out.integers[row] = best;
      out.nulls[row] = any ? 0 : 1;
      out.has_nulls = out.has_nulls || !any;
    }
  }
}

}  // namespace hilo::timeline
