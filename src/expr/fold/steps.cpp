#include "expr/fold/steps.h"

#include <algorithm>

#include "base/text.h"
#include "expr/type_check.h"

namespace hilo::expr {

std::int64_t power_of_ten(int exponent) {
  std::int64_t power = 1;
  for (; exponent > 0; --exponent) power *= 10;
  return power;
}

int FoldSteps::add(FoldStep step, const SqlType& type) {
  if (std::ranges::find(step.inputs, kOutside) != step.inputs.end()) return kOutside;
  for (std::size_t at = 0; at < scan_.steps.size(); ++at) {
    if (scan_.steps[at] == step && types_[at] == type) return static_cast<int>(at);
  }
  scan_.steps.push_back(std::move(step));
  types_.push_back(type);
  return static_cast<int>(scan_.steps.size() - 1);
}

int FoldSteps::truth(FoldOp op, std::vector<int> inputs) {
  return add({.op = op, .type = FoldType::kTruth, .inputs = std::move(inputs)}, {SqlKind::kTruth});
}

int FoldSteps::column(const std::string& name) {
  const TableSchema* table = bench_.table(scan_.table);
  const auto found = std::ranges::find(table->columns, name, [](const auto& each) { return lower_ascii(each.name); });
  if (found == table->columns.end()) return kOutside;
  const SqlType column_type = parse_sql_type(found->type);
  const auto type_held = held(column_type);
  if (!type_held) return kOutside;
  auto read = std::ranges::find(scan_.columns, *found);
  if (read == scan_.columns.end()) read = scan_.columns.insert(scan_.columns.end(), *found);
  return add({.op = FoldOp::kColumn, .type = *type_held, .number = read - scan_.columns.begin()}, column_type);
}

int FoldSteps::constant(const Json& node, std::string_view as) {
  if (as.empty()) return constant_of(node, parse_sql_type(type_of_constant(node)));
  return constant_of(make_cast(node, as), parse_sql_type(as));
}

int FoldSteps::constant_of(Json value, const SqlType& type) {
  const auto type_held = held(type);
  if (!type_held || *type_held == FoldType::kText) return kOutside;
  const std::string key = fingerprint(value);
  auto known = std::ranges::find(constants_, key, &std::pair<std::string, Json>::first);
  if (known == constants_.end()) known = constants_.insert(constants_.end(), {key, std::move(value)});
  return add({.op = FoldOp::kConstant, .type = *type_held, .number = known - constants_.begin()}, type);
}

int FoldSteps::comparable(const Json& node, const SqlType& other) {
  const SqlType own = parse_sql_type(type_of_constant(node));
  const bool number = is_literal(node) && (own.kind == SqlKind::kInteger || own.kind == SqlKind::kDecimal);
  if (number && other.kind == SqlKind::kReal) return constant(node, "DOUBLE");
  if (!number || other.kind != SqlKind::kDecimal) return constant(node);
  constexpr int kDigitsOfInteger = 10;  // of 32 bits
  if (own.kind == SqlKind::kInteger && own.width > 32) return kOutside;
  const int whole = own.kind == SqlKind::kDecimal ? own.width - own.scale : kDigitsOfInteger;
  if (own.scale > other.scale || whole + other.scale > kDecimalDigits) return kOutside;
  Json cast = make_cast(node, "DECIMAL");
  cast["cast_type"]["type_info"] = {{"type", "DECIMAL_TYPE_INFO"},
                                    {"alias", ""},
                                    {"extension_info", nullptr},
                                    {"width", kDecimalDigits},
                                    {"scale", other.scale}};
  return constant_of(std::move(cast), {SqlKind::kDecimal, kDecimalDigits, other.scale});
}

int FoldSteps::text_in(int text, std::vector<std::string> texts) {
  return add({.op = FoldOp::kTextIn, .type = FoldType::kTruth, .inputs = {text}, .texts = std::move(texts)},
             {SqlKind::kTruth});
}

int FoldSteps::null_of(const SqlType& type) {
  const auto type_held = held(type);
  return type_held ? add({.op = FoldOp::kNull, .type = *type_held}, type) : kOutside;
}

int FoldSteps::shift(int moment, std::int64_t micros) {
  if (moment == kOutside || type(moment).kind != SqlKind::kMoment) return kOutside;
  return add({.op = FoldOp::kShift, .inputs = {moment}, .number = micros}, {SqlKind::kMoment});
}

int FoldSteps::day_of(int moment) {
  if (moment == kOutside || type(moment).kind == SqlKind::kDate) return moment;
  if (type(moment).kind != SqlKind::kMoment) return kOutside;
  return add({.op = FoldOp::kDayOf, .inputs = {moment}}, {SqlKind::kDate});
}

int FoldSteps::days_between(int from, int to) {
  return add({.op = FoldOp::kDaysBetween, .inputs = {day_of(from), day_of(to)}}, {SqlKind::kInteger, 64});
}

int FoldSteps::arithmetic(FoldOp op, int left, int right) {
  if (left == kOutside || right == kOutside) return kOutside;
  const SqlType first = type(left);
  const SqlType second = type(right);
  if (first.kind == SqlKind::kReal && second.kind == SqlKind::kReal)
    return add({.op = op, .type = FoldType::kReal, .inputs = {left, right}}, first);
  if (first == SqlType{SqlKind::kInteger, 64} && second == first)
    return add({.op = op, .inputs = {left, right}}, first);
  if (first.kind != SqlKind::kDecimal || second.kind != SqlKind::kDecimal) return kOutside;
  return op == FoldOp::kMultiply ? product(left, right) : decimal_sum(op, left, right);
}

// Of decimals whose digits would not fit the engine makes one of 18 digits, and raises beyond it; of shorter ones a
// longer one, which is left to it.
int FoldSteps::product(int left, int right) {
  const SqlType result{SqlKind::kDecimal, kDecimalDigits, type(left).scale + type(right).scale};
  if (type(left).width + type(right).width <= kDecimalDigits || result.scale >= kDecimalDigits) return kOutside;
  return add({.op = FoldOp::kMultiply, .inputs = {left, right}, .number = power_of_ten(kDecimalDigits)}, result);
}

int FoldSteps::decimal_sum(FoldOp op, int left, int right) {
  const SqlType result{SqlKind::kDecimal, kDecimalDigits, std::max(type(left).scale, type(right).scale)};
  const int whole = std::max(type(left).width - type(left).scale, type(right).width - type(right).scale);
  if (whole + result.scale + 1 <= kDecimalDigits) return kOutside;
  const int first = rescaled(left, result);
  const int second = rescaled(right, result);
  return add({.op = op, .inputs = {first, second}, .number = power_of_ten(kDecimalDigits)}, result);
}

int FoldSteps::rescaled(int step, const SqlType& wanted) {
  const int digits = wanted.scale - type(step).scale;
  if (digits == 0) return step;
  return add({.op = FoldOp::kScaleUp, .inputs = {step}, .number = power_of_ten(kDecimalDigits - digits)}, wanted);
}

bool FoldSteps::finish() {
  if (constants_.empty()) return true;
  std::vector<Json> items;
  for (auto& [key, value] : constants_) items.push_back(std::move(value));
  const Json nowhere = {{"type", "EMPTY"}, {"alias", ""}, {"sample", nullptr}, {"query_location", 0}};
  const auto text = write_select(make_select(std::move(items), nowhere), bench_.scratch);
  // Asked for by themselves, values may raise that no row would have asked for.
  auto rows = text ? bench_.scratch.query(*text, check_parameters_values()) : std::unexpected(text.error());
  if (!rows || !rows->for_each([](const store::Chunk& /*chunk*/, std::size_t /*row*/) {})) return false;
  scan_.constants_sql = *text;
  for (std::size_t at = 0; at < scan_.steps.size(); ++at) {
    if (scan_.steps[at].op != FoldOp::kConstant) continue;
    const store::Column& constant = rows->columns()[static_cast<std::size_t>(scan_.steps[at].number)];
    if (parse_sql_type(constant.type) != types_[at]) return false;
  }
  return true;
}

}  // namespace hilo::expr
