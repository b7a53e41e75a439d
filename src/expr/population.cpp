#include "expr/population.h"

#include <algorithm>
#include <utility>

#include "expr/canonical.h"
#include "expr/names.h"

namespace hilo::expr {
namespace {

// The flat table: golden columns and every attribute of other sets. Aliases are checked against the golden ones alone,
// because an attribute of two sets is told once, by the check across sets.
Relation flat_table(const Relation& golden, const std::map<std::string, std::string>& elsewhere) {
  Relation flat = golden;
  for (const auto& [attribute, set] : elsewhere) {
    if (!flat.has(attribute)) flat.columns.push_back(attribute);
  }
  return flat;
}

void collect_uses(const Json& item, const Relation& golden, const std::map<std::string, std::string>& elsewhere,
                  std::vector<AttributeUse>& uses) {
  static_cast<void>(any_below(item, [&](const Json& node) {
    if (class_of(node) != "COLUMN_REF") return false;
    const std::vector<std::string> path = column_path(node);
    const std::string& name = path.size() > 1 && path.front() == golden.name ? path[1] : path.front();
    const bool known = std::ranges::find(uses, name, &AttributeUse::attribute) != uses.end();
    if (!known && !golden.has(name) && elsewhere.contains(name)) uses.push_back({name, own_offset(node)});
    return false;
  }));
}

}  // namespace

std::vector<AttributeUse> check_population(const Json& select, const std::map<std::string, std::string>& elsewhere,
                                           const Workbench& bench) {
  std::vector<AttributeUse> uses;
  if (!check_clauses(select, SelectRole::kPopulation, bench)) return uses;
  const Relation golden = read_table(select.at("from_table"), "customers", bench);
  const Relation flat = flat_table(golden, elsewhere);
  if (has(select, "where_clause")) {
    bench.findings.add(keyword_offset(select, "where", bench.findings), "WHERE cannot stand here",
                       "every customer keeps a row: use filter (where ...) or case when ... then ... end");
  }
  const Json& items = select.at("select_list");
  const std::vector<std::string> aliases = check_aliases(items, golden, bench);
  for (std::size_t at = 0; at < items.size(); ++at) {
    if (class_of(items[at]) == "STAR") continue;
    const auto here = aliases.begin() + static_cast<std::ptrdiff_t>(at);
    check_names(
        items[at],
        {.relation = &flat, .earlier = {aliases.begin(), here}, .later = {here, aliases.end()}, .windows = true},
        bench);
    collect_uses(items[at], golden, elsewhere, uses);
  }
  return uses;
}

Json compile_population(const Json& original, const Workbench& bench) {
  Json select = original;
  Relation relation;
  relation.from = select["from_table"];
  relation.row_order = {std::string(kCustomer)};
  relation.types = alias_types(bench.findings, bench.scratch);
  for (Json& item : select["select_list"]) make_canonical(item, relation, Partition::kNone, bench);
  Json& items = select["select_list"];
  items.insert(items.begin(), make_column(kCustomer));
  return select;
}

}  // namespace hilo::expr
