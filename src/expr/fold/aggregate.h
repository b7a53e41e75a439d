// Aggregates of a scan, as a fold computes them.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "expr/fold/steps.h"

namespace hilo::expr {

/// What an aggregate asks of the scan that it stands in.
struct AggregateScope {
  std::function<int(const Json& expression)> value;           ///< its step, or kOutside
  std::function<bool(const Json& orders)> are_in_order = {};  ///< whether these are the order of rows, and nothing else
};

/// Makes an aggregate of its canonical form, without its filter; nothing where it is outside of what a fold knows.
/// `sql_type` is what the engine gives.
[[nodiscard]] std::optional<FoldAggregate> fold_aggregate(const Json& node, const std::string& sql_type,
                                                          FoldSteps& steps, const AggregateScope& scope);

}  // namespace hilo::expr
