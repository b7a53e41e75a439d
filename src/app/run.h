// The main job: ingest -> log -> identity -> timeline -> attributes -> publish, and the same from the log alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/workspace.h"
#include "base/pass.h"
#include "base/time.h"
#include "expr/definition.h"

namespace hilo::app {

struct SourceReport {
  std::string name;
  int files_read = 0;
  int files_unchanged = 0;
  std::vector<std::string> files_repeated;  ///< not read: another file with the same content was
  std::int64_t rows = 0;
  std::int64_t rejects = 0;
};

/// What a run or a rebuild did and found.
struct RunReport {
  bool up_to_date = false;  ///< nothing was new: nothing was written
  bool extended = false;    ///< the store was made of the last one and what is new, not of the whole log
  int run = 0;              ///< the log's last run
  Date day;                 ///< the default day of the published store
  std::vector<SourceReport> sources;
  std::vector<std::string> warnings;  ///< what somebody should look at
  std::vector<PassReport> passes;
  double seconds = 0;
  // The published store:
  std::int64_t customers = 0;
  std::int64_t later_customers = 0;  ///< known only after the default day, so not among `customers`
  std::int64_t visitors = 0;
  std::int64_t records = 0;
  std::int64_t events = 0;
  std::int64_t items = 0;
  std::int64_t anonymous_events = 0;
  std::int64_t rejects = 0;
  std::int64_t shared_identifiers = 0;
};

/// Takes what is new into the log and publishes a store that knows it. Only one at a time per workspace.
/// **Errors**: definitions at fault (nothing touched), input that cannot be read (log and store as before), kConflict
/// while another run is under way.
[[nodiscard]] expr::Checked<RunReport> run(const Workspace& workspace, const Clock& clock, ProgressListener& listener);

/// Publishes the store again from the log alone, with the definitions that the log holds.
[[nodiscard]] expr::Checked<RunReport> rebuild(const Workspace& workspace, ProgressListener& listener);

}  // namespace hilo::app
