// Loops over the rows of one or two columns, of which the steps of a fold are made.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "timeline/fold/values.h"

namespace hilo::timeline {

inline constexpr std::int64_t kInfiniteMoment = std::numeric_limits<std::int64_t>::max();  ///< and its negative
inline constexpr std::int64_t kInfiniteDay = std::numeric_limits<std::int32_t>::max();     ///< and its negative

inline bool is_infinite(std::int64_t value, std::int64_t infinity) { return value == infinity || value == -infinity; }

/// Calls `each(row, left row, right row)`, in a loop of its own for each way in which a side may be one value.
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

/// Marks the rows on which either is null.
inline void any_null(const Slice& left, const Slice& right, std::size_t rows, Values& out) {
  out.has_nulls = left.nulls != nullptr || right.nulls != nullptr;
  std::fill_n(out.nulls.begin(), rows, 0);
  for (const Slice* side : {&left, &right}) {
    if (side->nulls == nullptr) continue;
    for (std::size_t row = 0; row < rows; ++row) out.nulls[row] |= side->nulls[side->at(row)];
  }
}

/// Computes one value of one: `work(value, result)` returns whether there is no result.
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

}  // namespace hilo::timeline
