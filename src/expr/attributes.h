// Attribute definitions: SELECTs written as if for one customer, compiled to one query for all of them.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "expr/definition.h"
#include "expr/fold/program.h"

namespace hilo::expr {

/// A set's query in parts, with the results of folds in place of the scans that a fold can do.
struct FoldedSet {
  /// One for each attribute.
  struct Item {
    std::string sql;                ///< as the select list has it
    std::vector<std::string> uses;  ///< in small letters: earlier attributes of the set, `source.value`
  };
  /// What is joined to the customers that exist.
  struct Source {
    std::string name;
    std::string sql;   ///< as FROM has it, with its name
    std::string fold;  ///< whose results it is; "" = a scan of the engine's
  };
  std::vector<Item> items = {};
  std::vector<Source> sources = {};
};

/// Values of the same customer on another day, which a set reads from a relation.
struct PastTable {
  std::string day;                   ///< an expression of type DATE over `$day` and `$as_of`; null or after `$day`:
                                     ///< the relation is empty
  std::vector<std::string> columns;  ///< of the flat table of that day, in small letters
  std::string source;                ///< what the set calls the relation
};
/// Returns the name of the relation (customer_id, then past_column of each column).
[[nodiscard]] std::string past_relation(std::string_view day);
[[nodiscard]] std::string past_column(std::string_view column);

/// One attribute file, compiled.
struct AttributeSet {
  std::string name;  ///< the file's name without extension
  std::string path;
  std::string from;                          ///< "events", "items", "versions" or "customers" (a population set)
  std::vector<store::Column> columns;        ///< the attributes, in the order of the select list
  std::string sql;                           ///< the canonical query, see compile_attributes
  std::vector<FoldScan> folds = {};          ///< the scans of it that a fold can do
  FoldedSet folded = {};                     ///< the same in parts; where there are folds
  std::vector<std::string> depends_on = {};  ///< population sets only: attributes of other sets that it reads
  std::vector<PastTable> past = {};          ///< what it reads of other days; where there are any, also
  std::vector<std::string> now = {};         ///< the attributes that need no other day, and
  std::string sql_now = {};                  ///< the canonical query of these alone; "" = there are none
};

/// All attributes of a workspace. `sets` stand in evaluation order: first those over one customer's rows, by name, then
/// population sets, each after those whose attributes it reads.
struct AttributeProgram {
  std::vector<AttributeSet> sets;
};

/// Checks and compiles attribute definitions against the tables `events`, `items`, `versions` and `customers` of
/// `schema`
/// (`customers` = the golden row, before attributes).
///
/// A set's `sql` has the parameters `$as_of` and/or `$day`, and reads relations that the caller provides, restricted to
/// rows with a customer and `time < $as_of`: `events`, `items`, `versions`, and `existing(customer_id)`, the customers
/// that exist on the day. It gives exactly one row per existing customer: `customer_id`, then the attributes. A
/// customer without rows has the values of zero rows. `at(attribute, day)` is the attribute's value on an earlier day:
/// a set that has such reads the relations of `past`. A population set reads `customers`: golden columns and the
/// attributes of all earlier sets.
///
/// **Requires**: `scratch` is an in-memory database; its tables `events`, `items`, `versions`, `customers`, `existing`
/// are replaced by empty ones of the given types.
/// **Errors**: kInvalidDefinition, each with file, line and column, all files' faults in one go.
[[nodiscard]] Checked<AttributeProgram> compile_attributes(const std::vector<DefinitionFile>& files,
                                                           const std::vector<TableSchema>& schema,
                                                           store::Connection& scratch);

/// Returns the query that gives what `sql` gives where the results of its folds stand ready, each under the fold's
/// name.
[[nodiscard]] std::string folded_sql(const AttributeSet& set);

/// Returns a set with those of its attributes that need no other day.
[[nodiscard]] AttributeSet without_past(const AttributeSet& set);

/// Returns a set with some of its attributes, those that they use, and what of the folds that takes. Its `sql` is still
/// that of all of them. **Requires**: the set has folds.
[[nodiscard]] AttributeSet part_of(const AttributeSet& set, const std::set<std::string>& attributes);

}  // namespace hilo::expr
