// What is known of SQL functions: which exist, which aggregate and how they are made deterministic, which may never be
// used.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "store/database.h"

namespace hilo::expr {

/// What the order of rows means to an aggregate, and so how its canonical form gets one.
enum class RowOrder : std::uint8_t {
  kFree,        ///< no order can change the result
  kDoubleSums,  ///< sums in doubles: ordered by time when the argument is one
  kAlwaysSums,  ///< computes in doubles whatever the argument: always ordered by time
  kPicksRow,    ///< takes a row: first, last, arg_max; ordered by time
  kPicksValue,  ///< takes a value among equals: mode; ordered by the value
  kList,        ///< a list, sorted by value unless the definition orders it
  kText,        ///< a text of all values, ordered by value unless the definition orders it
};

struct Aggregate {
  RowOrder order = RowOrder::kFree;
  /// The value over zero rows, where it is not NULL.
  std::optional<int> over_nothing = {};
};

/// Returns how an aggregate is treated, or nothing for one that definitions may not use.
[[nodiscard]] std::optional<Aggregate> find_aggregate(std::string_view name);
/// Returns whether a scalar function (or operator) gives a value for whatever arguments of fitting types it gets. All
/// others are taken to raise, so their canonical form stands inside TRY.
[[nodiscard]] bool never_raises(std::string_view name);
/// Returns whether an aggregate raises where its sums of powers are beyond a double (stddev, corr ...).
[[nodiscard]] bool overflows(std::string_view name);
/// Returns whether a function raises when its pattern or unit is no constant that was checked (regexp_matches,
/// date_part).
[[nodiscard]] bool specifier_decides(std::string_view name);
/// Returns whether the engine has a function of that name for OVER only (or also) beside the aggregates.
[[nodiscard]] bool is_window_function(std::string_view name);
/// Returns whether the result of a window function can depend on the order of rows that tie.
[[nodiscard]] bool picks_among_ties(std::string_view name);
/// Returns the functions that definitions use most: the first to look for what a wrong name means.
[[nodiscard]] const std::vector<std::string>& usual_functions();
/// Returns why a function may not be used (and what to write instead), or "".
[[nodiscard]] std::string_view forbidden_reason(std::string_view name);

/// The functions of the engine.
class FunctionCatalog {
 public:
  [[nodiscard]] static Result<FunctionCatalog> load(store::Connection& connection);
  [[nodiscard]] bool knows(std::string_view name) const { return names_.contains(std::string(name)); }
  [[nodiscard]] bool is_aggregate(std::string_view name) const { return aggregates_.contains(std::string(name)); }
  /// Returns whether the engine itself says that two calls may differ (clock, chance, session).
  [[nodiscard]] bool is_unstable(std::string_view name) const { return unstable_.contains(std::string(name)); }
  [[nodiscard]] const std::vector<std::string>& names() const { return ordered_; }

 private:
  std::unordered_set<std::string> names_;
  std::unordered_set<std::string> aggregates_;
  std::unordered_set<std::string> unstable_;
  std::vector<std::string> ordered_;
};

}  // namespace hilo::expr
