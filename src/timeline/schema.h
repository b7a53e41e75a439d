// The tables that attribute definitions read, as types: known before a single row is.
#pragma once

#include <vector>

#include "expr/definition.h"
#include "store/log_view.h"

namespace hilo::timeline {

/// Returns the columns of `events`, properties last.
[[nodiscard]] std::vector<store::Column> event_columns(const std::vector<store::Column>& properties);
/// Returns the columns of `items`, properties last.
[[nodiscard]] std::vector<store::Column> item_columns(const std::vector<store::Column>& properties);

/// Returns `events`, `items`, `versions` and `customers` (the golden row) with the columns that a build from such a log
/// gives.
[[nodiscard]] std::vector<expr::TableSchema> attribute_schema(const store::LogColumns& columns);

}  // namespace hilo::timeline
