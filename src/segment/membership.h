// Segments as SQL: who is a member, and of what that is asked.
#pragma once

#include <string>
#include <vector>

#include "expr/segment.h"

namespace hilo::segment {

/// Returns the query of the members of segments. `customers` = a relation with the columns of the flat table that the
/// rules read, as of the day that the parameters `$day` and `$as_of` name.
/// **Shape**: (segment, customer_id), each pair once, without order.
/// **Requires**: the program holds every one of `names`; there is at least one.
[[nodiscard]] std::string members_sql(const expr::SegmentProgram& program, const std::vector<std::string>& names,
                                      const std::string& customers);

/// Returns the columns of the flat table that segments read, those of the segments they use included: `customer_id`
/// first, the rest by name.
[[nodiscard]] std::vector<std::string> columns_needed(const expr::SegmentProgram& program,
                                                      const std::vector<std::string>& names);

/// Returns the names of all segments of a program, by name.
[[nodiscard]] std::vector<std::string> names_of(const expr::SegmentProgram& program);

}  // namespace hilo::segment
