#include "store/log.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "store/log_rewrite.h"

namespace hilo::store {
namespace {

constexpr const char* kEntryFile = "entry.json";
constexpr const char* kPrepared = ".next";

std::string folder_name(int run) { return fmt::format("{:06}", run); }

}  // namespace

Result<Log> Log::open(const fs::path& folder) { return open(folder, settling_folder(folder)); }

Result<Log> Log::open(const fs::path& folder, const fs::path& overlay) {
  Log log;
  log.folder_ = folder;
  log.overlay_ = overlay;
  HILO_ASSIGN(const std::vector<fs::path> entries, list_folder(folder));
  HILO_ASSIGN(const std::vector<fs::path> above, list_folder(overlay));
  std::set<std::string> names;
  for (const fs::path& path : entries) names.insert(path.filename());
  for (const fs::path& path : above) names.insert(path.filename());
  for (int run = 1; names.contains(folder_name(run)); ++run) {
    HILO_ASSIGN(const std::string text, read_file(log.folder_of(run) / kEntryFile));
    HILO_ASSIGN(LogEntry entry, parse_entry(text, fmt::format("log/{}/{}", folder_name(run), kEntryFile)));
    if (entry.run != run) {
      return fail(ErrorCode::kInvalidInput, fmt::format("log/{} holds run {}", folder_name(run), entry.run),
                  "Restore the log/ folder from a backup.");
    }
    log.entries_.push_back(std::move(entry));
  }
  // A gap would silently drop the runs behind it.
  for (const fs::path& entry : entries) {
    const std::string name = entry.filename();
    std::error_code unknown;
    if (name.starts_with('.') || !fs::is_directory(entry, unknown)) continue;
    if (name > folder_name(log.last_run())) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("log/{} stands there, but log/{} is missing", name, folder_name(log.last_run() + 1)),
                  "Restore the log/ folder from a backup.");
    }
  }
  return log;
}

int Log::last_run() const { return entries_.empty() ? 0 : entries_.back().run; }

void Log::forget_runs_from(Instant instant) {
  while (entries_.size() > 1 && entries_.back().at >= instant) entries_.pop_back();
}

std::int64_t Log::rows() const { return entries_.empty() ? 0 : entries_.back().rows_before + entries_.back().rows; }

std::int64_t Log::last_delivery() const {
  std::int64_t last = 0;
  for (const LogEntry& entry : entries_) {
    for (const Delivery& delivery : entry.deliveries) last = std::max(last, delivery.number);
  }
  return last;
}

std::map<std::string, std::string> Log::definitions() const {
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
    if (entry->definitions) return *entry->definitions;
  }
  return {};
}

const Delivery* Log::latest(const std::string& source, const std::string& file) const {
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
    for (auto delivery = entry->deliveries.rbegin(); delivery != entry->deliveries.rend(); ++delivery) {
      if (delivery->source == source && delivery->file == file) return &*delivery;
    }
  }
  return nullptr;
}

const SourceSegment* Log::latest_segment(const std::string& source) const {
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
    for (const SourceSegment& segment : entry->segments) {
      if (segment.source.name == source) return &segment;
    }
  }
  return nullptr;
}

Erasure Log::erased() const {
  Erasure all;
  for (const LogEntry& entry : entries_) {
    if (!entry.erasure) continue;
    all.salt = entry.erasure->salt;
    for (const auto& [source, hashes] : entry.erasure->people) {
      all.people[source].insert(all.people[source].end(), hashes.begin(), hashes.end());
    }
    for (const auto& [space, hashes] : entry.erasure->orders) {
      all.orders[space].insert(all.orders[space].end(), hashes.begin(), hashes.end());
    }
  }
  return all;
}

fs::path Log::folder_of(int run) const {
  if (prepared_ && run == last_run()) return *prepared_;
  std::error_code missing;
  fs::path above = overlay_ / folder_name(run);
  return fs::exists(above, missing) ? above : folder_ / folder_name(run);
}

Status Log::tidy() const {
  HILO_TRY(remove_tree(folder_ / kPrepared));
  return tidy_rewrite(folder_);
}

Result<fs::path> Log::prepare() const {
  fs::path prepared = folder_ / kPrepared;
  HILO_TRY(remove_tree(prepared));
  const Status made = [&]() -> Status {
    HILO_TRY(make_folder(prepared));
    // A run that died may have made log/ just before its name was safe.
    return sync(folder_.parent_path());
  }();
  if (made) return prepared;
  static_cast<void>(remove_tree(prepared));  // the first error is the one to tell
  return std::unexpected(made.error());
}

Status Log::add_prepared(const fs::path& prepared, LogEntry entry) {
  entry.run = last_run() + 1;
  entry.rows_before = rows();
  HILO_ASSIGN(const std::string text, render_entry(entry));
  HILO_TRY(write_file(prepared / kEntryFile, text));
  entries_.push_back(std::move(entry));
  prepared_ = prepared;
  return {};
}

Status Log::add_memberships(std::vector<MembershipRecord> records, std::string members_file) {
  HILO_CHECK(is_prepared());
  LogEntry& entry = entries_.back();
  entry.memberships = std::move(records);
  entry.members_file = std::move(members_file);
  return write_prepared();
}

Status Log::drop_memberships() {
  HILO_CHECK(is_prepared());
  LogEntry& entry = entries_.back();
  if (entry.memberships.empty()) return {};
  entry.memberships.clear();
  if (const std::string file = std::exchange(entry.members_file, ""); !file.empty())
    HILO_TRY(remove_tree(*prepared_ / file));
  return write_prepared();
}

Status Log::write_prepared() const {
  HILO_ASSIGN(const std::string text, render_entry(entries_.back()));
  return write_file(*prepared_ / kEntryFile, text);
}

Status Log::commit() {
  if (!prepared_) return {};
  HILO_TRY(publish_folder(*prepared_, folder_ / folder_name(last_run())));
  prepared_.reset();
  return {};
}

Status Log::discard() {
  if (!prepared_) return {};
  entries_.pop_back();
  HILO_TRY(remove_tree(*prepared_));
  prepared_.reset();
  return {};
}

}  // namespace hilo::store
