// Which rows of a table a fold can do without, whatever the day.
#pragma once

#include <optional>

#include "expr/fold/program.h"

namespace hilo::expr {

/// Returns a scan with one aggregate, which counts rows that none other need be kept beside: without the rest, `scan`
/// gives the same on every day. It has no constants. Nothing where every row may matter.
[[nodiscard]] std::optional<FoldScan> relevant_rows(const FoldScan& scan);

}  // namespace hilo::expr
