#include "timeline/fold/evaluate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "timeline/fold/calendar.h"
#include "timeline/fold/each_row.h"

namespace hilo::timeline {
namespace {

using expr::FoldOp;
using expr::FoldStep;
using expr::FoldType;

constexpr std::int64_t kTenToEighteen = 1'000'000'000'000'000'000;

template <class Compare>
void compare(const Slice& left, const Slice& right, std::size_t rows, std::uint8_t* out, const Compare& holds) {
  if (left.type == FoldType::kReal) {
    for_pairs(left, right, rows, [&](std::size_t row, std::size_t a, std::size_t b) {
      out[row] = holds(left.reals[a], right.reals[b]) ? kTrue : kFalse;
    });
  } else if (left.type == FoldType::kText) {
    for_pairs(left, right, rows, [&](std::size_t row, std::size_t a, std::size_t b) {
      const bool null = left.codes[a] == Texts::kNull || right.codes[b] == Texts::kNull;
      out[row] = null                                                                        ? kUnknown
                 : holds(left.texts->text(left.codes[a]), right.texts->text(right.codes[b])) ? kTrue
                                                                                             : kFalse;
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

// As the engine casts: where the number has too many digits for a double, its parts are cast one by one.
double real_of(std::int64_t number, std::int64_t power) {
  constexpr std::int64_t kExactlyReal = std::int64_t{1} << 53;
  const auto divisor = static_cast<double>(power);
  if (power == 1 || (number <= kExactlyReal && number >= -kExactlyReal)) return static_cast<double>(number) / divisor;
  const std::int64_t whole = number / power;
  return static_cast<double>(whole) + static_cast<double>(number % power) / divisor;
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

std::int64_t day_of(std::int64_t micros) {
  if (is_infinite(micros, kInfiniteMoment)) return micros > 0 ? kInfiniteDay : -kInfiniteDay;
  return day_of_moment(micros);
}

bool moment_of(std::int64_t day, std::int64_t& result) {
  if (!is_infinite(day, kInfiniteDay)) return __builtin_mul_overflow(day, kMicrosPerDay, &result);
  result = day > 0 ? kInfiniteMoment : -kInfiniteMoment;
  return false;
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
    case FoldOp::kMomentOf: return compute_each(input(step, 0), rows_, out, moment_of);
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
      for (std::size_t row = 0; row < rows_; ++row) out.reals[row] = real_of(of.integers[of.at(row)], step.number);
      return;
    }
    case FoldOp::kShiftMonths:
    case FoldOp::kTruncate:
    case FoldOp::kPeriodOf:
    case FoldOp::kLastDay:
    case FoldOp::kPartOf:
    case FoldOp::kUnitsBetween: return compute_calendar(step, out);
    case FoldOp::kRunningLeast:
    case FoldOp::kRunningGreatest: return running(number, out);
    case FoldOp::kRowNumber:
    case FoldOp::kRunningCount: return running_count(number, out);
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
      return out.put_null(0);
    case FoldOp::kChoose: return step.type == FoldType::kText ? choose_texts(number, out) : choose(step, out);
    case FoldOp::kLag:
    case FoldOp::kLead:
    case FoldOp::kRunningFirst: return value_of_other_row(number, out);
    default: HILO_CHECK(false);
  }
}

// A text is judged once, whatever the number of rows that hold it.
void Evaluation::text_in(std::size_t number, Values& out) {
  const FoldStep& step = program_.steps[number];
  const Slice& text = input(step, 0);
  std::vector<std::uint8_t>& is_in = texts_in_[number];
  if (is_in.empty()) is_in.push_back(kUnknown);                          // of null, whose code is -1
  while (text.texts != nullptr && is_in.size() <= text.texts->size()) {  // texts that were made may have become more
    const std::string_view one = text.texts->text(static_cast<std::int32_t>(is_in.size()) - 1);
    is_in.push_back(std::ranges::find(step.texts, one) != step.texts.end() ? kTrue : kFalse);
  }
  for (std::size_t row = 0; row < rows_; ++row)
    out.truths[row] = is_in[static_cast<std::size_t>(std::int64_t{text.codes[text.at(row)]} + 1)];
}

// Which of a choice's inputs has the value of a row.
std::size_t Evaluation::chosen(const FoldStep& step, std::size_t row) const {
  for (std::size_t which = 0; which + 1 < step.inputs.size(); which += 2) {
    const Slice& condition = input(step, which);
    if (condition.truths[condition.at(row)] == kTrue) return which + 1;
  }
  return step.inputs.size() - 1;
}

void Evaluation::choose(const FoldStep& step, Values& out) {
  for (std::size_t row = 0; row < rows_; ++row) out.copy(input(step, chosen(step, row)), row, row);
}

void Evaluation::choose_texts(std::size_t number, Values& out) {
  const FoldStep& step = program_.steps[number];
  TextsMade& made = texts_made_[number];
  if (made.texts == nullptr) made.texts = std::make_shared<Texts>();
  out.texts = made.texts.get();
  for (std::size_t row = 0; row < rows_; ++row) {
    const Slice& from = input(step, chosen(step, row));
    const std::int32_t code = from.codes[from.at(row)];
    out.codes[row] = Texts::kNull;
    if (code == Texts::kNull) continue;
    std::vector<std::int32_t>& codes = made.codes[from.texts];
    codes.resize(std::max(codes.size(), from.texts->size()), Texts::kNull);
    std::int32_t& own = codes[static_cast<std::size_t>(code)];
    if (own == Texts::kNull) own = made.texts->code_of(from.texts->text(code));
    out.codes[row] = own;
  }
}

std::vector<std::shared_ptr<const Texts>> Evaluation::take_texts() {
  std::vector<std::shared_ptr<const Texts>> taken;
  for (TextsMade& made : texts_made_) {
    if (made.texts != nullptr) taken.push_back(std::move(made.texts));
  }
  return taken;
}

}  // namespace hilo::timeline
