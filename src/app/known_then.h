// The workspace as it was known on a past day: a store made of what the log held by then.
#pragma once

#include <filesystem>
#include <string>

#include "app/unfinished_folder.h"
#include "app/workspace.h"
#include "base/pass.h"
#include "base/time.h"
#include "expr/definition.h"
#include "store/log.h"

namespace hilo::app {

/// Returns the moment at which a day ends in a time zone, exclusive. **Errors**: the engine's.
[[nodiscard]] Result<Instant> end_of_day(Date day, const std::string& time_zone);

/// A question about what was known. The store that answers it is kept until the next run, with those of the last few
/// days asked about.
class KnownThen {
 public:
  /// What was known at the end of a day, in the time zone of the workspace.
  KnownThen(Workspace workspace, Date day) : workspace_(std::move(workspace)), day_(day) {}

  /// Returns the workspace as it was known: facts whose `known_at` lies before the day's end, deliveries as they were
  /// read by then, who was thought to be who by that, and the definitions of the last run before; those of the first
  /// run where there was none yet. Makes its store where there is none. **Errors**: kNotFound where the log is empty or
  /// nothing was known by then; kConflict while a run is under way; those of a build. After an error nothing is left.
  /// **Cost**: a rebuild, its memory and its room on the disk; nothing where the day was asked about since the last
  /// run.
  [[nodiscard]] expr::Checked<Workspace> open(ProgressListener& listener);

  /// Removes the store that is being made, from another thread. The process must end next: `open` waits for ever.
  void abandon() { folder_.abandon(); }

 private:
  [[nodiscard]] expr::Checked<Workspace> make(store::Log& log, const std::filesystem::path& target,
                                              ProgressListener& listener);
  Workspace workspace_;
  Date day_;
  FolderInMaking folder_;
};

}  // namespace hilo::app
