#include "expr/inner_select.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "expr/canonical.h"
#include "expr/names.h"

namespace hilo::expr {
namespace {

class InnerSelect {
 public:
  InnerSelect(Json& from, const Workbench& bench) : from_(from), select_(from["subquery"]["node"]), bench_(bench) {}

  Relation read() {
    Relation result;
    result.known = false;
    result.name = lower_ascii(alias_of(from_));
    const std::size_t faults = bench_.findings.size();
    if (has(from_, "column_name_alias"))
      refuse(first_offset(from_), "columns cannot be renamed here", "rename them with AS");
    if (!check_clauses(select_, SelectRole::kInner, bench_)) return result;
    below_ = read_relation(select_["from_table"], bench_);
    check_items();
    check_parts();
    if (bench_.findings.size() > faults || !below_.known) return result;
    rewrite();
    describe(result);
    return result;
  }

 private:
  void refuse(std::size_t offset, std::string message, std::string advice = {}) {
    bench_.findings.add(offset, std::move(message), std::move(advice));
  }

  void check_items() {
    std::vector<std::string> earlier;
    for (const Json& item : select_["select_list"]) {
      NameScope scope{.relation = &below_, .earlier = earlier, .aggregates = true, .windows = true};
      if (class_of(item) == "STAR") {
        check_star(item, scope);
        continue;
      }
      check_names(item, scope, bench_);
      const std::string alias = lower_ascii(alias_of(item));
      const bool column = class_of(item) == "COLUMN_REF";
      if (alias.empty() && !column)
        refuse(first_offset(item), "this expression has no name", "write: expression as name");
      if (!alias.empty() && below_.has(alias) && !(column && column_path(item).back() == alias)) {
        refuse(bench_.findings.alias_offset(item), fmt::format("the alias '{}' hides the column '{}'", alias, alias),
               "choose another name");
      }
      const bool is_kept = alias == kCustomer || std::ranges::find(below_.row_order, alias) != below_.row_order.end();
      if (is_kept && !(column && column_path(item).back() == alias)) {
        refuse(bench_.findings.alias_offset(item),
               fmt::format("the alias '{}' is the name of what keeps rows apart", alias), "choose another name");
      }
      if (alias.starts_with('_')) {
        refuse(bench_.findings.alias_offset(item), fmt::format("the name '{}' begins with an underscore", alias),
               "such names are Hilo's own");
      }
      if (!alias.empty()) earlier.push_back(alias);
    }
    aliases_ = std::move(earlier);
  }

  void check_star(const Json& star, const NameScope& scope) {
    if (star.value("columns", false) || has(star, "expr")) {
      refuse(own_offset(star), "COLUMNS(...) cannot stand here", "name the columns");
    }
    for_each_child(star, [&](const Json& child) { check_names(child, scope, bench_); });
  }

  void check_parts() {
    const auto check = [&](const char* key, std::string_view place, bool aggregates, bool windows) {
      if (!has(select_, key)) return;
      check_names(
          select_[key],
          {.relation = &below_, .earlier = aliases_, .place = place, .aggregates = aggregates, .windows = windows},
          bench_);
    };
    check("where_clause", "WHERE", false, false);
    check("having", "HAVING", true, false);
    check("qualify", "QUALIFY", true, true);
    for (const Json& group : select_["group_expressions"]) {
      check_names(group, {.relation = &below_, .earlier = aliases_, .place = "GROUP BY"}, bench_);
    }
    grouped_ = has(select_, "group_expressions") || member(select_, "aggregate_handling") == "FORCE_AGGREGATES";
    if (grouped_) return;
    const auto is_aggregate = [&](const Json& node) {
      return class_of(node) == "FUNCTION" && bench_.functions.is_aggregate(function_name(node));
    };
    for (const Json& item : select_["select_list"]) {
      if (any_below(item, is_aggregate)) {
        refuse(first_offset(item), "an aggregate in a subquery needs GROUP BY",
               "write it in the definition's own select list");
      }
    }
  }

  void rewrite() {
    const Partition partition = grouped_ ? Partition::kByCustomerGrouped : Partition::kByCustomer;
    for (Json& item : select_["select_list"]) {
      if (class_of(item) == "STAR") {
        for_each_child(item, [&](Json& child) { make_canonical(child, below_, partition, bench_); });
      } else {
        make_canonical(item, below_, partition, bench_);
      }
    }
    for (const char* key : {"where_clause", "having", "qualify"}) {
      if (has(select_, key)) make_canonical(select_[key], below_, partition, bench_);
    }
    for (Json& group : select_["group_expressions"]) make_canonical(group, below_, partition, bench_);
  }

  // What the subquery gives on its own; then customer_id and what orders the rows join it where they are missing.
  void describe(Relation& result) {
    const auto text = write_select(select_, bench_.scratch);
    const auto columns = text ? bench_.scratch.describe(*text) : std::unexpected(text.error());
    if (!columns) return;  // a fault of types: the check of the whole definition tells it, with its place
    result.known = true;
    for (const store::Column& column : *columns) result.columns.push_back(lower_ascii(column.name));
    const auto keep = [&](const std::string& column) {
      if (!result.has(column)) select_["select_list"].push_back(make_column(column));
    };
    keep(std::string(kCustomer));
    if (grouped_ && member(select_, "aggregate_handling") != "FORCE_AGGREGATES")
      add_group(select_, make_column(kCustomer));
    if (!grouped_ && select_["modifiers"].empty()) {
      std::ranges::for_each(below_.row_order, keep);
      result.row_order = below_.row_order;
    }
    result.from = from_;
  }

  Json& from_;
  Json& select_;
  const Workbench& bench_;
  Relation below_;
  std::vector<std::string> aliases_;
  bool grouped_ = false;
};

}  // namespace

Relation read_inner_select(Json& from, const Workbench& bench) { return InnerSelect(from, bench).read(); }

}  // namespace hilo::expr
