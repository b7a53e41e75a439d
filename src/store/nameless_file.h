// A file that nobody else can open and that nothing outlives: it has room on a disk, and no name.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.h"

namespace hilo::store {

/// Gone with the object or the process, however it ends.
class NamelessFile {
 public:
  /// Makes an empty file on the file system of a folder. **Errors**: kIo (permission, no such folder).
  [[nodiscard]] static Result<NamelessFile> in(const std::filesystem::path& folder);
  NamelessFile(NamelessFile&& other) noexcept;
  NamelessFile& operator=(NamelessFile&& other) noexcept;
  NamelessFile(const NamelessFile&) = delete;
  NamelessFile& operator=(const NamelessFile&) = delete;
  ~NamelessFile();

  /// Returns a path by which this process, and no other, can open it.
  [[nodiscard]] std::string path() const;
  /// Returns how many bytes it has now. **Errors**: kIo.
  [[nodiscard]] Result<std::int64_t> size() const;

 private:
  explicit NamelessFile(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace hilo::store
