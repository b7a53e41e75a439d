// What a file is known by: where it is, how long, how old, and the digest of what it holds.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace hilo::ingest {

struct FileFacts {
  std::filesystem::path path;
  std::int64_t bytes = 0;  ///< as it lies on the disk, so compressed where it is compressed
  Instant modified_at;     ///< its last change; finer than a microsecond is cut off
  std::string sha256;      ///< 64 hexadecimal digits of the content on the disk; "" = not asked for (`stat_facts`)
};

/// Returns path, size and time of change of a regular file; `sha256` stays empty. **Errors**: as `open_raw_file`.
/// **Cost**: one system call; no content is read.
[[nodiscard]] Result<FileFacts> stat_facts(const std::filesystem::path& path);

/// Returns the SHA-256 of a file's content on the disk as 64 lower-case hexadecimal digits. **Errors**: as
/// `open_raw_file`. **Cost**: reads the whole file, 256 KiB in memory.
[[nodiscard]] Result<std::string> hash_file(const std::filesystem::path& path);

/// Returns the same of several files, in their order. **Errors**: those of the first file that has one. **Cost**: as
/// many files are read at a time as the machine has processors.
[[nodiscard]] Result<std::vector<std::string>> hash_files(std::span<const std::filesystem::path> paths);

}  // namespace hilo::ingest
