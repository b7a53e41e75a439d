#include "expr/reads.h"

#include "base/text.h"
#include "expr/parse_tree.h"

namespace hilo::expr {
namespace {

// Of every node below, expressions and subqueries of any depth too: nothing is passed over by being of a new form.
void gather(const Json& node, Reads& reads, bool in_from) {
  if (node.is_object()) {
    if (const std::string_view schema = member(node, "schema_name"); !schema.empty())
      reads.schemas.push_back(lower_ascii(schema));
    if (const std::string name = function_name(node); !name.empty())
      (in_from ? reads.functions : reads.calls).push_back(name);
  }
  if (!node.is_structured()) return;
  const bool is_table_function = type_of(node) == "TABLE_FUNCTION";
  for (const auto& [key, child] : node.items()) gather(child, reads, is_table_function && key == "function");
}

// The statement behind EXPLAIN and EXPLAIN ANALYZE; with options in brackets it stays, and is then no SELECT.
std::string without_explain(const std::string& sql) {
  const std::vector<Token> tokens = scan_tokens(sql);
  std::size_t first = 0;
  for (const std::string_view word : {"explain", "analyze"}) {
    if (first < tokens.size() && tokens[first].kind == TokenKind::kWord &&
        lower_ascii(token_text(sql, tokens[first])) == word)
      ++first;
  }
  return first == 0 || first == tokens.size() ? sql : sql.substr(tokens[first].offset);
}

}  // namespace

Result<Reads> read_names(const std::string& sql, store::Connection& connection) {
  return stop_exceptions([&]() -> Result<Reads> {
    HILO_ASSIGN(const Statement statement,
                Statement::parse({.path = {}, .name = {}, .text = without_explain(sql)}, connection));
    Reads reads;
    gather(statement.tree().select, reads, false);
    return reads;
  });
}

}  // namespace hilo::expr
