// From the canonical form of a scan to a fold's program.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "expr/fold/program.h"
#include "expr/relation.h"

namespace hilo::expr {

/// Compiles a scan: the FROM and WHERE (null = none) that give its rows, and its aggregates in canonical form.
/// `results` are the aggregates' columns as the engine types them. Returns nothing where any part is outside of what
/// a fold computes exactly as the engine does: then the engine does it.
[[nodiscard]] std::optional<FoldScan> compile_fold(const Json& from, const Json& where,
                                                   const std::vector<std::pair<std::string, Json>>& aggregates,
                                                   const std::vector<store::Column>& results, const Workbench& bench);

}  // namespace hilo::expr
