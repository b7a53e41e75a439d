#include "expr/fold/sql_type.h"

#include <charconv>
#include <cstdlib>
#include <map>

#include <fmt/format.h>

namespace hilo::expr {

namespace {

const std::map<std::string_view, SqlType>& plain_types() {
  static const std::map<std::string_view, SqlType> kTypes = {
      {"BOOLEAN", {SqlKind::kTruth}},       {"TINYINT", {SqlKind::kInteger, 8}}, {"SMALLINT", {SqlKind::kInteger, 16}},
      {"INTEGER", {SqlKind::kInteger, 32}}, {"BIGINT", {SqlKind::kInteger, 64}}, {"DATE", {SqlKind::kDate}},
      {"TIMESTAMP", {SqlKind::kMoment}},    {"DOUBLE", {SqlKind::kReal}},        {"VARCHAR", {SqlKind::kText}}};
  return kTypes;
}

using Units = std::map<std::string, std::int64_t>;

// An interval of so many units.
std::optional<std::int64_t> interval_in(const Units& units, const Json& node) {
  const auto unit = units.find(function_name(node));
  if (unit == units.end() || node.at("children").size() != 1) return std::nullopt;
  const Json& count = node.at("children").at(0);
  if (!is_literal(count) || is_null_literal(count)) return std::nullopt;
  const Json& number = count.at("value").at("value");
  constexpr std::int64_t kLongest = 1'000'000;  // units: products stay far within 64 bits
  if (!number.is_number_integer() || std::abs(number.get<std::int64_t>()) > kLongest) return std::nullopt;
  return number.get<std::int64_t>() * unit->second;
}

}  // namespace

std::string to_sql(const SqlType& type) {
  if (type.kind == SqlKind::kDecimal) return fmt::format("DECIMAL({},{})", type.width, type.scale);
  for (const auto& [name, plain] : plain_types()) {
    if (plain == type) return std::string(name);
  }
  return "";
}

SqlType parse_sql_type(std::string_view text) {
  if (const auto found = plain_types().find(text); found != plain_types().end()) return found->second;
  constexpr std::string_view kDecimal = "DECIMAL(";
  if (!text.starts_with(kDecimal)) return {};
  SqlType decimal{SqlKind::kDecimal};
  const char* const end = text.data() + text.size();
  const auto width = std::from_chars(text.data() + kDecimal.size(), end, decimal.width);
  if (width.ptr == end || *width.ptr != ',') return {};
  const auto scale = std::from_chars(width.ptr + 1, end, decimal.scale);
  return scale.ec == std::errc() && decimal.width <= kDecimalDigits ? decimal : SqlType{};
}

std::optional<FoldType> held(const SqlType& type) {
  switch (type.kind) {
    case SqlKind::kTruth: return FoldType::kTruth;
    case SqlKind::kInteger:
    case SqlKind::kDecimal:
    case SqlKind::kDate:
    case SqlKind::kMoment: return FoldType::kInteger;
    case SqlKind::kReal: return FoldType::kReal;
    case SqlKind::kText: return FoldType::kText;
    case SqlKind::kOther: break;
  }
  return std::nullopt;
}

bool is_literal(const Json& node) { return class_of(node) == "CONSTANT"; }

bool is_null_literal(const Json& node) { return is_literal(node) && node.at("value").value("is_null", false); }

std::optional<std::string> text_literal(const Json& node) {
  if (!is_literal(node) || is_null_literal(node) || type_of_constant(node) != "VARCHAR") return std::nullopt;
  return node.at("value").at("value").get<std::string>();
}

std::string type_of_constant(const Json& node) {
  const std::string_view kind = class_of(node);
  if (kind == "CONSTANT") {
    const Json& type = node.at("value").at("type");
    const std::string id = type.value("id", "");
    if (id != "DECIMAL") return is_null_literal(node) ? std::string() : id;
    const Json& digits = type.at("type_info");
    return fmt::format("DECIMAL({},{})", digits.at("width").get<int>(), digits.at("scale").get<int>());
  }
  if (kind == "CAST") return node.at("cast_type").value("id", "");
  if (type_of(node) == "OPERATOR_TRY") return type_of_constant(node.at("children").at(0));
  const std::string name = function_name(node);
  if ((name != "+" && name != "-") || node.at("children").size() != 2) return "";
  const bool moves_moment = type_of_constant(node.at("children").at(0)) == "TIMESTAMP" &&
                            function_name(node.at("children").at(1)).starts_with("to_");
  return moves_moment ? "TIMESTAMP" : "";
}

std::optional<std::int64_t> interval_micros(const Json& node) {
  constexpr std::int64_t kMinute = 60'000'000;
  constexpr std::int64_t kDay = 24 * 60 * kMinute;
  static const Units kUnits = {
      {"to_minutes", kMinute}, {"to_hours", 60 * kMinute}, {"to_days", kDay}, {"to_weeks", 7 * kDay}};
  return interval_in(kUnits, node);
}

std::optional<std::int64_t> interval_months(const Json& node) {
  static const Units kUnits = {{"to_months", 1}, {"to_quarters", 3}, {"to_years", 12}};
  return interval_in(kUnits, node);
}

}  // namespace hilo::expr
