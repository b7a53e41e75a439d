#include "expr/fold/compiler.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "expr/fold/expression.h"

namespace hilo::expr {
namespace {

bool is_any(const SqlType& /*type*/) { return true; }
bool is_truth(const SqlType& type) { return type.kind == SqlKind::kTruth; }
bool is_bigint(const SqlType& type) { return type == SqlType{SqlKind::kInteger, 64}; }
bool is_ranked(const SqlType& type) { return type.kind == SqlKind::kText || held(type) == FoldType::kInteger; }
bool is_number(const SqlType& type) {
  return type.kind == SqlKind::kDecimal || (type.kind == SqlKind::kInteger && type.width >= 32);
}
// Shorter decimals are held in 16 bits, which the engine averages in another way.
bool is_averaged(const SqlType& type) { return is_number(type) && (type.kind != SqlKind::kDecimal || type.width > 4); }

// The order of rows that an aggregate has in canonical form.
enum class Order : std::uint8_t { kNone, kOfRows, kOfValue };

struct AggregateForm {
  FoldAggregateKind kind;
  Order order;
  bool (*takes)(const SqlType&);
};

const AggregateForm* form_of(const std::string& name, bool distinct) {
  static const AggregateForm kDistinct = {FoldAggregateKind::kCountDistinct, Order::kNone, is_ranked};
  static const std::map<std::string, AggregateForm> kForms = {
      {"count", {FoldAggregateKind::kCount, Order::kNone, is_any}},
      {"sum", {FoldAggregateKind::kSum, Order::kNone, is_number}},
      {"avg", {FoldAggregateKind::kAverage, Order::kNone, is_averaged}},
      {"min", {FoldAggregateKind::kLeast, Order::kNone, is_ranked}},
      {"max", {FoldAggregateKind::kGreatest, Order::kNone, is_ranked}},
      {"first", {FoldAggregateKind::kFirst, Order::kOfRows, is_any}},
      {"last", {FoldAggregateKind::kLast, Order::kOfRows, is_any}},
      {"mode", {FoldAggregateKind::kMode, Order::kOfValue, is_ranked}},
      {"median", {FoldAggregateKind::kMedian, Order::kNone, is_bigint}},
      {"bool_and", {FoldAggregateKind::kAll, Order::kNone, is_truth}},
      {"bool_or", {FoldAggregateKind::kAny, Order::kNone, is_truth}}};
  if (distinct) return name == "count" ? &kDistinct : nullptr;
  const auto found = kForms.find(name);
  return found == kForms.end() ? nullptr : &found->second;
}

// How an aggregate's value is held, and as what type the engine must give it.
struct ResultType {
  FoldType held;
  std::string sql;  ///< "" = the type of what it is made of
};

ResultType result_of(FoldAggregateKind kind, const SqlType& value) {
  switch (kind) {
    case FoldAggregateKind::kCount:
    case FoldAggregateKind::kCountDistinct: return {FoldType::kInteger, "BIGINT"};
    case FoldAggregateKind::kSum:
      return {FoldType::kHuge,
              value.kind == SqlKind::kDecimal ? fmt::format("DECIMAL(38,{})", value.scale) : std::string("HUGEINT")};
    case FoldAggregateKind::kAverage:
    case FoldAggregateKind::kMedian: return {FoldType::kReal, "DOUBLE"};
    case FoldAggregateKind::kAll:
    case FoldAggregateKind::kAny: return {FoldType::kTruth, "BOOLEAN"};
    case FoldAggregateKind::kLeast:
    case FoldAggregateKind::kGreatest:
    case FoldAggregateKind::kFirst:
    case FoldAggregateKind::kLast:
    case FoldAggregateKind::kMode: break;
  }
  return {held(value).value_or(FoldType::kInteger), ""};
}

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
    return std::move(scan_);
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
    for (const char* key : {"modifiers", "group_expressions", "having", "sample", "qualify"}) {
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
      const int step = class_of(item) == "WINDOW" ? window(item, visible) : FoldExpression(steps_, visible).value(item);
      // Which of two of one name is meant, the engine decides.
      if (!names.emplace(name, step).second) return std::nullopt;
      visible.emplace(name, step);
    }
    return is_column(kCustomer, names) ? std::optional(names) : std::nullopt;
  }

  // Whether a name stands for the table's column of that name.
  [[nodiscard]] bool is_column(std::string_view name, const FoldNames& names) const {
    const auto found = names.find(std::string(name));
    if (found == names.end() || found->second == kOutside) return false;
    if (found->second == kUnread) return true;
    const FoldStep& step = scan_.steps.at(static_cast<std::size_t>(found->second));
    return step.op == FoldOp::kColumn &&
           lower_ascii(scan_.columns.at(static_cast<std::size_t>(step.number)).name) == name;
  }

  static bool is_plain_star(const Json& star) {
    static constexpr const char* kParts[] = {"exclude_list", "replace_list", "qualified_exclude_list", "rename_list",
                                             "expr"};
    return std::ranges::none_of(kParts, [&](const char* part) { return has(star, part); });
  }

  // Of the rows only those count, from here on, for which a condition holds (null = all).
  bool keep_rows(const Json& where, const FoldNames& names) {
    if (where.is_null()) return true;
    rows_ = both(rows_, FoldExpression(steps_, names).condition(where));
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
    static const std::map<std::string, FoldOp> kWindows = {
        {"lag", FoldOp::kLag}, {"min", FoldOp::kRunningLeast}, {"max", FoldOp::kRunningGreatest}};
    const auto op = kWindows.find(function_name(node));
    if (op == kWindows.end() || node.at("children").size() != 1 || !has_usual_frame(node, names)) return kOutside;
    const int value = FoldExpression(steps_, names).value(node.at("children").at(0));
    if (value == kOutside) return kOutside;
    const SqlType type = steps_.type(value);
    const bool is_lag = op->second == FoldOp::kLag;
    if (!is_lag && held(type) != FoldType::kInteger) return kOutside;
    const Json& partitions = node.at("partitions");  // the first is the customer
    if (partitions.size() > (is_lag ? 2U : 1U)) return kOutside;
    const int rows = rows_ ? *rows_ : steps_.constant(make_true());
    FoldStep step{.op = op->second, .type = *held(type), .inputs = {rows, value}};
    if (partitions.size() == 2) {
      const int key = FoldExpression(steps_, names).value(partitions.at(1));
      if (key == kOutside || steps_.type(key).kind != SqlKind::kText) return kOutside;
      step.inputs.push_back(key);
    }
    return steps_.add(std::move(step), type);
  }

  static Json make_true() {
    Json node = make_integer(1);
    node["value"] = Json{{"type", {{"id", "BOOLEAN"}, {"type_info", nullptr}}}, {"is_null", false}, {"value", true}};
    return node;
  }

  // ---- aggregates

  bool aggregate(const Json& node, const FoldNames& names, const std::string& sql_type) {
    FoldAggregate made;
    std::optional<int> rows = rows_;
    if (has(node, "filter")) rows = both(rows_, FoldExpression(steps_, names).condition(node.at("filter")));
    if (rows == kOutside) return false;
    made.rows = rows.value_or(-1);
    const Json& children = node.at("children");
    if (!children.empty() && !take_value(node, names, made)) return false;
    if (children.empty() && function_name(node) != "count_star") return false;
    const SqlType value = made.value < 0 ? SqlType() : steps_.type(made.value);
    const ResultType result = result_of(made.kind, value);
    if (result.sql.empty() ? parse_sql_type(sql_type) != value : result.sql != sql_type) return false;
    made.type = result.held;
    scan_.aggregates.push_back(made);
    return true;
  }

  // Reads which aggregate it is, and of what.
  bool take_value(const Json& node, const FoldNames& names, FoldAggregate& made) {
    const Json& children = node.at("children");
    const AggregateForm* form = form_of(function_name(node), node.value("distinct", false));
    if (form == nullptr || children.size() != 1 || !has_order(node, form->order, names)) return false;
    made.kind = form->kind;
    made.value = FoldExpression(steps_, names).value(children.at(0));
    if (made.value == kOutside || !form->takes(steps_.type(made.value))) return false;
    if (made.kind == FoldAggregateKind::kAverage) made.number = power_of_ten(steps_.type(made.value).scale);
    return true;
  }

  [[nodiscard]] bool has_order(const Json& node, Order order, const FoldNames& names) const {
    static const Json kNone = Json::array();
    const Json& by = node.at("order_bys");
    const Json& orders = by.is_object() && by.contains("orders") ? by.at("orders") : kNone;
    if (order == Order::kNone) return orders.empty();
    if (order == Order::kOfRows) return are_in_order(orders, names);
    return orders.size() == 1 && type_of(orders.at(0)) == "ORDER_DEFAULT" &&
           fingerprint(orders.at(0).at("expression")) == fingerprint(node.at("children").at(0));
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
