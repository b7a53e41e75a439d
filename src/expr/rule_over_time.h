// A segment's rule as days go by: what of it may change where nothing has happened.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "expr/attributes.h"
#include "expr/segment.h"

namespace hilo::expr {

/// What the texts of a rule over time call the golden row.
inline constexpr const char* kGoldenSource = "_golden";

/// A rule over folds and the golden row, with expressions over these in the places of attributes.
struct RuleOverTime {
  struct Source {
    std::string name;  ///< what the texts call the fold's results
    FoldScan fold;
  };
  std::vector<Source> sources;
  std::vector<std::string> golden;  ///< columns of the golden row that it reads
  std::string
      member;  ///< a condition, with `$day` and `$as_of`: whether somebody is a member. It may read `customer_id`
  /// Conditions of which each turns at most once, from true to false or the other way, as days go by and nothing else
  /// changes. As long as none of them turns, `member` does not either.
  std::vector<std::string> turns;
};

/// What a rule may read: the attributes that it and those that it uses need, and no more, and columns of the golden
/// row.
struct ReadOverTime {
  const AttributeProgram& attributes;
  const std::vector<std::string>& golden;
};

/// Returns nothing where a rule, or one that it uses, reads anything else (other days, attributes over all customers or
/// made by the engine), or where it is not known when it turns, as of a condition on the day of the week. `scratch`
/// parses. **Errors**: kInternal.
[[nodiscard]] Result<std::optional<RuleOverTime>> rule_over_time(const SegmentProgram& program, const SegmentRule& rule,
                                                                 const ReadOverTime& read, store::Connection& scratch);

}  // namespace hilo::expr
