// From the log's rows to what happened: the facts of each source.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "model/settings.h"
#include "store/database.h"
#include "store/log_view.h"

namespace hilo::timeline {

/// Returns the properties that lines of orders have: those of the sources that know orders.
[[nodiscard]] std::vector<store::Column> line_properties(const store::LogColumns& columns);

/// Adds every single event to the table `events`, and makes the temp table `line_facts` of the lines of orders, with
/// `seq`, the order's, `line` and `row`. Source by source, each with the columns that it gives: what a source has
/// nothing to say of takes no way through joins and sorts.
/// **Shape**: the events of a source stand together, by customer, then in order of time.
/// **Requires**: the table `events`, the log's views, and the temp tables of chosen_rows.sql and rates.sql.
[[nodiscard]] Status write_facts(store::Connection& connection, const store::LogColumns& columns,
                                 const Settings& settings, const std::vector<store::Column>& events);

}  // namespace hilo::timeline
