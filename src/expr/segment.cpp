#include "expr/segment.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "expr/canonical.h"
#include "expr/names.h"
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

void check_select(const Json& select, const Relation& relation, const Workbench& bench) {
  for (const Json& item : select.at("select_list")) {
    if (class_of(item) != "STAR") check_names(item, {.relation = &relation}, bench);
  }
  if (!has(select, "where_clause")) {
    bench.findings.add(own_offset(select.at("from_table")), "a segment needs a WHERE",
                       "write: from customers where ...");
    return;
  }
  check_names(select.at("where_clause"), {.relation = &relation, .place = "the WHERE of a segment"}, bench);
}

Checked<SegmentRule> check(const DefinitionFile& file, const TableSchema& customers, const FunctionCatalog& functions,
                           store::Connection& scratch) {
  const auto alone = [](Error error) { return std::unexpected(std::vector{std::move(error)}); };
  auto statement = Statement::parse(file, scratch);
  if (!statement) return alone(std::move(statement).error());
  if (auto ready = make_scratch_table("customers", customers.columns, scratch); !ready)
    return alone(std::move(ready).error());
  Findings findings(statement->tree());
  const std::vector<TableSchema> schema = {{"customers", customers.columns}};
  const Workbench bench{findings, functions, schema, scratch};
  const Json& select = statement->tree().select;
  check_parameters(findings, true);
  if (!check_clauses(select, SelectRole::kSegment, bench)) return std::unexpected(findings.take());
  Relation relation = read_table(select.at("from_table"), "customers", bench);
  check_select(select, relation, bench);
  std::vector<Suspicion> suspicions;
  if (findings.empty()) suspicions = check_types(findings, scratch);
  if (!findings.empty()) return std::unexpected(findings.take());

  Json where = select.at("where_clause");
  make_canonical(where, relation, Partition::kNone, bench);
  if (!findings.empty()) return std::unexpected(findings.take());
  Json canonical = make_select({make_column(kCustomer)}, select.at("from_table"));
  canonical["where_clause"] = where;
  auto text = write_select(canonical, scratch);
  if (!text) return alone(std::move(text).error());
  if (const auto rows = scratch.query(*text, check_parameters_values()); !rows) {
    for (const Suspicion& one : suspicions) findings.add(one.offset, one.message);
    if (suspicions.empty())
      findings.add(own_offset(where),
                   "this cannot be computed: " + read_sql_error(rows.error().message, *text).message);
    return std::unexpected(findings.take());
  }
  return SegmentRule{file.name, file.path, *text, columns_read(where, relation)};
}

}  // namespace

Checked<SegmentRule> check_segment(const DefinitionFile& file, const TableSchema& customers,
                                   store::Connection& scratch) {
  auto functions = FunctionCatalog::load(scratch);
  if (!functions) return std::unexpected(std::vector{std::move(functions).error()});
  const ExactErrors exact(scratch);
  return stop_exceptions([&] { return check(file, customers, *functions, scratch); });
}

}  // namespace hilo::expr
