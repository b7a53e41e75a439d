// What is here: sources and how fresh they are, the last runs, what stands on the disk, what somebody should look at.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/run_history.h"
#include "app/workspace.h"
#include "base/time.h"

namespace hilo::app {

/// What a source brought and the store does not have.
struct LostOfSource {
  std::int64_t rows = 0;    ///< whole rows
  std::int64_t values = 0;  ///< single values of rows that are there
};

struct SourceStatus {
  std::string name;
  std::string kind;
  std::int64_t files = 0;  ///< taken and not void
  std::int64_t rows = 0;
  std::int64_t rejects = 0;             ///< rows that the ingest did not take
  std::optional<LostOfSource> lost;     ///< by the published store; nothing = there is none
  std::optional<Instant> delivered_at;  ///< the last one; nothing = never
  std::optional<Instant> latest_event;  ///< the latest time that an event of it bears
  std::int64_t waiting = 0;             ///< files that a run would take
};

struct WorkspaceStatus {
  std::string name;
  std::string folder;
  Instant now;
  std::vector<SourceStatus> sources;
  std::optional<Date> day;  ///< the default day of the published store; nothing = no store
  std::int64_t customers = 0;
  int log_entries = 0;
  int store_run = 0;  ///< the log's entry that the store knows last
  std::uint64_t log_bytes = 0;
  std::uint64_t store_bytes = 0;
  std::uint64_t free_bytes = 0;
  std::vector<PastRun> runs;  ///< the latest first
  std::vector<std::string> warnings;
};

/// Gathers it; takes no lock and changes nothing, so a run may be under way.
/// **Errors**: a log that cannot be read; settings at fault. A store or a source at fault is a warning.
[[nodiscard]] Result<WorkspaceStatus> describe_workspace(const Workspace& workspace, const Clock& clock,
                                                         std::size_t runs_max);

}  // namespace hilo::app
