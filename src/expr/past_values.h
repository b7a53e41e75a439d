// Values of attributes on earlier days, as definitions ask for them: at(attribute, day). For `src/expr` only.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "expr/relation.h"

namespace hilo::expr {

/// One `at(attribute, day)` in a select list, outside of aggregates and subqueries.
struct PastValue {
  std::string attribute;  ///< in lower case; "" = what stands in its place is no attribute's name
  Json day;               ///< as it was written
  std::size_t offset;
  std::size_t day_offset;
  std::string stand_in;      ///< the function that stands for it, which has no arguments
  std::string type = {};     ///< of the attribute, once it is known
  std::string day_sql = {};  ///< the day, once it was checked: see read_past_day
};

/// The calls of one definition, in the order of the text, and the text with a function without arguments in place of
/// each. All other bytes keep their places, and all lines their numbers.
struct PastValues {
  std::vector<PastValue> calls;
  std::string text;
  [[nodiscard]] const PastValue* find(const Json& node) const;
};

/// Finds the calls. `number` = how many calls other definitions have. **Requires**: the statement is a SELECT.
[[nodiscard]] PastValues find_past_values(const Statement& statement, std::size_t number);

/// Records each call, in a text as it was written, of a function whose name is kept for what stands for calls.
void refuse_stand_ins(const Statement& written, Findings& findings);

/// Returns the aliases of a select list whose items need calls, by themselves or by what they use.
[[nodiscard]] std::vector<std::string> aliases_with_past(const Json& select, const PastValues& past);
/// Returns the select without those items.
[[nodiscard]] Json without_past(Json select, const PastValues& past);

/// Makes the functions that stand for calls known to the engine, and drops them.
[[nodiscard]] Status define_past_values(const PastValues& past, store::Connection& scratch);
void drop_past_values(const PastValues& past, store::Connection& scratch);

inline constexpr std::string_view kPastExample = "at(buyer_type, $as_of - interval 90 day)";

}  // namespace hilo::expr
