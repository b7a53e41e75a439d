// Which segments have to be known on which days, before those that ask for them can be computed.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "expr/segment.h"

namespace hilo::expr {

/// Segments whose members on a day have to be known.
struct SegmentsOfDay {
  Date day;
  std::vector<std::string> names;  ///< each after those that it needs
};

/// Returns what has to be known of other days before segments are asked for on these. `scratch` computes dates.
/// **Shape**: by day; each needs days before it alone, or itself. **Requires**: the program holds every one of `names`.
[[nodiscard]] Result<std::vector<SegmentsOfDay>> past_members_needed(const SegmentProgram& program,
                                                                     const std::vector<std::string>& names,
                                                                     const std::vector<Date>& days,
                                                                     store::Connection& scratch);

}  // namespace hilo::expr
