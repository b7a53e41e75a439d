#include "ingest/standardise/unicode_text.h"

#include <algorithm>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "base/result.h"
#include "base/text.h"
#include "ingest/standardise/standard.h"

namespace hilo::ingest {
namespace {

constexpr UChar32 kReplacementCharacter = 0xFFFD;
constexpr UChar32 kAcuteAccent = 0x00B4;
constexpr std::string_view kNotUtf8 = "not well-formed UTF-8";
constexpr std::string_view kLostCharacter = "a character was lost (U+FFFD)";
constexpr std::string_view kTooLong = "longer than 64 KiB";

bool is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_ascii_control(char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }

// Folds runs of spaces into one, drops them at both ends, and drops the other ASCII control characters.
std::string fold_ascii_spaces(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool pending = false;
  for (const char c : text) {
    if (is_ascii_space(c)) {
      pending = !out.empty();
    } else if (!is_ascii_control(c)) {
      if (pending) out += ' ';
      pending = false;
      out += c;
    }
  }
  return out;
}

const icu::Normalizer2& nfkc() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* instance = icu::Normalizer2::getNFKCInstance(status);
  HILO_CHECK(U_SUCCESS(status));
  return *instance;
}

const icu::Normalizer2& nfkd() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* instance = icu::Normalizer2::getNFKDInstance(status);
  HILO_CHECK(U_SUCCESS(status));
  return *instance;
}

const icu::Normalizer2& nfc() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* instance = icu::Normalizer2::getNFCInstance(status);
  HILO_CHECK(U_SUCCESS(status));
  return *instance;
}

icu::UnicodeString from_utf8(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

std::string to_utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

icu::UnicodeString normalised(const icu::Normalizer2& form, const icu::UnicodeString& text) {
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString out = form.normalize(text, status);
  HILO_CHECK(U_SUCCESS(status));
  return out;
}

bool is_invisible(UChar32 point) {
  const auto category = u_charType(point);
  return category == U_CONTROL_CHAR || category == U_FORMAT_CHAR ||
         u_hasBinaryProperty(point, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

// Marks that only decorate a letter: the combining blocks, Hebrew points and Arabic short vowels.
bool is_diacritic(UChar32 point) {
  return (point >= 0x0300 && point <= 0x036F) || (point >= 0x1AB0 && point <= 0x1AFF) ||
         (point >= 0x1DC0 && point <= 0x1DFF) || (point >= 0x20D0 && point <= 0x20FF) ||
         (point >= 0xFE20 && point <= 0xFE2F) || (point >= 0x0591 && point <= 0x05BD) || point == 0x05BF ||
         point == 0x05C1 || point == 0x05C2 || point == 0x05C4 || point == 0x05C5 || point == 0x05C7 ||
         (point >= 0x0610 && point <= 0x061A) || (point >= 0x064B && point <= 0x065F) || point == 0x0670;
}

// Latin letters without a decomposition; case folding has made them small and ß into ss.
std::string_view spelt_out(UChar32 point) {
  switch (point) {
    case 0x00E6: return "ae";
    case 0x00F0: return "d";
    case 0x00F8: return "o";
    case 0x00FE: return "th";
    case 0x0111: return "d";
    case 0x0127: return "h";
    case 0x0131: return "i";
    case 0x0142: return "l";
    case 0x014B: return "ng";
    case 0x0153: return "oe";
    case 0x0167: return "t";
    case 0x0180: return "b";
    case 0x0256: return "d";
    case 0x0268: return "i";
    default: return {};
  }
}

bool is_apostrophe(char32_t point) {
  return point == U'\'' || point == U'`' || point == U'\u2018' || point == U'\u2019' || point == U'\u02BC' ||
         point == U'\u02BB' || point == U'\u2032' || point == U'\u05F3';
}

// Decodes the code point at `at` and steps past it; a byte that cannot stand there counts as U+FFFD.
UChar32 next_point(std::string_view text, std::size_t& at) {
  const auto byte_at = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const unsigned char lead = byte_at(at++);
  if (lead < 0x80) return lead;
  const std::size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  if (lead < 0xC2 || lead > 0xF4 || at + more > text.size()) return kReplacementCharacter;
  UChar32 point = lead & (0x3FU >> more);
  for (std::size_t count = 0; count < more; ++count) point = (point << 6) | (byte_at(at++) & 0x3FU);
  return point;
}

template <class Predicate>
bool any_point(std::string_view text, Predicate predicate) {
  for (std::size_t at = 0; at < text.size();) {
    if (predicate(next_point(text, at))) return true;
  }
  return false;
}

}  // namespace

CleanText clean_text(std::string_view raw) {
  if (raw.size() > kRawBytesMax) return {{}, kTooLong};
  if (is_ascii(raw)) return {fold_ascii_spaces(raw), {}};
  if (!is_utf8(raw)) return {{}, kNotUtf8};
  const icu::UnicodeString text = from_utf8(raw);
  icu::UnicodeString kept;
  for (std::int32_t at = 0; at < text.length(); at = text.moveIndex32(at, 1)) {
    const UChar32 point = text.char32At(at);
    if (point == kReplacementCharacter) return {{}, kLostCharacter};
    if (point == kAcuteAccent) {
      kept.append(static_cast<UChar>('\''));
    } else if (u_isUWhiteSpace(point)) {
      kept.append(static_cast<UChar>(' '));
    } else if (!is_invisible(point)) {
      kept.append(point);
    }
  }
  std::string out = fold_ascii_spaces(to_utf8(normalised(nfkc(), kept)));
  if (out.size() > kRawBytesMax) return {{}, kTooLong};
  return {std::move(out), {}};
}

std::string fold_text(std::string_view clean) {
  if (is_ascii(clean)) return lower_ascii(clean);
  icu::UnicodeString text = from_utf8(clean);
  text.foldCase();
  text = normalised(nfkd(), text);
  icu::UnicodeString kept;
  for (std::int32_t at = 0; at < text.length(); at = text.moveIndex32(at, 1)) {
    const UChar32 point = text.char32At(at);
    if (is_diacritic(point)) continue;
    const std::string_view spelling = spelt_out(point);
    if (spelling.empty()) {
      kept.append(point);
    } else {
      for (const char c : spelling) kept.append(static_cast<UChar>(c));
    }
  }
  return fold_ascii_spaces(to_utf8(normalised(nfkc(), kept)));
}

std::string fold_case(std::string_view clean) {
  if (is_ascii(clean)) return lower_ascii(clean);
  icu::UnicodeString text = from_utf8(clean);
  text.foldCase();
  return to_utf8(normalised(nfkc(), text));
}

std::string compose_text(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  return to_utf8(normalised(nfc(), from_utf8(text)));
}

bool is_ascii(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; });
}

bool has_letter(std::string_view clean) {
  return any_point(clean, [](UChar32 point) { return u_isalpha(point) != 0; });
}

bool has_letter_or_digit(std::string_view clean) {
  return any_point(clean, [](UChar32 point) { return u_isalnum(point) != 0; });
}

std::string upper_ascii(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), upper_ascii_char);
  return out;
}

std::u32string code_points(std::string_view clean) {
  std::u32string out;
  out.reserve(clean.size());
  any_point(clean, [&](UChar32 point) {
    out += static_cast<char32_t>(point);
    return false;
  });
  return out;
}

void append_code_point(std::string& out, char32_t point) {
  const auto tail = [&](int shift) { return static_cast<char>(0x80U | ((point >> shift) & 0x3FU)); };
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0U | (point >> 6));
    out += tail(0);
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0U | (point >> 12));
    out += tail(6);
    out += tail(0);
  } else {
    out += static_cast<char>(0xF0U | (point >> 18));
    out += tail(12);
    out += tail(6);
    out += tail(0);
  }
}

std::string words_only(std::string_view folded) {
  const auto belongs = [](UChar32 point) {
    if (point < 0x80) return is_ascii_word(static_cast<char>(point));
    return u_isalnum(point) != 0 || (U_GET_GC_MASK(point) & U_GC_M_MASK) != 0;
  };
  std::string out;
  out.reserve(folded.size());
  bool pending = false;
  any_point(folded, [&](UChar32 point) {
    if (is_apostrophe(static_cast<char32_t>(point))) return false;
    if (!belongs(point)) {
      pending = !out.empty();
      return false;
    }
    if (pending) out += ' ';
    pending = false;
    append_code_point(out, static_cast<char32_t>(point));
    return false;
  });
  // What apostrophes parted may compose now.
  return compose_text(out);
}

std::vector<std::string_view> split_words(std::string_view clean) {
  if (clean.empty()) return {};
  return split(clean, ' ');
}

}  // namespace hilo::ingest
