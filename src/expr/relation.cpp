#include "expr/relation.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "expr/inner_select.h"

namespace hilo::expr {
namespace {

struct ClauseAdvice {
  std::string_view distinct, order, limit, group, having, qualify;
};

// What to write instead of a clause, by role; "" = the clause may stand.
const ClauseAdvice& advice_for(SelectRole role) {
  static const ClauseAdvice kOneCustomer = {
      "a definition gives one row per customer already",
      "a definition gives one row per customer: order inside an aggregate, as in last(x order by time)",
      "a definition gives one row per customer: use first, last or arg_max",
      "a definition is written as for one customer: leave GROUP BY out, or group in a subquery in FROM",
      "use case when ... then ... end",
      "use it in a subquery in FROM"};
  static const ClauseAdvice kInner = {"",
                                      "the order of a subquery is not kept: order inside the aggregate",
                                      "use qualify row_number() over (order by ...) <= n",
                                      "",
                                      "",
                                      ""};
  static const ClauseAdvice kPopulation = {"every customer has one row already",
                                           "order inside OVER",
                                           "every customer keeps a row: rank with row_number() over (...)",
                                           "use a window: sum(x) over (partition by y)",
                                           "use case when ... then ... end",
                                           "every customer keeps a row: use case when ... then ... end"};
  static const ClauseAdvice kSegment = {"a segment is the set of customers that WHERE lets through",
                                        "a segment has no order",
                                        "a segment has no limit: use a ranking attribute in WHERE",
                                        "a segment is a rule over one customer: compute it as an attribute",
                                        "put the condition into WHERE",
                                        "compute the window as a population attribute and use it in WHERE"};
  switch (role) {
    case SelectRole::kOneCustomer:
    case SelectRole::kScalar: return kOneCustomer;
    case SelectRole::kInner: return kInner;
    case SelectRole::kPopulation: return kPopulation;
    case SelectRole::kSegment: return kSegment;
  }
  return kOneCustomer;
}

std::size_t from_offset(const Json& from, const Findings& findings) {
  const std::size_t offset = own_offset(from);
  return offset == kNoOffset && !findings.tree().tokens.empty() ? findings.tree().tokens.front().offset : offset;
}

void refuse_from(const Json& from, const Workbench& bench) {
  const std::string_view type = type_of(from);
  const std::size_t offset = from_offset(from, bench.findings);
  if (type == "EMPTY") {
    bench.findings.add(offset, "there is no FROM", "write: from events, items, versions or customers");
  } else if (type == "JOIN") {
    bench.findings.add(offset, "a join cannot stand in a definition",
                       "items carry their order's time, type and channel; for another table write (select ... from "
                       "items) in the select list");
  } else if (type == "TABLE_FUNCTION") {
    bench.findings.add(offset, "a table function cannot stand in a definition",
                       "definitions read events, items, versions or customers");
  } else {
    bench.findings.add(offset, "FROM cannot hold this", "write: from events, items, versions or customers");
  }
}

std::vector<std::string> names_of(const std::vector<TableSchema>& schema) {
  std::vector<std::string> names;
  for (const TableSchema& table : schema) names.push_back(table.name);
  return names;
}

// Checks that a BASE_TABLE is named plainly. Returns its schema, or nothing after a fault.
const TableSchema* plain_table(const Json& from, const Workbench& bench) {
  const std::string name = lower_ascii(member(from, "table_name"));
  const std::size_t offset = from_offset(from, bench.findings);
  const TableSchema* table = bench.table(name);
  if (table == nullptr || !member(from, "schema_name").empty()) {
    bench.findings.add(offset, fmt::format("unknown table '{}'{}", name, did_you_mean(name, names_of(bench.schema))),
                       "definitions read events, items, versions or customers");
    return nullptr;
  }
  if (has(from, "sample")) bench.findings.add(offset, "TABLESAMPLE depends on chance", "leave it out");
  if (has(from, "at_clause")) bench.findings.add(offset, "AT is not possible here", "use $as_of");
  if (has(from, "column_name_alias"))
    bench.findings.add(offset, "columns cannot be renamed here", "rename them with AS in a subquery");
  return table;
}

Relation relation_of(const TableSchema& table, const Json& from) {
  Relation relation;
  const std::string_view alias = alias_of(from);
  relation.name = lower_ascii(alias.empty() ? std::string_view(table.name) : alias);
  for (const store::Column& column : table.columns) {
    relation.columns.push_back(lower_ascii(column.name));
    relation.types.emplace(relation.columns.back(), column.type);
  }
  for (const char* column : {"time_utc", "seq", "line"}) {
    if (relation.has(column)) relation.row_order.emplace_back(column);
  }
  relation.from = from;
  return relation;
}

}  // namespace

bool Relation::has(std::string_view column) const { return std::ranges::find(columns, column) != columns.end(); }

const TableSchema* Workbench::table(std::string_view name) const {
  const auto found = std::ranges::find(schema, name, &TableSchema::name);
  return found == schema.end() ? nullptr : &*found;
}

std::size_t keyword_offset(const Json& select, std::string_view keyword, const Findings& findings) {
  const std::size_t from = first_offset(select);
  std::size_t before = kNoOffset;
  for (const Token& token : findings.tree().tokens) {
    if (token.kind != TokenKind::kWord || lower_ascii(token_text(findings.tree().file.text, token)) != keyword)
      continue;
    if (token.offset >= from) return keyword == "distinct" && before != kNoOffset ? before : token.offset;
    before = token.offset;
  }
  return before == kNoOffset ? from : before;
}

bool check_clauses(const Json& select, SelectRole role, const Workbench& bench) {
  const auto refuse = [&](std::string_view keyword, std::string message, std::string_view advice) {
    bench.findings.add(keyword_offset(select, keyword, bench.findings), std::move(message), std::string(advice));
  };
  if (type_of(select) == "SET_OPERATION_NODE") {
    const std::string kind = lower_ascii(member(select, "setop_type"));
    refuse(kind, "UNION, INTERSECT and EXCEPT cannot stand in a definition",
           "write one SELECT; filter (where ...) keeps cases apart");
    return false;
  }
  if (type_of(select) != "SELECT_NODE") {
    bench.findings.add(first_offset(select), "this is not a plain SELECT", "a definition is exactly one SELECT");
    return false;
  }
  if (has(select.at("cte_map"), "map")) refuse("with", "WITH cannot stand in a definition", "write a subquery in FROM");
  const ClauseAdvice& advice = advice_for(role);
  for (const Json& modifier : select.at("modifiers")) {
    const std::string_view type = type_of(modifier);
    if (type == "DISTINCT_MODIFIER" && has(modifier, "distinct_on_targets")) {
      refuse("distinct", "DISTINCT ON cannot stand here",
             "use qualify row_number() over (partition by ... order by ...) = 1");
    } else if (type == "DISTINCT_MODIFIER" && !advice.distinct.empty()) {
      refuse("distinct", "DISTINCT cannot stand here", advice.distinct);
    } else if (type == "ORDER_MODIFIER") {
      refuse("order", "ORDER BY cannot stand here", advice.order);
    } else if (type.starts_with("LIMIT")) {
      refuse("limit", "LIMIT cannot stand here", advice.limit);
    }
  }
  const bool grouped = has(select, "group_expressions") || member(select, "aggregate_handling") == "FORCE_AGGREGATES";
  if (grouped && !advice.group.empty()) refuse("group", "GROUP BY cannot stand here", advice.group);
  if (select.at("group_sets").size() > 1)
    refuse("group", "grouping sets cannot stand in a definition", "write one GROUP BY");
  if (has(select, "having") && !advice.having.empty()) refuse("having", "HAVING cannot stand here", advice.having);
  if (has(select, "qualify") && !advice.qualify.empty()) refuse("qualify", "QUALIFY cannot stand here", advice.qualify);
  if (has(select, "sample")) refuse("sample", "a sample depends on chance", "leave it out");
  return true;
}

Relation read_table(const Json& from, std::string_view name, const Workbench& bench) {
  Relation nothing;
  nothing.known = false;
  if (type_of(from) != "BASE_TABLE") {
    if (type_of(from) == "SUBQUERY") {
      bench.findings.add(from_offset(from, bench.findings), fmt::format("a subquery cannot stand in FROM here"),
                         fmt::format("write: from {}", name));
    } else {
      refuse_from(from, bench);
    }
    return nothing;
  }
  const TableSchema* table = plain_table(from, bench);
  if (table == nullptr) return nothing;
  if (table->name != name) {
    bench.findings.add(from_offset(from, bench.findings), fmt::format("'{}' cannot be read here", table->name),
                       fmt::format("write: from {}", name));
    return nothing;
  }
  return relation_of(*table, from);
}

Relation read_relation(Json& from, const Workbench& bench) {
  Relation nothing;
  nothing.known = false;
  if (type_of(from) == "SUBQUERY") return read_inner_select(from, bench);
  if (type_of(from) != "BASE_TABLE") {
    refuse_from(from, bench);
    return nothing;
  }
  const TableSchema* table = plain_table(from, bench);
  if (table == nullptr) return nothing;
  if (table->name == "customers") {
    bench.findings.add(from_offset(from, bench.findings), "'customers' cannot be read here",
                       "a set over customers is a file of its own: select ... over (...) from customers");
    return nothing;
  }
  return relation_of(*table, from);
}

}  // namespace hilo::expr
