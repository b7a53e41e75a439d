// Subqueries in FROM: checked, and kept apart by customer.
#pragma once

#include "expr/relation.h"

namespace hilo::expr {

/// Reads the subquery that `from` is, checks it, and rewrites it in place so that each customer's rows stay apart.
[[nodiscard]] Relation read_inner_select(Json& from, const Workbench& bench);

}  // namespace hilo::expr
