// One segment rule: what it refers to, and its check. For `src/expr` only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "expr/relation.h"
#include "expr/segment.h"

namespace hilo::expr {

/// The function that stands for membership in another segment.
inline constexpr std::string_view kInSegment = "in_segment";

/// Returns the name of the relation that holds a segment's members: `segment vip`.
[[nodiscard]] std::string members_relation(std::string_view segment);

/// One `in_segment('vip')`. `name` is empty when its argument is no text.
struct SegmentUse {
  std::string name;
  std::size_t offset;
};
/// Returns what a statement says of other segments, in the order of the tree.
[[nodiscard]] std::vector<SegmentUse> segment_uses(const Statement& statement);

/// What all rules of a workspace are checked against.
struct RuleBench {
  const FunctionCatalog& functions;
  const TableSchema& customers;
  store::Connection& scratch;
};

/// Checks one rule. **Requires**: `scratch` holds the table `customers` and one `segment NAME` per segment that the
/// rule uses. **Ensures**: `version` is still empty.
[[nodiscard]] Checked<SegmentRule> check_rule(const Statement& statement, const RuleBench& rules);

/// Makes the function in_segment known to the engine, so that a rule as written can be typed; drop_in_segment undoes
/// it.
[[nodiscard]] Status define_in_segment(store::Connection& scratch);
void drop_in_segment(store::Connection& scratch);

}  // namespace hilo::expr
