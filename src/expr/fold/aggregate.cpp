#include "expr/fold/aggregate.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace hilo::expr {
namespace {

using Kind = FoldAggregateKind;

bool is_any(const SqlType& /*type*/) { return true; }
bool is_truth(const SqlType& type) { return type.kind == SqlKind::kTruth; }
bool is_ranked(const SqlType& type) { return type.kind == SqlKind::kText || held(type) == FoldType::kInteger; }
bool is_real(const SqlType& type) { return type.kind == SqlKind::kReal; }
bool is_number(const SqlType& type) {
  return type.kind == SqlKind::kDecimal || is_real(type) || (type.kind == SqlKind::kInteger && type.width >= 32);
}
// Shorter decimals are held in 16 bits, which the engine averages in another way.
bool is_averaged(const SqlType& type) { return is_number(type) && (type.kind != SqlKind::kDecimal || type.width > 4); }
bool is_measured(const SqlType& type) { return held(type) == FoldType::kInteger || is_real(type); }

// The order of rows that an aggregate has in canonical form.
enum class Order : std::uint8_t {
  kNone,
  kOfSums,   // that of rows where doubles are added up
  kOfRows,   // that of rows, and before it what the definition says
  kOfValue,  // that of its value
};

struct AggregateForm {
  Kind kind;
  Order order;
  bool (*takes)(const SqlType&);
  std::int64_t number = 1;
};

const AggregateForm* form_of(const std::string& name, bool distinct) {
  static const std::map<std::string, AggregateForm> kOfDistinct = {
      {"count", {Kind::kCountDistinct, Order::kNone, is_any}},
      {"list", {Kind::kDistinct, Order::kNone, is_ranked}},
      {"array_agg", {Kind::kDistinct, Order::kNone, is_ranked}}};
  static const std::map<std::string, AggregateForm> kForms = {
      {"count", {Kind::kCount, Order::kNone, is_any}},
      {"sum", {Kind::kSum, Order::kOfSums, is_number}},
      {"avg", {Kind::kAverage, Order::kOfSums, is_averaged}},
      {"mean", {Kind::kAverage, Order::kOfSums, is_averaged}},
      {"min", {Kind::kLeast, Order::kNone, is_any}},
      {"max", {Kind::kGreatest, Order::kNone, is_any}},
      {"first", {Kind::kFirst, Order::kOfRows, is_any}},
      {"last", {Kind::kLast, Order::kOfRows, is_any}},
      {"arg_min", {Kind::kValueOfLeast, Order::kOfRows, is_any}},
      {"argmin", {Kind::kValueOfLeast, Order::kOfRows, is_any}},
      {"min_by", {Kind::kValueOfLeast, Order::kOfRows, is_any}},
      {"arg_max", {Kind::kValueOfGreatest, Order::kOfRows, is_any}},
      {"argmax", {Kind::kValueOfGreatest, Order::kOfRows, is_any}},
      {"max_by", {Kind::kValueOfGreatest, Order::kOfRows, is_any}},
      {"mode", {Kind::kMode, Order::kOfValue, is_ranked}},
      {"median", {Kind::kQuantile, Order::kNone, is_measured}},
      {"quantile_cont", {Kind::kQuantile, Order::kNone, is_measured}},
      {"quantile_disc", {Kind::kQuantileOfValues, Order::kNone, is_ranked}},
      {"quantile", {Kind::kQuantileOfValues, Order::kNone, is_ranked}},
      {"stddev", {Kind::kDeviation, Order::kOfRows, is_number, 1}},
      {"stddev_samp", {Kind::kDeviation, Order::kOfRows, is_number, 1}},
      {"stddev_pop", {Kind::kDeviation, Order::kOfRows, is_number, 0}},
      {"variance", {Kind::kVariance, Order::kOfRows, is_number, 1}},
      {"var_samp", {Kind::kVariance, Order::kOfRows, is_number, 1}},
      {"var_pop", {Kind::kVariance, Order::kOfRows, is_number, 0}},
      {"count_if", {Kind::kSum, Order::kNone, is_truth}},
      {"countif", {Kind::kSum, Order::kNone, is_truth}},
      {"bool_and", {Kind::kAll, Order::kNone, is_truth}},
      {"bool_or", {Kind::kAny, Order::kNone, is_truth}}};
  const std::map<std::string, AggregateForm>& forms = distinct ? kOfDistinct : kForms;
  const auto found = forms.find(name);
  return found == forms.end() ? nullptr : &found->second;
}

// A decimal or a whole number from 0 to 1 as it is written.
std::optional<FoldShare> share_of(const Json& node) {
  if (!is_literal(node) || is_null_literal(node)) return std::nullopt;
  const SqlType type = parse_sql_type(type_of_constant(node));
  const Json& value = node.at("value").at("value");
  if ((type.kind != SqlKind::kDecimal && type.kind != SqlKind::kInteger) || !value.is_number_integer())
    return std::nullopt;
  const FoldShare share{.parts = value.get<std::int64_t>(), .of = power_of_ten(type.scale)};
  return share.parts >= 0 && share.parts <= share.of ? std::optional(share) : std::nullopt;
}

class AggregateMaker {
 public:
  AggregateMaker(const Json& node, FoldSteps& steps, const AggregateScope& scope)
      : node_(node), steps_(steps), scope_(scope) {}

  std::optional<FoldAggregate> make(const std::string& sql_type) {
    const Json& children = node_.at("children");
    const bool known = children.empty() ? function_name(node_) == "count_star" : take(children);
    if (!known) return std::nullopt;
    const auto type = type_of_result();
    const std::string list = made_.kind == Kind::kDistinct ? "[]" : "";
    if (!type || type->sql + list != sql_type) return std::nullopt;
    made_.type = type->held;
    return made_;
  }

 private:
  // How an aggregate's value is held, and as what type the engine must give it.
  struct ResultType {
    FoldType held;
    std::string sql;
  };

  bool take(const Json& children) {
    const AggregateForm* form = form_of(function_name(node_), node_.value("distinct", false));
    if (form == nullptr) return false;
    made_.kind = form->kind;
    made_.number = form->number;
    made_.value = scope_.value(children.at(0));
    if (made_.value == kOutside || !form->takes(steps_.type(made_.value))) return false;
    return take_rest(children, form->takes == is_truth && form->kind == Kind::kSum) && has_order(form->order);
  }

  bool take_rest(const Json& children, bool counts_truths) {
    const bool by_key = made_.kind == Kind::kValueOfLeast || made_.kind == Kind::kValueOfGreatest;
    const bool by_share = made_.kind == Kind::kQuantileOfValues || function_name(node_) == "quantile_cont";
    if (children.size() != (by_key || by_share ? 2U : 1U)) return false;
    if (counts_truths) made_.value = ones();
    if (made_.kind == Kind::kAverage) made_.number = power_of_ten(steps_.type(made_.value).scale);
    if (made_.kind == Kind::kDeviation || made_.kind == Kind::kVariance) made_.value = steps_.real_of(made_.value);
    if (made_.kind == Kind::kQuantile && !by_share) made_.share = {.parts = 1, .of = 2};
    if (made_.kind == Kind::kQuantile && steps_.type(made_.value).kind == SqlKind::kDate)
      made_.value = steps_.moment_of(made_.value);
    if (made_.kind == Kind::kQuantile && steps_.type(made_.value).kind == SqlKind::kMoment) made_.number = 0;
    if (by_key) {
      made_.key = scope_.value(children.at(1));
      // The engine compares decimals here as doubles.
      if (made_.key != kOutside && steps_.type(made_.key).kind == SqlKind::kDecimal)
        made_.key = steps_.real_of(made_.key);
      if (made_.key == kOutside || is_truth(steps_.type(made_.key))) return false;
    }
    if (by_share) {
      const auto share = share_of(children.at(1));
      if (!share) return false;
      made_.share = *share;
    }
    return made_.value != kOutside;
  }

  // 1 for true, 0 for false: count_if adds them up, and is null where there are none.
  int ones() {
    const int one = steps_.constant(make_integer(1));
    const int zero = steps_.constant(make_integer(0));
    const int none = steps_.null_of({SqlKind::kInteger, 32});
    const int is_null = steps_.truth(FoldOp::kIsNull, {made_.value});
    return steps_.add({.op = FoldOp::kChoose, .inputs = {made_.value, one, is_null, none, zero}},
                      {SqlKind::kInteger, 32});
  }

  // Quantiles between moments are moments, between decimals decimals, else doubles.
  [[nodiscard]] SqlType type_of_quantile() const {
    const SqlType value = steps_.type(made_.value);
    return value.kind == SqlKind::kInteger ? SqlType{SqlKind::kReal} : value;
  }

  [[nodiscard]] std::optional<ResultType> type_of_result() const {
    const SqlType value = made_.value < 0 ? SqlType() : steps_.type(made_.value);
    switch (made_.kind) {
      case Kind::kCount:
      case Kind::kCountDistinct: return ResultType{FoldType::kInteger, "BIGINT"};
      case Kind::kSum:
        if (is_real(value)) return ResultType{FoldType::kReal, "DOUBLE"};
        return ResultType{FoldType::kHuge, value.kind == SqlKind::kDecimal ? fmt::format("DECIMAL(38,{})", value.scale)
                                                                           : std::string("HUGEINT")};
      case Kind::kAverage:
      case Kind::kVariance:
      case Kind::kDeviation: return ResultType{FoldType::kReal, "DOUBLE"};
      case Kind::kAll:
      case Kind::kAny: return ResultType{FoldType::kTruth, "BOOLEAN"};
      case Kind::kQuantile: return of(type_of_quantile());
      case Kind::kQuantileOfValues:
      case Kind::kLeast:
      case Kind::kGreatest:
      case Kind::kFirst:
      case Kind::kLast:
      case Kind::kMode:
      case Kind::kValueOfLeast:
      case Kind::kValueOfGreatest:
      case Kind::kFirstByKey:
      case Kind::kLastByKey:
      case Kind::kDistinct: return of(value);
    }
    return std::nullopt;
  }

  static std::optional<ResultType> of(const SqlType& type) {
    const auto type_held = held(type);
    return type_held ? std::optional(ResultType{*type_held, to_sql(type)}) : std::nullopt;
  }

  bool has_order(Order order) {
    static const Json kNone = Json::array();
    const Json& by = node_.at("order_bys");
    const Json& orders = by.is_object() && by.contains("orders") ? by.at("orders") : kNone;
    switch (order) {
      case Order::kNone: return orders.empty();
      case Order::kOfSums: return is_real(steps_.type(made_.value)) ? scope_.are_in_order(orders) : orders.empty();
      case Order::kOfRows: return scope_.are_in_order(orders) || take_key(orders);
      case Order::kOfValue: break;
    }
    return orders.size() == 1 && type_of(orders.at(0)) == "ORDER_DEFAULT" &&
           fingerprint(orders.at(0).at("expression")) == fingerprint(node_.at("children").at(0));
  }

  // first(x order by y): y stands before the order of rows.
  bool take_key(const Json& orders) {
    if (orders.empty() || (made_.kind != Kind::kFirst && made_.kind != Kind::kLast)) return false;
    const Json& first = orders.at(0);
    const std::string nulls = first.value("null_order", "ORDER_DEFAULT");
    const bool nulls_last = nulls == "ORDER_DEFAULT" || nulls == "NULLS LAST";
    if (!nulls_last || !scope_.are_in_order(rest_of(orders))) return false;
    made_.kind = made_.kind == Kind::kFirst ? Kind::kFirstByKey : Kind::kLastByKey;
    made_.descending = type_of(first) == "DESCENDING";
    made_.key = scope_.value(first.at("expression"));
    return made_.key != kOutside;
  }

  static Json rest_of(const Json& orders) {
    Json rest = orders;
    rest.erase(rest.begin());
    return rest;
  }

  const Json& node_;
  FoldSteps& steps_;
  const AggregateScope& scope_;
  FoldAggregate made_;
};

}  // namespace

std::optional<FoldAggregate> fold_aggregate(const Json& node, const std::string& sql_type, FoldSteps& steps,
                                            const AggregateScope& scope) {
  return AggregateMaker(node, steps, scope).make(sql_type);
}

}  // namespace hilo::expr
