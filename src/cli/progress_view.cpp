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

// Of a few rows, or of a blink, a rate says nothing.
std::string rate(std::int64_t rows, double seconds) {
  constexpr std::int64_t kRowsMin = 1000;
  constexpr double kSecondsMin = 0.5;
  if (rows <= kRowsMin || seconds <= kSecondsMin) return "";
  return with_separators(static_cast<std::int64_t>(static_cast<double>(rows) / seconds)) + "/s";
}

// Passes name their units in the plural: "deliveries" -> "delivery", "rows" -> "row".
std::string unit_for(std::int64_t count, const std::string& plural) {
  if (count != 1) return plural;
  if (plural.ends_with("ies")) return plural.substr(0, plural.size() - 3) + "y";
  return plural.ends_with('s') ? plural.substr(0, plural.size() - 1) : plural;
}

std::string without_end_space(std::string text) {
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

}  // namespace

ProgressView::ProgressView(const Terminal& terminal) : terminal_(terminal) {
  if (terminal_.redraws) clock_ = std::jthread([this](const std::stop_token& stop) { keep_current(stop); });
}

void ProgressView::keep_current(const std::stop_token& stop) {
  constexpr std::chrono::seconds kTick{1};
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    woken_.wait_for(lock, stop, kTick, [] { return false; });
    if (!stop.stop_requested() && !name_.empty() && std::chrono::steady_clock::now() - drawn_ >= kTick) draw();
  }
}

void ProgressView::draw() {
  drawn_ = std::chrono::steady_clock::now();
  const double seconds = std::chrono::duration<double>(drawn_ - start_).count();
  std::string line = fmt::format("  {:<12} ", name_);
  if (total_ > 0) {
    const double share = std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_));
    const double left = share > 0 ? seconds * (1 - share) / share : 0;
    line += fmt::format("{} {:>3.0f} %  {}  {:.0f} s left", bar(share), share * 100, rate(done_, seconds), left);
  } else {
    line += fmt::format("{:>14} {:<11} {:>4.0f} s     {}", done_ > 0 ? with_separators(done_) : "...", "", seconds,
                        rate(done_, seconds));
  }
  // A line that wraps could not be drawn over.
  print_error("\r\x1b[K" + without_end_space(fit(line, terminal_.width - 1)));
}

void ProgressView::pass_started(const std::string& name) {
  const std::scoped_lock lock(mutex_);
  name_ = name;
  done_ = 0;
  total_ = 0;
  start_ = std::chrono::steady_clock::now();
  if (terminal_.redraws) draw();
}

void ProgressView::pass_advanced(std::int64_t done, std::int64_t total) {
  if (!terminal_.redraws) return;
  const std::scoped_lock lock(mutex_);
  done_ = done;
  total_ = total;
  if (std::chrono::steady_clock::now() - drawn_ >= kRedrawEvery) draw();
}

void ProgressView::pass_finished(const PassReport& report) {
  const std::scoped_lock lock(mutex_);
  name_.clear();
  print_error((terminal_.redraws ? "\r\x1b[K" : "") + pass_line(report) + "\n");
}

std::string pass_line(const PassReport& report) {
  return without_end_space(fmt::format("  {:<12} {:>14} {:<11} {:>7.2f} s  {}", report.name,
                                       with_separators(report.rows), unit_for(report.rows, report.unit), report.seconds,
                                       rate(report.rows, report.seconds)));
}

}  // namespace hilo::cli
