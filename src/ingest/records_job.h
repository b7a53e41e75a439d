// From the log's rows to records: who each source knows, in standard form, version by version.
#pragma once

#include <vector>

#include "base/pass.h"
#include "base/time.h"
#include "model/settings.h"
#include "store/database.h"
#include "store/log_view.h"

namespace hilo::ingest {

/// Writes `records`, `contact.versions`, `contact.identifiers`, `contact.names` and the temp table
/// `record_keys(record_id, source, record_key, first_run)`, from the views of store::open_log_views, source by source.
/// See docs/TABLES.md. `latest` is the day after which nobody can be born.
[[nodiscard]] Status write_records(store::Connection& connection, const store::LogColumns& columns,
                                   const Settings& settings, Date latest, PassContext& progress);

/// Writes one table per dimension, empty ones for those of which the log holds nothing: the latest row per key counts.
[[nodiscard]] Status write_dimensions(store::Connection& connection, const store::LogColumns& columns);

/// Writes `rejects` and `contact.reject_values`: rows that were not taken and values that were not understood.
/// **Requires**: write_records ran; the temp table `derived_rejects(row, column_name, value, reason)` holds the rejects
/// of later passes.
[[nodiscard]] Status write_rejects(store::Connection& connection, const Settings& settings, PassContext& progress);

}  // namespace hilo::ingest
