// The canonical form of expressions: explicit order and ties, TRY around what can raise (design, section 3).
#pragma once

#include <map>
#include <string>

#include "expr/relation.h"

namespace hilo::expr {

/// How the rows that an expression is computed over are kept apart.
enum class Partition : std::uint8_t {
  kNone,
  kByCustomer,
  kByCustomerGrouped,  ///< windows run over groups, which have no order of rows
};

/// Brings an expression, whose names were checked, to its canonical form:
/// parameters cast; CAST as TRY_CAST; TRY around what can raise; a divisor that may be zero as nullif(divisor, 0);
/// aggregates and windows that depend on the order of rows ordered by `relation.row_order`; sums of doubles ordered;
/// windows partitioned by customer where asked for. Records a fault where an order is needed and the relation has none,
/// and where text is compared with another type: the engine would cast every value of the text and raise at the first
/// that does not fit.
void make_canonical(Json& expression, const Relation& relation, Partition partition, const Workbench& bench);

/// Gives each TRY of a tree copies of the columns that it reads: one that fails writes its null into them, as everybody
/// else sees them (docs/decisions/0020). `drop_copies` undoes it.
void copy_what_is_tried(Json& tree);
void drop_copies(Json& tree);
/// Writes a canonical SELECT_NODE as the engine is to run it, with these copies. **Errors**: kInternal.
[[nodiscard]] Result<std::string> write_canonical(Json select, store::Connection& connection);

/// Returns the types of a definition's aliases by name, in lower case; none when the engine cannot type the text.
[[nodiscard]] std::map<std::string, std::string> alias_types(const Findings& findings, store::Connection& scratch);

/// Returns the type of a canonical expression over a relation, as SQL writes it; "" when the engine refuses it.
[[nodiscard]] std::string type_over(const Json& expression, const Relation& relation, store::Connection& scratch);

}  // namespace hilo::expr
