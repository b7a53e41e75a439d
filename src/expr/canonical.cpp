#include "expr/canonical.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "expr/type_check.h"

namespace hilo::expr {
namespace {

constexpr std::string_view kLargestMeasure = "1e70";

// True where no row is read: such an expression has one value, and check has seen it.
bool is_row_free(const Json& node) {
  return !any_below(node, [](const Json& below) {
    const std::string_view kind = class_of(below);
    return kind == "COLUMN_REF" || kind == "WINDOW" || kind == "SUBQUERY" || kind == "STAR" ||
           (kind == "FUNCTION" && find_aggregate(function_name(below)));
  });
}

bool is_constant(const Json& node) { return class_of(node) == "CONSTANT"; }

// Puts what `make` gives of the node in its place; the alias stays with the whole.
template <class Make>
void replace(Json& node, const Make& make) {
  const std::string alias(alias_of(node));
  node["alias"] = "";
  node = make(std::move(node));
  node["alias"] = alias;
}

// `interval 90 day` is parsed as to_days(CAST(trunc(CAST(90 AS DOUBLE)) AS INTEGER)); to_days(90) says the same.
void shorten_interval(Json& node) {
  if (class_of(node) != "FUNCTION" || !function_name(node).starts_with("to_") || node["children"].size() != 1) return;
  const Json* inner = &node["children"][0];
  for (const std::string_view step : {"CAST", "FUNCTION", "CAST"}) {
    if (class_of(*inner) != step || (step == "FUNCTION" && function_name(*inner) != "trunc")) return;
    inner = step == "FUNCTION" ? &inner->at("children").at(0) : &inner->at("child");
  }
  if (is_constant(*inner) && inner->at("value").at("type").value("id", "") == "INTEGER") {
    node["children"][0] = Json(*inner);
  }
}

// What divides: by zero these give infinity or no number, which is more than every number, or raise.
bool divides(const Json& node) {
  static constexpr std::string_view kNames[] = {"/", "//", "%", "divide", "mod", "fdiv", "fmod"};
  return class_of(node) == "FUNCTION" && node.at("children").size() == 2 &&
         std::ranges::find(kNames, function_name(node)) != std::end(kNames);
}

bool is_text(const Json& node) { return is_constant(node) && node.at("value").at("type").value("id", "") == "VARCHAR"; }

// A constant's number; nothing for what is no constant, or none that is told as a number.
std::optional<double> number_of(const Json& node) {
  if (is_function(node, "-") && node.at("children").size() == 1) return number_of(node.at("children").at(0));
  if (!is_constant(node) || node.at("value").value("is_null", false)) return std::nullopt;
  const Json& value = node.at("value").at("value");
  if (value.is_number()) return value.get<double>();
  if (is_text(node)) return std::strtod(value.get<std::string>().c_str(), nullptr);
  return std::nullopt;
}

bool cannot_be_zero(const Json& divisor) {
  if (is_constant(divisor) && divisor.at("value").value("is_null", false)) return true;
  if (const auto number = number_of(divisor)) return *number != 0;
  return is_function(divisor, "nullif") && divisor.at("children").size() == 2 &&
         number_of(divisor.at("children").at(1)) == 0.0;
}

// What is divided by zero is not known.
void guard_divisor(Json& node) {
  if (!divides(node)) return;
  Json& divisor = node["children"][1];
  if (cannot_be_zero(divisor)) return;
  if (is_text(divisor)) divisor = make_cast(std::move(divisor), "DOUBLE");
  divisor = make_function("nullif", {std::move(divisor), make_integer(0)});
}

void guard_divisors_below(Json& node) {
  guard_divisor(node);
  for_each_child(node, [](Json& child) { guard_divisors_below(child); });
}

class Canonicaliser {
 public:
  Canonicaliser(const Relation& relation, Partition partition, const Workbench& bench)
      : relation_(relation), partition_(partition), bench_(bench) {}

  // Each operation that can raise stands in a TRY of its own: the engine computes an expression that several TRYs hold
  // in common outside of them (DuckDB 1.4, common subexpressions), so one TRY around a chain would not stop its faults.
  void rewrite(Json& node) {
    guard_divisor(node);
    if (is_row_free(node)) return row_free(node);
    const std::string_view kind = class_of(node);
    if (kind == "CAST") {
      rewrite(node["child"]);
      node["try_cast"] = true;
    } else if (kind == "WINDOW") {
      window(node);
    } else if (!compared(node).empty()) {
      comparison(node);
    } else if (kind == "FUNCTION") {
      function(node);
    } else {
      for_each_child(node, [this](Json& child) { rewrite(child); });
      if (type_of(node) == "OPERATOR_TRY" && type_of(node["children"][0]) == "OPERATOR_TRY") {
        replace(node, [](Json whole) { return Json(whole["children"][0]); });
      }
    }
  }

 private:
  void row_free(Json& node) {
    if (class_of(node) == "PARAMETER") {
      const bool as_of = member(node, "identifier") == "as_of";
      return replace(node, [&](Json whole) { return make_cast(std::move(whole), as_of ? "TIMESTAMP" : "DATE"); });
    }
    guard_divisor(node);
    shorten_interval(node);
    for_each_child(node, [this](Json& child) { row_free(child); });
  }

  // What a comparison or an IN compares; nothing for other nodes.
  static std::vector<const Json*> compared(const Json& node) {
    if (class_of(node) == "COMPARISON") return {&node.at("left"), &node.at("right")};
    std::vector<const Json*> sides;
    if (is_function(node, "nullif") || type_of(node) == "COMPARE_IN" || type_of(node) == "COMPARE_NOT_IN") {
      for (const Json& child : node.at("children")) sides.push_back(&child);
    }
    return sides;
  }

  void comparison(Json& node) {
    for_each_child(node, [this](Json& child) { rewrite(child); });
    bool text = false;
    bool unknown = false;
    std::string other;
    bool literal = false;
    for (const Json* side : compared(node)) {
      const std::string type = operand_type(*side);
      if (type == "VARCHAR" && is_constant(*side)) {
        literal = true;  // cast once; check has seen whether it fits
      } else if (type == "VARCHAR") {
        text = true;
      } else if (type.empty()) {
        unknown = true;
      } else if (type != "NULL") {
        other = type;
      }
    }
    if (text && !other.empty()) {
      bench_.findings.add(
          own_offset(node), fmt::format("this compares text with {}", with_article(other)),
          fmt::format("write the {} as text ('...'), or the text as try_cast(... as {})", other, other));
    }
    if (unknown && (text || !other.empty() || !literal)) {
      replace(node, [](Json whole) { return make_operator("OPERATOR_TRY", {std::move(whole)}); });
    }
  }

  static std::string with_article(const std::string& type) { return (type == "INTEGER" ? "an " : "a ") + type; }

  // The type of a canonical operand; "" when it cannot be told.
  std::string operand_type(const Json& node) {
    if (is_constant(node)) {
      const Json& value = node.at("value");
      return value.value("is_null", false) ? "NULL" : value.at("type").value("id", "");
    }
    if (class_of(node) == "CAST") return node.at("cast_type").value("id", "");
    if (type_of(node) == "OPERATOR_COALESCE") {
      for (const Json& child : node.at("children")) {
        if (const std::string type = operand_type(child); type != "NULL" && !type.empty()) return type;
      }
      return {};
    }
    if (class_of(node) == "COLUMN_REF") {
      const std::vector<std::string> path = column_path(node);
      const bool qualified = path.size() == 2 && path.front() == relation_.name;
      const auto found = relation_.types.find(qualified || path.size() == 1 ? path.back() : std::string());
      if (found != relation_.types.end()) return found->second;
      if (relation_.type_of) return relation_.type_of(path);
    }
    return relation_.from.is_null() ? std::string() : type_over(node, relation_, bench_.scratch);
  }

  void function(Json& node) {
    const std::string name = function_name(node);
    if (bench_.functions.is_aggregate(name)) return aggregate(node, name);
    const bool has_lambda =
        std::ranges::any_of(node["children"], [](const Json& child) { return class_of(child) == "LAMBDA"; });
    const bool raises = has_lambda || !never_raises(name) || (specifier_decides(name) && !specifier_is_constant(node));
    const bool sorts = name == "list_sort";
    for (Json& child : node["children"]) {
      if (class_of(child) == "LAMBDA") {  // TRY covers the whole function, row by row
        guard_divisors_below(child);
      } else if (sorts && is_function(child, "list")) {
        parts_of_aggregate(child);
      } else {
        rewrite(child);
      }
    }
    if (raises) {
      replace(node, [](Json whole) { return make_operator("OPERATOR_TRY", {std::move(whole)}); });
    }
  }

  static bool specifier_is_constant(const Json& node) {
    const Json& arguments = node.at("children");
    const bool unit = function_name(node).starts_with("date");
    const std::size_t at = unit ? 0 : 1;
    return arguments.size() > at && is_constant(arguments[at]);
  }

  void parts_of_aggregate(Json& node) {
    for_each_child(node, [this](Json& child) { rewrite(child); });
  }

  static Json& orders(Json& node) { return node["order_bys"]["orders"]; }

  void order_by(Json& node, const Json& value) { orders(node).push_back(make_order(Json(value))); }

  // Orders the aggregate's rows behind what the definition says itself.
  void order_by_row(Json& node, std::string_view name) {
    Json& given = orders(node);
    if (node.value("distinct", false)) {
      if (given.empty()) order_by(node, node["children"][0]);
      return;
    }
    if (relation_.row_order.empty() && given.empty()) {
      bench_.findings.add(own_offset(node),
                          fmt::format("'{}' needs an order here: the rows of the subquery have none", name),
                          fmt::format("write {}(... order by ...)", name));
    }
    append_row_order(given);
  }

  void append_row_order(Json& given) {
    for (const std::string& column : relation_.row_order) {
      const bool there = std::ranges::any_of(given, [&](const Json& order) {
        const Json& expression = order.at("expression");
        return class_of(expression) == "COLUMN_REF" && column_path(expression) == std::vector{column};
      });
      if (!there) given.push_back(make_order(make_column(column)));
    }
  }

  bool sums_doubles(const Json& node) {
    const std::string type = type_over(node["children"][0], relation_, bench_.scratch);
    return type == "DOUBLE" || type == "FLOAT" || type.empty();
  }

  void order_sum(Json& node) {
    if (!orders(node).empty()) return append_row_order(orders(node));
    if (node.value("distinct", false) || relation_.row_order.empty()) {
      for (const Json& argument : Json(node["children"])) order_by(node, argument);
    } else {
      append_row_order(orders(node));
    }
  }

  // Statistics raise where a sum of up to the fourth powers is beyond a double, and no TRY reaches into an aggregate.
  // What is that large, infinite or no number is no measure: it counts as missing.
  void bound_arguments(Json& node) {
    for (Json& argument : node["children"]) {
      const std::string type = type_over(argument, relation_, bench_.scratch);
      if (type != "DOUBLE" && type != "FLOAT") continue;
      replace(argument, [](Json value) {
        Json is_measure = make_comparison("COMPARE_LESSTHANOREQUALTO", make_function("abs", {value}),
                                          make_cast(make_text(kLargestMeasure), "DOUBLE"));
        return make_case(std::move(is_measure), std::move(value));
      });
    }
  }

  void aggregate(Json& node, const std::string& name) {
    parts_of_aggregate(node);
    if (overflows(name)) bound_arguments(node);
    const bool distinct = node.value("distinct", false);
    Json& arguments = node["children"];
    switch (find_aggregate(name).value_or(Aggregate{RowOrder::kFree}).order) {
      case RowOrder::kFree: return;
      case RowOrder::kDoubleSums:
        if (!arguments.empty() && sums_doubles(node)) order_sum(node);
        return;
      case RowOrder::kAlwaysSums: return order_sum(node);
      case RowOrder::kPicksRow: return order_by_row(node, name);
      case RowOrder::kPicksValue:
        // mode() WITHIN GROUP (ORDER BY x) is mode(x ORDER BY x)
        if (arguments.empty() && !orders(node).empty()) arguments.push_back(Json(orders(node)[0]["expression"]));
        if (orders(node).empty()) order_by(node, arguments[0]);
        return;
      case RowOrder::kList:
        if (!orders(node).empty()) {
          if (!distinct) append_row_order(orders(node));
          return;
        }
        return replace(node, [](Json whole) {
          return make_function("list_sort", {std::move(whole), make_text("ASC"), make_text("NULLS LAST")});
        });
      case RowOrder::kText:
        if (orders(node).empty()) {
          order_by(node, arguments[0]);
        } else if (!distinct) {
          append_row_order(orders(node));
        }
        return;
    }
  }

  void window(Json& node) {
    for_each_child(node, [this](Json& child) { rewrite(child); });
    const std::string name = function_name(node);
    const auto treatment = find_aggregate(name);
    if (overflows(name)) bound_arguments(node);
    if (partition_ == Partition::kByCustomerGrouped) {
      // A group has no row order; ties of a window over groups are the definition's own.
    } else if (picks_among_ties(name)) {
      append_row_order(node["orders"]);
    } else if (treatment && treatment->order != RowOrder::kFree) {
      order_window_aggregate(node, *treatment);
    }
    if (partition_ != Partition::kNone) node["partitions"].insert(node["partitions"].begin(), make_column(kCustomer));
  }

  // The rows of a frame have no order of their own: arg_orders gives them one.
  void order_window_aggregate(Json& node, const Aggregate& treatment) {
    if (!has(node, "children")) return;
    if (treatment.order == RowOrder::kDoubleSums && !sums_doubles(node)) return;
    Json& given = node["arg_orders"];
    const bool by_value = treatment.order == RowOrder::kPicksValue || treatment.order == RowOrder::kList ||
                          treatment.order == RowOrder::kText || node.value("distinct", false);
    if (by_value) {
      if (given.empty()) given.push_back(make_order(Json(node["children"][0])));
    } else {
      append_row_order(given);
    }
  }

  const Relation& relation_;
  Partition partition_;
  const Workbench& bench_;
};

// Of a window only the result is read; a lambda's names are its own.
void copy_columns(Json& node) {
  if (class_of(node) == "WINDOW" || class_of(node) == "LAMBDA") return;
  if (class_of(node) == "COLUMN_REF") {
    Json column = node;
    column["alias"] = "";
    node = make_case(make_operator("OPERATOR_IS_NOT_NULL", {column}), column);
    return;
  }
  for_each_child(node, [](Json& child) { copy_columns(child); });
}

// The column that a node copies; null where it is no copy.
Json copied_column(const Json& node) {
  if (class_of(node) != "CASE" || node.at("case_checks").size() != 1) return {};
  const Json& check = node.at("case_checks").at(0);
  const Json& copied = check.at("then_expr");
  const Json& test = check.at("when_expr");
  const bool is_copy = class_of(copied) == "COLUMN_REF" && type_of(test) == "OPERATOR_IS_NOT_NULL" &&
                       fingerprint(test.at("children").at(0)) == fingerprint(copied);
  return is_copy ? copied : Json();
}

}  // namespace

void make_canonical(Json& expression, const Relation& relation, Partition partition, const Workbench& bench) {
  Canonicaliser(relation, partition, bench).rewrite(expression);
}

std::map<std::string, std::string> alias_types(const Findings& findings, store::Connection& scratch) {
  std::map<std::string, std::string> types;
  const auto columns = scratch.describe(with_typed_parameters(findings.tree().file.text));
  if (!columns) return types;
  for (const store::Column& column : *columns) types.emplace(lower_ascii(column.name), column.type);
  return types;
}

std::string type_over(const Json& expression, const Relation& relation, store::Connection& scratch) {
  const auto text = write_select(make_select({expression}, relation.from), scratch);
  if (!text) return {};
  const auto columns = scratch.describe(*text);
  return columns && !columns->empty() ? columns->front().type : std::string();
}

void copy_what_is_tried(Json& tree) {
  if (tree.is_object() && type_of(tree) == "OPERATOR_TRY") return copy_columns(tree);
  if (!tree.is_structured()) return;
  for (Json& below : tree) copy_what_is_tried(below);
}

void drop_copies(Json& tree) {
  if (tree.is_object()) {
    if (Json column = copied_column(tree); !column.is_null()) {
      tree = std::move(column);
      return;
    }
  }
  if (!tree.is_structured()) return;
  for (Json& below : tree) drop_copies(below);
}

Result<std::string> write_canonical(Json select, store::Connection& connection) {
  copy_what_is_tried(select);
  return write_select(select, connection);
}

}  // namespace hilo::expr
