// A source's query over its staged table: as written, and guarded cell by cell.
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/text.h"
#include "expr/parse_tree.h"
#include "expr/source_query.h"

namespace hilo::expr {
namespace {

constexpr std::array<std::string_view, 3> kPlaceColumns = {"_file", "_record", "_line"};

bool wants_file_name(const SourceQuery& query) {
  return std::ranges::any_of(
      query.options, [](const ReadOption& option) { return option.name == "filename" && option.text != "false"; });
}

void name_after(Json& node, std::string_view alias) { node["alias"] = alias; }

// The option `filename` gives a column of that name: here it is `_file`.
void use_file_column(Json& node) {
  if (class_of(node) == "COLUMN_REF" && column_path(node).back() == "filename") node["column_names"].back() = "_file";
  for_each_child(node, [](Json& child) { use_file_column(child); });
}

Json with_staged_table(const SourceQuery& query, const std::string& staged_table) {
  Json select = query.statement.tree().select;
  const Json& from = select["from_table"];
  std::string alias(alias_of(from));
  if (alias.empty()) alias = member(from.at("function"), "function_name");  // columns may be qualified by it
  const std::size_t dot = staged_table.find('.');
  const std::string schema = dot == std::string::npos ? std::string() : staged_table.substr(0, dot);
  select["from_table"] =
      make_table(dot == std::string::npos ? staged_table : staged_table.substr(dot + 1), alias, schema);

  Json items = Json::array();
  const bool file_name = wants_file_name(query);
  for (Json& item : select["select_list"]) {
    const bool star = class_of(item) == "STAR";
    if (file_name) {
      const bool bare =
          class_of(item) == "COLUMN_REF" && alias_of(item).empty() && column_path(item).back() == "filename";
      use_file_column(item);
      if (bare) name_after(item, "filename");
    }
    if (star) {
      for (const std::string_view column : kPlaceColumns) item["exclude_list"].push_back(column);
    }
    items.push_back(std::move(item));
    if (star && file_name) {
      items.push_back(make_column("_file"));
      name_after(items.back(), "filename");
    }
  }
  if (file_name && has(select, "where_clause")) use_file_column(select["where_clause"]);
  select["select_list"] = std::move(items);
  return select;
}

void append_places(Json& select) {
  for (const std::string_view column : kPlaceColumns) select["select_list"].push_back(make_column(column));
}

// The engine computes what several expressions have in common once, outside of their TRYs (DuckDB 1.4, common
// subexpressions), and so stops at a fault all the same. It leaves alone what stands in a CASE: hence this one, always
// true.
Json kept_apart(Json expression) {
  expression["alias"] = "";
  return make_case(make_operator("OPERATOR_IS_NOT_NULL", {make_column("_record")}), std::move(expression));
}

Json in_try(Json expression) {
  Json apart = kept_apart(std::move(expression));
  name_after(apart, "v");
  return make_operator("OPERATOR_TRY", {make_function("struct_pack", {std::move(apart)})});
}

// An output is a struct in the guarded query, so what later expressions read of it is its field.
void open_aliases(Json& node, const std::set<std::string>& aliases) {
  if (class_of(node) == "COLUMN_REF" && column_path(node).size() == 1 && aliases.contains(column_path(node).front())) {
    const std::string alias(alias_of(node));
    node = make_function("struct_extract", {std::move(node), make_text("v")});
    name_after(node, alias);
    return;
  }
  for_each_child(node, [&](Json& child) { open_aliases(child, aliases); });
}

Json guard(Json select, const std::vector<std::string>& staged_columns) {
  std::set<std::string> columns;
  for (const std::string& column : staged_columns) columns.insert(lower_ascii(column));
  std::set<std::string> aliases;
  for (Json& item : select["select_list"]) {
    if (class_of(item) == "STAR") continue;
    std::string name(alias_of(item));
    if (name.empty()) name = item.at("column_names").back().get<std::string>();
    open_aliases(item, aliases);
    item = in_try(std::move(item));
    name_after(item, name);
    if (!columns.contains(lower_ascii(name))) aliases.insert(lower_ascii(name));
  }
  Json failed = make_cast(make_text("f"), "BOOLEAN");
  if (has(select, "where_clause")) {
    Json where = std::move(select["where_clause"]);
    open_aliases(where, aliases);
    failed = make_operator("OPERATOR_IS_NULL", {in_try(where)});
    select["where_clause"] = make_operator(
        "OPERATOR_COALESCE",
        {make_operator("OPERATOR_TRY", {kept_apart(std::move(where))}), make_cast(make_text("t"), "BOOLEAN")});
  }
  append_places(select);
  name_after(failed, "_where_failed");
  select["select_list"].push_back(std::move(failed));
  return select;
}

}  // namespace

Result<std::string> staged_sql(const SourceQuery& query, const std::string& staged_table,
                               store::Connection& connection) {
  return stop_exceptions([&]() -> Result<std::string> {
    Json select = with_staged_table(query, staged_table);
    append_places(select);
    return write_select(select, connection);
  });
}

Result<std::string> guarded_staged_sql(const SourceQuery& query, const std::string& staged_table,
                                       const std::vector<std::string>& staged_columns, store::Connection& connection) {
  return stop_exceptions([&]() -> Result<std::string> {
    return write_select(guard(with_staged_table(query, staged_table), staged_columns), connection);
  });
}

}  // namespace hilo::expr
