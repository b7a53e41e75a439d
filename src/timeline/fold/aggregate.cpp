#include "timeline/fold/aggregate.h"

#include <algorithm>

namespace hilo::timeline {

using expr::FoldAggregateKind;
using expr::FoldType;

// Rows [begin, end) of a batch; those that count have a true truth, where there are any.
struct Aggregation::Rows {
  const Slice* value;   // nullptr = rows are counted
  const Slice* truths;  // nullptr = all count
  std::size_t begin;
  std::size_t end;

  [[nodiscard]] bool counts(std::size_t row) const {
    return truths == nullptr || truths->truths[truths->at(row)] == kTrue;
  }
  [[nodiscard]] bool has_value(std::size_t row) const { return counts(row) && !value->is_null(row); }
};

void Aggregation::add(const Evaluation& evaluation, std::span<const std::size_t> starts) {
  Rows rows{.value = aggregate_.value < 0 ? nullptr : &evaluation.step(aggregate_.value),
            .truths = aggregate_.rows < 0 ? nullptr : &evaluation.step(aggregate_.rows),
            .begin = 0,
            .end = 0};
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
      case FoldAggregateKind::kMedian: median(rows); break;
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

// The values that count, as numbers that are equal where the values are.
void Aggregation::gather(const Rows& rows) {
  gathered_.clear();
  for (std::size_t row = rows.begin; row < rows.end; ++row) {
    if (!rows.has_value(row)) continue;
    const std::size_t at = rows.value->at(row);
    gathered_.push_back(rows.value->codes != nullptr ? rows.value->codes[at] : rows.value->integers[at]);
  }
}

void Aggregation::count_distinct(const Rows& rows) {
  gather(rows);
  std::ranges::sort(gathered_);
  put(std::ranges::distance(gathered_.begin(), std::ranges::unique(gathered_).begin()));
}

void Aggregation::sum(const Rows& rows) {
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

void Aggregation::least(const Rows& rows) {
  const bool greatest = aggregate_.kind == FoldAggregateKind::kGreatest;
  std::size_t best = rows.end;
  for (std::size_t row = rows.begin; row < rows.end; ++row) {
    if (!rows.has_value(row)) continue;
    if (best == rows.end) {
      best = row;
      continue;
    }
    const std::size_t one = rows.value->at(row);
    const std::size_t other = rows.value->at(best);
    bool less = false;
    if (rows.value->codes != nullptr) {
      const std::string_view left = rows.value->texts->text(rows.value->codes[one]);
      const std::string_view right = rows.value->texts->text(rows.value->codes[other]);
      less = greatest ? right < left : left < right;
    } else {
      const std::int64_t left = rows.value->integers[one];
      const std::int64_t right = rows.value->integers[other];
      less = greatest ? right < left : left < right;
    }
    if (less) best = row;
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
  const auto precedes = [&](std::int64_t left, std::int64_t right) {
    if (rows.value->codes == nullptr) return left < right;
    const Texts& texts = *rows.value->texts;
    return texts.text(static_cast<std::int32_t>(left)) < texts.text(static_cast<std::int32_t>(right));
  };
  std::int64_t best = 0;
  std::ptrdiff_t most = 0;
  for (auto run = gathered_.begin(); run != gathered_.end();) {
    const auto end = std::find_if(run, gathered_.end(), [&](std::int64_t value) { return value != *run; });
    if (end - run > most || (end - run == most && precedes(*run, best))) {
      most = end - run;
      best = *run;
    }
    run = end;
  }
  put(best);
}

void Aggregation::median(const Rows& rows) {
  gather(rows);
  if (gathered_.empty()) return put_null();
  const std::size_t upper = gathered_.size() / 2;
  std::ranges::nth_element(gathered_, gathered_.begin() + static_cast<std::ptrdiff_t>(upper));
  const auto high = static_cast<double>(gathered_[upper]);
  if (gathered_.size() % 2 == 1) return put_real(high);
  const auto below = std::max_element(gathered_.begin(), gathered_.begin() + static_cast<std::ptrdiff_t>(upper));
  const auto low = static_cast<double>(*below);
  put_real(low + (high - low) * 0.5);
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
