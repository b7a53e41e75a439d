#include "expr/fold/expression.h"

#include <algorithm>

#include "expr/fold/calendar_steps.h"

namespace hilo::expr {
namespace {

// Whether a value is the same on all rows of a day.
bool is_row_free(const Json& node) {
  return !any_below(node, [](const Json& each) {
    const std::string_view kind = class_of(each);
    return kind == "COLUMN_REF" || kind == "WINDOW" || kind == "SUBQUERY" || kind == "STAR" || kind == "LAMBDA";
  });
}

// What an operator becomes when its sides change places; "" for one that a fold does not know.
std::string_view turned(std::string_view op) {
  static const std::map<std::string_view, std::string_view> kTurned = {
      {"COMPARE_EQUAL", "COMPARE_EQUAL"},
      {"COMPARE_NOTEQUAL", "COMPARE_NOTEQUAL"},
      {"COMPARE_LESSTHAN", "COMPARE_GREATERTHAN"},
      {"COMPARE_GREATERTHAN", "COMPARE_LESSTHAN"},
      {"COMPARE_LESSTHANOREQUALTO", "COMPARE_GREATERTHANOREQUALTO"},
      {"COMPARE_GREATERTHANOREQUALTO", "COMPARE_LESSTHANOREQUALTO"}};
  const auto found = kTurned.find(op);
  return found == kTurned.end() ? std::string_view() : found->second;
}

// Whether values of two types compare as they are held.
bool alike(const SqlType& left, const SqlType& right) { return left.kind == right.kind && left.scale == right.scale; }

// Values among which one is chosen: all of one type, which a bare NULL takes.
class Choices {
 public:
  explicit Choices(FoldSteps& steps) : steps_(steps) {}

  void condition(int step) { inputs_.push_back(step); }
  void null() {
    nulls_.push_back(inputs_.size());
    inputs_.push_back(kUnread);
  }
  void value(int step) {
    const SqlType type = step == kOutside ? SqlType() : steps_.type(step);
    const bool integers = type_ && type_->kind == SqlKind::kInteger && type.kind == SqlKind::kInteger;
    const bool fits = step != kOutside && (!type_ || *type_ == type || integers);
    if (fits && (!type_ || type_->width < type.width)) type_ = type;
    inputs_.push_back(fits ? step : kOutside);
  }

  int made() {
    if (!type_) return kOutside;
    for (const std::size_t at : nulls_) inputs_[at] = steps_.null_of(*type_);
    const auto type_held = held(*type_);
    return steps_.add({.op = FoldOp::kChoose, .type = *type_held, .inputs = inputs_}, *type_);
  }

 private:
  FoldSteps& steps_;
  std::vector<int> inputs_;
  std::vector<std::size_t> nulls_;
  std::optional<SqlType> type_;
};

}  // namespace

int FoldExpression::condition(const Json& node) {
  const int step = value(node);
  return step != kOutside && steps_.type(step).kind == SqlKind::kTruth ? step : kOutside;
}

int FoldExpression::value(const Json& node) {
  const int step = known(node);
  if (step != kOutside || class_of(node) == "COLUMN_REF" || is_literal(node)) return step;
  Json over = over_table(node);
  return over.is_null() ? kOutside : steps_.computed(std::move(over));
}

Json FoldExpression::over_table(Json node) const {
  const std::string_view kind = class_of(node);
  if (kind == "WINDOW" || kind == "SUBQUERY" || kind == "STAR" || kind == "LAMBDA") return {};
  if (kind == "COLUMN_REF") {
    const int step = named(node);
    return step == kOutside ? Json() : steps_.over_table(step);
  }
  bool all = true;
  for_each_child(node, [&](Json& child) {
    child = over_table(std::move(child));
    all = all && !child.is_null();
  });
  return all ? std::move(node) : Json();
}

int FoldExpression::known(const Json& node) {
  if (is_row_free(node)) return steps_.constant(node);
  const std::string_view kind = class_of(node);
  if (kind == "COLUMN_REF") return named(node);
  if (kind == "COMPARISON") return comparison(type_of(node), node.at("left"), node.at("right"));
  if (kind == "CONJUNCTION") return conjunction(node);
  if (kind == "OPERATOR") return operation(node);
  if (kind == "BETWEEN") return between(node);
  if (kind == "CASE") return choice(node);
  if (kind == "CAST") return cast(node);
  if (kind == "WINDOW") return window_(node, names_);
  return kind == "FUNCTION" ? function(node) : kOutside;
}

int FoldExpression::named(const Json& node) const {
  const std::vector<std::string> path = column_path(node);
  if (path.size() > 1 && names_.contains(path.front())) return kOutside;  // a part of a value
  const auto found = names_.find(path.back());
  if (found == names_.end()) return kOutside;
  return found->second == kUnread ? steps_.column(found->first) : found->second;
}

int FoldExpression::conjunction(const Json& node) {
  const FoldOp op = type_of(node) == "CONJUNCTION_AND" ? FoldOp::kAnd : FoldOp::kOr;
  const Json& children = node.at("children");
  int all = condition(children.at(0));
  for (std::size_t at = 1; at < children.size(); ++at) all = steps_.truth(op, {all, condition(children.at(at))});
  return all;
}

int FoldExpression::between(const Json& node) {
  const int input = value(node.at("input"));
  return steps_.truth(FoldOp::kAnd, {compare("COMPARE_GREATERTHANOREQUALTO", input, node.at("lower")),
                                     compare("COMPARE_LESSTHANOREQUALTO", input, node.at("upper"))});
}

int FoldExpression::comparison(std::string_view op, const Json& left, const Json& right) {
  return is_row_free(left) ? compare(turned(op), value(right), left) : compare(op, value(left), right);
}

int FoldExpression::compare(std::string_view op, int first, const Json& right) {
  if (first == kOutside) return kOutside;
  const SqlType first_type = steps_.type(first);
  const bool is_equality = op == "COMPARE_EQUAL" || op == "COMPARE_NOTEQUAL";
  if (const auto text = text_literal(right); text && is_equality && first_type.kind == SqlKind::kText) {
    const int equal = steps_.text_in(first, {*text});
    return op == "COMPARE_EQUAL" ? equal : steps_.truth(FoldOp::kNot, {equal});
  }
  int second = is_row_free(right) ? steps_.comparable(right, first_type) : value(right);
  if (second != kOutside && steps_.type(second).kind == SqlKind::kMoment) first = steps_.moment_of(first);
  if (second != kOutside && first_type.kind == SqlKind::kMoment) second = steps_.moment_of(second);
  if (first == kOutside) return kOutside;
  if (second == kOutside || !alike(steps_.type(first), steps_.type(second))) return kOutside;
  if (op == "COMPARE_EQUAL") return steps_.truth(FoldOp::kEqual, {first, second});
  if (op == "COMPARE_NOTEQUAL") return steps_.truth(FoldOp::kNot, {steps_.truth(FoldOp::kEqual, {first, second})});
  if (op == "COMPARE_LESSTHAN") return steps_.truth(FoldOp::kLess, {first, second});
  if (op == "COMPARE_GREATERTHAN") return steps_.truth(FoldOp::kLess, {second, first});
  if (op == "COMPARE_LESSTHANOREQUALTO") return steps_.truth(FoldOp::kLessOrEqual, {first, second});
  if (op == "COMPARE_GREATERTHANOREQUALTO") return steps_.truth(FoldOp::kLessOrEqual, {second, first});
  return kOutside;
}

int FoldExpression::operation(const Json& node) {
  const std::string_view op = type_of(node);
  const Json& children = node.at("children");
  if (op == "OPERATOR_TRY") return known(children.at(0));  // steps are null where the engine would raise
  if (op == "OPERATOR_NOT") return steps_.truth(FoldOp::kNot, {condition(children.at(0))});
  if (op == "OPERATOR_COALESCE") return coalesce(children);
  const bool tests_null = op == "OPERATOR_IS_NULL" || op == "OPERATOR_IS_NOT_NULL";
  if (!tests_null && op != "COMPARE_IN" && op != "COMPARE_NOT_IN") return kOutside;
  const int is = tests_null ? steps_.truth(FoldOp::kIsNull, {value(children.at(0))}) : in_list(children);
  const bool negated = op == "OPERATOR_IS_NOT_NULL" || op == "COMPARE_NOT_IN";
  return negated ? steps_.truth(FoldOp::kNot, {is}) : is;
}

int FoldExpression::in_list(const Json& children) {
  constexpr std::size_t kNumbersMax = 32;  // beyond that the engine's hash table is better
  const int one = value(children.at(0));
  if (one == kOutside || children.size() < 2) return kOutside;
  if (steps_.type(one).kind == SqlKind::kText) {
    std::vector<std::string> texts;
    for (std::size_t at = 1; at < children.size(); ++at) {
      const auto text = text_literal(children.at(at));
      if (!text) return kOutside;
      texts.push_back(*text);
    }
    return steps_.text_in(one, std::move(texts));
  }
  if (children.size() > kNumbersMax) return kOutside;
  int any = compare("COMPARE_EQUAL", one, children.at(1));
  for (std::size_t at = 2; at < children.size(); ++at)
    any = steps_.truth(FoldOp::kOr, {any, compare("COMPARE_EQUAL", one, children.at(at))});
  return any;
}

int FoldExpression::choice(const Json& node) {
  Choices choices(steps_);
  const auto add = [&](const Json& each) { is_null_literal(each) ? choices.null() : choices.value(value(each)); };
  for (const Json& check : node.at("case_checks")) {
    choices.condition(condition(check.at("when_expr")));
    add(check.at("then_expr"));
  }
  add(node.at("else_expr"));
  return choices.made();
}

int FoldExpression::coalesce(const Json& children) {
  Choices choices(steps_);
  for (std::size_t at = 0; at < children.size(); ++at) {
    const int one = value(children.at(at));
    if (at + 1 < children.size()) {
      choices.condition(steps_.truth(FoldOp::kNot, {steps_.truth(FoldOp::kIsNull, {one})}));
    }
    choices.value(one);
  }
  return choices.made();
}

int FoldExpression::cast(const Json& node) {
  const int from = value(node.at("child"));
  if (from == kOutside) return kOutside;
  const SqlType wanted = parse_sql_type(member(node.at("cast_type"), "id"));
  if (wanted.kind != SqlKind::kOther && wanted == steps_.type(from)) return from;
  if (wanted.kind == SqlKind::kDate) return steps_.day_of(from);
  return wanted.kind == SqlKind::kReal ? steps_.real_of(from) : kOutside;
}

int FoldExpression::function(const Json& node) {
  const std::string name = function_name(node);
  const Json& children = node.at("children");
  const int calendar = calendar_step(node, steps_, [this](const Json& each) { return value(each); });
  if (calendar != kOutside) return calendar;
  static const std::map<std::string, FoldOp> kArithmetic = {
      {"+", FoldOp::kAdd}, {"-", FoldOp::kSubtract}, {"*", FoldOp::kMultiply}};
  const auto op = kArithmetic.find(name);
  if (op == kArithmetic.end() || children.size() != 2) return kOutside;
  const bool moves = op->second == FoldOp::kAdd || op->second == FoldOp::kSubtract;
  if (const auto micros = interval_micros(children.at(1)); micros && moves)
    return steps_.shift(value(children.at(0)), op->second == FoldOp::kAdd ? *micros : -*micros);
  if (const auto months = interval_months(children.at(1)); months && moves)
    return steps_.shift_months(value(children.at(0)), op->second == FoldOp::kAdd ? *months : -*months);
  return steps_.arithmetic(op->second, value(children.at(0)), value(children.at(1)));
}

}  // namespace hilo::expr
