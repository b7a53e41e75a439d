// A stream of text seen through a window that slides over it: what the record readers parse from.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ingest/read/byte_stream.h"

namespace hilo::ingest {

/// Holds the bytes read and not yet consumed. The owner bounds its size by consuming or giving up.
class TextWindow {
 public:
  /// Will read `chunk_bytes` or more at a time. **Requires**: chunk_bytes > 0.
  TextWindow(std::unique_ptr<ByteStream> bytes, std::size_t chunk_bytes);

  /// Returns the bytes read and not consumed; the view is valid until `more`.
  [[nodiscard]] std::string_view view() const { return {buffer_.data() + begin_, end_ - begin_}; }
  /// Returns whether the view reaches the end of the stream.
  [[nodiscard]] bool ended() const { return ended_; }
  /// Drops bytes at the front. **Requires**: no more than the view holds.
  void consume(std::size_t bytes) { begin_ += bytes; }

  /// Reads on until the view grew by a chunk and at least doubled, or the stream ended; so a record parsed again from
  /// its start after each call costs linear time. **Errors**: those of the stream.
  [[nodiscard]] Status more();

 private:
  std::unique_ptr<ByteStream> bytes_;
  std::size_t chunk_bytes_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool ended_ = false;
};

}  // namespace hilo::ingest
