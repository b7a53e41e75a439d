#include "expr/statement.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.h"
#include "expr/parse_tree.h"

namespace hilo::expr {
namespace {

Position place(const DefinitionFile& file, std::size_t offset) {
  if (offset > file.text.size()) return {file.path, 0, 0};
  const LineColumn at = line_column(file.text, offset);
  return {file.path, at.line, at.column};
}

std::unexpected<Error> refuse(const DefinitionFile& file, std::size_t offset, std::string message,
                              std::string advice = {}) {
  return std::unexpected(
      Error{ErrorCode::kInvalidDefinition, std::move(message), std::move(advice), place(file, offset)});
}

// The parser's own complaint: {"error": true, "error_type": "parser", "error_message": ..., "position": "13"}.
std::unexpected<Error> refuse_parse(const Statement::Tree& tree, const Json& answer) {
  if (member(answer, "error_type") == "not implemented") {
    return refuse(tree.file, tree.tokens.front().offset, "this is not a SELECT", "a definition is exactly one SELECT");
  }
  const std::string_view position = member(answer, "position");
  std::size_t offset = kNoOffset;
  std::from_chars(position.data(), position.data() + position.size(), offset);
  return refuse(tree.file, offset, std::string(member(answer, "error_message")));
}

// The first token behind a semicolon.
std::size_t second_statement(const Statement::Tree& tree) {
  for (std::size_t at = 1; at < tree.tokens.size(); ++at) {
    if (tree.tokens[at].depth == 0 && tree.file.text[tree.tokens[at - 1].offset] == ';') return tree.tokens[at].offset;
  }
  return kNoOffset;
}

}  // namespace

Result<Statement> Statement::parse(const DefinitionFile& file, store::Connection& connection) {
  return stop_exceptions([&] { return parse_file(file, connection); });
}

Result<Statement> Statement::parse_file(const DefinitionFile& file, store::Connection& connection) {
  const auto tree = std::make_shared<Tree>();
  tree->file = file;
  std::string& text = tree->file.text;
  if (!is_utf8(text)) return refuse(file, kNoOffset, "the file is not UTF-8", "save it as UTF-8");
  if (const std::size_t zero = text.find('\0'); zero != std::string::npos) {
    return refuse(file, zero, "the file holds a NUL byte", "a definition is plain text");
  }
  if (text.starts_with("\xEF\xBB\xBF")) std::fill_n(text.begin(), 3, ' ');
  tree->tokens = scan_tokens(text);
  const auto is_semicolon = [&](const Token& token) { return text[token.offset] == ';'; };
  if (std::ranges::all_of(tree->tokens, is_semicolon)) {
    return refuse(file, 0, "the file holds no statement", "a definition is exactly one SELECT");
  }
  HILO_ASSIGN(const std::optional<std::string> answer,
              connection.query_text("SELECT json_serialize_sql($text::VARCHAR)", {{"text", text}}));
  Json parsed = Json::parse(answer.value_or(""), nullptr, false);
  if (!parsed.is_object()) return fail(ErrorCode::kInternal, "the engine's parse tree cannot be read");
  if (parsed.value("error", true)) return refuse_parse(*tree, parsed);
  Json& statements = parsed["statements"];
  if (statements.size() != 1) {
    return refuse(file, second_statement(*tree), "a second statement begins here",
                  "a definition is exactly one SELECT: give each its own file");
  }
  tree->select = std::move(statements[0]["node"]);
  Statement statement;
  statement.tree_ = tree;
  return statement;
}

const DefinitionFile& Statement::file() const { return tree_->file; }

Position Statement::position(std::size_t offset) const { return place(tree_->file, offset); }

}  // namespace hilo::expr
