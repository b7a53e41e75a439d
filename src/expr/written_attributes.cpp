#include "expr/written_attributes.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "expr/parse_tree.h"

namespace hilo::expr {
namespace {

// The comments between two tokens: what stands on the line of the first one, and the last block of lines of their own.
struct Comments {
  std::string beside;
  std::string above;
};

void append(std::string& text, std::string_view more) {
  const std::string_view words = trim(more);
  if (words.empty()) return;
  if (!text.empty()) text += ' ';
  text += words;
}

// A comment's words on one line, without the stars of a block comment's lines.
std::string on_one_line(std::string_view comment) {
  std::string out;
  for (std::string_view line : split(comment, '\n')) {
    line = trim(line);
    while (line.starts_with('*') || line.starts_with('-')) line.remove_prefix(1);
    append(out, line);
  }
  return out;
}

// Between two tokens stand comments and white space alone.
Comments comments_between(std::string_view gap) {
  Comments found;
  int breaks = 0;              // line breaks before the comment
  bool blank = true;           // an empty line stands before it
  std::size_t line_start = 0;  // of the line at hand
  for (std::size_t at = 0; at < gap.size();) {
    if (gap[at] == '\n') {
      if (breaks > 0 && trim(gap.substr(line_start, at - line_start)).empty()) blank = true;
      ++breaks;
      line_start = ++at;
      continue;
    }
    const bool is_line = gap.substr(at, 2) == "--";
    const bool is_block = gap.substr(at, 2) == "/*";
    if (!is_line && !is_block) {
      ++at;
      continue;
    }
    const std::size_t close = is_line ? gap.find('\n', at) : gap.find("*/", at + 2);
    const std::size_t end = std::min(close, gap.size());
    const std::string words = on_one_line(gap.substr(at + 2, end - std::min(at + 2, end)));
    if (breaks == 0) {
      append(found.beside, words);
    } else {
      if (blank) found.above.clear();
      append(found.above, words);
      blank = false;
    }
    at = is_line ? end : std::min(end + 2, gap.size());
  }
  return found;
}

// The first paragraph of the comment on top of a file.
std::string first_paragraph(std::string_view top) {
  std::string out;
  for (std::string_view line : split(top, '\n')) {
    line = trim(line);
    const bool is_text = line.starts_with("--") || line.starts_with("/*") || line.starts_with('*');
    while (line.starts_with('-') || line.starts_with('/') || line.starts_with('*')) line.remove_prefix(1);
    while (line.ends_with('*') || line.ends_with('/')) line.remove_suffix(1);
    if (!out.empty() && (!is_text || trim(line).empty())) break;
    append(out, line);
  }
  return out;
}

class Reading {
 public:
  explicit Reading(const Statement::Tree& tree) : tree_(tree), text_(tree.file.text), tokens_(tree.tokens) {}

  WrittenDefinition read() {
    WrittenDefinition definition;
    definition.about = first_paragraph(std::string_view(text_).substr(0, tokens_.front().offset));
    const Json& items = tree_.select.at("select_list");
    std::size_t end = 0;
    const std::vector<Span> spans = item_spans(end);
    if (end < tokens_.size()) definition.read_from = trim(std::string_view(text_).substr(tokens_[end].offset));
    std::string section;
    for (std::size_t at = 0; at < items.size(); ++at) {
      WrittenAttribute attribute{.name = std::string(alias_of(items[at])), .text = {}, .line = 0};
      if (spans.size() == items.size()) describe(spans[at], attribute, section);
      definition.attributes.push_back(std::move(attribute));
    }
    return definition;
  }

 private:
  // The tokens of an item: [first, last].
  struct Span {
    std::size_t first;
    std::size_t last;
  };

  [[nodiscard]] std::size_t end_of(std::size_t token) const { return tokens_[token].offset + tokens_[token].length; }
  [[nodiscard]] std::string lower(std::size_t token) const { return lower_ascii(token_text(text_, tokens_[token])); }
  [[nodiscard]] bool is_word(std::size_t token, std::string_view word) const {
    return tokens_[token].kind == TokenKind::kWord && lower(token) == word;
  }
  [[nodiscard]] bool is_symbol(std::size_t token, char symbol) const {
    return tokens_[token].kind == TokenKind::kSymbol && text_[tokens_[token].offset] == symbol;
  }

  // The outermost SELECT: a definition may stand in brackets, and FROM may stand before it.
  [[nodiscard]] std::optional<std::size_t> select_token() const {
    std::optional<std::size_t> found;
    for (std::size_t at = 0; at < tokens_.size(); ++at) {
      if (is_word(at, "select") && (!found || tokens_[at].depth < tokens_[*found].depth)) found = at;
    }
    return found;
  }

  // Whether the select list ends before a token. `is distinct from` and `within group` are parts of expressions, and
  // behind AS or a point any word is a name.
  [[nodiscard]] bool ends_list(std::size_t token) const {
    static constexpr std::array kClauses = {"from", "where", "group", "having", "qualify", "window", "order", "limit"};
    if (is_symbol(token, ';')) return true;
    if (std::ranges::none_of(kClauses, [&](const char* clause) { return is_word(token, clause); })) return false;
    const bool goes_on = (is_word(token, "from") && is_word(token - 1, "distinct")) ||
                         (is_word(token, "group") && is_word(token - 1, "within")) || is_word(token - 1, "as") ||
                         is_symbol(token - 1, '.');
    return !goes_on;
  }

  // The items; `end` becomes the token behind the list.
  [[nodiscard]] std::vector<Span> item_spans(std::size_t& end) const {
    std::vector<Span> spans;
    end = tokens_.size();
    const auto select = select_token();
    if (!select) return spans;
    const int depth = tokens_[*select].depth;
    std::size_t first = *select + 1;
    std::size_t at = first;
    for (; at < tokens_.size() && tokens_[at].depth >= depth; ++at) {
      if (tokens_[at].depth > depth) continue;
      if (ends_list(at)) break;
      if (!is_symbol(at, ',')) continue;
      if (at > first) spans.push_back({first, at - 1});
      first = at + 1;
    }
    if (at > first) spans.push_back({first, at - 1});
    end = at;
    return spans;
  }

  [[nodiscard]] Comments comments_after(std::size_t token) const {
    const std::size_t from = end_of(token);
    const std::size_t to = token + 1 < tokens_.size() ? tokens_[token + 1].offset : text_.size();
    return comments_between(std::string_view(text_).substr(from, to - from));
  }

  void describe(const Span& span, WrittenAttribute& attribute, std::string& section) const {
    const std::size_t start = tokens_[span.first].offset;
    attribute.text = text_.substr(start, end_of(span.last) - start);
    attribute.line = line_column(text_, start).line;
    const Comments before = comments_after(span.first - 1);
    const bool is_first = is_word(span.first - 1, "select");
    if (!before.above.empty()) {
      section = before.above;
    } else if (is_first && !before.beside.empty()) {
      section = before.beside;
    }
    attribute.section = section;
    attribute.comment = comments_after(span.last).beside;
    const std::size_t comma = span.last + 1;
    if (!attribute.comment.empty() || comma >= tokens_.size() || !is_symbol(comma, ',')) return;
    // Behind the comma the line's comment is of this item, unless the next one stands on the line as well.
    if (line_column(text_, tokens_[comma].offset).line == line_column(text_, end_of(span.last)).line)
      attribute.comment = comments_after(comma).beside;
  }

  const Statement::Tree& tree_;
  const std::string& text_;
  const std::vector<Token>& tokens_;
};

}  // namespace

Result<WrittenDefinition> read_written(const DefinitionFile& file, store::Connection& scratch) {
  return stop_exceptions([&]() -> Result<WrittenDefinition> {
    HILO_ASSIGN(const Statement statement, Statement::parse(file, scratch));
    if (type_of(statement.tree().select) != "SELECT_NODE")
      return fail(ErrorCode::kInvalidDefinition, file.path + " is not a plain SELECT");
    return Reading(statement.tree()).read();
  });
}

std::vector<std::string> written_names(const DefinitionFile& file, store::Connection& scratch) {
  std::vector<std::string> names;
  const auto written = read_written(file, scratch);
  if (!written) return names;
  for (const WrittenAttribute& attribute : written->attributes) {
    if (!attribute.name.empty()) names.push_back(attribute.name);
  }
  return names;
}

}  // namespace hilo::expr
