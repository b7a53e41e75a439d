// Standard forms of all distinct values that records hold: each value is standardised once, on all processors.
#pragma once

#include <string>
#include <vector>

#include "base/pass.h"
#include "base/time.h"
#include "store/database.h"

namespace hilo::ingest {

/// A column of `raw_versions` whose values have a standard form.
struct StandardisedColumn {
  std::string_view name;
  bool by_region;  ///< the form depends on the country: phone, postcode, birth date, address
};

/// Returns the columns that are standardised, in a fixed order; `country` comes first, as others depend on it.
[[nodiscard]] const std::vector<StandardisedColumn>& standardised_columns();

/// Adds the standard forms of the distinct values of `column` in temp table `raw_versions` to temp table `standard`.
/// `latest` is the last possible birth date. **Ensures**: the rows' content depends on the values alone, at any number
/// of threads.
/// **Cost**: about 1 microsecond a distinct name or e-mail, 15 a phone.
[[nodiscard]] Status standardise_column(store::Connection& connection, const StandardisedColumn& column, Date latest,
                                        int threads, PassContext& progress);

}  // namespace hilo::ingest
