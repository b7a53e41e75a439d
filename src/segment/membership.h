// Segments as SQL: who is a member, and of what that is asked.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "expr/segment.h"

namespace hilo::segment {

/// The table that a query of members reads where rules ask for other days: (day, segment, customer_id).
inline constexpr std::string_view kPastMembers = "temp.past_members";

/// Whose rows `customers` are: of many customers on one day, or of one on many days, each row with the day's number
/// for its customer_id. In the second case kPastMembers is of that one, and its customer_id is not read.
enum class RowsOf : std::uint8_t { kOneDay, kOneCustomer };

/// Returns the query of the members of segments. `customers` = a relation with the columns of the flat table that the
/// rules read, as of the day that the parameters `$day` and `$as_of` name.
/// **Shape**: (segment, customer_id), each pair once, without order.
/// **Requires**: the program holds every one of `names`; there is at least one. Where expr::past_members_needed names
/// any, kPastMembers holds them.
[[nodiscard]] std::string members_sql(const expr::SegmentProgram& program, const std::vector<std::string>& names,
                                      const std::string& customers, RowsOf rows = RowsOf::kOneDay);

/// Returns the columns of the flat table that segments read, those of the segments they use included: `customer_id`
/// first, the rest by name. On the day asked about, or on any.
[[nodiscard]] std::vector<std::string> columns_needed(const expr::SegmentProgram& program,
                                                      const std::vector<std::string>& names,
                                                      expr::Reach reach = expr::Reach::kSameDay);

/// Returns the names of all segments of a program, by name.
[[nodiscard]] std::vector<std::string> names_of(const expr::SegmentProgram& program);

}  // namespace hilo::segment
