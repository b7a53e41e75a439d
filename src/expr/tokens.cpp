#include "expr/tokens.h"

#include <algorithm>
#include <string>

#include "base/text.h"

namespace hilo::expr {
namespace {

bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_word_start(c) || is_digit(c); }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }

class Scanner {
 public:
  explicit Scanner(std::string_view sql) : sql_(sql) {}

  std::vector<Token> run() {
    while (at_ < sql_.size()) {
      if (is_space(sql_[at_])) {
        ++at_;
      } else if (!skip_comment()) {
        token();
      }
    }
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] bool starts(std::string_view text) const { return sql_.substr(at_).starts_with(text); }

  bool skip_comment() {
    if (starts("--")) {
      at_ = std::min(sql_.find('\n', at_), sql_.size());
      return true;
    }
    if (!starts("/*")) return false;
    int depth = 0;
    do {
      if (starts("/*")) {
        ++depth;
        at_ += 2;
      } else if (starts("*/")) {
        --depth;
        at_ += 2;
      } else {
        ++at_;
      }
    } while (depth > 0 && at_ < sql_.size());
    return true;
  }

  void add(TokenKind kind, std::size_t end) {
    end = std::min(end, sql_.size());
    tokens_.push_back({kind, at_, end - at_, depth_});
    at_ = end;
  }

  // Where a quoted stretch that begins at `open` ends; a doubled quote does not end it.
  [[nodiscard]] std::size_t end_of_quoted(std::size_t open, char quote, bool backslash) const {
    std::size_t at = open + 1;
    while (at < sql_.size()) {
      if (backslash && sql_[at] == '\\') {
        at += 2;
      } else if (sql_[at] != quote) {
        ++at;
      } else if (at + 1 < sql_.size() && sql_[at + 1] == quote) {
        at += 2;
      } else {
        return at + 1;
      }
    }
    return sql_.size();
  }

  template <class Predicate>
  [[nodiscard]] std::size_t end_while(std::size_t from, Predicate matches) const {
    while (from < sql_.size() && matches(sql_[from])) ++from;
    return from;
  }

  void dollar() {
    const std::size_t end = end_while(at_ + 1, is_word);
    if (end < sql_.size() && sql_[end] == '$') {
      const std::string_view tag = sql_.substr(at_, end + 1 - at_);
      const std::size_t close = sql_.find(tag, end + 1);
      add(TokenKind::kText, close == std::string_view::npos ? sql_.size() : close + tag.size());
    } else {
      add(end > at_ + 1 ? TokenKind::kParameter : TokenKind::kSymbol, end);
    }
  }

  void token() {
    const char c = sql_[at_];
    if (c == '\'') return add(TokenKind::kText, end_of_quoted(at_, '\'', false));
    if (c == '"') return add(TokenKind::kQuoted, end_of_quoted(at_, '"', false));
    if ((c == 'e' || c == 'E') && at_ + 1 < sql_.size() && sql_[at_ + 1] == '\'') {
      return add(TokenKind::kText, end_of_quoted(at_ + 1, '\'', true));
    }
    if (c == '$') return dollar();
    if (is_word_start(c)) return add(TokenKind::kWord, end_while(at_, is_word));
    if (is_digit(c)) {
      return add(TokenKind::kNumber, end_while(at_, [](char d) { return is_word(d) || d == '.'; }));
    }
    if (c == ')' || c == ']' || c == '}') --depth_;
    add(TokenKind::kSymbol, at_ + 1);
    if (c == '(' || c == '[' || c == '{') ++depth_;
  }

  std::string_view sql_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> scan_tokens(std::string_view sql) { return Scanner(sql).run(); }

std::string_view token_text(std::string_view sql, const Token& token) {
  const std::string_view text = sql.substr(token.offset, token.length);
  if (token.kind == TokenKind::kQuoted && text.size() >= 2) return text.substr(1, text.size() - 2);
  return text;
}

std::string with_day_from(std::string_view sql, std::string_view day, std::string_view as_of) {
  std::string out;
  std::size_t copied = 0;
  for (const Token& token : scan_tokens(sql)) {
    if (token.kind != TokenKind::kParameter) continue;
    const std::string name = lower_ascii(sql.substr(token.offset, token.length));
    if (name != "$day" && name != "$as_of") continue;
    out += sql.substr(copied, token.offset - copied);
    out += name == "$day" ? day : as_of;
    copied = token.offset + token.length;
  }
  out += sql.substr(copied);
  return out;
}

}  // namespace hilo::expr
