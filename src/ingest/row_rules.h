// The rules by which a row of a source is taken or rejected, as SQL: first converted, then judged.
#pragma once

#include <string>
#include <vector>

#include "ingest/accept.h"
#include "ingest/source_definition.h"
#include "model/settings.h"
#include "store/database.h"
#include "store/log_entry.h"

namespace hilo::ingest {

struct RowRules {
  std::vector<std::string> columns;  ///< the canonical ones that the query gives, in the log's order
  std::vector<store::Column> extras;

  /// The rows of `selected` as the log takes them: with the columns that the query can fill. What stands behind it, a
  /// WHERE, can read `fault` too: the sieve's condition keeps the good ones. **Requires**: `selected`, a query or a
  /// table, gives the outputs, _record, _line, and the delivery and the rows before it by the names below.
  [[nodiscard]] std::string log_sql(const std::string& selected) const;

  std::string converted;  ///< select lists: every column in its type, and as it was where that may fail
  std::string known;      ///< those, and what several rules read of a row
  std::string judged;     ///< those in the log's form, and `fault` (column_name, value, sensitive, reason) or null
  std::string logged;     ///< the log's columns in their order
};

/// Columns beside a query's outputs: the number of a row's delivery, and how many log rows stand before that.
inline constexpr const char* kDeliveryColumn = "_hilo_delivery";
inline constexpr const char* kRowsBeforeColumn = "_hilo_rows_before";

/// Makes the rules for the outputs of a source's query. Rows of those `erased` are rejected before all else.
/// **Errors**: kInvalidDefinition for an output whose name the log keeps for itself, or whose type cannot be what it
/// must be.
[[nodiscard]] Result<RowRules> make_row_rules(const SourceDefinition& definition,
                                              const std::vector<store::Column>& outputs, const DeliveryFacts& delivery,
                                              const Settings& settings, const store::Erasure& erased);

/// Returns whether a text is a currency code. **Source**: ISO 4217, as ICU lists it.
[[nodiscard]] bool is_currency(const std::string& code);

}  // namespace hilo::ingest
