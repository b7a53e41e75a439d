#include "timeline/fold/aggregate.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace hilo::timeline {

using expr::FoldAggregateKind;
using expr::FoldType;

// Rows [begin, end) of a batch; those that count have a true truth, where there are any.
struct Aggregation::Rows {
  const Slice* value;   // nullptr = rows are counted
  const Slice* truths;  // nullptr = all count
  const Slice* key;     // nullptr = none
  std::size_t begin;
  std::size_t end;

  [[nodiscard]] bool counts(std::size_t row) const {
    return truths == nullptr || truths->truths[truths->at(row)] == kTrue;
  }
  [[nodiscard]] bool has_value(std::size_t row) const { return counts(row) && !value->is_null(row); }
};

void Aggregation::add(const Evaluation& evaluation, std::span<const std::size_t> starts) {
  const auto column = [&](int step) { return step < 0 ? nullptr : &evaluation.step(step); };
  add({.value = column(aggregate_.value), .rows = column(aggregate_.rows), .key = column(aggregate_.key)}, starts);
}

void Aggregation::add(const AggregateInput& input, std::span<const std::size_t> starts) {
  Rows rows{.value = input.value, .truths = input.rows, .key = input.key, .begin = 0, .end = 0};
  if (rows.value != nullptr && results_.texts == nullptr) results_.texts = rows.value->texts;
  for (std::size_t customer = 0; customer + 1 < starts.size(); ++customer) {
    rows.begin = rows.end;
    rows.end = starts[customer + 1] - starts.front();
    switch (aggregate_.kind) {
      case FoldAggregateKind::kCount: count(rows); break;
      case FoldAggregateKind::kCountDistinct: count_distinct(rows); break;
      case FoldAggregateKind::kSum:
      case FoldAggregateKind::kAverage: sum(rows); break;
      case FoldAggregateKind::kLeast:
      case FoldAggregateKind::kGreatest: least(rows); break;
      case FoldAggregateKind::kFirst:
      case FoldAggregateKind::kLast: pick(rows); break;
      case FoldAggregateKind::kMode: mode(rows); break;
      case FoldAggregateKind::kQuantile: quantile(rows); break;
      case FoldAggregateKind::kQuantileOfValues: quantile_of_values(rows); break;
      case FoldAggregateKind::kVariance:
      case FoldAggregateKind::kDeviation: spread(rows); break;
      case FoldAggregateKind::kValueOfLeast:
      case FoldAggregateKind::kValueOfGreatest: value_of_extreme(rows); break;
      case FoldAggregateKind::kDistinct: list_distinct(rows); break;
      case FoldAggregateKind::kFirstByKey:
      case FoldAggregateKind::kLastByKey: pick_by_key(rows); break;
      case FoldAggregateKind::kAll:
      case FoldAggregateKind::kAny: all_or_any(rows); break;
    }
  }
}

void Aggregation::put_null() {
  put(0);
  results_.nulls.back() = 1;
}

void Aggregation::put(std::int64_t value) {
  results_.nulls.push_back(0);
  switch (results_.type) {
    case FoldType::kTruth:
    case FoldType::kInteger: results_.integers.push_back(value); return;
    case FoldType::kHuge: results_.huge.push_back(value); return;
    case FoldType::kReal: results_.reals.push_back(static_cast<double>(value)); return;
    case FoldType::kText: results_.codes.push_back(static_cast<std::int32_t>(value)); return;
  }
}

void Aggregation::put_real(double value) {
  results_.nulls.push_back(0);
  results_.reals.push_back(value);
}

void Aggregation::put_value_of(const Slice& values, std::size_t row) {
  if (values.is_null(row)) return put_null();
  const std::size_t at = values.at(row);
  if (values.reals != nullptr) return put_real(values.reals[at]);
  if (values.codes != nullptr) return put(values.codes[at]);
  put(values.truths != nullptr ? (values.truths[at] == kTrue ? 1 : 0) : values.integers[at]);
}

void Aggregation::count(const Rows& rows) {
  std::int64_t number = 0;
  if (rows.value != nullptr) {
    for (std::size_t row = rows.begin; row < rows.end; ++row) number += rows.has_value(row) ? 1 : 0;
  } else if (rows.truths == nullptr || rows.truths->same) {
    number = rows.begin < rows.end && rows.counts(rows.begin) ? static_cast<std::int64_t>(rows.end - rows.begin) : 0;
  } else {
    for (std::size_t row = rows.begin; row < rows.end; ++row) number += rows.truths->truths[row] == kTrue ? 1 : 0;
  }
  put(number);
}

namespace {

// A number that is equal where doubles are, and less where they are less: NaN equals itself and is above all.
std::int64_t ranked(double value) {
  if (std::isnan(value)) return std::numeric_limits<std::int64_t>::max();
  const auto bits = std::bit_cast<std::int64_t>(value == 0 ? 0.0 : value);
  return bits < 0 ? std::numeric_limits<std::int64_t>::min() - bits : bits;
}

double real_of_rank(std::int64_t rank) {
  if (rank == std::numeric_limits<std::int64_t>::max()) return std::numeric_limits<double>::quiet_NaN();
  return std::bit_cast<double>(rank < 0 ? std::numeric_limits<std::int64_t>::min() - rank : rank);
}

// Places between two numbers, as the engine has them: of decimals whole steps from the lower one, which are exact to
// the last digit; of moments by doubles. Infinite moments stay in 64 bits.
std::int64_t between_decimals(std::int64_t low, std::int64_t high, double share) {
  return low + static_cast<std::int64_t>(static_cast<double>(high - low) * share);  // 18 digits each: no overflow
}

std::int64_t between_moments(std::int64_t low, std::int64_t high, double share) {
  constexpr double kBeyond = 9'223'372'036'854'775'808.0;
  const auto from = static_cast<double>(low);
  const double place = std::floor(from + (static_cast<double>(high) - from) * share);
  if (place >= kBeyond) return std::numeric_limits<std::int64_t>::max();
  return place < -kBeyond ? std::numeric_limits<std::int64_t>::min() : static_cast<std::int64_t>(place);
}

// Whether one row's value is less than another's, of values that are not null.
bool is_less(const Slice& values, std::size_t left, std::size_t right) {
  const std::size_t one = values.at(left);
  const std::size_t other = values.at(right);
  switch (values.type) {
    case FoldType::kText: return values.texts->text(values.codes[one]) < values.texts->text(values.codes[other]);
    case FoldType::kTruth: return values.truths[one] < values.truths[other];
    case FoldType::kReal: return ranked(values.reals[one]) < ranked(values.reals[other]);
    case FoldType::kInteger:
    case FoldType::kHuge: break;
  }
  return values.integers[one] < values.integers[other];
}

}  // namespace

// The values that count, as numbers that are equal where the values are.
void Aggregation::gather(const Rows& rows) {
  gathered_.clear();
  for (std::size_t row = rows.begin; row < rows.end; ++row) {
    if (!rows.has_value(row)) continue;
    const std::size_t at = rows.value->at(row);
    switch (rows.value->type) {
      case FoldType::kText: gathered_.push_back(rows.value->codes[at]); break;
      case FoldType::kTruth: gathered_.push_back(rows.value->truths[at]); break;
      case FoldType::kReal: gathered_.push_back(ranked(rows.value->reals[at])); break;
      case FoldType::kInteger:
      case FoldType::kHuge: gathered_.push_back(rows.value->integers[at]); break;
    }
  }
}

// Whether one of the gathered values is less than another.
bool Aggregation::precedes(const Rows& rows, std::int64_t left, std::int64_t right) {
  if (rows.value->codes == nullptr) return left < right;
  const Texts& texts = *rows.value->texts;
  return texts.text(static_cast<std::int32_t>(left)) < texts.text(static_cast<std::int32_t>(right));
}

void Aggregation::count_distinct(const Rows& rows) {
  gather(rows);
  std::ranges::sort(gathered_);
  put(std::ranges::distance(gathered_.begin(), std::ranges::unique(gathered_).begin()));
}

void Aggregation::sum(const Rows& rows) {
  if (rows.value->type == FoldType::kReal) return sum_reals(rows);
  Int128 sum = 0;  // 2^64 values of 64 bits fit
  std::int64_t number = 0;
  for (std::size_t row = rows.begin; row < rows.end; ++row) {
    if (!rows.has_value(row)) continue;
    sum += rows.value->integers[rows.value->at(row)];
    ++number;
  }
  if (number == 0) return put_null();
  if (aggregate_.kind == FoldAggregateKind::kAverage) {
    // As the engine divides, to the last bit.
    const auto divisor = static_cast<long double>(number) * static_cast<long double>(aggregate_.number);
    return put_real(static_cast<double>(static_cast<long double>(sum) / divisor));
  }
  results_.nulls.push_back(0);
  results_.huge.push_back(sum);
}

// One after another in the order of rows, as the engine adds them up.
void Aggregation::sum_reals(const Rows& rows) {
  double sum = 0;
  std::int64_t number = 0;
  for (std::size_t row = rows.begin; row < rows.end; ++row) {
    if (!rows.has_value(row)) continue;
    sum += rows.value->reals[rows.value->at(row)];
    ++number;
  }
  if (number == 0) return put_null();
  put_real(aggregate_.kind == FoldAggregateKind::kAverage ? sum / static_cast<double>(number) : sum);
}

// Welford's method, as the engine has it (DOI 10.2307/1266577).
void Aggregation::spread(const Rows& rows) {
  std::int64_t number = 0;
  double mean = 0;
  double squares = 0;
  for (std::size_t row = rows.begin; row < rows.end; ++row) {
    if (!rows.has_value(row)) continue;
    const double value = rows.value->reals[rows.value->at(row)];
    ++number;
    const double next = mean + (value - mean) / static_cast<double>(number);
    squares += (value - next) * (value - mean);
    mean = next;
  }
  if (number <= aggregate_.number) return put_null();
  const double variance = number == 1 ? 0 : squares / static_cast<double>(number - aggregate_.number);
  put_real(aggregate_.kind == FoldAggregateKind::kVariance ? variance : std::sqrt(variance));
}

void Aggregation::least(const Rows& rows) {
  const bool greatest = aggregate_.kind == FoldAggregateKind::kGreatest;
  std::size_t best = rows.end;
  if (rows.value->integers != nullptr) {
    for (std::size_t row = rows.begin; row < rows.end; ++row) {
      if (!rows.has_value(row)) continue;
      const std::int64_t one = rows.value->integers[rows.value->at(row)];
      const std::int64_t other = best == rows.end ? one : rows.value->integers[rows.value->at(best)];
      if (best == rows.end || (greatest ? other < one : one < other)) best = row;
    }
  } else {
    for (std::size_t row = rows.begin; row < rows.end; ++row) {
      if (!rows.has_value(row)) continue;
      if (best == rows.end || (greatest ? is_less(*rows.value, best, row) : is_less(*rows.value, row, best)))
        best = row;
    }
  }
  if (best == rows.end) return put_null();
  put_value_of(*rows.value, best);
}

// In ascending order, null at the end.
void Aggregation::list_distinct(const Rows& rows) {
  gather(rows);
  std::ranges::sort(gathered_);
  gathered_.erase(std::ranges::unique(gathered_).begin(), gathered_.end());
  std::ranges::sort(gathered_, [&](std::int64_t left, std::int64_t right) { return precedes(rows, left, right); });
  for (const std::int64_t value : gathered_) {
    if (results_.type == FoldType::kText) {
      results_.codes.push_back(static_cast<std::int32_t>(value));
    } else {
      results_.integers.push_back(value);
    }
  }
  bool null = false;
  for (std::size_t row = rows.begin; row < rows.end; ++row)
    null = null || (rows.counts(row) && rows.value->is_null(row));
  results_.null_elements.push_back(null ? 1 : 0);
  results_.ends.push_back(results_.type == FoldType::kText ? results_.codes.size() : results_.integers.size());
  results_.nulls.push_back(gathered_.empty() && !null ? 1 : 0);
}

void Aggregation::value_of_extreme(const Rows& rows) {
  const bool greatest = aggregate_.kind == FoldAggregateKind::kValueOfGreatest;
  std::size_t best = rows.end;
  for (std::size_t row = rows.begin; row < rows.end; ++row) {
    if (!rows.has_value(row) || rows.key->is_null(row)) continue;
    if (best == rows.end || (greatest ? is_less(*rows.key, best, row) : is_less(*rows.key, row, best))) best = row;
  }
  if (best == rows.end) return put_null();
  put_value_of(*rows.value, best);
}

void Aggregation::pick_by_key(const Rows& rows) {
  const bool last = aggregate_.kind == FoldAggregateKind::kLastByKey;
  const auto precedes = [&](std::size_t left, std::size_t right) {
    const bool left_null = rows.key->is_null(left);
    if (left_null || rows.key->is_null(right)) return !left_null && rows.key->is_null(right);
    return aggregate_.descending ? is_less(*rows.key, right, left) : is_less(*rows.key, left, right);
  };
  std::size_t best = rows.end;
  for (std::size_t row = rows.begin; row < rows.end; ++row) {
    if (!rows.counts(row)) continue;
    if (best == rows.end || (last ? !precedes(row, best) : precedes(row, best))) best = row;
  }
  if (best == rows.end) return put_null();
  put_value_of(*rows.value, best);
}

void Aggregation::pick(const Rows& rows) {
  if (aggregate_.kind == FoldAggregateKind::kFirst) {
    for (std::size_t row = rows.begin; row < rows.end; ++row) {
      if (rows.counts(row)) return put_value_of(*rows.value, row);
    }
  } else {
    for (std::size_t row = rows.end; row > rows.begin; --row) {
      if (rows.counts(row - 1)) return put_value_of(*rows.value, row - 1);
    }
  }
  put_null();
}

void Aggregation::mode(const Rows& rows) {
  gather(rows);
  if (gathered_.empty()) return put_null();
  std::ranges::sort(gathered_);
  std::int64_t best = 0;
  std::ptrdiff_t most = 0;
  for (auto run = gathered_.begin(); run != gathered_.end();) {
    const auto end = std::find_if(run, gathered_.end(), [&](std::int64_t value) { return value != *run; });
    if (end - run > most || (end - run == most && precedes(rows, *run, best))) {
      most = end - run;
      best = *run;
    }
    run = end;
  }
  put(best);
}

// Between the values at two places, as the engine does.
void Aggregation::quantile(const Rows& rows) {
  gather(rows);
  if (gathered_.empty()) return put_null();
  const double share = static_cast<double>(aggregate_.share.parts) / static_cast<double>(aggregate_.share.of);
  const double place = static_cast<double>(gathered_.size() - 1) * share;
  const auto below = static_cast<std::ptrdiff_t>(std::floor(place));
  const auto above = static_cast<std::ptrdiff_t>(std::ceil(place));
  std::ranges::nth_element(gathered_, gathered_.begin() + above);
  const std::int64_t high = gathered_[static_cast<std::size_t>(above)];
  const std::int64_t low = below == above ? high : *std::max_element(gathered_.begin(), gathered_.begin() + above);
  const double rest = place - static_cast<double>(below);
  if (results_.type == FoldType::kInteger) {
    if (below == above) return put(high);
    return put(aggregate_.number == 0 ? between_moments(low, high, rest) : between_decimals(low, high, rest));
  }
  const bool real = rows.value->type == FoldType::kReal;
  const double to = real ? real_of_rank(high) : static_cast<double>(high);
  if (below == above) return put_real(to);
  const double from = real ? real_of_rank(low) : static_cast<double>(low);
  put_real(from * (1.0 - rest) + to * rest);
}

void Aggregation::quantile_of_values(const Rows& rows) {
  gather(rows);
  if (gathered_.empty()) return put_null();
  const auto number = static_cast<std::int64_t>(gathered_.size());
  const auto parts = static_cast<Int128>(number) * (aggregate_.share.of - aggregate_.share.parts);
  const auto above = static_cast<std::int64_t>(parts / aggregate_.share.of);
  const auto place = gathered_.begin() + (std::max<std::int64_t>(1, number - above) - 1);
  std::nth_element(gathered_.begin(), place, gathered_.end(),
                   [&](std::int64_t left, std::int64_t right) { return precedes(rows, left, right); });
  put(*place);
}

void Aggregation::all_or_any(const Rows& rows) {
  bool some = false;
  bool all = true;
  bool any = false;
  for (std::size_t row = rows.begin; row < rows.end; ++row) {
    if (!rows.has_value(row)) continue;
    const bool holds = rows.value->truths[rows.value->at(row)] == kTrue;
    some = true;
    all = all && holds;
    any = any || holds;
  }
  if (!some) return put_null();
  put((aggregate_.kind == FoldAggregateKind::kAll ? all : any) ? 1 : 0);
}

}  // namespace hilo::timeline
