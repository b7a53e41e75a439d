// Ctrl-C while a job is under way: it ends at once, and says what became of it.
#pragma once

#include <csignal>
#include <functional>
#include <string>
#include <thread>

#include "base/pass.h"
#include "cli/terminal.h"

namespace hilo::cli {

/// The exit code of a program that Ctrl-C ended: 128 + SIGINT, as shells count.
inline constexpr int kExitInterrupted = 130;

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

/// Waits for SIGINT, SIGTERM and SIGHUP on a thread of its own while it lives, for jobs that have something to remove
/// before they end. Then `clean_up` runs on that thread beside the job, its answer is said, and the program ends with
/// exit code 128 + the signal. A signal that the program was started to ignore stays ignored.
/// **Requires**: made before the job's threads, which must not take the signals themselves.
class InterruptWatch {
 public:
  InterruptWatch(std::function<std::string()> clean_up, const Terminal& terminal);
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;
  InterruptWatch(InterruptWatch&&) = delete;
  InterruptWatch& operator=(InterruptWatch&&) = delete;

 private:
  void wait(const std::stop_token& stop) const;

  std::function<std::string()> clean_up_;
  bool clears_line_;
  sigset_t watched_{};
  sigset_t former_{};
  std::jthread thread_;  ///< last: it ends before what it reads
};

/// What a watch over an output file does: removes what was written of it, and says so.
[[nodiscard]] std::function<std::string()> abandoning(std::string file);

}  // namespace hilo::cli
