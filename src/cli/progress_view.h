// A run's progress: a bar per pass on a terminal, a plain line per pass in a pipe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "base/pass.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"

namespace hilo::cli {

/// Draws what it hears of; on a terminal a thread of its own keeps the seconds of the pass under way current.
/// **Requires**: gone before anything else is written to the terminal.
class ProgressView final : public ProgressListener {
 public:
  explicit ProgressView(const Terminal& terminal);
  void pass_started(const std::string& name) override;
  void pass_advanced(std::int64_t done, std::int64_t total) override;
  void pass_finished(const PassReport& report) override;

 private:
  void keep_current(const std::stop_token& stop);
  void draw();  ///< **Requires**: mutex_ held

  Terminal terminal_;
  std::mutex mutex_;  ///< guards what follows
  std::string name_;  ///< the pass under way; "" = none
  std::int64_t done_ = 0;
  std::int64_t total_ = 0;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point drawn_;
  std::condition_variable_any woken_;
  std::jthread clock_;  ///< last: it ends before what it reads
};

/// Does a job that tells of its passes: they are shown on the terminal, and Ctrl-C ends it. The view is gone when this
/// returns, so that the terminal is free for the report.
template <class Job>
auto with_progress(const Terminal& terminal, Job job) {
  ProgressView view(terminal);
  InterruptibleRun progress(view, terminal);
  return job(progress);
}

/// Renders a pass that ended: name, rows, seconds, and rows per second where there were enough to tell.
[[nodiscard]] std::string pass_line(const PassReport& report);

}  // namespace hilo::cli
