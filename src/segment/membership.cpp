#include "segment/membership.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "store/database.h"

namespace hilo::segment {

std::string members_sql(const expr::SegmentProgram& program, const std::vector<std::string>& names,
                        const std::string& customers) {
  // Not materialised: each rule then reads its own columns, where a copy would hold all of them.
  std::string sql = fmt::format("with customers as not materialized (select * from {})", customers);
  for (const expr::SegmentRule* rule : expr::closure(program, names))
    sql += fmt::format(",\n{} as ({})", store::quote_name("segment " + rule->name), rule->sql);
  std::string parts;
  for (const std::string& name : names) {
    parts += fmt::format("{}select {}::varchar as segment, customer_id from {}", parts.empty() ? "" : " union all ",
                         store::quote_text(name), store::quote_name("segment " + name));
  }
  return sql + "\n" + parts;
}

std::vector<std::string> columns_needed(const expr::SegmentProgram& program, const std::vector<std::string>& names) {
  std::set<std::string> rest;
  for (const expr::SegmentRule* rule : expr::closure(program, names)) rest.insert(rule->uses.begin(), rule->uses.end());
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
