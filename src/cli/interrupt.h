// Ctrl-C while a run is under way: it ends at once, and says what became of it.
#pragma once

#include <string>

#include "base/pass.h"
#include "cli/terminal.h"

namespace hilo::cli {

/// Hears of a run's passes, hands them on, and catches SIGINT while it lives. The program then ends with exit code 130.
/// - Before the pass `log` (of a rebuild: `publish`) nothing has happened yet: what was prepared is removed by the next
///   run.
/// - During these two the signal waits, so that what is said is true.
/// - After `log` the run has happened, and the next one publishes it; after `publish` all is done.
/// **Requires**: one at a time.
class InterruptibleRun final : public ProgressListener {
 public:
  InterruptibleRun(ProgressListener& next, const Terminal& terminal);
  ~InterruptibleRun() override;
  InterruptibleRun(const InterruptibleRun&) = delete;
  InterruptibleRun& operator=(const InterruptibleRun&) = delete;
  InterruptibleRun(InterruptibleRun&&) = delete;
  InterruptibleRun& operator=(InterruptibleRun&&) = delete;

  void pass_started(const std::string& name) override;
  void pass_advanced(std::int64_t done, std::int64_t total) override;
  void pass_finished(const PassReport& report) override;

 private:
  ProgressListener& next_;
};

}  // namespace hilo::cli
