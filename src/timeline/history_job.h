// The history of every customer, and the flat table of the default day.
#pragma once

#include <string>

#include "base/pass.h"
#include "base/time.h"
#include "expr/attributes.h"
#include "model/settings.h"
#include "store/database.h"
#include "store/log_view.h"

namespace hilo::timeline {

/// Writes `events`, `items`, the view `versions` and `customer_spans`, and adds to the temp table `derived_rejects`.
/// **Requires**: the views of store::open_log_views, the dimension tables, the temp table `record_keys`, and
/// `identity`.
[[nodiscard]] Status write_history(store::Connection& connection, const store::LogColumns& columns,
                                   const Settings& settings, PassContext& progress);

/// Returns the last day with an event, else the last with a person's version, else 1970-01-01.
[[nodiscard]] Result<Date> default_day(store::Connection& connection);

/// Writes `customers` and `contact.customers` as of `day`, and `programs(name, sql)`: the queries that give them on any
/// day.
[[nodiscard]] Status write_customers(store::Connection& connection, const store::LogColumns& columns,
                                     const expr::AttributeProgram& program, Date day, PassContext& progress);

}  // namespace hilo::timeline
