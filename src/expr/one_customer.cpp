#include "expr/one_customer.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "expr/canonical.h"
#include "expr/fold/compiler.h"
#include "expr/names.h"
#include "expr/type_check.h"

namespace hilo::expr {
namespace {

using Elsewhere = std::map<std::string, std::string>;

bool holds_aggregate(const Json& expression, const Workbench& bench) {
  return any_below(expression, [&](const Json& node) {
    return class_of(node) == "FUNCTION" && bench.functions.is_aggregate(function_name(node));
  });
}

// The table at the bottom of a FROM.
std::string base_table(const Json& from) {
  if (type_of(from) == "SUBQUERY") {
    const Json& node = from.at("subquery").at("node");
    return node.contains("from_table") ? base_table(node.at("from_table")) : std::string();
  }
  return lower_ascii(member(from, "table_name"));
}

void check_where(const Json& select, const Relation& relation, const Workbench& bench) {
  if (!has(select, "where_clause")) return;
  check_names(select.at("where_clause"), {.relation = &relation, .place = "WHERE"}, bench);
}

void check_scalar(Json& select, const Elsewhere& elsewhere, const Workbench& bench) {
  if (!check_clauses(select, SelectRole::kScalar, bench)) return;
  const Relation relation = read_relation(select["from_table"], bench);
  check_where(select, relation, bench);
  const Json& items = select["select_list"];
  if (items.size() != 1)
    bench.findings.add(first_offset(items), "a subquery in the select list gives exactly one value", "split it");
  for (const Json& item : items) {
    check_names(item, {.relation = &relation, .elsewhere = &elsewhere, .one_value = true, .aggregates = true}, bench);
    if (relation.known && !holds_aggregate(item, bench)) {
      bench.findings.add(first_offset(item), "this subquery gives a value for every row",
                         "use an aggregate: last(x), mode(x), arg_max(x, y)");
    }
  }
}

void check_scalars_below(Json& node, const Elsewhere& elsewhere, const Workbench& bench) {
  if (class_of(node) == "SUBQUERY" && member(node, "subquery_type") == "SCALAR") {
    check_scalar(node["subquery"]["node"], elsewhere, bench);
  }
  for_each_child(node, [&](Json& child) { check_scalars_below(child, elsewhere, bench); });
}

// One pass over the rows that a FROM and a WHERE give, grouped by customer.
struct Scan {
  std::string key;
  Relation relation;
  Json where;
  std::vector<std::pair<std::string, Json>> values;  // fingerprint and expression
};

class Compiler {
 public:
  Compiler(std::size_t number, const PastValues& past, const Workbench& bench)
      : number_(number), past_(past), bench_(bench) {
    joined_.types = alias_types(bench.findings, bench.scratch);
  }

  Result<CompiledSelect> compile(Json select) {
    joined_.type_of = [this](const std::vector<std::string>& path) { return type_of_value(path); };
    const std::size_t scan = scan_of(select);
    std::vector<Json> items = {make_column(kCustomer)};
    for (Json& item : select["select_list"]) {
      hoist(item, scan);
      make_canonical(item, joined_, Partition::kNone, bench_);
      items.push_back(std::move(item));
    }
    CompiledSelect compiled;
    Json from = make_table("existing");
    for (std::size_t at = 0; at < scans_.size(); ++at) {
      Json rows = scan_select(scans_[at]);
      std::optional<FoldScan> fold = fold_of(scans_[at], rows);
      if (fold) {
        fold->name = fmt::format("fold {} {}", number_, at + 1);
        compiled.folds.push_back(std::move(*fold));
      }
      HILO_ASSIGN(FoldedSet::Source source, source_of(at, rows, fold ? compiled.folds.back().name : ""));
      compiled.folded.sources.push_back(std::move(source));
      from = make_left_join(std::move(from), make_subquery_table(std::move(rows), scan_name(at)), kCustomer);
    }
    HILO_ASSIGN(from, join_past(std::move(from), compiled));
    for (std::size_t at = 1; at < items.size() && !compiled.folds.empty(); ++at) {
      HILO_ASSIGN(FoldedSet::Item item, folded_item(items[at]));
      compiled.folded.items.push_back(std::move(item));
    }
    compiled.select = make_select(std::move(items), std::move(from));
    return compiled;
  }

 private:
  static std::string scan_name(std::size_t scan) { return fmt::format("_s{}", scan + 1); }
  // Unlike a scan's, a source's name is its own among all sets.
  [[nodiscard]] std::string source_name(std::size_t scan) const { return fmt::format("_f{}_{}", number_, scan + 1); }
  static std::string value_name(std::size_t value) { return fmt::format("_a{}", value + 1); }

  std::size_t scan_of(Json& select) {
    Scan scan;
    scan.relation = read_relation(select["from_table"], bench_);
    scan.relation.from = select["from_table"];
    scan.where = select["where_clause"];
    if (!scan.where.is_null()) make_canonical(scan.where, scan.relation, Partition::kNone, bench_);
    scan.key = fingerprint(scan.relation.from) + fingerprint(scan.where);
    const auto found = std::ranges::find(scans_, scan.key, &Scan::key);
    if (found != scans_.end()) return static_cast<std::size_t>(found - scans_.begin());
    scans_.push_back(std::move(scan));
    return scans_.size() - 1;
  }

  // Moves every aggregate below the node into its scan and leaves a reference to the scan's column.
  void hoist(Json& node, std::size_t scan) {
    const std::string alias(alias_of(node));
    if (const PastValue* value = past_.find(node)) {
      node = past_value(*value);
    } else if (class_of(node) == "SUBQUERY") {
      Json inner = std::move(node["subquery"]["node"]);
      const std::size_t own = scan_of(inner);
      Json expression = std::move(inner["select_list"][0]);
      hoist(expression, own);
      node = std::move(expression);
    } else if (class_of(node) == "FUNCTION" && bench_.functions.is_aggregate(function_name(node))) {
      node = value_of(std::move(node), scan);
    } else {
      for_each_child(node, [&](Json& child) { hoist(child, scan); });
      return;
    }
    node["alias"] = alias;
  }

  // A column of the relation that holds the other day.
  Json past_value(const PastValue& value) {
    auto table = std::ranges::find(past_tables_, value.day_sql, &PastTable::day);
    if (table == past_tables_.end()) {
      const std::string source = fmt::format("_p{}_{}", number_, past_tables_.size() + 1);
      table = past_tables_.insert(past_tables_.end(), {.day = value.day_sql, .columns = {}, .source = source});
    }
    if (std::ranges::find(table->columns, value.attribute) == table->columns.end())
      table->columns.push_back(value.attribute);
    joined_types_[{table->source, past_column(value.attribute)}] = value.type;
    return make_column(past_column(value.attribute), table->source);
  }

  Result<Json> join_past(Json from, CompiledSelect& compiled) {
    for (const PastTable& table : past_tables_) {
      std::vector<store::Column> columns = {{std::string(kCustomer), "BIGINT"}};
      for (const std::string& column : table.columns)
        columns.push_back({past_column(column), joined_types_.at({table.source, past_column(column)})});
      const std::string relation = past_relation(table.day);
      HILO_TRY(make_scratch_table(relation, columns, bench_.scratch));
      compiled.folded.sources.push_back({.name = table.source,
                                         .sql = fmt::format("{} AS {}", store::quote_name(relation), table.source),
                                         .fold = ""});
      from = make_left_join(std::move(from), make_table(relation, table.source), kCustomer);
    }
    compiled.past = past_tables_;
    return from;
  }

  Json value_of(Json aggregate, std::size_t at) {
    Scan& scan = scans_[at];
    const std::optional<int> over_nothing =
        find_aggregate(function_name(aggregate)).value_or(Aggregate{RowOrder::kFree}).over_nothing;
    make_canonical(aggregate, scan.relation, Partition::kNone, bench_);
    const std::string key = fingerprint(aggregate);
    auto found = std::ranges::find(scan.values, key, &std::pair<std::string, Json>::first);
    if (found == scan.values.end()) found = scan.values.insert(scan.values.end(), {key, std::move(aggregate)});
    Json column = make_column(value_name(static_cast<std::size_t>(found - scan.values.begin())), scan_name(at));
    if (!over_nothing) return column;
    return make_operator("OPERATOR_COALESCE", {std::move(column), make_integer(*over_nothing)});
  }

  [[nodiscard]] Result<FoldedSet::Source> source_of(std::size_t at, const Json& rows, const std::string& fold) const {
    FoldedSet::Source source{.name = source_name(at), .sql = {}, .fold = fold};
    std::string relation = store::quote_name(fold);
    if (fold.empty()) {
      HILO_ASSIGN(relation, write_canonical(rows, bench_.scratch));
      relation = "(" + relation + ")";
    }
    source.sql = fmt::format("{} AS {}", relation, source.name);
    return source;
  }

  // An item alone: what stands between SELECT and FROM, and the names that it reads.
  [[nodiscard]] Result<FoldedSet::Item> folded_item(Json item) const {
    rename_scans(item);
    constexpr std::string_view kSelect = "SELECT ";
    constexpr std::string_view kFrom = " FROM existing";
    HILO_ASSIGN(const std::string text, write_canonical(make_select({item}, make_table("existing")), bench_.scratch));
    if (!text.starts_with(kSelect) || !text.ends_with(kFrom))
      return fail(ErrorCode::kInternal, "the engine writes a select list in a form that was not expected");
    FoldedSet::Item written{.sql = text.substr(kSelect.size(), text.size() - kSelect.size() - kFrom.size()),
                            .uses = {}};
    static_cast<void>(any_below(item, [&](const Json& node) {
      if (class_of(node) == "COLUMN_REF")
        written.uses.push_back(lower_ascii(join(node.at("column_names").get<std::vector<std::string>>(), ".")));
      return false;
    }));
    return written;
  }

  void rename_scans(Json& node) const {
    if (class_of(node) == "COLUMN_REF" && node.at("column_names").size() == 2) {
      for (std::size_t at = 0; at < scans_.size(); ++at) {
        if (node["column_names"][0] == scan_name(at)) {
          node["column_names"][0] = source_name(at);
          return;
        }
      }
    }
    for_each_child(node, [&](Json& child) { rename_scans(child); });
  }

  // The type of a scan's column, `_s1._a2`.
  std::string type_of_value(const std::vector<std::string>& path) {
    if (path.size() != 2) return {};
    if (const auto past = joined_types_.find({path.front(), path.back()}); past != joined_types_.end())
      return past->second;
    for (std::size_t at = 0; at < scans_.size(); ++at) {
      if (path.front() != scan_name(at)) continue;
      for (std::size_t value = 0; value < scans_[at].values.size(); ++value) {
        if (path.back() == value_name(value))
          return type_over(scans_[at].values[value].second, scans_[at].relation, bench_.scratch);
      }
    }
    return {};
  }

  static Json scan_select(const Scan& scan) {
    std::vector<Json> items = {make_column(kCustomer)};
    for (std::size_t at = 0; at < scan.values.size(); ++at) {
      Json item = scan.values[at].second;
      item["alias"] = value_name(at);
      items.push_back(std::move(item));
    }
    Json select = make_select(std::move(items), scan.relation.from);
    select["where_clause"] = scan.where;
    add_group(select, make_column(kCustomer));
    return select;
  }

  std::optional<FoldScan> fold_of(const Scan& scan, const Json& select) {
    if (scan.values.empty()) return {};  // nothing is asked of its rows
    const auto text = write_select(select, bench_.scratch);
    const auto columns = text ? bench_.scratch.describe(*text) : std::unexpected(text.error());
    if (!columns) return {};  // a fault of types: whoever runs the definition is told
    const std::vector<store::Column> results(columns->begin() + 1, columns->end());
    return compile_fold(scan.relation.from, scan.where, scan.values, results, bench_);
  }

  std::size_t number_;
  const PastValues& past_;
  const Workbench& bench_;
  Relation joined_ = {};  // above the join there are no columns to order by, and no aggregates left
  std::vector<Scan> scans_;
  std::vector<PastTable> past_tables_;
  std::map<std::pair<std::string, std::string>, std::string> joined_types_;  // relation and column -> type
};

}  // namespace

std::string check_one_customer(const Json& original, const Elsewhere& elsewhere, const PastValues& past,
                               const Workbench& bench) {
  if (!check_clauses(original, SelectRole::kOneCustomer, bench)) return {};
  Json select = original;
  std::string table = base_table(select["from_table"]);
  const Relation relation = read_relation(select["from_table"], bench);
  check_where(select, relation, bench);
  Json& items = select["select_list"];
  const std::vector<std::string> aliases = check_aliases(items, relation, bench);
  bool aggregates = !past.calls.empty();
  for (std::size_t at = 0; at < items.size(); ++at) {
    if (class_of(items[at]) == "STAR") continue;
    const auto here = aliases.begin() + static_cast<std::ptrdiff_t>(at);
    const NameScope scope{.relation = &relation,
                          .earlier = {aliases.begin(), here},
                          .later = {here, aliases.end()},
                          .elsewhere = &elsewhere,
                          .one_value = true,
                          .aggregates = true,
                          .subqueries = true,
                          .alias_in_aggregate = false};
    check_names(items[at], scope, bench);
    check_scalars_below(items[at], elsewhere, bench);
    aggregates = aggregates || holds_aggregate(items[at], bench);
  }
  if (bench.findings.empty() && !aggregates) {
    bench.findings.add(first_offset(original), fmt::format("no aggregate over '{}' stands in the select list", table),
                       "an attribute has one value per customer: read FROM the table whose aggregates you use");
  }
  return table;
}

Result<CompiledSelect> compile_one_customer(const Json& select, std::size_t number, const PastValues& past,
                                            const Workbench& bench) {
  return Compiler(number, past, bench).compile(select);
}

}  // namespace hilo::expr
