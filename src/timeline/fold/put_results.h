// Results of aggregates, into a table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "store/database.h"
#include "timeline/fold/aggregate.h"

namespace hilo::timeline {

/// Sets a column of the next rows to some of the results: `picked` has one for each row, null where it is below 0.
void put_results(store::TableWriter& writer, std::size_t column, std::span<const std::int32_t> picked,
                 const Results& results);

}  // namespace hilo::timeline
