// A folder that gets its name once it is whole: until then it stands beside it, as NAME.unfinished.
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <vector>

#include "base/result.h"
#include "store/durable.h"

namespace hilo::app {

/// While it is made, the folder holds the locked file `.generating`, by which a later process knows that it may remove
/// what a dead one left. Not removed with the object: whoever holds it calls `publish` or `discard`.
class UnfinishedFolder {
 public:
  /// Makes the folder beside `target`, and the folders above it where they are missing; removes what a dead process
  /// left there. **Errors**: kConflict when `target` is there and not empty, is no folder, or is being made by another
  /// process, and when something of another kind is in the way; kIo.
  [[nodiscard]] static Result<UnfinishedFolder> begin(const std::filesystem::path& target);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] const std::filesystem::path& target() const { return target_; }

  /// Syncs everything and gives the folder its name: all or nothing. **Errors**: kConflict when something else took the
  /// name meanwhile; kIo.
  [[nodiscard]] Status publish();
  /// Removes the folder and the folders above it that `begin` made. Whoever still writes into it fails at the next
  /// file that it opens, so this may be called while another thread writes. Returns whether there was one to remove.
  [[nodiscard]] bool discard() const;

 private:
  UnfinishedFolder() = default;

  std::filesystem::path target_;
  std::filesystem::path path_;
  std::vector<std::filesystem::path> made_;  ///< folders above it, the innermost first
  std::optional<store::WriterLock> lock_;
};

/// An unfinished folder of a job that another thread may end.
class FolderInMaking {
 public:
  /// As UnfinishedFolder::begin.
  [[nodiscard]] Status begin(const std::filesystem::path& target);
  /// **Requires**: it has begun and not ended.
  [[nodiscard]] const std::filesystem::path& path() const { return folder_->path(); }

  /// Ends it: the folder gets its name, or is removed where that fails. **Requires**: as path().
  [[nodiscard]] Status publish();
  /// Ends it: the folder is removed. **Requires**: as path().
  void discard();

  /// Removes the folder, from another thread, where it has begun and not ended. The process must end next: whoever
  /// makes it waits for ever once it would begin or end.
  void abandon();

 private:
  std::mutex ending_;  ///< held by whoever decides how it ends; guards folder_
  std::optional<UnfinishedFolder> folder_;
};

}  // namespace hilo::app
