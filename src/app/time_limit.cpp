#include "app/time_limit.h"

#include <chrono>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "base/text.h"

namespace hilo::app {
namespace {

constexpr auto kGrace = std::chrono::seconds(5);
constexpr auto kBetweenInterrupts = std::chrono::milliseconds(50);

}  // namespace

Limit rule_limit(const Settings& settings, std::string what) {
  return {.seconds = settings.segment_seconds_max, .what = std::move(what), .setting = "segments.seconds_max"};
}

Limit pass_limit(const Settings& settings, std::string what) {
  return {.seconds = settings.pass_seconds_max, .what = std::move(what), .setting = "engine.pass_seconds_max"};
}

Limit question_limit(const Settings& settings) {
  return {.seconds = settings.question_seconds_max, .what = "the question", .setting = "sql.seconds_max"};
}

TimeLimit::TimeLimit(std::optional<store::Connection> connection, Limit limit)
    : connection_(std::move(connection)),
      limit_(std::move(limit)),
      thread_([this](const std::stop_token& stop) { watch(stop); }) {}

TimeLimit::~TimeLimit() {
  thread_.request_stop();
  woken_.notify_all();
}

Error TimeLimit::told(Error error) const {
  const std::scoped_lock lock(mutex_);
  if (!expired_) return error;
  return Error{.code = ErrorCode::kInvalidInput, .message = message(), .advice = advice()};
}

std::string TimeLimit::message() const {
  return fmt::format("{} did not end within {}", limit_.what, counted(limit_.seconds, "second"));
}

std::string TimeLimit::advice() const {
  return fmt::format("Make it simpler, or raise {} in hilo.yaml. Nothing was changed.", limit_.setting);
}

void TimeLimit::watch(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  woken_.wait_for(lock, stop, std::chrono::seconds(limit_.seconds), [] { return false; });
  if (stop.stop_requested()) return;
  expired_ = true;
  const auto end = std::chrono::steady_clock::now() + kGrace;
  while (connection_ && !stop.stop_requested() && std::chrono::steady_clock::now() < end) {
    connection_->interrupt();
    woken_.wait_for(lock, stop, kBetweenInterrupts, [] { return false; });
  }
  if (stop.stop_requested()) return;
  // A bar that is being drawn must not share its line with the error.
  const std::string text =
      fmt::format("{}error: {}\n  {}\n", ::isatty(STDERR_FILENO) != 0 ? "\r\x1b[K" : "", message(), advice());
  static_cast<void>(::write(STDERR_FILENO, text.data(), text.size()));
  std::_Exit(exit_code(ErrorCode::kInvalidInput));
}

void LimitedPasses::pass_started(const std::string& name) {
  next_.pass_started(name);
  limit_.reset();
  if (name == "log" || name == "publish") return;
  limit_.emplace(std::nullopt, pass_limit(settings_, fmt::format("the pass '{}'", name)));
}

void LimitedPasses::pass_advanced(std::int64_t done, std::int64_t total) { next_.pass_advanced(done, total); }

void LimitedPasses::pass_finished(const PassReport& report) {
  limit_.reset();
  next_.pass_finished(report);
}

}  // namespace hilo::app
