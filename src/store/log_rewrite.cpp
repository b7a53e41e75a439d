#include "store/log_rewrite.h"

#include <set>
#include <string>

#include <fmt/format.h>

namespace hilo::store {
namespace {

constexpr const char* kPreparing = ".rewrite.next";
constexpr const char* kSettling = ".rewrite";
constexpr const char* kOldPrefix = "old-";

// Puts one changed entry in its place. Each step may be the last one before a crash; what is done is not done again.
Status settle_entry(const fs::path& log_folder, const fs::path& settling, const std::string& name) {
  const fs::path place = log_folder / name;
  std::error_code missing;
  if (fs::exists(place, missing)) HILO_TRY(rename_synced(place, settling / (kOldPrefix + name)));
  return rename_synced(settling / name, place);
}

Status settle(const fs::path& log_folder) {
  const fs::path settling = log_folder / kSettling;
  HILO_ASSIGN(const std::vector<fs::path> entries, list_folder(settling));
  std::set<std::string> names;
  for (const fs::path& entry : entries) {
    if (const std::string name = entry.filename(); !name.starts_with(kOldPrefix)) names.insert(name);
  }
  for (const std::string& name : names) HILO_TRY(settle_entry(log_folder, settling, name));
  return remove_tree(settling);
}

std::set<std::string> files_of(const LogEntry& entry) {
  std::set<std::string> files;
  for (const SourceSegment& segment : entry.segments) {
    files.insert(segment.rows_files.begin(), segment.rows_files.end());
    files.insert(segment.rejects_file);
  }
  files.insert(entry.members_file);
  files.erase("");
  return files;
}

}  // namespace

fs::path settling_folder(const fs::path& log_folder) { return log_folder / kSettling; }

Status tidy_rewrite(const fs::path& log_folder) {
  HILO_TRY(remove_tree(log_folder / kPreparing));
  return settle(log_folder);
}

Result<LogRewrite> LogRewrite::begin(const Log& log) {
  LogRewrite rewrite(log);
  rewrite.prepared_ = log.folder() / kPreparing;
  HILO_TRY(tidy_rewrite(log.folder()));
  HILO_TRY(make_folder(rewrite.prepared_));
  return rewrite;
}

fs::path LogRewrite::folder_of(int run) const { return prepared_ / fmt::format("{:06}", run); }

Result<LogEntry*> LogRewrite::change(int run) {
  const auto [place, added] = changed_.try_emplace(run);
  if (added) {
    place->second = log_->entries().at(static_cast<std::size_t>(run) - 1);
    HILO_TRY(make_folder(folder_of(run)));
  }
  return &place->second;
}

fs::path LogRewrite::new_file(int run, const std::string& name) const { return folder_of(run) / name; }

Status LogRewrite::write_entry(const LogEntry& entry) const {
  HILO_ASSIGN(const std::string text, render_entry(entry));
  return write_file(folder_of(entry.run) / "entry.json", text);
}

Status LogRewrite::finish(LogEntry added) {
  for (const auto& [run, entry] : changed_) {
    for (const std::string& file : files_of(entry)) {
      std::error_code missing;
      if (fs::exists(folder_of(run) / file, missing)) continue;
      HILO_TRY(link_or_copy(log_->folder_of(run) / file, folder_of(run) / file));
    }
    HILO_TRY(write_entry(entry));
  }
  added.run = log_->last_run() + 1;
  added.rows_before = log_->rows();
  HILO_TRY(make_folder(folder_of(added.run)));
  return write_entry(added);
}

Result<Log> LogRewrite::view() const { return Log::open(log_->folder(), prepared_); }

Status LogRewrite::commit() {
  HILO_ASSIGN(const std::vector<fs::path> folders, list_folder(prepared_));
  for (const fs::path& folder : folders) HILO_TRY(sync_folder(folder));
  HILO_TRY(publish_folder(prepared_, log_->folder() / kSettling));
  return settle(log_->folder());
}

Status LogRewrite::discard() { return remove_tree(prepared_); }

}  // namespace hilo::store
