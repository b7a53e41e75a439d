// make_utf8: a text in another encoding as a stream of UTF-8.
#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unicode/ucnv.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include "base/text.h"
#include "ingest/read/encoding.h"

namespace hilo::ingest {
namespace {

constexpr std::size_t kBlockBytes = 64 * 1024;
constexpr char kNoText = '\xFF';  // stands for input that is no text; no UTF-8 holds it

const char* icu_name(Encoding encoding) {
  switch (encoding) {
    case Encoding::kUtf8: return "UTF-8";
    case Encoding::kUtf16Le: return "UTF-16LE";
    case Encoding::kUtf16Be: return "UTF-16BE";
    case Encoding::kLatin1: return "ISO-8859-1";
    case Encoding::kWindows1252:
    case Encoding::kMixed: return "windows-1252";
  }
  return "";
}

struct ConverterCloser {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, ConverterCloser>;

// A stream that makes other bytes of what it reads, block by block. Invariant: made_[given_..] is not yet handed out.
class MadeStream : public ByteStream {
 public:
  explicit MadeStream(std::unique_ptr<ByteStream> bytes) : bytes_(std::move(bytes)), block_(kBlockBytes) {}

  Result<std::size_t> read(std::span<char> into) override {
    while (given_ == made_.size()) {
      if (ended_) return std::size_t{0};
      made_.clear();
      given_ = 0;
      HILO_ASSIGN(const std::size_t got, bytes_->read(block_));
      ended_ = got == 0;
      HILO_TRY(make({block_.data(), got}, ended_, made_));
    }
    const std::size_t count = std::min(into.size(), made_.size() - given_);
    std::memcpy(into.data(), made_.data() + given_, count);
    given_ += count;
    return count;
  }

 protected:
  // Appends to `out` what the next block becomes; the last one is empty.
  [[nodiscard]] virtual Status make(std::string_view block, bool is_last, std::string& out) = 0;

 private:
  std::unique_ptr<ByteStream> bytes_;
  std::vector<char> block_;
  std::string made_;
  std::size_t given_ = 0;
  bool ended_ = false;
};

class ConvertedStream final : public MadeStream {
 public:
  ConvertedStream(std::unique_ptr<ByteStream> bytes, Converter converter)
      : MadeStream(std::move(bytes)), converter_(std::move(converter)), units_(kBlockBytes) {}

 private:
  Status make(std::string_view block, bool is_last, std::string& out) override {
    const char* source = block.data();
    const char* const source_end = source + block.size();
    while (true) {
      UErrorCode outcome = U_ZERO_ERROR;
      UChar* target = units_.data();
      ucnv_toUnicode(converter_.get(), &target, units_.data() + units_.size(), &source, source_end, nullptr,
                     static_cast<UBool>(is_last), &outcome);
      append(std::u16string_view(units_.data(), static_cast<std::size_t>(target - units_.data())), out);
      if (U_SUCCESS(outcome)) break;
      if (outcome == U_BUFFER_OVERFLOW_ERROR) continue;
      HILO_CHECK(outcome == U_ILLEGAL_CHAR_FOUND || outcome == U_TRUNCATED_CHAR_FOUND ||
                 outcome == U_INVALID_CHAR_FOUND);
      out.push_back(kNoText);
      if (outcome == U_TRUNCATED_CHAR_FOUND) break;  // only at the very end
    }
    if (is_last && lead_ != 0) out.push_back(kNoText);
    return {};
  }

  void append(std::u16string_view units, std::string& out) {
    for (const char16_t unit : units) {
      if (lead_ != 0) {
        const char16_t lead = std::exchange(lead_, char16_t{0});
        if (U16_IS_TRAIL(unit)) {
          append(U16_GET_SUPPLEMENTARY(lead, unit), out);
          continue;
        }
        out.push_back(kNoText);
      }
      if (U16_IS_LEAD(unit)) {
        lead_ = unit;
      } else {
        append(static_cast<UChar32>(unit), out);
      }
    }
  }

  static void append(UChar32 character, std::string& out) {
    std::uint8_t encoded[U8_MAX_LENGTH];
    std::int32_t length = 0;
    UBool failed = 0;
    U8_APPEND(encoded, length, U8_MAX_LENGTH, character, failed);
    if (failed != 0) {
      out.push_back(kNoText);
    } else {
      out.append(reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(length));
    }
  }

  Converter converter_;
  std::vector<UChar> units_;
  char16_t lead_ = 0;  // the first half of a pair whose second half has not come yet
};

// Lines of UTF-8 as they are, any other as `converter` of an encoding of one byte reads it. A line is looked at whole
// up to kLineBytesMax, past that in pieces of that size.
class StreamByLine final : public MadeStream {
 public:
  StreamByLine(std::unique_ptr<ByteStream> bytes, const Converter& converter) : MadeStream(std::move(bytes)) {
    for (std::size_t byte = 0; byte < utf8_of_.size(); ++byte) utf8_of_[byte] = utf8_of(converter, byte);
  }

 private:
  static constexpr std::size_t kLineBytesMax = std::size_t{1} << 20;

  static std::string utf8_of(const Converter& converter, std::size_t byte) {
    const char source = static_cast<char>(byte);
    std::array<UChar, 2> unit{};
    UErrorCode outcome = U_ZERO_ERROR;
    ucnv_toUChars(converter.get(), unit.data(), unit.size(), &source, 1, &outcome);
    if (U_FAILURE(outcome)) return {kNoText};
    std::array<std::uint8_t, U8_MAX_LENGTH> encoded{};
    std::int32_t length = 0;
    U8_APPEND_UNSAFE(encoded.data(), length, unit[0]);
    return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(length)};
  }

  // **Ensures**: no line end stands in pending_.
  Status make(std::string_view block, bool is_last, std::string& out) override {
    const std::size_t searched = pending_.size();
    pending_.append(block);
    std::string_view rest = pending_;
    for (std::size_t end = rest.find('\n', searched); end != std::string_view::npos; end = rest.find('\n')) {
      take(rest.substr(0, end + 1), out);
      rest.remove_prefix(end + 1);
    }
    while (rest.size() >= kLineBytesMax) {
      auto whole = static_cast<std::int32_t>(kLineBytesMax);
      U8_TRUNCATE_IF_INCOMPLETE(reinterpret_cast<const std::uint8_t*>(rest.data()), 0, whole);
      take(rest.substr(0, static_cast<std::size_t>(whole)), out);
      rest.remove_prefix(static_cast<std::size_t>(whole));
    }
    if (is_last) take(std::exchange(rest, {}), out);
    if (rest.size() < pending_.size()) pending_.erase(0, pending_.size() - rest.size());
    return {};
  }

  void take(std::string_view line, std::string& out) const {
    if (is_utf8(line)) {
      out.append(line);
      return;
    }
    for (const char byte : line) out.append(utf8_of_[static_cast<unsigned char>(byte)]);
  }

  std::array<std::string, 256> utf8_of_;
  std::string pending_;  // the start of a line whose end has not come yet
};

// UTF-8 without the byte order mark it may start with.
class MarklessStream final : public ByteStream {
 public:
  explicit MarklessStream(std::unique_ptr<ByteStream> bytes) : bytes_(std::move(bytes)) {}

  Result<std::size_t> read(std::span<char> into) override {
    if (!started_) HILO_TRY(start());
    if (given_ == head_.size()) return bytes_->read(into);
    const std::size_t count = std::min(into.size(), head_.size() - given_);
    std::memcpy(into.data(), head_.data() + given_, count);
    given_ += count;
    return count;
  }

 private:
  Status start() {
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    started_ = true;
    while (head_.size() < kMark.size()) {
      char byte = 0;
      HILO_ASSIGN(const std::size_t got, bytes_->read({&byte, 1}));
      if (got == 0) break;
      head_.push_back(byte);
    }
    if (head_ == kMark) head_.clear();
    return {};
  }

  std::unique_ptr<ByteStream> bytes_;
  std::string head_;
  std::size_t given_ = 0;
  bool started_ = false;
};

}  // namespace

Result<std::unique_ptr<ByteStream>> make_utf8(std::unique_ptr<ByteStream> bytes, Encoding encoding) {
  if (encoding == Encoding::kUtf8) return std::make_unique<MarklessStream>(std::move(bytes));
  UErrorCode outcome = U_ZERO_ERROR;
  Converter converter(ucnv_open(icu_name(encoding), &outcome));
  if (U_SUCCESS(outcome)) {
    ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &outcome);
  }
  HILO_CHECK(U_SUCCESS(outcome));  // ICU has all encodings that we know
  if (encoding == Encoding::kMixed) {
    return std::make_unique<MarklessStream>(std::make_unique<StreamByLine>(std::move(bytes), converter));
  }
  return std::make_unique<MarklessStream>(std::make_unique<ConvertedStream>(std::move(bytes), std::move(converter)));
}

}  // namespace hilo::ingest
