// Erasure of customers: the log without them, a store made of that log, and where else they stand.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/workspace.h"
#include "base/pass.h"
#include "base/time.h"
#include "expr/definition.h"

namespace hilo::app {

/// A file that is not Hilo's and holds somebody who was erased.
struct OutsideFile {
  std::string file;  ///< as the workspace names it
  std::string source;
  std::int64_t rows = 0;  ///< that the log had of it; 0 where the file was found by its bytes
};

/// What an erasure removed, or would remove.
struct EraseReport {
  std::vector<std::int64_t> customers;
  std::int64_t records = 0;
  std::int64_t rows = 0;             ///< of the log
  std::int64_t rejected_values = 0;  ///< of rejects: the rejects stay, without what they held
  std::int64_t memberships = 0;      ///< recorded changes of segments
  std::int64_t events = 0;           ///< of the store
  std::vector<OutsideFile> outside;  ///< files that still hold them, which are for their owners to change
  std::vector<std::string> unread;   ///< files of the workspace that could not be searched
  int run = 0;                       ///< the log's entry that tells of the erasure
  std::vector<PassReport> passes;
  double seconds = 0;
};

/// Returns what erasing would remove; nothing is changed. `who` is as find_customer takes it.
/// **Errors**: kNotFound, kAmbiguous; kNotFound where the store is not that of the log.
[[nodiscard]] expr::Checked<EraseReport> preview_erasure(const Workspace& workspace,
                                                         const std::vector<std::string>& who,
                                                         ProgressListener& listener);

/// Takes every trace of some customers out of log and store, and keeps out what later deliveries tell of them: rows
/// with the same source and key become rejects without a value. A crash leaves all as before or as after.
/// **Errors**: as preview_erasure; kConflict while a run is under way; those of a build, log and store then as before.
[[nodiscard]] expr::Checked<EraseReport> erase(const Workspace& workspace, const std::vector<std::string>& who,
                                               const Clock& clock, ProgressListener& listener);

}  // namespace hilo::app
