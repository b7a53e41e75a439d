// Limits on how long what a user wrote may run.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "base/pass.h"
#include "base/result.h"
#include "model/settings.h"
#include "store/database.h"

namespace hilo::app {

/// How long something may take, and how that is told.
struct Limit {
  std::int64_t seconds = 0;
  std::string what;     ///< what is limited: "the segments"
  std::string setting;  ///< which setting says so
};

/// The limit of rules of segments, and of whatever judges definitions: segments.seconds_max.
[[nodiscard]] Limit rule_limit(const Settings& settings, std::string what);
/// The limit of a pass of a run, and of what reads whole deliveries: engine.pass_seconds_max.
[[nodiscard]] Limit pass_limit(const Settings& settings, std::string what);
/// The limit of a question in SQL: sql.seconds_max.
[[nodiscard]] Limit question_limit(const Settings& settings);

/// Watches a connection while it lives: a query that runs on past the limit is interrupted. The engine looks up only
/// between blocks of rows; one that does not stop within some seconds more ends the program, exit code 1: whoever reads
/// has nothing to lose, and what a run prepared is removed by the next. Without a connection it is ended at once.
class TimeLimit {
 public:
  TimeLimit(std::optional<store::Connection> connection, Limit limit);
  ~TimeLimit();
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;
  TimeLimit(TimeLimit&&) = delete;
  TimeLimit& operator=(TimeLimit&&) = delete;

  /// Returns the error of a query as it is, or that it was stopped by this limit.
  [[nodiscard]] Error told(Error error) const;

 private:
  void watch(const std::stop_token& stop);
  [[nodiscard]] std::string message() const;
  [[nodiscard]] std::string advice() const;

  std::optional<store::Connection> connection_;
  Limit limit_;
  mutable std::mutex mutex_;  ///< guards expired_
  bool expired_ = false;
  std::condition_variable_any woken_;
  std::jthread thread_;  ///< last: it ends before what it reads
};

/// Hands on what it hears of passes, and ends the program when one takes too long, but for those that change the log
/// or publish the store: they are short, and what has happened must be told.
class LimitedPasses final : public ProgressListener {
 public:
  explicit LimitedPasses(ProgressListener& next) : next_(next) {}
  /// Limits the passes that begin from now on; before, they have the limit by default.
  void limit(Settings settings) { settings_ = std::move(settings); }

  void pass_started(const std::string& name) override;
  void pass_advanced(std::int64_t done, std::int64_t total) override;
  void pass_finished(const PassReport& report) override;

 private:
  ProgressListener& next_;
  Settings settings_;
  std::optional<TimeLimit> limit_;  ///< of the pass under way
};

}  // namespace hilo::app
