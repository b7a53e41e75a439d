#include "ingest/read/decompress.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

namespace hilo::ingest {
namespace {

constexpr std::size_t kBlockBytes = 64 * 1024;
constexpr std::string_view kGzipMagic = "\x1f\x8b";
constexpr std::string_view kZstdMagic = "\x28\xb5\x2f\xfd";
constexpr std::string_view kZstdSkippableTail = "\x2a\x4d\x18";  // after a byte 0x50 to 0x5F

// The compressed bytes, a block at a time. Invariant: [begin_, end_) of block_ is read and not yet used.
class BlockInput {
 public:
  explicit BlockInput(std::unique_ptr<ByteStream> raw) : raw_(std::move(raw)), block_(kBlockBytes) {}

  [[nodiscard]] std::string_view unused() const { return {block_.data() + begin_, end_ - begin_}; }
  void use(std::size_t bytes) { begin_ += bytes; }

  // Reads until at least `wanted` bytes are unused, or to the end.
  Status fill(std::size_t wanted) {
    if (unused().size() >= wanted) return {};
    std::copy(block_.begin() + static_cast<std::ptrdiff_t>(begin_), block_.begin() + static_cast<std::ptrdiff_t>(end_),
              block_.begin());
    end_ -= begin_;
    begin_ = 0;
    while (end_ < wanted) {
      HILO_ASSIGN(const std::size_t got, raw_->read(std::span(block_).subspan(end_)));
      if (got == 0) return {};
      end_ += got;
    }
    return {};
  }

  Result<std::size_t> read(std::span<char> into) {
    if (unused().empty()) return raw_->read(into);
    const std::size_t count = std::min(into.size(), unused().size());
    std::memcpy(into.data(), unused().data(), count);
    use(count);
    return count;
  }

 private:
  std::unique_ptr<ByteStream> raw_;
  std::vector<char> block_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

class PlainStream final : public ByteStream {
 public:
  explicit PlainStream(BlockInput input) : input_(std::move(input)) {}
  Result<std::size_t> read(std::span<char> into) override { return input_.read(into); }

 private:
  BlockInput input_;
};

class GzipStream final : public ByteStream {
 public:
  GzipStream(BlockInput input, std::string name) : input_(std::move(input)), name_(std::move(name)) {
    constexpr int kWindowBits = 15 + 16;  // the largest window; +16: gzip only, its CRC and length checked
    HILO_CHECK(inflateInit2(&inflater_, kWindowBits) == Z_OK);
  }
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;
  ~GzipStream() override { inflateEnd(&inflater_); }

  Result<std::size_t> read(std::span<char> into) override {
    while (true) {
      HILO_TRY(input_.fill(in_member_ ? 1 : kGzipMagic.size()));
      const std::string_view source = input_.unused();
      if (!in_member_) {
        if (source.empty()) return std::size_t{0};
        if (!kGzipMagic.starts_with(source.substr(0, kGzipMagic.size()))) return followed_by_something_else();
        inflateReset(&inflater_);
        in_member_ = true;
      }
      inflater_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(source.data()));  // zlib only reads it
      inflater_.avail_in = static_cast<uInt>(source.size());
      inflater_.next_out = reinterpret_cast<Bytef*>(into.data());
      const auto room = static_cast<uInt>(std::min<std::size_t>(into.size(), 1U << 30U));
      inflater_.avail_out = room;
      const int outcome = inflate(&inflater_, Z_NO_FLUSH);
      input_.use(source.size() - inflater_.avail_in);
      if (outcome == Z_STREAM_END) {
        in_member_ = false;
      } else if (outcome == Z_BUF_ERROR && source.empty()) {
        return fail(ErrorCode::kInvalidInput, fmt::format("{} is truncated: the gzip end mark is missing", name_));
      } else if (outcome != Z_OK && outcome != Z_BUF_ERROR) {
        return damaged();
      }
      if (const std::size_t made = room - inflater_.avail_out; made > 0) return made;
    }
  }

 private:
  [[nodiscard]] std::unexpected<Error> damaged() const {
    const char* reason = inflater_.msg != nullptr ? inflater_.msg : "inflate failed";
    return fail(ErrorCode::kInvalidInput, fmt::format("{} is damaged: {}", name_, reason));
  }
  [[nodiscard]] std::unexpected<Error> followed_by_something_else() const {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{} is damaged: something else follows its last gzip member", name_));
  }

  BlockInput input_;
  std::string name_;
  z_stream inflater_{};
  bool in_member_ = false;
};

// A file cut inside the four bytes is still taken for zstd, so that it is reported as truncated.
bool starts_as_zstd(std::string_view bytes) {
  if (bytes.size() < 2) return false;
  if (kZstdMagic.starts_with(bytes.substr(0, kZstdMagic.size()))) return true;
  const auto first = static_cast<unsigned char>(bytes.front());
  return bytes.size() >= kZstdMagic.size() && (first & 0xF0U) == 0x50 &&
         bytes.substr(1).starts_with(kZstdSkippableTail);
}

class ZstdStream final : public ByteStream {
 public:
  ZstdStream(BlockInput input, std::string name)
      : input_(std::move(input)), name_(std::move(name)), decoder_(ZSTD_createDStream()) {
    HILO_CHECK(decoder_ != nullptr);
  }
  ZstdStream(const ZstdStream&) = delete;
  ZstdStream& operator=(const ZstdStream&) = delete;
  ~ZstdStream() override { ZSTD_freeDStream(decoder_); }

  Result<std::size_t> read(std::span<char> into) override {
    while (true) {
      HILO_TRY(input_.fill(at_frame_end_ ? kZstdMagic.size() : 1));
      const std::string_view source = input_.unused();
      if (at_frame_end_) {
        if (source.empty()) return std::size_t{0};
        if (!kZstdMagic.starts_with(source.substr(0, kZstdMagic.size())) && !starts_as_zstd(source))
          return followed_by_something_else();
      }
      ZSTD_inBuffer in{source.data(), source.size(), 0};
      ZSTD_outBuffer out{into.data(), into.size(), 0};
      const std::size_t outcome = ZSTD_decompressStream(decoder_, &out, &in);
      if (ZSTD_isError(outcome) != 0) return damaged(outcome);
      input_.use(in.pos);
      at_frame_end_ = outcome == 0;
      if (out.pos > 0) return out.pos;
      if (source.empty() && !at_frame_end_) {
        return fail(ErrorCode::kInvalidInput, fmt::format("{} is truncated: its last zstd frame does not end", name_));
      }
    }
  }

 private:
  [[nodiscard]] std::unexpected<Error> damaged(std::size_t outcome) const {
    return fail(ErrorCode::kInvalidInput, fmt::format("{} is damaged: {}", name_, ZSTD_getErrorName(outcome)));
  }
  [[nodiscard]] std::unexpected<Error> followed_by_something_else() const {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{} is damaged: something else follows its last zstd frame", name_));
  }

  BlockInput input_;
  std::string name_;
  ZSTD_DStream* decoder_;
  bool at_frame_end_ = false;
};

}  // namespace

Result<std::unique_ptr<ByteStream>> decompress(std::unique_ptr<ByteStream> raw, std::string name) {
  BlockInput input(std::move(raw));
  HILO_TRY(input.fill(kZstdMagic.size()));
  if (input.unused().starts_with(kGzipMagic)) return std::make_unique<GzipStream>(std::move(input), std::move(name));
  if (starts_as_zstd(input.unused())) return std::make_unique<ZstdStream>(std::move(input), std::move(name));
  return std::make_unique<PlainStream>(std::move(input));
}

}  // namespace hilo::ingest
