// The workspace as it was known on a past day: a store made of what the log held by then.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/unfinished_folder.h"
#include "app/workspace.h"
#include "base/pass.h"
#include "base/time.h"
#include "expr/definition.h"

namespace hilo::app {

/// A question about what was known. The store that answers it is kept until the next run, with the last few that
/// were made.
class KnownThen {
 public:
  /// What was known at the end of a day, in the time zone of the workspace.
  KnownThen(Workspace workspace, Date day) : workspace_(std::move(workspace)), day_(day) {}

  /// Returns the workspace as it was known: what the runs before the day's end had brought and had been known before
  /// it, who was thought to be who by that, and the definitions of then. Where there was no run yet: what the first one
  /// brought that was known by assumption, with its definitions. Makes its store where there is none. **Errors**:
  /// kNotFound where the log is empty or nothing was known by then; kConflict while a run is under way; those of a
  /// build. After an error nothing is left.
  /// **Cost**: a rebuild, its memory and its room on the disk; nothing where the day was asked about since the last
  /// run.
  [[nodiscard]] expr::Checked<Workspace> open(ProgressListener& listener);

  /// Removes the store that is being made, from another thread. The process must end next: `open` waits for ever.
  void abandon() { folder_.abandon(); }

 private:
  struct Question;
  [[nodiscard]] expr::Checked<Question> ask() const;
  [[nodiscard]] std::vector<Error> make(Question& question, ProgressListener& listener);
  Workspace workspace_;
  Date day_;
  FolderInMaking folder_;
};

}  // namespace hilo::app
