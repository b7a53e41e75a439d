// Who is who: from records and identifiers to customers, visitors, reasons and redirects.
#pragma once

#include "base/pass.h"
#include "model/settings.h"
#include "store/database.h"

namespace hilo::identity {

/// Reads `records`, `contact.identifiers` and `contact.names`; writes `identity`, `contact.links` (view `links`),
/// `contact.shared_identifiers` (view `shared_identifiers`), `contact.components` and `redirects`. See docs/TABLES.md.
/// **Ensures**: a pure function of the three tables and the limits; a customer's id is the record_id of its earliest
/// record.
[[nodiscard]] Status resolve_identity(store::Connection& connection, const Settings& settings, PassContext& progress);

/// Does the same in a store that has identities from before, for the records that these may concern: those of the temp
/// table `record_keys`, and whatever any identifiers lead to from them. Makes the temp table `moved_records(record_id,
/// customer_id, visitor_id, former_customer_id)`: the records that have another customer or visitor than they had.
/// **Requires**: the temp table `former_identifiers` of ingest::replace_records, which is dropped.
[[nodiscard]] Status renew_identity(store::Connection& connection, const Settings& settings, PassContext& progress);

}  // namespace hilo::identity
