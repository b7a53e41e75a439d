// Which rows an aggregate counts as days go by: from when on, and until when.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "expr/fold/program.h"
#include "store/database.h"
#include "timeline/fold/evaluate.h"

namespace hilo::timeline {

/// Places in a series of days, from one to before another.
struct Places {
  std::int32_t begin = 0;
  std::int32_t end = 0;
};

/// A comparison of a row's value with what rises as days go by: `value < limit` and `value <= limit` hold from a place
/// of the series on, `limit < value` and `limit <= value` up to one.
struct MovingTest {
  int value = 0;  ///< step; integers
  bool is_since = false;
  bool or_equal = false;
  std::vector<std::int64_t> limits;  ///< by place; ascending

  /// Cuts down the places for which a row with this value counts.
  void cut(std::int64_t row_value, Places& places) const;
};

/// What must hold of a row so that an aggregate counts it.
struct MovingRows {
  std::vector<int> truths;  ///< steps that no day changes
  std::vector<MovingTest> tests;

  /// Returns when a row counts that is there from a place on; nothing where it never does.
  [[nodiscard]] std::optional<Places> of(const Evaluation& evaluation, std::size_t row, Places there) const;
};

/// How a scan's results change as days go by.
struct MovingScan {
  std::vector<MovingRows> aggregates;
  bool is_ordered = false;  ///< it has windows, which hold where rows come in the order of their days
};

/// Returns nothing where results may change otherwise than by rows that begin and cease to count: where a value depends
/// on the day, or a condition on more than one comparison with what rises. **Errors**: the engine's.
[[nodiscard]] Result<std::optional<MovingScan>> moving_scan(store::Connection& connection, const expr::FoldScan& scan,
                                                            std::span<const Date> days);

}  // namespace hilo::timeline
