// From the log's rows to records: who each source knows, in standard form, version by version.
#pragma once

#include <vector>

#include "base/pass.h"
#include "base/time.h"
#include "model/settings.h"
#include "store/database.h"
#include "store/log_view.h"

namespace hilo::ingest {

/// Fills in `undated_from` of the table `deliveries`: since when rows hold that bear no date.
/// **Requires**: the views of store::open_log_views.
[[nodiscard]] Status place_undated(store::Connection& connection);

/// Writes `records`, `contact.versions`, `contact.identifiers`, `contact.names` and the temp table
/// `record_keys(record_id, source, record_key, first_run)`, from the views of store::open_log_views, source by source.
/// See docs/TABLES.md. `latest` is the day after which nobody can be born.
[[nodiscard]] Status write_records(store::Connection& connection, const store::LogColumns& columns,
                                   const Settings& settings, Date latest, PassContext& progress);

/// Puts the records of the attached database `told`, which are all that the temp table `record_keys` names, in the
/// places of what the store holds of them; the temp table `former_identifiers(kind, value)` keeps what they were known
/// by. Birth dates of all others are judged by the new `latest` of write_records:
/// those that are others now stand in the temp table `changed_births(version, record_id, birth_date)`.
[[nodiscard]] Status replace_records(store::Connection& connection, const std::string& told, const Settings& settings);

/// Writes one table per dimension, empty ones for those of which the log holds nothing: the latest row per key counts.
[[nodiscard]] Status write_dimensions(store::Connection& connection, const store::LogColumns& columns);

/// Writes `rejects` and `contact.reject_values`: rows that were not taken and values that were not understood.
/// **Requires**: write_records ran; the temp table `derived_rejects(row, column_name, value, reason)` holds the rejects
/// of later passes.
[[nodiscard]] Status write_rejects(store::Connection& connection, const Settings& settings, PassContext& progress);

/// Does the same in a store that has rejects from before: values of the records in `record_keys`, birth dates in
/// `changed_births`, and rows of the new deliveries are judged; all else is kept, unless a row was told anew.
/// **Requires**: what write_rejects does, of what was told anew; `changed_births`, `former_deliveries`; the temp tables
/// `retold_people` and `retold_facts` of timeline::find_concerned, which are dropped.
[[nodiscard]] Status renew_rejects(store::Connection& connection, const Settings& settings, PassContext& progress);

}  // namespace hilo::ingest
