// Windows over a customer's rows.
#include <algorithm>

#include "timeline/fold/evaluate.h"

namespace hilo::timeline {

using expr::FoldOp;
using expr::FoldStep;

// The value of the row before, after, or of the first one.
void Evaluation::value_of_other_row(std::size_t number, Values& out) {
  const FoldStep& step = program_.steps[number];
  const Slice& counts = input(step, 0);
  const Slice& value = input(step, 1);
  const Slice* key = key_of(step, 2);
  const bool backwards = step.op == FoldOp::kLead;
  const bool stays = step.op == FoldOp::kRunningFirst;
  out.texts = value.texts;
  RowsApart& apart = apart_[number];
  apart.prepare(key);
  for (std::size_t customer = 0; customer + 1 < starts_.size(); ++customer) {
    const std::size_t first = starts_[customer];
    const std::size_t end = starts_[customer + 1];
    for (std::size_t count = 0; count < end - first; ++count) {
      const std::size_t at = backwards ? end - 1 - count : first + count;
      const std::size_t row = at - begin_;
      out.put_null(row);
      if (counts.truths[counts.at(row)] != kTrue) continue;
      RowsApart::Known& known = apart.of(key, row);
      const bool is_known = known.row >= static_cast<std::ptrdiff_t>(first);
      if (!is_known || !stays) {
        if (is_known) out.copy(value, static_cast<std::size_t>(known.row) - begin_, row);
        known.row = static_cast<std::ptrdiff_t>(at);
      }
      if (stays) out.copy(value, static_cast<std::size_t>(known.row) - begin_, row);
    }
  }
}

void Evaluation::running(std::size_t number, Values& out) {
  const FoldStep& step = program_.steps[number];
  const Slice& counts = input(step, 0);
  const Slice& value = input(step, 1);
  const Slice* key = key_of(step, 2);
  const bool least = step.op == FoldOp::kRunningLeast;
  RowsApart& apart = apart_[number];
  apart.prepare(key);
  for (std::size_t customer = 0; customer + 1 < starts_.size(); ++customer) {
    const std::size_t first = starts_[customer];
    for (std::size_t at = first; at < starts_[customer + 1]; ++at) {
      const std::size_t row = at - begin_;
      RowsApart::Known& known = apart.of(key, row);
      bool any = known.row >= static_cast<std::ptrdiff_t>(first);
      if (counts.truths[counts.at(row)] == kTrue && !value.is_null(row)) {
        const std::int64_t one = value.integers[value.at(row)];
        known.number = !any ? one : least ? std::min(known.number, one) : std::max(known.number, one);
        known.row = static_cast<std::ptrdiff_t>(at);
        any = true;
      }
      out.integers[row] = any ? known.number : 0;
      out.nulls[row] = any ? 0 : 1;
      out.has_nulls = out.has_nulls || !any;
    }
  }
}

// Of rows, or of values.
void Evaluation::running_count(std::size_t number, Values& out) {
  const FoldStep& step = program_.steps[number];
  const Slice& counts = input(step, 0);
  const bool of_values = step.op == FoldOp::kRunningCount;
  const Slice* key = key_of(step, of_values ? 2 : 1);
  RowsApart& apart = apart_[number];
  apart.prepare(key);
  std::fill_n(out.nulls.begin(), rows_, 0);
  for (std::size_t customer = 0; customer + 1 < starts_.size(); ++customer) {
    const std::size_t first = starts_[customer];
    for (std::size_t at = first; at < starts_[customer + 1]; ++at) {
      const std::size_t row = at - begin_;
      RowsApart::Known& known = apart.of(key, row);
      if (known.row < static_cast<std::ptrdiff_t>(first)) known.number = 0;
      known.row = static_cast<std::ptrdiff_t>(at);
      const bool one = counts.truths[counts.at(row)] == kTrue && (!of_values || !input(step, 1).is_null(row));
      known.number += one ? 1 : 0;
      out.integers[row] = known.number;
    }
  }
}

}  // namespace hilo::timeline
