// A fold's aggregates: one value for each customer, of the rows that count.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/int128.h"
#include "timeline/fold/evaluate.h"

namespace hilo::timeline {

/// An aggregate's values, one for each customer.
struct Results {
  expr::FoldType type = expr::FoldType::kInteger;
  std::vector<std::uint8_t> nulls = {};
  std::vector<std::int64_t> integers = {};  ///< truths too: 0 and 1
  std::vector<Int128> huge = {};
  std::vector<double> reals = {};
  std::vector<std::int32_t> codes = {};
  const Texts* texts = nullptr;
  bool are_lists = false;
  std::vector<std::size_t> ends = {};            ///< of lists: where each one's values end
  std::vector<std::uint8_t> null_elements = {};  ///< of lists: 1 = null comes after a list's values
};

/// What an aggregate is computed over; nullptr where it has no such column.
struct AggregateInput {
  const Slice* value = nullptr;
  const Slice* rows = nullptr;  ///< truths: the rows that count
  const Slice* key = nullptr;
};

/// Computes an aggregate customer by customer.
class Aggregation {
 public:
  explicit Aggregation(const expr::FoldAggregate& aggregate) : aggregate_(aggregate) {
    results_.type = aggregate.type;
    results_.are_lists = aggregate.kind == expr::FoldAggregateKind::kDistinct;
  }

  /// Adds a value for each of the customers whose rows were computed. `starts` as Evaluation had them.
  void add(const Evaluation& evaluation, std::span<const std::size_t> starts);
  /// Does the same over columns of the caller's. `starts` has the first row of each, and where the last ends, counted
  /// from any row.
  void add(const AggregateInput& input, std::span<const std::size_t> starts);
  /// Returns the values added so far. No call may follow.
  [[nodiscard]] Results take() { return std::move(results_); }

 private:
  struct Rows;  // of one customer
  void put_null();
  void put(std::int64_t value);
  void put_real(double value);
  void count(const Rows& rows);
  void count_distinct(const Rows& rows);
  void sum(const Rows& rows);
  void sum_reals(const Rows& rows);
  void spread(const Rows& rows);
  void least(const Rows& rows);
  void pick(const Rows& rows);
  void mode(const Rows& rows);
  void quantile(const Rows& rows);
  void quantile_of_values(const Rows& rows);
  void list_distinct(const Rows& rows);
  void value_of_extreme(const Rows& rows);
  void pick_by_key(const Rows& rows);
  void all_or_any(const Rows& rows);
  void put_value_of(const Slice& values, std::size_t row);
  void gather(const Rows& rows);
  [[nodiscard]] static bool precedes(const Rows& rows, std::int64_t left, std::int64_t right);

  const expr::FoldAggregate& aggregate_;
  Results results_;
  std::vector<std::int64_t> gathered_;
};

}  // namespace hilo::timeline
