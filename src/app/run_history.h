// What past runs did and how long they took: kept beside the store for people, read by nothing that computes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/workspace.h"
#include "base/pass.h"
#include "base/time.h"

namespace hilo::app {

/// One run, rebuild or erasure, however it ended.
struct PastRun {
  Instant started_at;   ///< by the machine's clock, whatever instant the run was told
  std::string command;  ///< "run", "rebuild", "erase"
  int run = 0;          ///< the log's last entry after it; 0 where it failed
  bool up_to_date = false;
  std::int64_t rows = 0;
  std::int64_t rejects = 0;
  double seconds = 0;
  std::string error;  ///< why it failed; "" = it did not. No contact data.
  std::vector<PassReport> passes;
};

/// Keeps what becomes of a job; of many the last 200. That it cannot be kept is no reason for a job to fail: nothing is
/// said of it.
class RunRecorder {
 public:
  /// Notes when the job starts.
  RunRecorder(const Workspace& workspace, std::string command);
  /// Keeps a job that is done; `facts` tells what it did.
  void succeeded(PastRun facts) const;
  /// Keeps one that failed, unless another job was in its way: that one is writing here.
  void failed(const std::vector<Error>& errors) const;

 private:
  void keep(PastRun run) const;
  const Workspace& workspace_;
  std::string command_;
  Instant started_at_;
};

/// Returns the last runs, the latest first. What cannot be read is left out.
[[nodiscard]] std::vector<PastRun> past_runs(const Workspace& workspace, std::size_t runs_max);

}  // namespace hilo::app
