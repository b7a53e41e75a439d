// The rules by which a row of a source is taken or rejected, as SQL: first converted, then judged.
#pragma once

#include <string>
#include <vector>

#include "ingest/accept.h"
#include "ingest/source_definition.h"
#include "model/settings.h"
#include "store/database.h"

namespace hilo::ingest {

struct RowRules {
  std::string converted_sql;  ///< the table `selected` with every column in its type, raw texts of those that fail
  std::string judged_sql;   ///< every row with the log's columns and `fault` (a struct: column_name, value, sensitive,
                            ///< reason), null where it is good
  std::string log_columns;  ///< the log's columns in their order, for a select list
  std::vector<store::Column> extras;
};

/// Makes the rules for the outputs of a source's query.
/// **Errors**: kInvalidDefinition for an output whose name the log keeps for itself, or whose type cannot be what it
/// must be.
[[nodiscard]] Result<RowRules> make_row_rules(const SourceDefinition& definition,
                                              const std::vector<store::Column>& outputs, const DeliveryFacts& delivery,
                                              const Settings& settings);

/// Returns whether a text is a currency code. **Source**: ISO 4217, as ICU lists it.
[[nodiscard]] bool is_currency(const std::string& code);

}  // namespace hilo::ingest
