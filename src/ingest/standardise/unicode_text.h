// Unicode steps that all standard forms share: cleaning, folding for comparison, character classes.
// The only file that normalises and folds by ICU; pure ASCII, most of all values, never reaches it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hilo::ingest {

/// A cleaned text, or why the raw bytes cannot be read as text.
struct CleanText {
  std::string text;
  std::string_view fault;  ///< static text; empty when the text could be read
};

/// Brings raw bytes to NFKC without what the eye cannot see: control, format and default-ignorable characters
/// (zero-width space, byte-order mark, direction marks) are dropped, white space is folded to single spaces and
/// trimmed. The acute accent standing alone, a common slip for an apostrophe (O´Brien), becomes one.
/// **Errors**: `fault` for bytes that are not UTF-8, for U+FFFD, and past `kRawBytesMax` before or after.
/// **Cost**: linear; one pass for ASCII.
/// **Source**: UAX #15 (NFKC); UAX #44 (Default_Ignorable_Code_Point, White_Space).
[[nodiscard]] CleanText clean_text(std::string_view raw);

/// Folds a cleaned text for comparison: case folded, diacritics dropped, letters that have no decomposition spelt
/// out (ß -> ss, ø -> o, ł -> l, đ -> d, æ -> ae, þ -> th). Marks that are letters in their script (the vowels of
/// Devanagari, the voicing of kana) stay. Spaces and punctuation stay.
/// **Requires**: `clean` is UTF-8, as `clean_text` makes it.
/// **Source**: Unicode 15 section 3.13 (case folding), UAX #15 (NFKD).
[[nodiscard]] std::string fold_text(std::string_view clean);

/// Folds case only and keeps diacritics, in NFKC. **Source**: Unicode 15 section 3.13, UAX #15.
[[nodiscard]] std::string fold_case(std::string_view clean);

/// Composes a UTF-8 text to NFC (UAX #15).
[[nodiscard]] std::string compose_text(std::string_view text);

[[nodiscard]] bool is_ascii(std::string_view text);
[[nodiscard]] bool has_letter(std::string_view clean);           ///< holds a letter of any script
[[nodiscard]] bool has_letter_or_digit(std::string_view clean);  ///< holds a letter or a decimal digit of any script

[[nodiscard]] constexpr bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
[[nodiscard]] constexpr bool is_ascii_word(char c) { return is_ascii_digit(c) || is_ascii_letter(c); }
[[nodiscard]] constexpr char upper_ascii_char(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}
[[nodiscard]] std::string upper_ascii(std::string_view text);

/// Decodes UTF-8 into code points. **Requires**: `clean` is UTF-8.
[[nodiscard]] std::u32string code_points(std::string_view clean);
/// Appends one code point as UTF-8.
void append_code_point(std::string& out, char32_t point);

/// Reduces a folded text to words of letters, digits and marks between single spaces. Apostrophes of every shape
/// join what they part (o'brien -> obrien); all other punctuation parts it.
[[nodiscard]] std::string words_only(std::string_view folded);

/// Splits at single spaces; the views point into `clean`. Empty for an empty text.
[[nodiscard]] std::vector<std::string_view> split_words(std::string_view clean);

}  // namespace hilo::ingest
