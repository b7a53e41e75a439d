#include "app/unfinished_folder.h"

#include <cstdio>
#include <system_error>

#include <fmt/format.h>

namespace hilo::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMarker = ".generating";
constexpr const char* kNewName = "Name a new folder with -o DIR.";

fs::path beside(const fs::path& path, const char* ending) { return path.string() + ending; }

// Where a folder that is being removed stands, so that nobody writes into it any more.
fs::path removed_path(const fs::path& path) { return beside(path, ".removed"); }

// The path without links and dots, and without a slash at its end.
Result<fs::path> resolve(const fs::path& target) {
  std::error_code failure;
  fs::path path = fs::weakly_canonical(fs::absolute(target, failure), failure);
  if (failure)
    return fail(ErrorCode::kIo, fmt::format("{} cannot be examined: {}", target.string(), failure.message()));
  if (!path.has_filename()) path = path.parent_path();
  return path;
}

// Returns whether nothing stands in the way of a folder: there is none, or it is empty.
Status check_free(const fs::path& path) {
  std::error_code failure;
  const fs::file_status status = fs::symlink_status(path, failure);
  if (status.type() == fs::file_type::not_found) return {};
  if (!fs::is_directory(status))
    return fail(ErrorCode::kConflict, fmt::format("{} is there already and is no folder", path.string()), kNewName);
  HILO_ASSIGN(const std::vector<fs::path> entries, store::list_folder(path));
  if (!entries.empty()) {
    return fail(ErrorCode::kConflict, fmt::format("{} is not empty; nothing was written", path.string()),
                fmt::format("{} Nothing is ever written over.", kNewName));
  }
  // A folder that gets its name by a rename would leave who stands in it nowhere.
  if (fs::equivalent(path, fs::current_path(failure), failure)) {
    return fail(ErrorCode::kConflict, fmt::format("{} is the folder that you are in", path.string()),
                "Name a new one in it: -o DIR.");
  }
  return {};
}

// Makes the folders above a path. Returns those that were missing, the innermost first.
Result<std::vector<fs::path>> make_parents(const fs::path& path) {
  std::vector<fs::path> missing;
  std::error_code failure;
  fs::path at = path.parent_path();
  for (; !fs::exists(at, failure) && at.has_relative_path(); at = at.parent_path()) missing.push_back(at);
  if (!failure && !fs::is_directory(at, failure)) {
    return fail(ErrorCode::kConflict, fmt::format("{} is no folder, so nothing can be made in it", at.string()),
                kNewName);
  }
  HILO_TRY(store::make_folder(path.parent_path()));
  return missing;
}

// What a dead process left: a folder with its marker, or the file that kept its writers out.
bool is_left_over(const fs::path& path) {
  std::error_code failure;
  const fs::file_status status = fs::symlink_status(path, failure);
  if (fs::is_directory(status)) return fs::is_empty(path, failure) || fs::exists(path / kMarker, failure);
  return fs::is_regular_file(status) && fs::file_size(path, failure) == 0;
}

// Removes everything in a folder but its marker. **Requires**: the marker is locked by us.
Status clear(const fs::path& folder) {
  std::error_code failure;
  std::vector<fs::path> entries;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, failure)) entries.push_back(entry.path());
  if (failure) return fail(ErrorCode::kIo, fmt::format("{} cannot be listed: {}", folder.string(), failure.message()));
  for (const fs::path& entry : entries) {
    if (entry.filename() != kMarker) HILO_TRY(store::remove_tree(entry));
  }
  return {};
}

Result<store::WriterLock> take_over(const fs::path& path, const fs::path& target) {
  std::error_code failure;
  const auto busy = [&] {
    return fail(ErrorCode::kConflict, fmt::format("{} is being made by another process", target.string()),
                "Wait until it ends, or name another folder.");
  };
  if (fs::exists(fs::symlink_status(path, failure)) && !is_left_over(path)) {
    return fail(ErrorCode::kConflict, fmt::format("{} is in the way", path.string()),
                "Remove or rename it if you know what it is, or name another folder.");
  }
  if (!fs::is_directory(path, failure)) HILO_TRY(store::remove_tree(path));
  HILO_TRY(store::make_folder(path));
  auto lock = store::WriterLock::take(path / kMarker);
  if (!lock) return lock.error().code == ErrorCode::kConflict ? busy() : std::unexpected(lock.error());
  // Its former holder may have given the folder its name between our two steps.
  if (!fs::exists(path / kMarker, failure)) return busy();
  // The marker outlives a power cut before anything else in the folder does: without it the folder is not ours.
  Status ready = store::sync(path);
  if (ready) ready = clear(path);
  if (ready) return lock;
  fs::remove(path / kMarker, failure);
  return std::unexpected(std::move(ready).error());
}

Status sync_all(const fs::path& folder) {
  std::error_code failure;
  for (auto at = fs::recursive_directory_iterator(folder, failure); !failure && at != fs::end(at);
       at.increment(failure)) {
    HILO_TRY(store::sync(at->path()));
  }
  if (failure) return fail(ErrorCode::kIo, fmt::format("{} cannot be listed: {}", folder.string(), failure.message()));
  return {};
}

}  // namespace

Result<UnfinishedFolder> UnfinishedFolder::begin(const fs::path& target) {
  UnfinishedFolder folder;
  HILO_ASSIGN(folder.target_, resolve(target));
  folder.path_ = beside(folder.target_, ".unfinished");
  HILO_TRY(check_free(folder.target_));
  HILO_ASSIGN(folder.made_, make_parents(folder.target_));
  const fs::path removed = removed_path(folder.path_);
  Status ready = is_left_over(removed) ? store::remove_tree(removed) : Status{};
  if (ready) {
    auto lock = take_over(folder.path_, folder.target_);
    lock ? static_cast<void>(folder.lock_ = std::move(*lock))
         : static_cast<void>(ready = std::unexpected(lock.error()));
  }
  if (ready) return folder;
  std::error_code in_use;  // what is not empty is somebody's
  fs::remove(folder.path_, in_use);
  for (const fs::path& parent : folder.made_) fs::remove(parent, in_use);
  return std::unexpected(std::move(ready).error());
}

Status UnfinishedFolder::publish() {
  HILO_TRY(sync_all(path_));
  if (const Status free = check_free(target_); !free) return free;
  HILO_TRY(store::publish_folder(path_, target_));
  std::error_code ignored;  // the folder is whole: the marker, unlocked from now on, harms nobody
  fs::remove(target_ / kMarker, ignored);
  return {};
}

bool UnfinishedFolder::discard() const {
  std::error_code failure;
  const fs::path removed = removed_path(path_);
  // Renamed first, and its name taken by a file: what is opened there from now on fails, and comes back to nothing.
  fs::rename(path_, removed, failure);
  bool was_there = !failure;
  if (was_there) {
    if (std::FILE* file = std::fopen(path_.c_str(), "wx"); file != nullptr) static_cast<void>(std::fclose(file));
    fs::remove_all(removed, failure);
    fs::remove(path_, failure);
  } else if (fs::is_directory(path_, failure)) {  // a full disk may refuse even a new name
    was_there = true;
    fs::remove_all(path_, failure);
  }
  for (const fs::path& parent : made_) fs::remove(parent, failure);  // those that others use by now stay
  return was_there;
}

Status FolderInMaking::begin(const fs::path& target) {
  const std::scoped_lock lock(ending_);
  HILO_ASSIGN(folder_, UnfinishedFolder::begin(target));
  return {};
}

Status FolderInMaking::publish() {
  const std::scoped_lock lock(ending_);
  const Status published = folder_->publish();
  if (!published) static_cast<void>(folder_->discard());  // begun, so it is there
  folder_.reset();
  return published;
}

void FolderInMaking::discard() {
  const std::scoped_lock lock(ending_);
  static_cast<void>(folder_->discard());
  folder_.reset();
}

void FolderInMaking::abandon() {
  ending_.lock();                                      // for good: from here on nobody else decides anything any more
  if (folder_) static_cast<void>(folder_->discard());  // it may have ended and be gone
}

}  // namespace hilo::app
