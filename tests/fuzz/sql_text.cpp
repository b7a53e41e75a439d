// The words of a SQL text and its header comments: tokens lie in the text, in order, and leave out white space and
// comments alone; header fields stand where they say.
#include <algorithm>

#include "base/text.h"
#include "expr/definition.h"
#include "expr/tokens.h"
#include "target.h"

namespace hilo::fuzz {
namespace {

// What tokens leave out begins with white space or a comment, unless there is nothing.
void judge_gap(std::string_view gap) {
  const std::size_t start = gap.find_first_not_of(" \t\n\r\f\v");
  if (start == std::string_view::npos) return;
  const std::string_view rest = gap.substr(start);
  expect(rest.starts_with("--") || rest.starts_with("/*"), "only spaces and comments are left out", gap);
}

void judge_tokens(std::string_view sql) {
  std::size_t end = 0;
  for (const expr::Token& token : expr::scan_tokens(sql)) {
    expect(token.length > 0 && token.offset >= end && token.offset + token.length <= sql.size(),
           "tokens follow each other in the text", sql);
    judge_gap(sql.substr(end, token.offset - end));
    end = token.offset + token.length;
    const std::string_view text = expr::token_text(sql, token);
    expect(text.size() <= token.length, "a token's text lies in it", text);
    const LineColumn at = line_column(sql, token.offset);
    expect(at.line >= 1 && at.column >= 1, "a token's place", sql);
  }
  judge_gap(sql.substr(end));
}

void judge_header(std::string_view text) {
  const bool has_mark = text.starts_with("\xEF\xBB\xBF");
  const std::vector<std::string_view> lines = split(has_mark ? text.substr(3) : text, '\n');
  int line_before = 0;
  for (const expr::HeaderField& field : expr::read_header(text)) {
    expect(field.line >= std::max(1, line_before) && field.line <= static_cast<int>(lines.size()),
           "a field stands on a line, after the one before", field.key);
    line_before = field.line;
    const std::string_view line = lines[static_cast<std::size_t>(field.line) - 1];
    expect(line.substr(static_cast<std::size_t>(field.column) - 1).starts_with(field.key + ":"),
           "a field's key stands where it says", line);
    expect(trim(field.value) == field.value && line.find(field.value) != std::string_view::npos,
           "a field's value stands on its line", field.value);
  }
}

}  // namespace

void judge(std::string_view input) {
  judge_tokens(input);
  judge_header(input);
}

}  // namespace hilo::fuzz
