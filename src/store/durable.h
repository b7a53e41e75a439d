// Files that survive a crash: synced before they are named, named by rename, and one writer per workspace.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hilo::store {

namespace fs = std::filesystem;

/// Writes a whole file and syncs it. **Errors**: kIo (disk full, permission).
[[nodiscard]] Status write_file(const fs::path& path, std::string_view content);
/// Reads a whole regular file. **Errors**: kNotFound, kInvalidInput (a directory, a device), kIo.
[[nodiscard]] Result<std::string> read_file(const fs::path& path);
/// Forces a file's or a folder's content to the disk.
[[nodiscard]] Status sync(const fs::path& path);
/// Syncs every file of folder `from` and the folder, renames it to `to`, syncs the parent: all or nothing.
[[nodiscard]] Status publish_folder(const fs::path& from, const fs::path& to);
/// Syncs file `from`, renames it to `to`, syncs the parent: all or nothing.
[[nodiscard]] Status publish_file(const fs::path& from, const fs::path& to);
[[nodiscard]] Status make_folder(const fs::path& path);
/// Removes a file or folder tree; absence is no error.
[[nodiscard]] Status remove_tree(const fs::path& path);

/// Holds the right to write in a workspace; released with the object or the process, however it ends.
class WriterLock {
 public:
  /// **Errors**: kConflict when another process holds it, naming its process id.
  [[nodiscard]] static Result<WriterLock> take(const fs::path& file);
  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&& other) noexcept;
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;
  ~WriterLock();

 private:
  explicit WriterLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace hilo::store
