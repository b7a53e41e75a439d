// Attribute definitions, read by our own checks and binder: one that was accepted compiles to the same query each time,
// which runs whatever the values, gives one row for each customer, and does not depend on the order of the rows.
#include "expr/attributes.h"

#include "definition.h"
#include "expr/attributes_text.h"

namespace hilo::fuzz {
namespace {

expr::Checked<expr::AttributeProgram> compile(const expr::DefinitionFile& file, Engine& scratch) {
  return expr::compile_attributes({file}, Shop::schema(), scratch.connection());
}

}  // namespace

void judge(std::string_view input) {
  static Engine& scratch = *new Engine;
  static Shop& forward = *new Shop("i");
  static Shop& backward = *new Shop("-i");
  if (is_costly(input)) return;
  const expr::DefinitionFile file{"attributes/a.sql", "a", std::string(input)};
  const auto program = compile(file, scratch);
  if (!program) return expect_placed(program.error(), file);
  HILO_CHECK(program->sets.size() == 1);
  const expr::AttributeSet& set = program->sets.front();
  expect(!set.columns.empty(), "a set has attributes", set.sql);
  expect_same("a query compiled twice", set.sql, compile(file, scratch)->sets.front().sql);
  const std::string text = expr::to_text(*program);
  expect_same("attributes kept as text", text, expr::to_text(expr::parse_attributes(text).value()));
  const std::vector<std::string> rows = forward.rows_of(set.sql);
  expect(rows.size() == static_cast<std::size_t>(Shop::kCustomers), "one row for each customer", set.sql);
  expect_same("rows whatever their order: " + set.sql, rows, backward.rows_of(set.sql));
}

}  // namespace hilo::fuzz
