// A run's progress: a bar per pass on a terminal, a plain line per pass in a pipe.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/pass.h"
#include "cli/terminal.h"

namespace hilo::cli {

class ProgressView final : public ProgressListener {
 public:
  explicit ProgressView(const Terminal& terminal) : terminal_(terminal) {}
  void pass_started(const std::string& name) override;
  void pass_advanced(std::int64_t done, std::int64_t total) override;
  void pass_finished(const PassReport& report) override;

 private:
  [[nodiscard]] double elapsed_seconds() const;
  Terminal terminal_;
  std::string name_;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point drawn_;
};

/// Renders a pass that ended: name, rows, seconds, rows per second.
[[nodiscard]] std::string pass_line(const PassReport& report);

}  // namespace hilo::cli
