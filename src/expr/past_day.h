// A day that a definition tells from the day asked about: the second argument of in_segment and of at. For `src/expr`
// only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "expr/relation.h"

namespace hilo::expr {

/// Returns where the second argument of a call begins, whose name stands at `call`; `call` where there is none.
[[nodiscard]] std::size_t second_argument(const Statement::Tree& tree, std::size_t call);

/// Checks the expression of another day, which is made of `$as_of` or `$day` and constants, and returns it as SQL: an
/// expression of type DATE over the parameters. `$as_of - interval 30 day` is the day that ends at that moment,
/// `$day - interval 30 day` that day itself, a DATE without parameters always the same day. Returns nothing after a
/// fault, which it records. It stands at `offset`; `example` = a call that is right, for the advice.
/// **Requires**: its names were checked.
/// **Ensures**: one with a parameter lies before the day asked about; one without may lie after it.
[[nodiscard]] std::optional<std::string> read_past_day(const Json& day, std::size_t offset, std::string_view example,
                                                       const Relation& relation, const Workbench& bench);

}  // namespace hilo::expr
