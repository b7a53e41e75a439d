// A segment's rule as days go by: what of it may change where nothing has happened.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "expr/attributes.h"
#include "expr/segment.h"

namespace hilo::expr {

/// A rule whose attributes are made of folds alone, with these in their places.
struct RuleOverTime {
  struct Source {
    std::string name;  ///< what the texts call the fold's results
    FoldScan fold;
  };
  std::vector<Source> sources;
  std::string
      member;  ///< a condition, with `$day` and `$as_of`: whether somebody is a member. It may read `customer_id`
  /// Conditions of which each turns at most once, from true to false or the other way, as days go by and the results
  /// stay the same. As long as none of them turns, `member` does not either.
  std::vector<std::string> turns;
};

/// Returns nothing where a rule, or one that it uses, reads more than folds (golden columns, other days, attributes
/// over all customers), or where it is not known when it turns, as of a condition on the day of the week. **Requires**:
/// `attributes` has what these rules read, and no more. `scratch` parses. **Errors**: kInternal.
[[nodiscard]] Result<std::optional<RuleOverTime>> rule_over_time(const SegmentProgram& program, const SegmentRule& rule,
                                                                 const AttributeProgram& attributes,
                                                                 store::Connection& scratch);

}  // namespace hilo::expr
