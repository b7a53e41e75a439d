// Name checks: every column, function, alias and subquery of an expression, against what may stand there.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "expr/relation.h"

namespace hilo::expr {

/// What may stand in an expression.
struct NameScope {
  const Relation* relation = nullptr;
  std::vector<std::string> earlier = {};  ///< aliases that can be used here, in lower case
  std::vector<std::string> later = {};    ///< aliases that cannot yet (reported by check_aliases)
  const std::map<std::string, std::string>* elsewhere = nullptr;  ///< attribute -> the set that defines it
  std::string_view place = "the select list";
  bool one_value = false;          ///< a bare column is a fault: a customer has many rows
  bool aggregates = false;         ///< aggregates may stand here
  bool windows = false;            ///< OVER may stand here
  bool subqueries = false;         ///< scalar subqueries may stand here; their inside is checked by the caller
  bool alias_in_aggregate = true;  ///< an alias may stand inside OVER's arguments
};

/// Returns whether a column is written so that it can be nothing else: quoted, or with its table.
[[nodiscard]] bool names_a_column(const Json& column_reference, const Findings& findings);

/// Records every fault of the names in an expression.
void check_names(const Json& expression, const NameScope& scope, const Workbench& bench);

/// Records what is wrong with the aliases of a select list: none, reserved (`_x`), twice, hiding a column, circular,
/// used before they stand. Returns them in lower case, one per item.
std::vector<std::string> check_aliases(const Json& items, const Relation& relation, const Workbench& bench);

}  // namespace hilo::expr
