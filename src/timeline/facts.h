// From the log's rows to what happened: the facts of each part of the log.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "model/settings.h"
#include "store/database.h"
#include "store/log_view.h"

namespace hilo::timeline {

/// Returns the properties that lines of orders have: those of the parts of the log that know orders.
[[nodiscard]] std::vector<store::Column> line_properties(const store::LogColumns& columns);

/// Adds every single event to the table `events`, and makes the temp table `line_facts` of the lines of orders, with
/// `seq`, the order's, and `row`. Part by part, each with the columns that its sources give: what a part has nothing
/// to say of takes no way through joins and sorts.
/// **Shape**: the events of a part stand together, by customer, then in order of time.
/// **Requires**: the table `events`, the log's views, and the temp tables of chosen_rows.sql and rates.sql.
[[nodiscard]] Status write_facts(store::Connection& connection, const store::LogColumns& columns,
                                 const Settings& settings, const std::vector<store::Column>& events);

}  // namespace hilo::timeline
