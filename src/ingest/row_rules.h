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
  std::vector<store::Column> extras;

  /// The rows of `from` with every column in its type, raw texts of those that fail. **Requires**: `from`, a query or a
  /// table, gives the outputs, _record, _line, and the delivery and the rows before it by the names below.
  [[nodiscard]] std::string converted_sql(const std::string& from) const;
  /// Every converted row with those of the log's columns that the query can fill, and `fault` (a struct: column_name,
  /// value, sensitive, reason), null where it is good.
  [[nodiscard]] std::string judged_sql(const std::string& from) const;
  /// The good ones of the judged rows with all of the log's columns, in their order.
  [[nodiscard]] std::string log_sql(const std::string& judged) const;

  std::string converted;  ///< select lists
  std::string judged;
  std::string logged;
};

/// Columns beside a query's outputs: the number of a row's delivery, and how many log rows stand before that.
inline constexpr const char* kDeliveryColumn = "_hilo_delivery";
inline constexpr const char* kRowsBeforeColumn = "_hilo_rows_before";

/// Makes the rules for the outputs of a source's query.
/// **Errors**: kInvalidDefinition for an output whose name the log keeps for itself, or whose type cannot be what it
/// must be.
[[nodiscard]] Result<RowRules> make_row_rules(const SourceDefinition& definition,
                                              const std::vector<store::Column>& outputs, const DeliveryFacts& delivery,
                                              const Settings& settings);

/// Returns whether a text is a currency code. **Source**: ISO 4217, as ICU lists it.
[[nodiscard]] bool is_currency(const std::string& code);

}  // namespace hilo::ingest
