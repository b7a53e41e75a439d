// A world written to files: what each silo exports, month by month, and the truth beside it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "world/behaviour/regime.h"
#include "world/truth/expectations.h"

namespace hilo::world {

/// What is asked for.
struct WorldPlan {
  std::uint64_t customers = 1'000;
  int days = 365;
  std::uint64_t seed = 1;
  Regime regime = Regime::kTextbook;
  double noise = 1;         ///< scales every rate of error; 0 = silos write the truth
  double anonymous = 0.35;  ///< share of till receipts that name nobody
  Date opened_on{19'358};   ///< 2023-01-01
  ExpectationPlan expectations = {};
  int threads = 1;
};

/// What was written.
struct WorldReport {
  std::map<std::string, std::int64_t> rows;  ///< by silo; without what was still on its way when the world ended
  std::int64_t purchases = 0;
  std::uint64_t bytes = 0;
};

/// Writes a world below `folder`: `data/<silo>/<silo>_YYYY-MM.csv` and `truth/`. Rows of a file stand in the order of
/// the blocks of people that they are about, and by time within one.
/// **Ensures**: the same bytes for the same plan at any number of threads; a world of one day more repeats all rows.
/// What is asked for under `expectations` changes truth/expectations alone.
/// **Cost**: memory for two blocks of people per thread, whatever the number of customers. Expectations of every day
/// over 365 days ahead take about five times as long as all else, twice the disk and half as much memory again.
/// **Errors**: kUsage for horizons that check_horizons refuses; kIo; kConflict when the folder already holds a world.
[[nodiscard]] Result<WorldReport> generate(const WorldPlan& plan, const std::filesystem::path& folder,
                                           const std::function<void(std::uint64_t done)>& progress);

}  // namespace hilo::world
