// A fold that gives some of its results alone.
#pragma once

#include <set>
#include <string>

#include "expr/fold/program.h"

namespace hilo::expr {

/// Returns a scan with these results, the steps that they take, and the columns that those read.
[[nodiscard]] FoldScan part_of(const FoldScan& scan, const std::set<std::string>& results);

}  // namespace hilo::expr
