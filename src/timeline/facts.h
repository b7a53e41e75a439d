// From the log's rows to what happened: the facts of each source.
#pragma once

#include "base/result.h"
#include "model/settings.h"
#include "store/database.h"
#include "store/log_view.h"

namespace hilo::timeline {

/// Adds what happened to the tables `events` and `items`, and to `derived_rejects` the orders whose amount none can be.
/// Source by source, each with the columns that it tells: what a source has nothing to say of takes no way through
/// joins and sorts.
/// **Shape**: the events of a source stand together, by customer, then in order of time; single ones, then orders.
/// **Requires**: those tables, the log's views, and the temp tables of chosen_rows.sql, rates.sql and placed_keys.sql.
[[nodiscard]] Status write_facts(store::Connection& connection, const store::LogColumns& columns,
                                 const Settings& settings);

}  // namespace hilo::timeline
