// Files that survive a crash: synced before they are named, named by rename, and one writer per workspace.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hilo::store {

namespace fs = std::filesystem;

/// Writes a whole file and syncs it. **Errors**: kIo (disk full, permission).
[[nodiscard]] Status write_file(const fs::path& path, std::string_view content);
/// Reads a whole regular file. **Errors**: kNotFound, kInvalidInput (a directory, a device), kIo.
[[nodiscard]] Result<std::string> read_file(const fs::path& path);
/// Forces a file's or a folder's content to the disk.
[[nodiscard]] Status sync(const fs::path& path);
/// Syncs every file of a folder and the folder.
[[nodiscard]] Status sync_folder(const fs::path& folder);
/// Renames a file or folder and syncs the folders that held and hold it.
[[nodiscard]] Status rename_synced(const fs::path& from, const fs::path& to);
/// Copies a file. Nothing is synced. **Errors**: kIo (disk full, permission), and then there is no copy.
[[nodiscard]] Status duplicate(const fs::path& from, const fs::path& to);
/// Gives a file a second name, or makes a copy where the file system has no second names. **Requires**: nobody writes
/// to either from then on.
[[nodiscard]] Status link_or_copy(const fs::path& from, const fs::path& to);
/// Syncs every file of folder `from` and the folder, renames it to `to`, syncs the parent: all or nothing.
[[nodiscard]] Status publish_folder(const fs::path& from, const fs::path& to);
/// Syncs file `from`, renames it to `to`, syncs the parent: all or nothing.
[[nodiscard]] Status publish_file(const fs::path& from, const fs::path& to);
/// Makes a folder and those above it, and syncs the folders in which it made one: they outlive a power cut. On an
/// error it leaves none of them.
[[nodiscard]] Status make_folder(const fs::path& path);
/// Returns what stands in a folder, in no order; nothing for one that is not there. **Errors**: kIo.
[[nodiscard]] Result<std::vector<fs::path>> list_folder(const fs::path& path);
/// Returns what can be done about an error number of the operating system; "" = it says enough itself.
[[nodiscard]] std::string_view advice_for(int number);
/// Removes a file or folder tree; absence is no error.
[[nodiscard]] Status remove_tree(const fs::path& path);

/// Holds the right to write in a workspace; released with the object or the process, however it ends.
class WriterLock {
 public:
  /// **Errors**: kConflict when another process holds it, naming its process id.
  [[nodiscard]] static Result<WriterLock> take(const fs::path& file);
  /// Returns the process that holds the lock, 0 when nobody does or the kernel does not tell (/proc/locks). Takes
  /// nothing, so that nobody else is kept out for a moment.
  [[nodiscard]] static int holder(const fs::path& file);
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
