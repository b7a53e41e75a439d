// Named passes under one runner: each is timed, reports progress and counts its rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"

namespace hilo {

/// What a pass did. **Units**: seconds of wall time.
struct PassReport {
  std::string name;
  std::int64_t rows = 0;
  std::string unit;  ///< what the rows are: "rows", "records", "events"
  double seconds = 0;
};

/// Hears of a run's progress. Called from the running thread only.
class ProgressListener {
 public:
  virtual ~ProgressListener() = default;
  virtual void pass_started(const std::string& name) = 0;
  /// `total` = 0 when it is not known.
  virtual void pass_advanced(std::int64_t done, std::int64_t total) = 0;
  virtual void pass_finished(const PassReport& report) = 0;
};

/// Hears nothing.
class SilentProgress final : public ProgressListener {
 public:
  void pass_started(const std::string& name) override;
  void pass_advanced(std::int64_t done, std::int64_t total) override;
  void pass_finished(const PassReport& report) override;
};

/// Counts of one pass on its way, handed to its body.
class PassContext {
 public:
  explicit PassContext(ProgressListener& listener) : listener_(listener) {}
  void advance(std::int64_t done, std::int64_t total) { listener_.pass_advanced(done, total); }
  std::int64_t rows = 0;  ///< set by the body: what it made

 private:
  ProgressListener& listener_;
};

/// Runs passes one after another and keeps their reports.
class PassRunner {
 public:
  explicit PassRunner(ProgressListener& listener) : listener_(listener) {}
  /// Runs one pass. **Errors**: the body's; its report is then not kept.
  [[nodiscard]] Status run(const std::string& name, const std::string& unit,
                           const std::function<Status(PassContext&)>& body);
  [[nodiscard]] const std::vector<PassReport>& reports() const { return reports_; }
  /// Drops all reports but the first `kept`: what they tell of came to nothing.
  void forget_after(std::size_t kept) { reports_.resize(kept); }

 private:
  ProgressListener& listener_;
  std::vector<PassReport> reports_;
};

}  // namespace hilo
