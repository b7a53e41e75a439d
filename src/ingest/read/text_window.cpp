#include "ingest/read/text_window.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

namespace hilo::ingest {

TextWindow::TextWindow(std::unique_ptr<ByteStream> bytes, std::size_t chunk_bytes)
    : bytes_(std::move(bytes)), chunk_bytes_(chunk_bytes), buffer_(chunk_bytes) {
  HILO_CHECK(chunk_bytes > 0);
}

Status TextWindow::more() {
  const std::size_t held = end_ - begin_;
  const std::size_t wanted = held + std::max(chunk_bytes_, held);
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, held);
    begin_ = 0;
    end_ = held;
  }
  if (buffer_.size() < wanted) buffer_.resize(wanted);
  while (end_ < wanted && !ended_) {
    HILO_ASSIGN(const std::size_t got, bytes_->read(std::span(buffer_).subspan(end_)));
    ended_ = got == 0;
    end_ += got;
  }
  return {};
}

}  // namespace hilo::ingest
