// Outside files as runs of bytes: opened safely, decompressed by what they hold rather than by their name.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

#include "base/result.h"

namespace hilo::ingest {

/// Gives bytes from front to back, once.
class ByteStream {
 public:
  ByteStream() = default;
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;
  virtual ~ByteStream() = default;

  /// Reads up to `into.size()` bytes and returns how many; 0 means the end, and stays 0. **Requires**: `into` not
  /// empty.
  /// **Errors**: kIo when the system refuses, kInvalidInput when the content is not what it claims to be.
  [[nodiscard]] virtual Result<std::size_t> read(std::span<char> into) = 0;
};

/// Opens a regular file as the bytes it holds. **Ensures**: never blocks, whatever the path names (a FIFO, a device).
/// **Errors**: kNotFound when nothing is there; kInvalidInput for a directory or anything that is no regular file; kIo.
[[nodiscard]] Result<std::unique_ptr<ByteStream>> open_raw_file(const std::filesystem::path& path);

/// Opens a regular file as the bytes it stands for: gzip (every member) and zstd (every frame) are recognised by their
/// first bytes and decompressed, anything else is given as it is. **Errors**: those of `open_raw_file`; later, from
/// `read`, kInvalidInput when the compressed content is truncated, damaged or followed by something else.
[[nodiscard]] Result<std::unique_ptr<ByteStream>> open_file(const std::filesystem::path& path);

}  // namespace hilo::ingest
