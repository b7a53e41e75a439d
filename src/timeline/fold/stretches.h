// A fold over a series of days in one pass: of each customer the stretches of days over which no result changes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/time.h"
#include "expr/fold/program.h"
#include "store/database.h"
#include "timeline/fold/histories.h"

namespace hilo::timeline {

/// Days in ascending order, and customers who exist on the last of them, ascending, each with the place of the first
/// day on which it exists.
struct DaySpan {
  std::span<const Date> days;
  std::span<const std::int64_t> customers;
  std::span<const std::int32_t> first;
};

/// Returns what is read for some scans over one table, so that what was read for one serves the others.
[[nodiscard]] HistoryPlan plan_of(std::span<const expr::FoldScan* const> scans);

/// Makes a temporary table of a scan's results on every day of a series, under the scan's name and in place of any of
/// that name: customer_id, _first, _until (BIGINT; places in the series, from the one to before the other), then one
/// column for each aggregate. **Shape**: of each customer one row or more, by customer, then by `_first`, which follow
/// each other without a gap from the customer's first day to the end; null where a customer has no rows at all.
/// Returns false, and makes nothing, where results may change otherwise than by rows that begin and cease to count
/// (moving_scan), or by rows that come in another order than that of their days.
/// **Cost**: each customer's rows once for each day on which a result changes, per aggregate whose result that is.
/// **Requires**: `plan` has the scan; no transaction is open on the connection. **Errors**: the engine's.
[[nodiscard]] Result<bool> write_stretches(store::Connection& connection, const expr::FoldScan& scan,
                                           const DaySpan& span, const HistoryPlan& plan, Histories& histories,
                                           std::int64_t rows_per_range = kRowsPerRange);

}  // namespace hilo::timeline
