// make_utf8: a text in another encoding as a stream of UTF-8.
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unicode/ucnv.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

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
    case Encoding::kWindows1252: return "windows-1252";
  }
  return "";
}

struct ConverterCloser {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, ConverterCloser>;

// Invariant: made_[given_..] is converted and not yet handed out.
class ConvertedStream final : public ByteStream {
 public:
  ConvertedStream(std::unique_ptr<ByteStream> bytes, Converter converter)
      : bytes_(std::move(bytes)), converter_(std::move(converter)), block_(kBlockBytes), units_(kBlockBytes) {}

  Result<std::size_t> read(std::span<char> into) override {
    while (given_ == made_.size()) {
      if (ended_) return std::size_t{0};
      made_.clear();
      given_ = 0;
      HILO_ASSIGN(const std::size_t got, bytes_->read(block_));
      ended_ = got == 0;
      HILO_TRY(convert(block_.data(), block_.data() + got));
    }
    const std::size_t count = std::min(into.size(), made_.size() - given_);
    std::memcpy(into.data(), made_.data() + given_, count);
    given_ += count;
    return count;
  }

 private:
  Status convert(const char* source, const char* source_end) {
    while (true) {
      UErrorCode outcome = U_ZERO_ERROR;
      UChar* target = units_.data();
      ucnv_toUnicode(converter_.get(), &target, units_.data() + units_.size(), &source, source_end, nullptr,
                     static_cast<UBool>(ended_), &outcome);
      append(std::u16string_view(units_.data(), static_cast<std::size_t>(target - units_.data())));
      if (U_SUCCESS(outcome)) break;
      if (outcome == U_BUFFER_OVERFLOW_ERROR) continue;
      if (outcome != U_ILLEGAL_CHAR_FOUND && outcome != U_TRUNCATED_CHAR_FOUND && outcome != U_INVALID_CHAR_FOUND) {
        return fail(ErrorCode::kInternal, fmt::format("ICU cannot convert text: {}", u_errorName(outcome)));
      }
      made_.push_back(kNoText);
      if (outcome == U_TRUNCATED_CHAR_FOUND) break;  // only at the very end
    }
    if (ended_ && lead_ != 0) made_.push_back(kNoText);
    return {};
  }

  void append(std::u16string_view units) {
    for (const char16_t unit : units) {
      if (lead_ != 0) {
        const char16_t lead = std::exchange(lead_, char16_t{0});
        if (U16_IS_TRAIL(unit)) {
          append(U16_GET_SUPPLEMENTARY(lead, unit));
          continue;
        }
        made_.push_back(kNoText);
      }
      if (U16_IS_LEAD(unit)) {
        lead_ = unit;
      } else {
        append(static_cast<UChar32>(unit));
      }
    }
  }

  void append(UChar32 character) {
    std::uint8_t encoded[U8_MAX_LENGTH];
    std::int32_t length = 0;
    UBool failed = 0;
    U8_APPEND(encoded, length, U8_MAX_LENGTH, character, failed);
    if (failed != 0) {
      made_.push_back(kNoText);
    } else {
      made_.append(reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(length));
    }
  }

  std::unique_ptr<ByteStream> bytes_;
  Converter converter_;
  std::vector<char> block_;
  std::vector<UChar> units_;
  std::string made_;
  std::size_t given_ = 0;
  char16_t lead_ = 0;  // the first half of a pair whose second half has not come yet
  bool ended_ = false;
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
  if (U_FAILURE(outcome)) {
    return fail(ErrorCode::kInternal,
                fmt::format("ICU has no converter for {}: {}", encoding_name(encoding), u_errorName(outcome)));
  }
  return std::make_unique<MarklessStream>(std::make_unique<ConvertedStream>(std::move(bytes), std::move(converter)));
}

}  // namespace hilo::ingest
