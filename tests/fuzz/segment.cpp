// Segment rules: one that was accepted compiles to the same query each time, says its conditions in words, runs
// whatever the values, and gives each customer once at most, in whatever order the rows stand.
#include "expr/segment.h"

#include "definition.h"

namespace hilo::fuzz {
namespace {

expr::SegmentProgram compile(const expr::DefinitionFile& file, Engine& scratch) {
  return expr::compile_segments({file}, {"customers", Shop::customers()}, {"events", "items"}, scratch.connection());
}

}  // namespace

void judge(std::string_view input) {
  static Engine& scratch = *new Engine;
  static Shop& forward = *new Shop("i");
  static Shop& backward = *new Shop("-i");
  if (is_costly(input)) return;
  const expr::DefinitionFile file{"segments/a.sql", "a", std::string(input)};
  const expr::SegmentProgram program = compile(file, scratch);
  if (program.rules.empty()) return expect_placed(program.errors, file);
  HILO_CHECK(program.errors.empty() && program.rules.size() == 1);
  const expr::SegmentRule& rule = program.rules.front();
  expect(rule.version.size() == 12 && !rule.conditions.empty() && !rule.title.empty(), "a rule is described", rule.sql);
  for (const std::string& condition : rule.conditions) expect(is_utf8(condition), "a condition is text", condition);
  const expr::SegmentProgram again = compile(file, scratch);
  expect_same("a rule compiled twice", rule.sql, again.rules.front().sql);
  expect_same("a version", rule.version, again.rules.front().version);
  const std::vector<std::string> members = forward.rows_of(rule.sql);
  expect(std::ranges::adjacent_find(members) == members.end() && members.size() <= Shop::kCustomers,
         "each customer once at most", rule.sql);
  expect_same("members whatever the order: " + rule.sql, members, backward.rows_of(rule.sql));
}

}  // namespace hilo::fuzz
