// What the daily history of all customers takes on disk, beside one flat table a day.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/workspace.h"
#include "base/pass.h"
#include "base/time.h"

namespace hilo::app {

/// A part of the store that past days are computed from. **Units**: bytes of the store's file.
struct HistoryPart {
  std::string table;  ///< of the store; "" = where the engine keeps what stands where
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  std::int64_t bytes_read = 0;  ///< of these, what the definitions of the store read; all where that cannot be told
};

/// The flat table of one day as a Parquet file.
struct DenseDay {
  Date day;
  std::int64_t customers = 0;
  std::int64_t bytes = 0;
};

struct TimelineStats {
  Date from;  ///< the day of a customer's first event; without events, the first on which a customer exists
  Date to;    ///< the default day
  std::int64_t days = 0;
  std::int64_t customers = 0;      ///< on the last day
  std::int64_t customer_days = 0;  ///< customers that exist, summed over all days
  std::vector<HistoryPart> history;
  std::int64_t history_bytes = 0;
  std::int64_t history_bytes_read = 0;
  std::int64_t store_bytes = 0;          ///< of the whole file
  std::int64_t columns = 0;              ///< of the flat table
  std::vector<DenseDay> sample;          ///< in the order of days
  double dense_bytes = 0;                ///< of all days, estimated from the sample
  std::optional<double> standard_error;  ///< of that; 0 where every day was measured, nothing for fewer than 4 of more
};

/// The most days that may be sampled.
inline constexpr std::int64_t kSampleDaysMax = 10'000;

/// Measures the published store, and writes the flat table of `sample_days` days, evenly spread, to a file without a
/// name beside it. What the days between take is estimated by a straight line through the sampled sizes over the number
/// of customers, which is known of every day. **Requires**: sample_days in [1, kSampleDaysMax].
/// **Errors**: kNotFound where nothing is published or nobody is in it; kVersion; kIo.
/// **Source**: Cochran, Sampling Techniques (1977), 7.2: the linear regression estimate.
[[nodiscard]] Result<TimelineStats> timeline_stats(const Workspace& workspace, std::int64_t sample_days,
                                                   ProgressListener& listener);

}  // namespace hilo::app
