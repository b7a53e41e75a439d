#include "expr/findings.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace hilo::expr {

void Findings::add(std::size_t offset, std::string message, std::string advice) {
  Position position{tree_.file.path, 0, 0};
  if (offset <= tree_.file.text.size()) {
    const LineColumn at = line_column(tree_.file.text, offset);
    position.line = at.line;
    position.column = at.column;
  }
  const bool known = std::ranges::any_of(errors_, [&](const Error& error) {
    return error.message == message && error.position.line == position.line && error.position.column == position.column;
  });
  if (known) return;
  errors_.push_back({ErrorCode::kInvalidDefinition, std::move(message), std::move(advice), std::move(position)});
}

std::vector<Error> Findings::take() {
  std::ranges::stable_sort(errors_, {},
                           [](const Error& error) { return std::tuple(error.position.line, error.position.column); });
  return std::exchange(errors_, {});
}

std::size_t Findings::alias_offset(const Json& item) const {
  const std::size_t start = first_offset(item);
  const std::string alias = lower_ascii(alias_of(item));
  if (alias.empty()) return start;
  const std::vector<Token>& tokens = tree_.tokens;
  const std::string& text = tree_.file.text;
  const auto lower = [&](const Token& token) { return lower_ascii(token_text(text, token)); };
  const auto is_name = [](const Token& token) {
    return token.kind == TokenKind::kWord || token.kind == TokenKind::kQuoted;
  };
  const std::size_t from = start == kNoOffset ? 0 : start;
  std::size_t plain = kNoOffset;
  for (std::size_t at = 1; at < tokens.size(); ++at) {
    if (tokens[at].offset < from || !is_name(tokens[at]) || lower(tokens[at]) != alias) continue;
    if (lower(tokens[at - 1]) == "as") return tokens[at].offset;
    const bool ends_item =
        at + 1 == tokens.size() || text[tokens[at + 1].offset] == ',' || lower(tokens[at + 1]) == "from";
    if (plain == kNoOffset && ends_item && text[tokens[at - 1].offset] != '.') plain = tokens[at].offset;
  }
  return plain == kNoOffset ? start : plain;
}

void check_parameters(Findings& findings, bool allowed) {
  const std::string& text = findings.tree().file.text;
  for (const Token& token : findings.tree().tokens) {
    if (token.kind == TokenKind::kSymbol && text[token.offset] == '?') {
      findings.add(token.offset, "a parameter needs a name", "write $as_of (the end of the day) or $day");
    }
    if (token.kind != TokenKind::kParameter) continue;
    const std::string name(token_text(text, token).substr(1));
    if (!allowed) {
      findings.add(token.offset, fmt::format("there is no parameter ${} here", name),
                   "a source does not know the day asked about");
    } else if (name != "as_of" && name != "day") {
      const std::string near = nearest_name(name, {"as_of", "day"});
      findings.add(
          token.offset,
          fmt::format("unknown parameter ${}{}", name, near.empty() ? "" : fmt::format(" (did you mean '${}'?)", near)),
          "$as_of is the end of the day asked about, a TIMESTAMP; $day is that day, a DATE");
    }
  }
}

}  // namespace hilo::expr
