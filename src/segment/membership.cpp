#include "segment/membership.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace hilo::segment {
namespace {

// The members of a segment on another day, as the rules read them.
std::string past_members_sql(const expr::PastMembership& past, RowsOf rows) {
  const std::string members = fmt::format("{} where segment = {}", kPastMembers, store::quote_text(past.segment));
  if (rows == RowsOf::kOneCustomer)
    return fmt::format("select customer_id from customers where {0} <= $day::date and {0} in (select day from {1})",
                       past.day, members);
  return fmt::format("select customer_id from {0} and day = {1} and {1} <= $day::date", members, past.day);
}

}  // namespace

std::string members_sql(const expr::SegmentProgram& program, const std::vector<std::string>& names,
                        const std::string& customers, RowsOf rows) {
  // Not materialised: each rule then reads its own columns, where a copy would hold all of them.
  std::string sql = fmt::format("with customers as not materialized (select * from {})", customers);
  std::set<std::string> known;
  for (const expr::SegmentRule* rule : expr::closure(program, names)) {
    for (const expr::PastMembership& past : rule->past) {
      const std::string relation = store::quote_name(expr::members_relation(past));
      if (known.insert(relation).second) sql += fmt::format(",\n{} as ({})", relation, past_members_sql(past, rows));
    }
    sql += fmt::format(",\n{} as ({})", store::quote_name(expr::members_relation(rule->name)), rule->sql);
  }
  std::string parts;
  for (const std::string& name : names) {
    parts += fmt::format("{}select {}::varchar as segment, customer_id from {}", parts.empty() ? "" : " union all ",
                         store::quote_text(name), store::quote_name(expr::members_relation(name)));
  }
  return sql + "\n" + parts;
}

std::vector<std::string> columns_needed(const expr::SegmentProgram& program, const std::vector<std::string>& names,
                                        expr::Reach reach) {
  std::set<std::string> rest;
  for (const expr::SegmentRule* rule : expr::closure(program, names, reach))
    rest.insert(rule->uses.begin(), rule->uses.end());
  rest.erase("customer_id");
  std::vector<std::string> columns = {"customer_id"};
  columns.insert(columns.end(), rest.begin(), rest.end());
  return columns;
}

std::vector<std::string> names_of(const expr::SegmentProgram& program) {
  std::vector<std::string> names;
  for (const expr::SegmentRule& rule : program.rules) names.push_back(rule.name);
  std::ranges::sort(names);
  return names;
}

}  // namespace hilo::segment
