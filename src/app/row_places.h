// Where rows of the log came from: file and line.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/log.h"

namespace hilo::app {

/// Where a row of the log stood when it was read.
struct RowPlace {
  std::string file;         ///< as the workspace names it
  std::int64_t record = 0;  ///< its number in the file, from 1
  std::int64_t line = 0;    ///< the physical line at which it starts; 0 where the file has none

  /// Renders `data/orders.csv:17`, or `data/orders.parquet, record 17`.
  [[nodiscard]] std::string text() const;
};

/// Looks rows up in the log by their numbers. A row that the log does not hold is left out.
/// **Cost**: one scan of the files of the runs and sources that hold them, with the rows' numbers pushed down.
[[nodiscard]] Result<std::map<std::int64_t, RowPlace>> places_of(const store::Log& log,
                                                                 const std::vector<std::int64_t>& rows);

}  // namespace hilo::app
