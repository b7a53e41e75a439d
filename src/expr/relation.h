// What a definition reads: the relation that stands in FROM, with its columns and the order of its rows.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "expr/findings.h"
#include "expr/functions.h"

namespace hilo::expr {

inline constexpr std::string_view kCustomer = "customer_id";

/// A relation that columns are looked up in. Names are in lower case.
struct Relation {
  std::string name;                  ///< by which its columns can be qualified
  std::vector<std::string> columns;  ///< what a definition can name
  std::vector<std::string>
      row_order;  ///< columns that order its rows fully, as far as it has them: time_utc, seq, line
  Json from;      ///< canonical, for questions of type
  /// The type of a column by its path, where the relation is not one that the engine can be asked of; may be empty.
  std::function<std::string(const std::vector<std::string>&)> type_of = {};
  std::map<std::string, std::string> types = {};  ///< of names whose type is known without asking: name -> SQL type
  bool known = true;  ///< false after a fault below: its columns are not known, so no name is wrong
  [[nodiscard]] bool has(std::string_view column) const;
};

/// What the checks of one definition share.
struct Workbench {
  Findings& findings;
  const FunctionCatalog& functions;
  const std::vector<TableSchema>& schema;
  store::Connection& scratch;
  [[nodiscard]] const TableSchema* table(std::string_view name) const;
};

/// What a SELECT stands for: it decides which clauses it may have.
enum class SelectRole : std::uint8_t {
  kOneCustomer,  ///< the definition itself, over one customer's rows
  kScalar,       ///< (select ...) in its select list
  kInner,        ///< a subquery in FROM
  kPopulation,   ///< the definition itself, over all customers
  kSegment,
};

/// Records every clause that a SELECT of that role may not have. Returns whether it is a plain SELECT at all.
bool check_clauses(const Json& select, SelectRole role, const Workbench& bench);

/// Returns the place of a keyword of a select, at or after where it begins.
[[nodiscard]] std::size_t keyword_offset(const Json& select, std::string_view keyword, const Findings& findings);

/// Checks a FROM over `events`, `items` or `versions` (or a subquery over one) and brings it to its form for all
/// customers: subqueries keep `customer_id` and what orders the rows, their windows and groups are kept apart by
/// customer.
[[nodiscard]] Relation read_relation(Json& from, const Workbench& bench);

/// Checks a FROM that must be the table `name` itself.
[[nodiscard]] Relation read_table(const Json& from, std::string_view name, const Workbench& bench);

}  // namespace hilo::expr
