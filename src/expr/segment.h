// Segment rules: one SELECT with a WHERE over the flat table of customers.
#pragma once

#include <string>
#include <vector>

#include "expr/definition.h"

namespace hilo::expr {

/// A segment rule, checked.
struct SegmentRule {
  std::string name;  ///< the file's name without extension
  std::string path;
  std::string sql;  ///< canonical: SELECT customer_id FROM customers WHERE ...; parameters `$as_of` and/or `$day`
  std::vector<std::string> uses;  ///< columns of `customers` that the rule reads, each once, in the order of the text
};

/// Checks `select ... from customers where ...` against the flat table (golden columns and attributes). What the select
/// list names is checked too, but membership is the WHERE alone.
/// **Requires**: as for compile_attributes.
/// **Errors**: kInvalidDefinition, each with file, line and column.
[[nodiscard]] Checked<SegmentRule> check_segment(const DefinitionFile& file, const TableSchema& customers,
                                                 store::Connection& scratch);

}  // namespace hilo::expr
