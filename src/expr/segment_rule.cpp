#include "expr/segment_rule.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "expr/canonical.h"
#include "expr/names.h"
#include "expr/rule_words.h"
#include "expr/sql_error.h"
#include "expr/type_check.h"

namespace hilo::expr {
namespace {

// What in_segment('vip') is while a rule is brought to its canonical form: a column that no table can have, as its name
// holds a space and passed no check of names.
std::string stand_in(std::string_view segment) { return fmt::format("{} {}", kInSegment, segment); }

std::string argument_of(const Json& node) {
  const Json& arguments = node.at("children");
  if (arguments.size() != 1 || class_of(arguments[0]) != "CONSTANT") return {};
  const Json& value = arguments[0].at("value");
  if (value.value("is_null", false) || value.at("type").value("id", "") != "VARCHAR") return {};
  return value.value("value", "");
}

void collect_uses(const Json& expression, std::vector<SegmentUse>& uses) {
  static_cast<void>(any_below(expression, [&](const Json& node) {
    if (is_function(node, kInSegment)) uses.push_back({argument_of(node), own_offset(node)});
    return false;
  }));
}

std::vector<std::string> columns_read(const Json& where, const Relation& relation) {
  std::vector<std::string> names;
  static_cast<void>(any_below(where, [&](const Json& node) {
    if (class_of(node) != "COLUMN_REF") return false;
    const std::vector<std::string> path = column_path(node);
    const std::string& name = path.size() > 1 && path.front() == relation.name ? path[1] : path.front();
    if (relation.has(name) && std::ranges::find(names, name) == names.end()) names.push_back(name);
    return false;
  }));
  return names;
}

// What makes many values of few can run for ever, or fill the memory, over a single row.
void check_growth(const Json& where, const Workbench& bench) {
  static constexpr std::string_view kGrowing[] = {"range",       "generate_series", "repeat", "lpad",
                                                  "rpad",        "list_resize",     "bar",    "array_resize",
                                                  "list_reduce", "list_zip"};
  const auto visit = [&](const auto& self, const Json& node, bool in_lambda) -> void {
    const std::string name = function_name(node);
    if (std::ranges::find(kGrowing, name) != std::end(kGrowing)) {
      bench.findings.add(own_offset(node), fmt::format("the function '{}' cannot stand in a segment", name),
                         "it makes values without end: compute what the rule needs as an attribute");
    }
    const bool lambda = class_of(node) == "LAMBDA";
    if (lambda && in_lambda) {
      bench.findings.add(first_offset(node), "a lambda inside a lambda cannot stand in a segment",
                         "compute what the rule needs as an attribute");
      return;
    }
    for_each_child(node, [&](const Json& child) { self(self, child, in_lambda || lambda); });
  };
  visit(visit, where, false);
}

void check_select(const Json& select, const Relation& relation, const Workbench& bench) {
  for (const Json& item : select.at("select_list")) {
    if (class_of(item) != "STAR") check_names(item, {.relation = &relation}, bench);
  }
  if (!has(select, "where_clause")) {
    bench.findings.add(own_offset(select.at("from_table")), "a segment needs a WHERE",
                       "write: from customers where ...");
    return;
  }
  const Json& where = select.at("where_clause");
  check_names(where, {.relation = &relation, .place = "the WHERE of a segment"}, bench);
  check_growth(where, bench);
}

// Puts a stand-in column where in_segment is called.
void stand_in_for_segments(Json& node, Relation& relation) {
  if (is_function(node, kInSegment)) {
    const std::string name = stand_in(argument_of(node));
    relation.types.emplace(name, "BOOLEAN");
    node = make_column(name);
    return;
  }
  for_each_child(node, [&](Json& child) { stand_in_for_segments(child, relation); });
}

// customer_id IN (SELECT customer_id FROM "segment vip"), as the engine's own parser reads it.
Result<Json> membership(const std::string& segment, store::Connection& scratch) {
  const std::string relation = store::quote_name(members_relation(segment));
  HILO_ASSIGN(
      const Statement statement,
      Statement::parse(
          {.path = {}, .name = {}, .text = fmt::format("SELECT {0} IN (SELECT {0} FROM {1})", kCustomer, relation)},
          scratch));
  return statement.tree().select.at("select_list").at(0);
}

Status put_memberships(Json& node, const std::vector<std::string>& segments, store::Connection& scratch) {
  if (class_of(node) == "COLUMN_REF") {
    for (const std::string& segment : segments) {
      if (column_path(node) != std::vector{stand_in(segment)}) continue;
      HILO_ASSIGN(node, membership(segment, scratch));
      return {};
    }
  }
  Status done;
  for_each_child(node, [&](Json& child) {
    if (done) done = put_memberships(child, segments, scratch);
  });
  return done;
}

// The title and the prose of the leading comment lines.
void read_comments(std::string_view text, SegmentRule& rule) {
  rule.title = rule.name;
  std::ranges::replace(rule.title, '_', ' ');
  for (const std::string_view line : split(text, '\n')) {
    const std::string_view comment = trim(line);
    if (comment.empty()) continue;
    if (!comment.starts_with("--")) break;
    const std::string_view words = trim(comment.substr(2));
    if (words.starts_with("title:")) {
      rule.title = trim(words.substr(6));
    } else if (!words.empty()) {
      if (!rule.description.empty()) rule.description += ' ';
      rule.description += words;
    }
  }
}

}  // namespace

std::string members_relation(std::string_view segment) { return fmt::format("segment {}", segment); }

std::vector<SegmentUse> segment_uses(const Statement& statement) {
  std::vector<SegmentUse> uses;
  const Json& select = statement.tree().select;
  if (type_of(select) != "SELECT_NODE") return uses;
  for (const Json& item : select.at("select_list")) collect_uses(item, uses);
  if (has(select, "where_clause")) collect_uses(select.at("where_clause"), uses);
  return uses;
}

Checked<SegmentRule> check_rule(const Statement& statement, const RuleBench& rules) {
  store::Connection& scratch = rules.scratch;
  Findings findings(statement.tree());
  const std::vector<TableSchema> schema = {{"customers", rules.customers.columns}};
  const Workbench bench{findings, rules.functions, schema, scratch};
  const Json& select = statement.tree().select;
  check_parameters(findings, true);
  if (!check_clauses(select, SelectRole::kSegment, bench)) return std::unexpected(findings.take());
  Relation relation = read_table(select.at("from_table"), "customers", bench);
  check_select(select, relation, bench);
  std::vector<Suspicion> suspicions;
  if (findings.empty()) suspicions = check_types(findings, scratch);
  if (!findings.empty()) return std::unexpected(findings.take());

  SegmentRule rule;
  rule.name = statement.file().name;
  rule.path = statement.file().path;
  read_comments(statement.file().text, rule);
  for (const SegmentUse& use : segment_uses(statement)) rule.segments.push_back(use.name);
  std::ranges::sort(rule.segments);
  rule.segments.erase(std::ranges::unique(rule.segments).begin(), rule.segments.end());
  Json where = select.at("where_clause");
  rule.uses = columns_read(where, relation);
  rule.conditions = words_of_rule(where, relation.name, scratch);
  stand_in_for_segments(where, relation);
  make_canonical(where, relation, Partition::kNone, bench);
  if (!findings.empty()) return std::unexpected(findings.take());
  if (const Status put = put_memberships(where, rule.segments, scratch); !put) return one_error(put.error());
  Json canonical = make_select({make_column(kCustomer)}, select.at("from_table"));
  canonical["where_clause"] = where;
  auto text = write_select(canonical, scratch);
  if (!text) return one_error(std::move(text).error());
  if (const auto rows = scratch.query(*text, check_parameters_values()); !rows) {
    for (const Suspicion& one : suspicions) findings.add(one.offset, one.message);
    if (suspicions.empty())
      findings.add(own_offset(where),
                   "this cannot be computed: " + read_sql_error(rows.error().message, *text).message);
    return std::unexpected(findings.take());
  }
  rule.sql = std::move(*text);
  return rule;
}

Status define_in_segment(store::Connection& scratch) {
  return scratch.execute(fmt::format("CREATE OR REPLACE MACRO {}(name) AS (name IS NOT NULL)", kInSegment));
}

void drop_in_segment(store::Connection& scratch) {
  // What is left of it harms nobody: the next check replaces it.
  static_cast<void>(scratch.execute(fmt::format("DROP MACRO IF EXISTS {}", kInSegment)));
}

}  // namespace hilo::expr
