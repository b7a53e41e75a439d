#include "expr/segment_rule.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "expr/canonical.h"
#include "expr/names.h"
#include "expr/rule_words.h"
#include "expr/segment_use.h"
#include "expr/sql_error.h"
#include "expr/type_check.h"

namespace hilo::expr {
namespace {

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

Status make_past_tables(const SegmentRule& rule, store::Connection& scratch) {
  for (const PastMembership& past : rule.past)
    HILO_TRY(make_scratch_table(members_relation(past), {{std::string(kCustomer), "BIGINT"}}, scratch));
  return {};
}

}  // namespace

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
  Json where = select.at("where_clause");
  rule.uses = columns_read(where, relation);
  rule.conditions = words_of_rule(where, relation.name, scratch);
  MembershipsAsked memberships;
  memberships.take_out_of(where, relation, bench);
  if (!findings.empty()) return std::unexpected(findings.take());
  make_canonical(where, relation, Partition::kNone, bench);
  if (!findings.empty()) return std::unexpected(findings.take());
  rule.segments = memberships.segments();
  rule.past = memberships.past();
  if (const Status made = make_past_tables(rule, scratch); !made) return one_error(made.error());
  if (const Status put = memberships.put_back(where, scratch); !put) return one_error(put.error());
  Json canonical = make_select({make_column(kCustomer)}, select.at("from_table"));
  canonical["where_clause"] = where;
  auto text = write_canonical(canonical, scratch);
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

}  // namespace hilo::expr
