// The words of a SQL text with their places: for what the parse tree does not tell (aliases, parameters, comments).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hilo::expr {

enum class TokenKind : std::uint8_t {
  kWord,    ///< a name or keyword
  kQuoted,  ///< "a name in quotes"
  kText,    ///< 'a text', or $tag$a text$tag$
  kNumber,
  kParameter,  ///< $name
  kSymbol,     ///< any other single byte
};

struct Token {
  TokenKind kind;
  std::size_t offset;
  std::size_t length;
  int depth;  ///< of round, square and curly brackets around it; a bracket stands at its outer depth
};

/// Splits a SQL text into tokens; comments and white space are left out. Never fails: what does not end, ends with the
/// text.
[[nodiscard]] std::vector<Token> scan_tokens(std::string_view sql);

/// Returns the bytes of a token: of a quoted name what it means, quotes taken off (doubled quotes are not joined).
[[nodiscard]] std::string_view token_text(std::string_view sql, const Token& token);

/// Returns a text that has these expressions in the places of the parameters `$day` and `$as_of`.
[[nodiscard]] std::string with_day_from(std::string_view sql, std::string_view day, std::string_view as_of);

}  // namespace hilo::expr
