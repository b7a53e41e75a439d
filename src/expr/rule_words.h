// A rule in words: what a WHERE asks for, so that it can be read without knowing SQL. For `src/expr` only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "expr/parse_tree.h"

namespace hilo::expr {

/// Renders a WHERE, as it was written, in words: `orders_365d is at least 2`. What has no plain words stands as SQL.
/// `table` is the name that its columns may be qualified by.
/// **Shape**: one text per condition of the outermost AND, in the order of the text.
[[nodiscard]] std::vector<std::string> words_of_rule(const Json& where, std::string_view table,
                                                     store::Connection& scratch);

}  // namespace hilo::expr
