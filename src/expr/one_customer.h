// A definition written as for one customer, compiled to one query for all of them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "expr/attributes.h"
#include "expr/past_values.h"
#include "expr/relation.h"

namespace hilo::expr {

/// Records every fault of names and clauses of a definition over events, items or versions. `elsewhere` maps the
/// attributes of other sets to their set; `past` = the calls that stand in it. Returns the name of the table that it
/// reads ("" after a fault).
std::string check_one_customer(const Json& original, const std::map<std::string, std::string>& elsewhere,
                               const PastValues& past, const Workbench& bench);

/// A definition for all customers, as the engine computes it alone, and with the results of folds.
struct CompiledSelect {
  Json select = {};
  FoldedSet folded = {};  ///< where there are folds
  std::vector<FoldScan> folds = {};
  std::vector<PastTable> past = {};
};

/// Compiles a definition that passed the check: each aggregate is computed by a scan grouped by customer, one scan per
/// FROM and WHERE; scans join `existing` by customer; the expressions around the aggregates stand above the join, so
/// that a customer whom a scan does not hold has the values of zero rows. Records faults that only the canonical form
/// brings to light. A scan that a fold can do has its program beside it, and in `folded` its results in its place.
/// The calls of `past` are read from relations that join `existing` likewise; scratch tables of their names are made.
/// `number` tells its folds from those of other definitions. **Requires**: types and days of the calls are known.
/// **Errors**: kInternal.
[[nodiscard]] Result<CompiledSelect> compile_one_customer(const Json& select, std::size_t number,
                                                          const PastValues& past, const Workbench& bench);

}  // namespace hilo::expr
