// The fold over all customers as of one day: the scans of a program, each to a table of results.
#pragma once

#include <cstdint>
#include <span>

#include "base/time.h"
#include "expr/attributes.h"
#include "store/database.h"
#include "timeline/fold/histories.h"

namespace hilo::timeline {

/// A day, and the customers who exist on it, in ascending order.
struct FoldDay {
  Date day;
  std::span<const std::int64_t> customers;
};

/// Makes a temporary table of each scan's results as of a day, under the scan's name and in place of any of that name:
/// customer_id, then one column for each aggregate. **Shape**: one row for each of the customers, in their order; null
/// where one has no rows. They are read range by range, with about so many rows each.
/// **Requires**: no transaction is open on the connection. **Errors**: the engine's.
[[nodiscard]] Status write_folds(store::Connection& connection, const expr::AttributeProgram& program,
                                 const FoldDay& day, Histories& histories, std::int64_t rows_per_range = kRowsPerRange);
/// Drops those tables.
[[nodiscard]] Status drop_folds(store::Connection& connection, const expr::AttributeProgram& program);

}  // namespace hilo::timeline
