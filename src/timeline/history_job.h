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

/// Writes `events` and `items`, and the temp table `derived_rejects`.
/// **Requires**: the views of store::open_log_views, the dimension tables, the temp table `record_keys`, and
/// `identity`.
[[nodiscard]] Status write_events(store::Connection& connection, const store::LogColumns& columns,
                                  const Settings& settings);

/// Puts the events and items of the attached database `told`, which are all that the rows in `concerned_rows` tell of,
/// in the places of what `events` and `items` hold of those rows; gives every other one its person of today.
/// **Requires**: the temp tables `concerned_rows` (find_concerned) and `moved_records` (identity::renew_identity).
[[nodiscard]] Status replace_events(store::Connection& connection, const std::string& told);

/// Writes the view `versions` and `customer_spans`. **Requires**: `events`, `identity`, `contact.versions`.
[[nodiscard]] Status write_spans(store::Connection& connection, const store::LogColumns& columns);

/// Returns the last day with an event, else the last with a person's version, else 1970-01-01.
[[nodiscard]] Result<Date> default_day(store::Connection& connection);

/// Writes `customers` and `contact.customers` as of `day`, and `programs(name, sql)`: the queries that give them on any
/// day.
[[nodiscard]] Status write_customers(store::Connection& connection, const store::LogColumns& columns,
                                     const expr::AttributeProgram& program, Date day, PassContext& progress);

/// Brings those of a former default day up to `day`, after a run: golden rows and contact data are made for the
/// customers whom the run or the days between concern, attributes for all. **Requires**: `meta` of before, and the temp
/// tables `record_keys` and `changed_births` (ingest::replace_records) and `moved_records` (identity::renew_identity);
/// the last two are dropped.
[[nodiscard]] Status renew_customers(store::Connection& connection, const store::LogColumns& columns,
                                     const expr::AttributeProgram& program, Date day, PassContext& progress);

}  // namespace hilo::timeline
