#include "ingest/read/encoding.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unicode/utf8.h>

#include "base/text.h"

namespace hilo::ingest {
namespace {

struct EncodingAlias {
  std::string_view name;
  Encoding encoding;
};

constexpr std::array kAliases = {
    EncodingAlias{"utf-8", Encoding::kUtf8},
    EncodingAlias{"utf8", Encoding::kUtf8},
    EncodingAlias{"us-ascii", Encoding::kUtf8},
    EncodingAlias{"ascii", Encoding::kUtf8},
    EncodingAlias{"utf-16le", Encoding::kUtf16Le},
    EncodingAlias{"utf16le", Encoding::kUtf16Le},
    EncodingAlias{"utf-16be", Encoding::kUtf16Be},
    EncodingAlias{"utf16be", Encoding::kUtf16Be},
    EncodingAlias{"latin-1", Encoding::kLatin1},
    EncodingAlias{"latin1", Encoding::kLatin1},
    EncodingAlias{"iso-8859-1", Encoding::kLatin1},
    EncodingAlias{"iso8859-1", Encoding::kLatin1},
    EncodingAlias{"windows-1252", Encoding::kWindows1252},
    EncodingAlias{"cp1252", Encoding::kWindows1252},
    EncodingAlias{"cp-1252", Encoding::kWindows1252},
    EncodingAlias{"win-1252", Encoding::kWindows1252},
    EncodingAlias{"mixed", Encoding::kMixed},
};

// What the bytes seen so far say about the encoding. Fed in chunks of any size.
class Evidence {
 public:
  void add(std::string_view chunk) {
    count_nul_places(chunk);
    carry_.append(chunk);
    auto whole = static_cast<std::int32_t>(carry_.size());
    const auto* start = reinterpret_cast<const std::uint8_t*>(carry_.data());
    U8_TRUNCATE_IF_INCOMPLETE(start, 0, whole);
    count_sequences(std::string_view(carry_).substr(0, static_cast<std::size_t>(whole)));
    carry_.erase(0, static_cast<std::size_t>(whole));
  }

  [[nodiscard]] Encoding verdict() {
    count_sequences(carry_);  // an incomplete last character counts as invalid
    carry_.clear();
    if (is_utf16(/*high=*/1)) return Encoding::kUtf16Le;
    if (is_utf16(/*high=*/0)) return Encoding::kUtf16Be;
    constexpr std::int64_t kFarMoreOften = 4;
    if (invalid_bytes_ == 0 || valid_sequences_ >= kFarMoreOften * invalid_bytes_) return Encoding::kUtf8;
    constexpr std::int64_t kByChance = 20;
    if (valid_sequences_ * kByChance >= invalid_bytes_) return Encoding::kMixed;
    return has_c1_bytes_ ? Encoding::kWindows1252 : Encoding::kLatin1;
  }

 private:
  static constexpr std::size_t kSampleBytes = 64 * 1024;

  void count_nul_places(std::string_view chunk) {
    for (const char byte : chunk.substr(0, kSampleBytes - std::min(kSampleBytes, sampled_))) {
      const std::size_t place = sampled_ % 2;
      ++sampled_;
      if (byte == '\0') ++nuls_[place];
      // A line end of UTF-16 is a CR or LF with a NUL before it (big endian) or after it (little endian).
      if (place == 1) {
        if (byte == '\n' || byte == '\r') count_line_end(/*low=*/1, before_);
        if (before_ == '\n' || before_ == '\r') count_line_end(/*low=*/0, byte);
      }
      before_ = byte;
    }
  }

  void count_line_end(std::size_t low, char partner) {
    ++line_ends_[low];
    if (partner == '\0') ++paired_line_ends_[low];
  }

  // Whether the high bytes of 16-bit units stand in places `high` (0 = even, 1 = odd). A stray NUL in a short UTF-8
  // file must not pass, hence the line ends.
  [[nodiscard]] bool is_utf16(std::size_t high) const {
    const std::size_t places = sampled_ / 2;
    const std::size_t low = 1 - high;
    if (places == 0 || nuls_[high] * 10 < places || nuls_[low] * 4 > nuls_[high]) return false;
    if (line_ends_[low] == 0) return nuls_[high] * 2 >= places;
    return paired_line_ends_[low] * 10 >= line_ends_[low] * 8;
  }

  void count_sequences(std::string_view text) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    const auto size = static_cast<std::int32_t>(text.size());
    for (std::int32_t at = 0; at < size;) {
      at = skip_ascii(bytes, at, size);
      if (at == size) return;
      const std::int32_t start = at;
      UChar32 character = 0;
      U8_NEXT(bytes, at, size, character);
      if (character >= 0) {
        ++valid_sequences_;
      } else {
        invalid_bytes_ += at - start;
      }
      for (std::int32_t i = start; i < at; ++i) has_c1_bytes_ = has_c1_bytes_ || (bytes[i] >= 0x80 && bytes[i] <= 0x9F);
    }
  }

  static std::int32_t skip_ascii(const std::uint8_t* bytes, std::int32_t at, std::int32_t size) {
    for (; at + 8 <= size; at += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes + at, sizeof word);
      if ((word & 0x8080808080808080U) != 0) break;
    }
    while (at < size && bytes[at] < 0x80) ++at;
    return at;
  }

  std::string carry_;
  std::int64_t valid_sequences_ = 0;
  std::int64_t invalid_bytes_ = 0;
  bool has_c1_bytes_ = false;
  std::size_t sampled_ = 0;
  char before_ = 'x';
  std::array<std::size_t, 2> nuls_{};              // by place, even or odd
  std::array<std::size_t, 2> line_ends_{};         // CR and LF bytes, by the place they stand in
  std::array<std::size_t, 2> paired_line_ends_{};  // those with a NUL in the other half of their unit
};

}  // namespace

std::string_view encoding_name(Encoding encoding) {
  switch (encoding) {
    case Encoding::kUtf8: return "utf-8";
    case Encoding::kUtf16Le: return "utf-16le";
    case Encoding::kUtf16Be: return "utf-16be";
    case Encoding::kLatin1: return "latin-1";
    case Encoding::kWindows1252: return "windows-1252";
    case Encoding::kMixed: return "mixed";
  }
  return "";
}

Result<Encoding> parse_encoding(std::string_view name) {
  std::string wanted = lower_ascii(trim(name));
  std::replace(wanted.begin(), wanted.end(), '_', '-');
  std::vector<std::string> known;
  for (const EncodingAlias& alias : kAliases) {
    if (alias.name == wanted) return alias.encoding;
    known.emplace_back(alias.name);
  }
  if (wanted == "utf-16" || wanted == "utf16") {
    return fail(ErrorCode::kInvalidDefinition, "the encoding utf-16 does not say in which order its bytes stand",
                "write utf-16le or utf-16be, or leave the encoding out: it is found out");
  }
  return fail(ErrorCode::kInvalidDefinition, fmt::format("unknown encoding '{}'{}", name, did_you_mean(wanted, known)),
              "known are utf-8, utf-16le, utf-16be, latin-1, windows-1252 and mixed (utf-8 or windows-1252 by line)");
}

Result<Encoding> detect_encoding(ByteStream& bytes) {
  std::vector<char> block(std::size_t{64} * 1024);
  std::size_t filled = 0;
  while (filled < 3) {  // the longest mark, however small the pieces that the stream gives
    HILO_ASSIGN(const std::size_t got, bytes.read(std::span(block).subspan(filled)));
    if (got == 0) break;
    filled += got;
  }
  const std::string_view start(block.data(), filled);
  if (start.starts_with("\xEF\xBB\xBF")) return Encoding::kUtf8;
  if (start.starts_with("\xFF\xFE")) return Encoding::kUtf16Le;
  if (start.starts_with("\xFE\xFF")) return Encoding::kUtf16Be;
  Evidence evidence;
  while (filled > 0) {
    evidence.add({block.data(), filled});
    HILO_ASSIGN(filled, bytes.read(block));
  }
  return evidence.verdict();
}

}  // namespace hilo::ingest
