// The flat table: one query that gives every customer's row as of any day, golden columns first, then attributes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "expr/attributes.h"
#include "store/database.h"

namespace hilo::timeline {

/// Whose golden row is made: of all, or of the customers in the temp table `touched` while the others keep that of
/// `former_customers`, the flat table before.
enum class Golden : std::uint8_t { kOfAll, kOfTouched };

/// What the flat table is made of: the columns of persons that only this workspace has, and the attributes.
struct FlatTable {
  std::vector<std::string> traits;
  expr::AttributeProgram program;
};

/// Returns whether a set of attributes is computed over all customers rather than over each one's rows.
[[nodiscard]] bool is_population(const expr::AttributeSet& set);

/// Returns the table without the sets of attributes that none of these columns needs.
[[nodiscard]] FlatTable part_of(const FlatTable& table, const std::vector<std::string>& columns);

/// Columns of another day's flat table that attributes read.
struct OtherDay {
  std::string day;                   ///< an expression over `$day` and `$as_of`, see expr::PastTable
  std::vector<std::string> columns;  ///< customer_id, the rest by name
};
/// Returns which other days a table reads, each once. **Shape**: by the text of the day.
[[nodiscard]] std::vector<OtherDay> other_days(const FlatTable& table);
/// Returns the table without the attributes that need another day: what other days are made of.
[[nodiscard]] FlatTable without_past(const FlatTable& table);
/// Returns the query of the relation that attributes read, from one with those columns.
[[nodiscard]] std::string other_day_sql(const OtherDay& other, const std::string& from);

/// Returns the query of the flat table, which the engine answers alone, with the parameters `$day` and `$as_of`.
/// **Shape**: one row per customer that exists at the end of the day, by customer_id; columns: golden row, then the
/// attributes in the order of their definitions.
[[nodiscard]] std::string flat_table_sql(const FlatTable& table);

/// Returns the query of the golden rows, likewise; of the columns asked for, where any are, and `customer_id`.
[[nodiscard]] std::string golden_rows_sql(const FlatTable& table, Golden golden,
                                          const std::vector<std::string>& columns);

/// Returns the query of some columns of golden rows at several times: of each row of the relation `times` (_number,
/// customer_id, customer_since, _as_of) that of the customer as of then, with the number in the place of `customer_id`.
/// **Requires**: the columns are among golden_columns_over_time.
[[nodiscard]] std::string golden_rows_at_sql(const std::string& times, const std::vector<std::string>& columns);
/// Returns the columns of the golden row that golden_rows_at_sql gives: all but `records`.
[[nodiscard]] std::vector<std::string> golden_columns_over_time(const FlatTable& table);

/// Returns the query that gives the same as `flat_table_sql` from the table `golden`, the relations of other days
/// (expr::past_relation) and the results of the folds, whose rows are those of the same customers in the same order; or
/// the columns asked for, in the order asked.
[[nodiscard]] std::string folded_table_sql(const FlatTable& table, const std::vector<std::string>& columns);

/// Returns the query of the contact data as of a day, likewise: customer_id, names, e-mail, phone, address, birth date.
/// Of those touched only, it gives the rows that replace theirs.
[[nodiscard]] std::string contact_table_sql(Golden golden = Golden::kOfAll);

/// Returns the first moment after a day.
[[nodiscard]] store::WallTime end_of(Date day);
/// Returns the parameters of both for one day: `$as_of` is its end.
[[nodiscard]] store::Parameters day_parameters(Date day);

}  // namespace hilo::timeline
