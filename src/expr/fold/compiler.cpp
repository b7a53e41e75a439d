#include "expr/fold/compiler.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "expr/fold/aggregate.h"
#include "expr/fold/expression.h"
#include "expr/fold/part.h"

namespace hilo::expr {
namespace {

class FoldCompiler {
 public:
  explicit FoldCompiler(const Workbench& bench) : bench_(bench), steps_(scan_, bench) {}

  std::optional<FoldScan> compile(const Json& from, const Json& where,
                                  const std::vector<std::pair<std::string, Json>>& aggregates,
                                  const std::vector<store::Column>& results) {
    const auto names = relation(from);
    if (!names || !keep_rows(where, *names)) return std::nullopt;
    for (std::size_t at = 0; at < aggregates.size(); ++at) {
      if (!aggregate(aggregates[at].second, *names, results[at].type)) return std::nullopt;
    }
    if (!steps_.finish()) return std::nullopt;
    scan_.results = results;
    std::set<std::string> all;
    for (const store::Column& result : results) all.insert(result.name);
    return part_of(scan_, all);  // without what was made on the way
  }

 private:
  // ---- rows

  std::optional<FoldNames> relation(const Json& from) {
    if (has(from, "column_name_alias") || has(from, "sample")) return std::nullopt;
    if (type_of(from) == "BASE_TABLE") return table(from);
    return type_of(from) == "SUBQUERY" ? subquery(from.at("subquery").at("node")) : std::nullopt;
  }

  std::optional<FoldNames> table(const Json& from) {
    scan_.table = lower_ascii(member(from, "table_name"));
    const TableSchema* schema = bench_.table(scan_.table);
    if (schema == nullptr) return std::nullopt;
    FoldNames names;
    for (const store::Column& column : schema->columns) names[lower_ascii(column.name)] = kUnread;
    for (const char* name : {"time_utc", "seq", "line"}) {
      if (names.contains(name)) scan_.order.emplace_back(name);
    }
    return names;
  }

  std::optional<FoldNames> subquery(const Json& select) {
    for (const char* key : {"modifiers", "group_expressions", "having", "sample"}) {
      if (has(select, key)) return std::nullopt;
    }
    if (type_of(select) != "SELECT_NODE" || member(select, "aggregate_handling") != "STANDARD_HANDLING")
      return std::nullopt;
    const auto below = relation(select.at("from_table"));
    if (!below || !keep_rows(select.at("where_clause"), *below)) return std::nullopt;
    FoldNames names;
    FoldNames visible = *below;  // and the items before, by their aliases
    for (const Json& item : select.at("select_list")) {
      if (class_of(item) == "STAR") {
        if (!is_plain_star(item) || !names.empty()) return std::nullopt;
        names = *below;
        continue;
      }
      std::string name = lower_ascii(alias_of(item));
      if (name.empty() && class_of(item) == "COLUMN_REF") name = column_path(item).back();
      FoldExpression made = expression(visible);
      const int step = made.value(item);
      if (Json over = made.over_table(item); step != kOutside && !over.is_null())
        steps_.remember(step, std::move(over));
      // Which of two of one name is meant, the engine decides.
      if (!names.emplace(name, step).second) return std::nullopt;
      visible.emplace(name, step);
    }
    if (has(select, "qualify") && !keep_rows(select.at("qualify"), visible)) return std::nullopt;
    return is_column(kCustomer, names) ? std::optional(names) : std::nullopt;
  }

  // Whether a name stands for the table's column of that name.
  [[nodiscard]] bool is_column(std::string_view name, const FoldNames& names) const {
    const auto found = names.find(std::string(name));
    if (found == names.end() || found->second == kOutside) return false;
    return found->second == kUnread || steps_.is_column(found->second, name);
  }

  FoldExpression expression(const FoldNames& names) {
    return {steps_, names, [this](const Json& node, const FoldNames& seen) { return window(node, seen); }};
  }

  static bool is_plain_star(const Json& star) {
    static constexpr const char* kParts[] = {"exclude_list", "replace_list", "qualified_exclude_list", "rename_list",
                                             "expr"};
    return std::ranges::none_of(kParts, [&](const char* part) { return has(star, part); });
  }

  // Of the rows only those count, from here on, for which a condition holds (null = all).
  bool keep_rows(const Json& where, const FoldNames& names) {
    if (where.is_null()) return true;
    const int condition = expression(names).condition(where);
    rows_ = both(rows_, condition);
    return rows_ != kOutside;
  }

  int both(std::optional<int> rows, int condition) {
    return rows ? steps_.truth(FoldOp::kAnd, {*rows, condition}) : condition;
  }

  // ---- windows

  // Whether rows come in the order that a fold reads them in.
  [[nodiscard]] bool are_in_order(const Json& orders, const FoldNames& names) const {
    if (orders.size() != scan_.order.size()) return false;
    for (std::size_t at = 0; at < orders.size(); ++at) {
      const Json& expression = orders[at].at("expression");
      if (class_of(expression) != "COLUMN_REF" || column_path(expression).back() != scan_.order[at]) return false;
      if (!is_column(scan_.order[at], names)) return false;
      if (type_of(orders[at]) != "ORDER_DEFAULT" && type_of(orders[at]) != "ASCENDING") return false;
    }
    return true;
  }

  // Over a customer's rows so far, and nothing else said.
  [[nodiscard]] bool has_usual_frame(const Json& node, const FoldNames& names) const {
    static constexpr const char* kParts[] = {"filter_expr", "offset_expr", "default_expr",
                                             "start_expr",  "end_expr",    "arg_orders"};
    return std::ranges::none_of(kParts, [&](const char* part) { return has(node, part); }) &&
           member(node, "start") == "UNBOUNDED_PRECEDING" && member(node, "end") == "CURRENT_ROW_RANGE" &&
           !node.value("distinct", false) && !node.value("ignore_nulls", false) &&
           node.value("exclude_clause", "NO_OTHER") == "NO_OTHER" && are_in_order(node.at("orders"), names);
  }

  int window(const Json& node, const FoldNames& names) {
    static const std::map<std::string, FoldOp> kWindows = {{"lag", FoldOp::kLag},
                                                           {"lead", FoldOp::kLead},
                                                           {"row_number", FoldOp::kRowNumber},
                                                           {"min", FoldOp::kRunningLeast},
                                                           {"max", FoldOp::kRunningGreatest},
                                                           {"count", FoldOp::kRunningCount},
                                                           {"first", FoldOp::kRunningFirst},
                                                           {"first_value", FoldOp::kRunningFirst},
                                                           {"count_star", FoldOp::kRowNumber}};
    const bool counts_rows = function_name(node) == "count" && node.at("children").empty();
    const auto op = kWindows.find(counts_rows ? "count_star" : function_name(node));
    const std::size_t values = op == kWindows.end() || op->second == FoldOp::kRowNumber ? 0 : 1;
    if (op == kWindows.end() || node.at("children").size() != values || !has_usual_frame(node, names)) return kOutside;
    FoldStep step{.op = op->second, .inputs = {rows_ ? *rows_ : steps_.constant(make_true())}};
    SqlType type{SqlKind::kInteger, 64};
    if (values > 0) {
      const int value = expression(names).value(node.at("children").at(0));
      if (value == kOutside) return kOutside;
      step.inputs.push_back(value);
      if (op->second != FoldOp::kRunningCount) type = steps_.type(value);
    }
    const bool is_extreme = op->second == FoldOp::kRunningLeast || op->second == FoldOp::kRunningGreatest;
    if (is_extreme && held(type) != FoldType::kInteger) return kOutside;
    step.type = *held(type);
    return add_key(node.at("partitions"), names, step) ? steps_.add(std::move(step), type) : kOutside;
  }

  // What keeps rows apart beside the customer, who comes first.
  bool add_key(const Json& partitions, const FoldNames& names, FoldStep& step) {
    if (partitions.size() > 2) return false;
    if (partitions.size() < 2) return true;
    const int key = expression(names).value(partitions.at(1));
    if (key == kOutside || steps_.type(key).kind == SqlKind::kReal) return false;
    step.inputs.push_back(key);
    return true;
  }

  static Json make_true() {
    Json node = make_integer(1);
    node["value"] = Json{{"type", {{"id", "BOOLEAN"}, {"type_info", nullptr}}}, {"is_null", false}, {"value", true}};
    return node;
  }

  // ---- aggregates

  // The list of distinct values comes sorted from a fold.
  static const Json& unsorted(const Json& node) {
    const bool sorts = is_function(node, "list_sort") && is_function(node.at("children").at(0), "list");
    return sorts && node.at("children").at(0).value("distinct", false) ? node.at("children").at(0) : node;
  }

  bool aggregate(const Json& given, const FoldNames& names, const std::string& sql_type) {
    const Json& node = unsorted(given);
    std::optional<int> rows = rows_;
    if (has(node, "filter")) {
      const int condition = expression(names).condition(node.at("filter"));
      rows = both(rows_, condition);
    }
    if (rows == kOutside) return false;
    const auto value = [&](const Json& each) { return expression(names).value(each); };
    const auto in_order = [&](const Json& orders) { return are_in_order(orders, names); };
    auto made = fold_aggregate(node, sql_type, steps_, {.value = value, .are_in_order = in_order});
    if (!made) return false;
    made->rows = rows.value_or(-1);
    scan_.aggregates.push_back(*made);
    return true;
  }

  const Workbench& bench_;
  FoldScan scan_;
  FoldSteps steps_;
  std::optional<int> rows_;  // step: the rows that count so far; none = all
};

}  // namespace

std::optional<FoldScan> compile_fold(const Json& from, const Json& where,
                                     const std::vector<std::pair<std::string, Json>>& aggregates,
                                     const std::vector<store::Column>& results, const Workbench& bench) {
  return FoldCompiler(bench).compile(from, where, aggregates, results);
}

}  // namespace hilo::expr
