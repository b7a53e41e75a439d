// The log as tables and views of a database: what a build reads.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "store/database.h"
#include "store/log.h"

namespace hilo::store {

/// The rows of one source by themselves: a view that touches nothing but the source's own files and columns.
struct SourceRows {
  bool operator==(const SourceRows&) const = default;
  std::string source;
  std::string view;                  ///< a temp view: the columns of Hilo's own, then `columns`
  std::vector<std::string> columns;  ///< those of `log_rows` that the source gives, canonical ones and others, in order

  [[nodiscard]] bool gives(std::string_view column) const {
    return std::ranges::find(columns, column) != columns.end();
  }
};

/// The columns that sources gave beyond the canonical ones, each of the one type that holds the values of all its
/// sources.
struct LogColumns {
  bool operator==(const LogColumns&) const = default;
  std::vector<Column> properties;                                      ///< of events
  std::vector<Column> traits;                                          ///< of persons; consents among them
  std::vector<std::pair<SourceKind, std::vector<Column>>> dimensions;  ///< of keyed tables; kinds that the log holds
  std::vector<SourceRows> sources = {};  ///< those that brought rows and are no dimension, by name
  std::string known = "true";            ///< a condition on a row `r`: whether it tells of what was known and was over
};

/// Returns the columns that Hilo itself gives every row, in order.
[[nodiscard]] std::vector<Column> own_columns();

/// Returns the columns of the log, with those of an entry that is about to be added. `sources` stays empty.
[[nodiscard]] LogColumns log_columns(const Log& log, const LogEntry* pending = nullptr);
/// Returns the columns that the log had after a run. `sources` stays empty.
[[nodiscard]] LogColumns log_columns_until(const Log& log, int last_run);

/// Makes, in the database of `connection`, views in the places of earlier ones:
/// - table `sources`, one row per source that the log knows, with the header in force: that of `current`, else the last
/// one logged;
/// - table `deliveries`, one row per delivery, with its run and whether another one made it void; `undated_from` stays
///   null;
/// - temp view `log_rows`: the rows of all deliveries that are not void, of sources that are no dimension; of a log of
///   what was known before an instant (Log::keep_known), the rows known and over then;
/// - temp view `log_rows_all`: the same with void deliveries;
/// - a temp view per source, with void deliveries and all that became known, for ids that outlive a re-reading and are
///   the same whatever was known: see SourceRows;
/// - temp view `log_<table>` per dimension the log holds;
/// - temp view `log_rejects`.
[[nodiscard]] Result<LogColumns> open_log_views(Connection& connection, const Log& log,
                                                const std::vector<Source>& current);

/// Makes the views `log_rows_all` and `log_rows` again.
[[nodiscard]] Status open_row_views(Connection& connection, const Log& log);

/// Fills `{name}` places of a SQL template. **Requires**: every name in the template is given.
[[nodiscard]] std::string fill(std::string_view sql, const std::vector<std::pair<std::string, std::string>>& places);

}  // namespace hilo::store
