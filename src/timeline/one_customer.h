// The flat table of one customer, on many days at once: of its rows alone, which are few.
#pragma once

#include <cstdint>

#include "store/database.h"
#include "timeline/flat_table.h"

namespace hilo::timeline {

/// Puts temporary tables before those that the flat table's query reads: they hold one customer's rows. Only this
/// session sees them. **Cost**: a scan of each table for one customer.
[[nodiscard]] Status keep_one_customer(store::Connection& session, std::int64_t customer_id);

/// Returns the flat table without its sets over all customers: what they compare is not there where one customer's rows
/// are alone. The other columns keep their order.
[[nodiscard]] FlatTable without_populations(FlatTable table);

}  // namespace hilo::timeline
