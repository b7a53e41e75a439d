// A simulated retailer as a workspace: a world's files, the sources that read them, attributes and segments.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/unfinished_folder.h"
#include "app/workspace.h"
#include "base/pass.h"
#include "base/result.h"
#include "world/generate.h"

namespace hilo::app {

/// The forms that a world's files can have.
enum class WorldFormat : std::uint8_t {
  kSilos,    ///< as each silo exports them
  kParquet,  ///< all of them as Parquet
};
/// Parses csv or parquet. **Errors**: kUsage with the nearest known name.
[[nodiscard]] Result<WorldFormat> parse_world_format(const std::string& text);
[[nodiscard]] std::string_view world_format_name(WorldFormat format);

struct GenerateRequest {
  world::WorldPlan plan;
  WorldFormat format = WorldFormat::kSilos;
  std::filesystem::path folder;
};

/// What a plan may ask for. **Units**: days; shares lie in [0, 1].
inline constexpr std::uint64_t kWorldCustomersMax = 100'000'000;
inline constexpr int kWorldDaysMax = 7'305;  ///< 20 years
inline constexpr double kWorldNoiseMax = 10;
inline constexpr int kWorldThreadsMax = 256;

/// What was made.
struct GenerateReport {
  std::filesystem::path folder;
  std::map<std::string, std::int64_t> rows;  ///< by silo, and by table of the truth
  std::int64_t purchases = 0;
  std::int64_t files = 0;                         ///< below data/ and truth/
  std::uint64_t bytes = 0;                        ///< of these files
  std::int64_t rows_left_out = 0;                 ///< of Parquet: see `ParquetReport`
  std::vector<std::string> sources_without_data;  ///< whose silo wrote nothing: kept as *.sql.example
  std::vector<PassReport> passes;
  double seconds = 0;
};

/// Makes one world. The folder gets its name when all is there; until then it stands beside it as NAME.unfinished.
class Generation {
 public:
  explicit Generation(GenerateRequest request) : request_(std::move(request)) {}

  /// Makes the world. **Errors**: kUsage for a plan beyond the limits; kConflict when the folder is not empty or is
  /// being made by another process; kIo. After an error nothing is left.
  [[nodiscard]] Result<GenerateReport> make(ProgressListener& listener);

  /// Removes what was written, from another thread while `make` is under way. The process must end next: `make` waits
  /// for ever. Returns false when the folder was complete already: then it stays.
  bool abandon();

 private:
  Result<GenerateReport> fill(ProgressListener& listener);
  Status write_workspace(GenerateReport& report, PassRunner& passes);

  GenerateRequest request_;
  std::mutex ending_;  ///< held by whoever decides how it ends; guards folder_ as a whole
  std::optional<UnfinishedFolder> folder_;
  bool complete_ = false;
};

}  // namespace hilo::app
