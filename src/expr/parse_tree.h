// DuckDB's parse tree as JSON: how its nodes are walked, read and made. For `src/expr` only.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "expr/statement.h"
#include "expr/tokens.h"

namespace hilo::expr {

using Json = nlohmann::json;

struct Statement::Tree {
  DefinitionFile file;
  std::vector<Token> tokens;
  Json select;  ///< the statement's node: a SELECT_NODE, SET_OPERATION_NODE ...
};

inline constexpr std::size_t kNoOffset = std::numeric_limits<std::size_t>::max();

/// Returns a text member of a node, or "" when it has none.
[[nodiscard]] std::string_view member(const Json& node, std::string_view key);
[[nodiscard]] inline std::string_view class_of(const Json& node) { return member(node, "class"); }
[[nodiscard]] inline std::string_view type_of(const Json& node) { return member(node, "type"); }
[[nodiscard]] inline std::string_view alias_of(const Json& node) { return member(node, "alias"); }
[[nodiscard]] bool is_function(const Json& node, std::string_view name);
/// Returns the function's name in lower case, of FUNCTION and WINDOW nodes; "" of others.
[[nodiscard]] std::string function_name(const Json& node);
/// Returns the parts of a COLUMN_REF, in lower case: table and column, or column and field.
[[nodiscard]] std::vector<std::string> column_path(const Json& node);
/// Returns whether a list or object member is there and holds something.
[[nodiscard]] bool has(const Json& node, std::string_view key);

/// Returns the first byte offset that a node itself or anything below it stands at; kNoOffset when none is known.
[[nodiscard]] std::size_t first_offset(const Json& node);
/// Returns the place that the parser gives a node itself (of an operator: the operator), else the first below it.
[[nodiscard]] std::size_t own_offset(const Json& node);

/// Calls `visit(child)` for each expression directly below an expression; the inside of a subquery is left out.
template <class Node, class Visit>
void for_each_child(Node& node, const Visit& visit) {
  const auto each = [&](const char* key, const char* inner = nullptr) {
    const auto found = node.find(key);
    if (found == node.end() || found->is_null()) return;
    if (found->is_array()) {
      for (auto& entry : *found) visit(inner == nullptr ? entry : entry.at(inner));
    } else {
      visit(*found);
    }
  };
  for (const char* key : {"left", "right", "input", "lower", "upper", "children", "child"}) each(key);
  if (const auto checks = node.find("case_checks"); checks != node.end()) {
    for (auto& check : *checks) {
      visit(check.at("when_expr"));
      visit(check.at("then_expr"));
    }
  }
  for (const char* key : {"else_expr", "filter", "filter_expr"}) each(key);
  if (const auto bys = node.find("order_bys"); bys != node.end() && bys->is_object()) {
    for (auto& order : bys->at("orders")) visit(order.at("expression"));
  }
  each("arg_orders", "expression");
  each("partitions");
  each("orders", "expression");
  for (const char* key : {"start_expr", "end_expr", "offset_expr", "default_expr", "lhs", "expr"}) each(key);
  each("replace_list", "value");
}

/// Returns whether the expression or one below it (not inside a subquery) is what `matches` says.
template <class Matches>
[[nodiscard]] bool any_below(const Json& node, const Matches& matches) {
  if (matches(node)) return true;
  bool found = false;
  for_each_child(node, [&](const Json& child) { found = found || any_below(child, matches); });
  return found;
}

/// Returns the node without places and without its own alias, as text: equal texts mean equal expressions.
[[nodiscard]] std::string fingerprint(const Json& node);

/// Calls `work` and turns the JSON library's exceptions, which only a tree of an unknown form can cause, into an Error.
template <class Work>
auto stop_exceptions(const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const Json::exception& fault) {
    using Errors = typename decltype(work())::error_type;  // one of them, or a list
    return std::unexpected(Errors{
        Error{ErrorCode::kInternal, std::string("the engine's parse tree has an unknown form: ") + fault.what()}});
  }
}

/// Writes a SELECT_NODE as the engine writes it. **Errors**: kInternal.
[[nodiscard]] Result<std::string> write_select(const Json& select, store::Connection& connection);
/// Writes an expression as the engine writes it, without its alias. **Errors**: kInternal.
[[nodiscard]] Result<std::string> write_expression(Json expression, store::Connection& connection);

// Makers of nodes.
[[nodiscard]] Json make_column(std::string_view name, std::string_view table = {});
[[nodiscard]] Json make_integer(std::int64_t value);
[[nodiscard]] Json make_text(std::string_view value);
[[nodiscard]] Json make_function(std::string_view name, std::vector<Json> arguments);
/// `type` is OPERATOR_TRY, OPERATOR_COALESCE, OPERATOR_IS_NULL ...
[[nodiscard]] Json make_operator(std::string_view type, std::vector<Json> children);
/// `type` is COMPARE_EQUAL, COMPARE_LESSTHANOREQUALTO ...
[[nodiscard]] Json make_comparison(std::string_view type, Json left, Json right);
/// CASE WHEN condition THEN result END
[[nodiscard]] Json make_case(Json condition, Json result);
[[nodiscard]] Json make_cast(Json child, std::string_view type);
[[nodiscard]] Json make_star();
[[nodiscard]] Json make_order(Json expression);
[[nodiscard]] Json make_table(std::string_view table, std::string_view alias = {}, std::string_view schema = {});
[[nodiscard]] Json make_subquery_table(Json select, std::string_view alias);
[[nodiscard]] Json make_left_join(Json left, Json right, std::string_view using_column);
[[nodiscard]] Json make_select(std::vector<Json> items, Json from);
/// Adds GROUP BY `expression` to a select (to its one group set).
void add_group(Json& select, Json expression);

}  // namespace hilo::expr
