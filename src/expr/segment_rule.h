// One segment rule: its check. For `src/expr` only.
#pragma once

#include "expr/relation.h"
#include "expr/segment.h"

namespace hilo::expr {

/// What all rules of a workspace are checked against.
struct RuleBench {
  const FunctionCatalog& functions;
  const TableSchema& customers;
  store::Connection& scratch;
};

/// Checks one rule. **Requires**: `scratch` holds the table `customers`, the functions of define_segment_functions, and
/// one `segment NAME` per segment that the rule uses. **Ensures**: `version` is still empty.
[[nodiscard]] Checked<SegmentRule> check_rule(const Statement& statement, const RuleBench& rules);

}  // namespace hilo::expr
