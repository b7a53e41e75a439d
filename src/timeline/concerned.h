// What the last run's rows concern: the part of the log that has to be told anew.
#pragma once

#include "base/result.h"
#include "store/database.h"
#include "store/log_view.h"

namespace hilo::timeline {

/// The log's views cut down to what a run concerns: the same statements over them tell what a build of the whole log
/// would tell of it.
struct Concerned {
  store::LogColumns people;  ///< of the records concerned, every row; what a source says of persons
  store::LogColumns facts;   ///< the rows whose facts may be others than before, with all columns
};

/// Finds what the rows of run `run` concern, and makes of it: a temp table per source for either part, the temp table
/// `concerned_rows(row)` of the second, and the temp view `log_rows` of the same; where all of these rows stand, in the
/// temp tables `retold_people` and `retold_facts` (row, delivery, record, line).
/// - A record is concerned with all its rows when one of them is new, or since when it holds is judged anew.
/// - A fact is concerned when its row is new, tells of the same order, event or content as a new one (one fact counts
///   once), bears a product that changed, or money of a currency whose rate on its day may have changed.
/// **Requires**: the log's views; the tables of dimensions, and as `former_products` and `former_fx_rates` those before
/// the run; `deliveries`, and as `former_deliveries` those before it. No delivery became void.
[[nodiscard]] Result<Concerned> find_concerned(store::Connection& connection, const store::LogColumns& columns,
                                               int run);

/// Drops what find_concerned made, but for `concerned_rows`, `retold_people` and `retold_facts`.
[[nodiscard]] Status drop_concerned(store::Connection& connection, const Concerned& concerned);

}  // namespace hilo::timeline
