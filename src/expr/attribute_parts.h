// What an attribute is computed of: the attributes that it uses, and the rows that its aggregates count.
#pragma once

#include <string>
#include <vector>

#include "expr/attributes.h"

namespace hilo::expr {

/// One aggregate of an attribute, and which rows it counts.
struct CountedRows {
  std::string function;               ///< sum, count, max ... in lower case; count(*) is count_star
  std::string text;                   ///< the aggregate, canonical
  std::string table;                  ///< events, items or versions: what stands at the bottom of its FROM
  std::string relation;               ///< its FROM, canonical: the table, or a subquery over it
  std::string where;                  ///< the WHERE of its FROM, canonical; "" = none
  std::string argument;               ///< what is counted of each row, canonical; "" = the row itself
  std::vector<std::string> measures;  ///< the columns that the argument reads
  /// SELECT of the rows that pass WHERE and FILTER and have a value where the aggregate asks for one: the columns of
  /// its FROM, and `_counted`, the argument's value. Reads relations and parameters as `AttributeSet::sql` does.
  std::string rows_sql;
  /// SELECT of `seq` of the one row that gives the value (and of `line`, over items); "" for aggregates that many rows
  /// make. It can run only where the rows have these columns.
  std::string decider_sql;
};

struct AttributeParts {
  std::string name;
  std::string canonical;          ///< the expression that is run, aggregates in their places
  std::vector<std::string> uses;  ///< columns of the flat table that it reads, each once, in the order of the text; the
                                  ///< id, which parts ties, left out
  std::vector<CountedRows> counted;
};

/// Takes the canonical query of a set apart. **Shape**: one entry per attribute, in the order of `set.columns`.
/// **Errors**: kInternal where the query has another form than compile_attributes gives.
[[nodiscard]] Result<std::vector<AttributeParts>> attribute_parts(const AttributeSet& set, store::Connection& scratch);

}  // namespace hilo::expr
