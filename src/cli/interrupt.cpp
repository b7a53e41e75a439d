#include "cli/interrupt.h"

#include <atomic>
#include <csignal>
#include <ctime>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "app/output_file.h"
#include "base/result.h"

namespace hilo::cli {
namespace {

enum class Stage : int { kIdle, kNothingTaken, kTaking, kWaiting, kTaken, kPublished, kEnding };

// A signal handler reaches nothing else than globals, and of these only lock-free atomics.
std::atomic<Stage> stage = Stage::kIdle;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<bool> clears_line = false;    // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
struct sigaction former{};                // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
static_assert(std::atomic<Stage>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

// Only calls that POSIX allows in a signal handler.
[[noreturn]] void end_with(std::string_view message, bool clears, int code) {
  constexpr std::string_view kClear = "\r\x1b[K";
  // Nobody is left to be told that standard error is gone.
  if (clears && ::write(STDERR_FILENO, kClear.data(), kClear.size()) < 0) ::_exit(code);
  if (::write(STDERR_FILENO, message.data(), message.size()) < 0) ::_exit(code);
  ::_exit(code);
}

[[noreturn]] void end_with(std::string_view message) { end_with(message, clears_line.load(), kExitInterrupted); }

constexpr std::string_view kNothing = "interrupted: nothing was taken, the store is as it was\n";
constexpr std::string_view kAllDone = "interrupted: the new store is published\n";
constexpr std::string_view kTookIt = "interrupted: what is new is in the log; `hilo run` does the rest\n";

extern "C" void on_interrupt(int /*signal*/) {
  Stage seen = Stage::kNothingTaken;
  if (stage.compare_exchange_strong(seen, Stage::kEnding)) end_with(kNothing);
  if (seen == Stage::kTaking && stage.compare_exchange_strong(seen, Stage::kWaiting)) return;
  if (seen == Stage::kTaken) end_with(kTookIt);
  if (seen == Stage::kPublished) end_with(kAllDone);
  // kWaiting and kEnding: the end is on its way.
}

// The passes in which something gets its name: while they last, a signal waits.
bool is_naming(std::string_view pass) { return pass == "log" || pass == "publish"; }

}  // namespace

InterruptibleRun::InterruptibleRun(ProgressListener& next, const Terminal& terminal) : next_(next) {
  HILO_CHECK(stage.load() == Stage::kIdle);
  clears_line = terminal.redraws;
  stage = Stage::kNothingTaken;
  struct sigaction ours{};
  ours.sa_handler = on_interrupt;
  ours.sa_flags = SA_RESTART;  // the run must not take a signal that waits for a failed read
  HILO_CHECK(::sigaction(SIGINT, nullptr, &former) == 0);
  // A job in the background or under nohup was told to ignore it.
  if (former.sa_handler != SIG_IGN) HILO_CHECK(::sigaction(SIGINT, &ours, nullptr) == 0);
}

InterruptibleRun::~InterruptibleRun() {
  HILO_CHECK(::sigaction(SIGINT, &former, nullptr) == 0);
  stage = Stage::kIdle;
}

void InterruptibleRun::pass_started(const std::string& name) {
  if (is_naming(name)) {
    Stage seen = stage.load();
    while (seen == Stage::kEnding || !stage.compare_exchange_weak(seen, Stage::kTaking)) {
      // A handler has said that nothing is taken and ends the program: nothing must be named any more.
      if (seen == Stage::kEnding) ::pause();
      seen = stage.load();
    }
  }
  next_.pass_started(name);
}

void InterruptibleRun::pass_advanced(std::int64_t done, std::int64_t total) { next_.pass_advanced(done, total); }

void InterruptibleRun::pass_finished(const PassReport& report) {
  next_.pass_finished(report);
  if (!is_naming(report.name)) return;
  const bool published = report.name == "publish";
  Stage seen = Stage::kTaking;
  if (!stage.compare_exchange_strong(seen, published ? Stage::kPublished : Stage::kTaken) && seen == Stage::kWaiting)
    end_with(published ? kAllDone : kTookIt);
}

InterruptWatch::InterruptWatch(std::function<std::string()> clean_up, const Terminal& terminal)
    : clean_up_(std::move(clean_up)), clears_line_(terminal.redraws) {
  HILO_CHECK(::sigemptyset(&watched_) == 0);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction current{};
    HILO_CHECK(::sigaction(signal, nullptr, &current) == 0);
    // A job in the background or under nohup was told to ignore it; a wait would take it all the same.
    if (current.sa_handler != SIG_IGN) HILO_CHECK(::sigaddset(&watched_, signal) == 0);
  }
  HILO_CHECK(::pthread_sigmask(SIG_BLOCK, &watched_, &former_) == 0);
  thread_ = std::jthread([this](const std::stop_token& stop) { wait(stop); });
}

InterruptWatch::~InterruptWatch() {
  thread_.request_stop();
  thread_.join();
  HILO_CHECK(::pthread_sigmask(SIG_SETMASK, &former_, nullptr) == 0);
}

void InterruptWatch::wait(const std::stop_token& stop) const {
  constexpr timespec kTick{.tv_sec = 0, .tv_nsec = 20'000'000};  // how long the end of a job may wait for us
  constexpr int kSignalBase = 128;
  while (!stop.stop_requested()) {
    const int signal = ::sigtimedwait(&watched_, nullptr, &kTick);
    if (signal > 0) end_with(clean_up_(), clears_line_, kSignalBase + signal);
  }
}

std::function<std::string()> abandoning(std::string file) {
  return [file = std::move(file)] {
    app::OutputFile::abandon(file);
    return fmt::format("interrupted: {} was not written\n", file);
  };
}

}  // namespace hilo::cli
