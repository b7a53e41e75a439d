#include "cli/progress_view.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace hilo::cli {
namespace {

constexpr int kBarWidth = 24;
constexpr std::chrono::milliseconds kRedrawEvery{100};

std::string bar(double share) {
  const int full = std::clamp(static_cast<int>(share * kBarWidth), 0, kBarWidth);
  std::string out;
  for (int at = 0; at < kBarWidth; ++at) out += at < full ? "█" : "░";
  return out;
}

std::string rate(std::int64_t rows, double seconds) {
  return seconds > 0.05 ? with_separators(static_cast<std::int64_t>(static_cast<double>(rows) / seconds)) + "/s" : "";
}

}  // namespace

double ProgressView::elapsed_seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void ProgressView::pass_started(const std::string& name) {
  name_ = name;
  start_ = std::chrono::steady_clock::now();
  drawn_ = start_;
  if (terminal_.is_terminal) print_error(fmt::format("\r\x1b[K  {:<12} {}", name, terminal_.dim("...")));
}

void ProgressView::pass_advanced(std::int64_t done, std::int64_t total) {
  const auto now = std::chrono::steady_clock::now();
  if (!terminal_.is_terminal || now - drawn_ < kRedrawEvery) return;
  drawn_ = now;
  const double seconds = elapsed_seconds();
  std::string line = fmt::format("\r\x1b[K  {:<12} ", name_);
  if (total > 0) {
    const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    const double left = share > 0 ? seconds * (1 - share) / share : 0;
    line += fmt::format("{} {:>3.0f} %  {}  {:.0f} s left", bar(share), share * 100, rate(done, seconds), left);
  } else {
    line += fmt::format("{:>14}  {}", with_separators(done), rate(done, seconds));
  }
  print_error(line);
}

void ProgressView::pass_finished(const PassReport& report) {
  print_error((terminal_.is_terminal ? "\r\x1b[K" : "") + pass_line(report) + "\n");
}

std::string pass_line(const PassReport& report) {
  return fmt::format("  {:<12} {:>14} {:<11} {:>7.2f} s  {}", report.name, with_separators(report.rows), report.unit,
                     report.seconds, rate(report.rows, report.seconds));
}

}  // namespace hilo::cli
