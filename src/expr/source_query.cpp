#include "expr/source_query.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "expr/names.h"
#include "expr/source_options.h"
#include "model/column.h"

namespace hilo::expr {
namespace {

constexpr std::string_view kOneToOne = "a source maps each row to one row: ";

// What a source's SELECT may not do, each with what to write instead.
class Check {
 public:
  Check(SourceQuery& query, Findings& findings, const FunctionCatalog& functions, store::Connection& connection)
      : query_(query), findings_(findings), bench_{findings, functions, no_tables_, connection} {}

  void run(const Json& select) {
    check_parameters(findings_, false);
    if (!clauses(select)) return;
    from(select.at("from_table"));
    outputs(select.at("select_list"));
    if (has(select, "where_clause")) expression(select.at("where_clause"), "WHERE");
    std::ranges::stable_sort(query_.columns, {},
                             [](const ColumnUse& use) { return std::pair(use.position.line, use.position.column); });
    for (const auto& [name, times] : passed_as_text_) {
      const auto mentions =
          std::ranges::count(query_.columns, name, [](const auto& use) { return lower_ascii(use.name); });
      if (mentions == times) query_.text_columns.insert(name);
    }
  }

 private:
  void refuse(std::size_t offset, std::string message, std::string_view advice) {
    findings_.add(offset, std::move(message), fmt::format("{}{}", kOneToOne, advice));
  }

  bool clauses(const Json& select) {
    const auto keyword = [&](std::string_view word) { return keyword_offset(select, word, findings_); };
    if (type_of(select) == "SET_OPERATION_NODE") {
      refuse(keyword(lower_ascii(member(select, "setop_type"))), "UNION, INTERSECT and EXCEPT cannot stand in a source",
             "read several files with one reader, or give each its own source");
      return false;
    }
    if (type_of(select) != "SELECT_NODE") {
      findings_.add(first_offset(select), "this is not a plain SELECT", "a source is exactly one SELECT");
      return false;
    }
    if (has(select.at("cte_map"), "map"))
      refuse(keyword("with"), "WITH cannot stand in a source", "read the file in FROM");
    for (const Json& modifier : select.at("modifiers")) {
      const std::string_view type = type_of(modifier);
      if (type == "DISTINCT_MODIFIER")
        refuse(keyword("distinct"), "DISTINCT cannot stand in a source", "duplicates are recognised by their keys");
      if (type == "ORDER_MODIFIER")
        refuse(keyword("order"), "ORDER BY cannot stand in a source", "events are ordered by their time");
      if (type.starts_with("LIMIT"))
        refuse(keyword("limit"), "LIMIT cannot stand in a source", "choose rows with WHERE");
    }
    if (has(select, "group_expressions") || member(select, "aggregate_handling") == "FORCE_AGGREGATES") {
      refuse(keyword("group"), "GROUP BY cannot stand in a source", "aggregate in attributes");
    }
    if (has(select, "having")) refuse(keyword("having"), "HAVING cannot stand in a source", "aggregate in attributes");
    if (has(select, "qualify"))
      refuse(keyword("qualify"), "QUALIFY cannot stand in a source", "choose rows with WHERE");
    if (has(select, "sample")) refuse(keyword("sample"), "a sample cannot stand in a source", "choose rows with WHERE");
    return true;
  }

  void from(const Json& from) {
    const std::string_view type = type_of(from);
    const std::size_t offset =
        first_offset(from) == kNoOffset ? findings_.tree().tokens.front().offset : first_offset(from);
    if (type == "TABLE_FUNCTION") {
      read_file_reader(from, query_, findings_);
      relation_.name =
          lower_ascii(alias_of(from).empty() ? member(from.at("function"), "function_name") : alias_of(from));
    } else if (type == "JOIN") {
      refuse(offset, "a join cannot stand in a source",
             "lookups are sources of a dimension kind (product, store, campaign)");
    } else if (type == "SUBQUERY") {
      refuse(offset, "a subquery cannot stand in a source", "write the file reader in FROM");
    } else if (type == "BASE_TABLE") {
      findings_.add(offset, fmt::format("there is no table '{}' to read", member(from, "table_name")),
                    "write a file reader: from read_csv('data/*.csv')");
    } else {
      findings_.add(offset, "a source reads files", "write: from read_csv('data/*.csv')");
    }
  }

  void outputs(const Json& items) {
    for (const Json& item : items) {
      const bool star = class_of(item) == "STAR";
      std::string name(alias_of(item));
      if (name.empty() && class_of(item) == "COLUMN_REF") name = item.at("column_names").back().get<std::string>();
      const std::size_t offset = findings_.alias_offset(item);
      if (star && (item.value("columns", false) || has(item, "expr")))
        findings_.add(offset, "COLUMNS(...) cannot stand in a source", "name the columns, or write *");
      if (!star && name.empty())
        findings_.add(first_offset(item), "this expression has no name", "write: expression as name");
      if (name.starts_with('_'))
        findings_.add(offset, fmt::format("the name '{}' begins with an underscore", name),
                      "such names are Hilo's own");
      const std::string lower = lower_ascii(name);
      if (!lower.empty() && std::ranges::any_of(query_.output_names, [&](const std::string& other) {
            return lower_ascii(other) == lower;
          })) {
        findings_.add(offset, fmt::format("the column '{}' is given twice", name), "choose another name");
      }
      query_.output_names.push_back(name);
      query_.output_positions.push_back(query_.statement.position(offset));
    }
    for (const Json& item : items) note_meaning(item);
    for (const Json& item : items) {
      if (class_of(item) == "STAR") {
        for_each_child(item, [&](const Json& child) { expression(child, "the select list"); });
      } else {
        expression(item, "the select list");
      }
    }
  }

  // What a canonical output says of the columns that it is made of.
  void note_meaning(const Json& item) {
    const bool bare = class_of(item) == "COLUMN_REF";
    if (!bare && alias_of(item).empty()) return;
    const std::string output = lower_ascii(alias_of(item).empty() ? column_name(item) : alias_of(item));
    const CanonicalColumn* canonical = find_canonical(output);
    if (canonical == nullptr) return;
    if (bare && canonical->type == "VARCHAR") ++passed_as_text_[lower_ascii(column_name(item))];
    if (!canonical->contact) return;
    static_cast<void>(any_below(item, [&](const Json& node) {
      if (class_of(node) == "COLUMN_REF") query_.contact_columns.insert(lower_ascii(column_name(node)));
      return false;
    }));
  }

  // The name of a column within the file.
  [[nodiscard]] std::string column_name(const Json& reference) const {
    const Json& path = reference.at("column_names");
    const bool qualified = path.size() > 1 && lower_ascii(path[0].get<std::string>()) == relation_.name;
    return path[qualified ? 1 : 0].get<std::string>();
  }

  // Columns are not known yet, so only functions are judged here; aggregates, windows and subqueries are.
  void expression(const Json& node, std::string_view place) {
    check_names(node, {.relation = &relation_, .place = place}, bench_);
    mentions(node);
  }

  // The names inside a lambda are its own, as a rule.
  void mentions(const Json& node) {
    if (class_of(node) == "LAMBDA") return;
    if (class_of(node) == "COLUMN_REF") mention(node);
    for_each_child(node, [this](const Json& child) { mentions(child); });
  }

  void mention(const Json& node) {
    const Json& path = node.at("column_names");
    const bool qualified = path.size() > 1 && lower_ascii(path[0].get<std::string>()) == relation_.name;
    const std::string name = column_name(node);
    const std::size_t offset = own_offset(node);
    if (offset == kNoOffset) return;
    if (!forbidden_reason(lower_ascii(name)).empty() && !names_a_column(node, findings_)) return;
    const std::string lower = lower_ascii(name);
    const bool may_be_alias = std::ranges::any_of(findings_.tree().select.at("select_list"), [&](const Json& item) {
      return lower_ascii(alias_of(item)) == lower;
    });
    query_.columns.push_back({name, query_.statement.position(offset), may_be_alias && !qualified});
  }

  SourceQuery& query_;
  std::map<std::string, int> passed_as_text_;
  Findings& findings_;
  std::vector<TableSchema> no_tables_;
  Workbench bench_;
  Relation relation_ = {.name = {}, .columns = {}, .row_order = {}, .from = {}, .known = false};
};

Checked<SourceQuery> parse(const DefinitionFile& file, store::Connection& connection) {
  SourceQuery query;
  auto statement = Statement::parse(file, connection);
  if (!statement) return std::unexpected(std::vector{std::move(statement).error()});
  query.statement = std::move(*statement);
  auto functions = FunctionCatalog::load(connection);
  if (!functions) return std::unexpected(std::vector{std::move(functions).error()});
  Findings findings(query.statement.tree());
  Check(query, findings, *functions, connection).run(query.statement.tree().select);
  if (!findings.empty()) return std::unexpected(findings.take());
  return query;
}

}  // namespace

Checked<SourceQuery> parse_source_query(const DefinitionFile& file, store::Connection& connection) {
  return stop_exceptions([&] { return parse(file, connection); });
}

}  // namespace hilo::expr
