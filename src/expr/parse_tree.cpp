#include "expr/parse_tree.h"

#include <algorithm>

#include "base/text.h"

namespace hilo::expr {
namespace {

constexpr std::uint64_t kParserNoOffset = std::numeric_limits<std::uint64_t>::max();

Json make_node(std::string_view node_class, std::string_view type) {
  return Json{{"class", node_class}, {"type", type}, {"alias", ""}, {"query_location", kParserNoOffset}};
}

Json make_constant(std::string_view type, Json value) {
  Json node = make_node("CONSTANT", "VALUE_CONSTANT");
  node["value"] =
      Json{{"type", {{"id", type}, {"type_info", nullptr}}}, {"is_null", false}, {"value", std::move(value)}};
  return node;
}

void strip_places(Json& node) {
  if (node.is_object()) node.erase("query_location");
  if (node.is_structured()) {
    for (Json& child : node) strip_places(child);
  }
}

}  // namespace

std::string_view member(const Json& node, std::string_view key) {
  if (!node.is_object()) return {};
  const auto found = node.find(key);
  if (found == node.end() || !found->is_string()) return {};
  return found->get_ref<const std::string&>();
}

bool is_function(const Json& node, std::string_view name) {
  return class_of(node) == "FUNCTION" && function_name(node) == name;
}

std::string function_name(const Json& node) { return lower_ascii(member(node, "function_name")); }

std::vector<std::string> column_path(const Json& node) {
  std::vector<std::string> path;
  if (const auto names = node.find("column_names"); names != node.end()) {
    for (const Json& name : *names) path.push_back(lower_ascii(name.get_ref<const std::string&>()));
  }
  return path;
}

bool has(const Json& node, std::string_view key) {
  const auto found = node.find(key);
  return found != node.end() && !found->is_null() && !found->empty();
}

std::size_t first_offset(const Json& node) {
  std::size_t first = kNoOffset;
  if (node.is_object()) {
    const auto found = node.find("query_location");
    if (found != node.end() && found->is_number_unsigned() && *found != kParserNoOffset)
      first = found->get<std::size_t>();
  }
  if (node.is_structured()) {
    for (const Json& child : node) first = std::min(first, first_offset(child));
  }
  return first;
}

std::size_t own_offset(const Json& node) {
  const auto found = node.find("query_location");
  if (found != node.end() && found->is_number_unsigned() && *found != kParserNoOffset) return found->get<std::size_t>();
  return first_offset(node);
}

std::string fingerprint(const Json& node) {
  Json copy = node;
  if (copy.contains("class")) copy.erase("alias");
  strip_places(copy);
  return copy.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::string> write_select(const Json& select, store::Connection& connection) {
  const Json document = {{"error", false}, {"statements", {{{"node", select}, {"named_param_map", Json::array()}}}}};
  const std::string text = document.dump(-1, ' ', false, Json::error_handler_t::replace);
  auto written = connection.query_text("SELECT json_deserialize_sql($tree)", {{"tree", text}});
  if (!written)
    return std::unexpected(Error{ErrorCode::kInternal, "a tree cannot be written: " + written.error().message});
  if (!*written) return fail(ErrorCode::kInternal, "a tree cannot be written");
  return **written;
}

Result<std::string> write_expression(Json expression, store::Connection& connection) {
  constexpr std::string_view kBefore = "SELECT ";
  constexpr std::string_view kAfter = " FROM customers";
  expression["alias"] = "";
  HILO_ASSIGN(std::string text,
              write_select(make_select({std::move(expression)}, make_table("customers")), connection));
  if (text.starts_with(kBefore)) text.erase(0, kBefore.size());
  if (text.ends_with(kAfter)) text.erase(text.size() - kAfter.size());
  return text;
}

Json make_column(std::string_view name, std::string_view table) {
  Json node = make_node("COLUMN_REF", "COLUMN_REF");
  node["column_names"] = table.empty() ? Json::array({name}) : Json::array({table, name});
  return node;
}

Json make_integer(std::int64_t value) { return make_constant("INTEGER", value); }
Json make_text(std::string_view value) { return make_constant("VARCHAR", value); }

Json make_function(std::string_view name, std::vector<Json> arguments) {
  Json node = make_node("FUNCTION", "FUNCTION");
  node["function_name"] = name;
  node["schema"] = "";
  node["catalog"] = "";
  node["children"] = std::move(arguments);
  node["filter"] = nullptr;
  node["order_bys"] = Json{{"type", "ORDER_MODIFIER"}, {"orders", Json::array()}};
  node["distinct"] = false;
  node["is_operator"] = false;
  node["export_state"] = false;
  return node;
}

Json make_operator(std::string_view type, std::vector<Json> children) {
  Json node = make_node("OPERATOR", type);
  node["children"] = std::move(children);
  return node;
}

Json make_comparison(std::string_view type, Json left, Json right) {
  Json node = make_node("COMPARISON", type);
  node["left"] = std::move(left);
  node["right"] = std::move(right);
  return node;
}

Json make_case(Json condition, Json result) {
  Json node = make_node("CASE", "CASE_EXPR");
  node["case_checks"] = Json::array({Json{{"when_expr", std::move(condition)}, {"then_expr", std::move(result)}}});
  node["else_expr"] = make_node("CONSTANT", "VALUE_CONSTANT");
  node["else_expr"]["value"] = Json{{"type", {{"id", "NULL"}, {"type_info", nullptr}}}, {"is_null", true}};
  return node;
}

Json make_cast(Json child, std::string_view type) {
  Json node = make_node("CAST", "OPERATOR_CAST");
  node["child"] = std::move(child);
  node["cast_type"] = Json{{"id", type}, {"type_info", nullptr}};
  node["try_cast"] = false;
  return node;
}

Json make_star() {
  Json node = make_node("STAR", "STAR");
  node["relation_name"] = "";
  for (const char* key : {"exclude_list", "replace_list", "qualified_exclude_list", "rename_list"})
    node[key] = Json::array();
  node["columns"] = false;
  node["expr"] = nullptr;
  return node;
}

Json make_order(Json expression) {
  return Json{{"type", "ORDER_DEFAULT"}, {"null_order", "ORDER_DEFAULT"}, {"expression", std::move(expression)}};
}

Json make_table(std::string_view table, std::string_view alias, std::string_view schema) {
  return Json{
      {"type", "BASE_TABLE"},  {"alias", alias},      {"sample", nullptr},  {"query_location", kParserNoOffset},
      {"schema_name", schema}, {"table_name", table}, {"catalog_name", ""}, {"column_name_alias", Json::array()},
      {"at_clause", nullptr}};
}

Json make_subquery_table(Json select, std::string_view alias) {
  return Json{{"type", "SUBQUERY"},
              {"alias", alias},
              {"sample", nullptr},
              {"query_location", kParserNoOffset},
              {"subquery", {{"node", std::move(select)}, {"named_param_map", Json::array()}}},
              {"column_name_alias", Json::array()}};
}

Json make_left_join(Json left, Json right, std::string_view using_column) {
  return Json{{"type", "JOIN"},          {"alias", ""},
              {"sample", nullptr},       {"query_location", kParserNoOffset},
              {"left", std::move(left)}, {"right", std::move(right)},
              {"condition", nullptr},    {"join_type", "LEFT"},
              {"ref_type", "REGULAR"},   {"using_columns", Json::array({using_column})},
              {"delim_flipped", false},  {"duplicate_eliminated_columns", Json::array()}};
}

Json make_select(std::vector<Json> items, Json from) {
  return Json{{"type", "SELECT_NODE"},
              {"modifiers", Json::array()},
              {"cte_map", {{"map", Json::array()}}},
              {"select_list", std::move(items)},
              {"from_table", std::move(from)},
              {"where_clause", nullptr},
              {"group_expressions", Json::array()},
              {"group_sets", Json::array()},
              {"aggregate_handling", "STANDARD_HANDLING"},
              {"having", nullptr},
              {"sample", nullptr},
              {"qualify", nullptr}};
}

void add_group(Json& select, Json expression) {
  Json& groups = select["group_expressions"];
  Json& sets = select["group_sets"];
  if (sets.empty()) sets.push_back(Json::array());
  sets[0].push_back(groups.size());
  groups.push_back(std::move(expression));
}

}  // namespace hilo::expr
