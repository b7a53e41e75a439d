// Whether the Parquet files of the log are what its entries say of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/log.h"

namespace hilo::store {

inline constexpr std::string_view kRestoreLog =
    "Restore the log/ folder from a backup: all else is computed from it. `hilo doctor --thorough` reads it through.";

/// How much of each file is read.
enum class CheckDepth : std::uint8_t {
  kRowCounts,  ///< its end alone, where Parquet keeps the number of rows
  kContent,    ///< every value
};

struct LogFault {
  std::string file;  ///< "log/000001/orders.rows-000.parquet"
  std::string what;  ///< "is missing", "holds 3 rows instead of 4": goes on from the name
};

struct LogCheck {
  std::int64_t files = 0;  ///< that were looked at
  std::vector<LogFault> faults;
};

/// Looks at every Parquet file that an entry names: whether it is there, opens, has as many rows as its entry says and,
/// where asked for, can be read through. A value that was changed into another one is not noticed: the log has no
/// checksums of its own files.
/// **Cost**: two small reads a file, or the whole log in `threads` threads. **Errors**: the engine cannot be opened.
[[nodiscard]] Result<LogCheck> check_log(const Log& log, CheckDepth depth, int threads);

}  // namespace hilo::store
