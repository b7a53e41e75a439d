#include "expr/fold/steps.h"

#include <algorithm>

#include "base/text.h"
#include "expr/canonical.h"
#include "expr/type_check.h"

namespace hilo::expr {
namespace {

Json nowhere() { return {{"type", "EMPTY"}, {"alias", ""}, {"sample", nullptr}, {"query_location", 0}}; }

}  // namespace

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
  const int step = read({.sql = store::quote_name(found->name), .type = found->type});
  if (step != kOutside) remember(step, make_column(found->name));
  return step;
}

int FoldSteps::read(FoldColumn column) {
  const SqlType column_type = parse_sql_type(column.type);
  const auto type_held = held(column_type);
  if (!type_held) return kOutside;
  auto known = std::ranges::find(scan_.columns, column);
  if (known == scan_.columns.end()) known = scan_.columns.insert(scan_.columns.end(), std::move(column));
  return add({.op = FoldOp::kColumn, .type = *type_held, .number = known - scan_.columns.begin()}, column_type);
}

bool FoldSteps::is_column(int step, std::string_view name) const {
  const FoldStep& made = scan_.steps.at(static_cast<std::size_t>(step));
  return made.op == FoldOp::kColumn &&
         lower_ascii(scan_.columns.at(static_cast<std::size_t>(made.number)).sql) == store::quote_name(name);
}

int FoldSteps::computed(Json over_table) {
  Relation table;
  table.from = make_table(scan_.table);
  const bool by_day = any_below(over_table, [](const Json& each) { return class_of(each) == "PARAMETER"; });
  std::string type = type_over(over_table, table, bench_.scratch);
  Json copied = over_table;
  copy_what_is_tried(copied);
  const auto sql = write_expression(std::move(copied), bench_.scratch);
  if (!sql) return kOutside;
  const int step = read({.sql = *sql, .type = std::move(type), .by_day = by_day});
  if (step != kOutside) remember(step, std::move(over_table));
  return step;
}

Json FoldSteps::over_table(int step) const {
  const auto known = over_table_.find(step);
  return known == over_table_.end() ? Json() : known->second;
}

int FoldSteps::constant(const Json& node, std::string_view as) {
  if (as.empty()) return constant_of(node, type_of_value(node));
  return constant_of(make_cast(node, as), parse_sql_type(as));
}

// The engine is asked where the form does not tell.
SqlType FoldSteps::type_of_value(const Json& node) const {
  const SqlType told = parse_sql_type(type_of_constant(node));
  if (told.kind != SqlKind::kOther || is_null_literal(node)) return told;
  Relation relation;
  relation.from = nowhere();
  return parse_sql_type(type_over(node, relation, bench_.scratch));
}

int FoldSteps::constant_of(Json value, const SqlType& type) {
  const auto type_held = held(type);
  if (!type_held) return kOutside;
  const std::string key = fingerprint(value);
  auto known = std::ranges::find(constants_, key, &std::pair<std::string, Json>::first);
  if (known == constants_.end()) known = constants_.insert(constants_.end(), {key, std::move(value)});
  return add({.op = FoldOp::kConstant, .type = *type_held, .number = known - constants_.begin()}, type);
}

int FoldSteps::comparable(const Json& node, const SqlType& other) {
  const SqlType own = type_of_value(node);
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
  return add({.op = FoldOp::kShift, .inputs = {moment_of(moment)}, .number = micros}, {SqlKind::kMoment});
}

int FoldSteps::shift_months(int moment, std::int64_t months) {
  return add({.op = FoldOp::kShiftMonths, .inputs = {moment_of(moment)}, .number = months}, {SqlKind::kMoment});
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

int FoldSteps::real_of(int number) {
  if (number == kOutside || type(number).kind == SqlKind::kReal) return number;
  if (type(number).kind != SqlKind::kInteger && type(number).kind != SqlKind::kDecimal) return kOutside;
  return add(
      {.op = FoldOp::kToReal, .type = FoldType::kReal, .inputs = {number}, .number = power_of_ten(type(number).scale)},
      {SqlKind::kReal});
}

int FoldSteps::moment_of(int day) {
  if (day == kOutside || type(day).kind == SqlKind::kMoment) return day;
  if (type(day).kind != SqlKind::kDate) return kOutside;
  return add({.op = FoldOp::kMomentOf, .inputs = {day}}, {SqlKind::kMoment});
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
  const auto text = write_select(make_select(std::move(items), nowhere()), bench_.scratch);
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
