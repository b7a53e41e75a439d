// Sets over all customers: row by row with window functions, over the flat table of golden columns and attributes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "expr/relation.h"

namespace hilo::expr {

/// Another set's attribute that a population set reads, and where.
struct AttributeUse {
  std::string attribute;
  std::size_t offset;
};

/// Records every fault of names and clauses of a definition over `customers`. `elsewhere` maps the attributes of other
/// sets to their set. Returns the attributes that it reads, each once, in the order of the text.
std::vector<AttributeUse> check_population(const Json& select, const std::map<std::string, std::string>& elsewhere,
                                           const Workbench& bench);

/// Compiles a definition that passed the check: customer_id joins the select list, ties are ordered by it.
[[nodiscard]] Json compile_population(const Json& original, const Workbench& bench);

}  // namespace hilo::expr
