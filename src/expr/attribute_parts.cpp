#include "expr/attribute_parts.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "expr/canonical.h"
#include "expr/functions.h"
#include "expr/parse_tree.h"
#include "expr/relation.h"

namespace hilo::expr {
namespace {

constexpr std::string_view kCountedColumn = "_counted";

// `_s2` -> 2, `_a10` -> 10; nothing for other names.
std::optional<std::size_t> number_after(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return std::nullopt;
  std::size_t number = 0;
  const auto [end, failure] = std::from_chars(name.data() + prefix.size(), name.data() + name.size(), number);
  if (failure != std::errc{} || end != name.data() + name.size() || number == 0) return std::nullopt;
  return number;
}

std::string base_table(const Json& from) {
  if (type_of(from) == "SUBQUERY") return base_table(from.at("subquery").at("node").at("from_table"));
  return lower_ascii(member(from, "table_name"));
}

bool is_absent(const Json& node, const char* key) {
  const auto found = node.find(key);
  return found == node.end() || found->is_null();
}

// Both conditions, of which either may be null.
Json conjunction(Json left, Json right) {
  if (left.is_null()) return right;
  if (right.is_null()) return left;
  return Json{{"class", "CONJUNCTION"},
              {"type", "CONJUNCTION_AND"},
              {"alias", ""},
              {"query_location", std::numeric_limits<std::uint64_t>::max()},
              {"children", Json::array({std::move(left), std::move(right)})}};
}

Json scalar_subquery(Json select) {
  return Json{{"class", "SUBQUERY"},
              {"type", "SUBQUERY"},
              {"alias", ""},
              {"query_location", std::numeric_limits<std::uint64_t>::max()},
              {"subquery_type", "SCALAR"},
              {"subquery", {{"node", std::move(select)}, {"named_param_map", Json::array()}}},
              {"child", nullptr},
              {"comparison_type", "INVALID"}};
}

// The aggregate itself: its canonical form may stand inside others, such as a list in list_sort.
const Json& core_of(const Json& canonical) {
  const Json* core = nullptr;
  static_cast<void>(any_below(canonical, [&](const Json& node) {
    if (class_of(node) == "FUNCTION" && find_aggregate(function_name(node))) core = &node;
    return core != nullptr;
  }));
  return core == nullptr ? canonical : *core;
}

// What a row must be for an aggregate to count it: FILTER, and for most of them that there is a value.
Json condition_of(const Json& aggregate) {
  static constexpr std::string_view kTakesNulls[] = {"first", "last", "arbitrary", "list", "array_agg", "count_star"};
  Json condition = is_absent(aggregate, "filter") ? Json() : aggregate.at("filter");
  const std::string function = function_name(aggregate);
  if (std::ranges::find(kTakesNulls, function) != std::end(kTakesNulls)) return condition;
  if (function == "count_if" || function == "countif")
    return conjunction(std::move(condition), aggregate.at("children").front());
  for (const Json& argument : aggregate.at("children")) {
    // A constant is a parameter of the aggregate: quantile_cont(x, 0.5), string_agg(x, ', ').
    if (class_of(argument) == "CONSTANT") continue;
    condition = conjunction(std::move(condition), make_operator("OPERATOR_IS_NOT_NULL", {argument}));
  }
  return condition;
}

class Anatomy {
 public:
  Anatomy(const AttributeSet& set, store::Connection& scratch) : set_(set), scratch_(scratch) {}

  Result<std::vector<AttributeParts>> read() {
    HILO_ASSIGN(const Statement statement, Statement::parse({set_.path, set_.name, set_.sql}, scratch_));
    Json select = statement.tree().select;
    drop_copies(select);
    const Json& items = select.at("select_list");
    if (items.size() != set_.columns.size() + 1)
      return fail(ErrorCode::kInternal, "a definition's query has another number of columns than its attributes");
    gather_scans(select.at("from_table"));
    std::vector<AttributeParts> all;
    for (std::size_t at = 0; at < set_.columns.size(); ++at) {
      HILO_ASSIGN(AttributeParts parts, parts_of(items[at + 1], set_.columns[at].name));
      all.push_back(std::move(parts));
    }
    return all;
  }

 private:
  // existing LEFT JOIN (one scan) AS _s1 LEFT JOIN (another) AS _s2 ...
  void gather_scans(const Json& from) {
    if (type_of(from) == "JOIN") {
      gather_scans(from.at("left"));
      gather_scans(from.at("right"));
    } else if (type_of(from) == "SUBQUERY") {
      scans_.push_back(from.at("subquery").at("node"));
    }
  }

  // The scan and the aggregate that a column `_s1._a2` stands for.
  [[nodiscard]] std::optional<std::pair<const Json*, Json>> aggregate_of(const Json& column) const {
    const std::vector<std::string> path = column_path(column);
    if (path.size() != 2) return std::nullopt;
    const auto scan = number_after(path[0], "_s");
    const auto value = number_after(path[1], "_a");
    if (!scan || !value || *scan > scans_.size()) return std::nullopt;
    const Json& select = scans_[*scan - 1];
    const Json& items = select.at("select_list");
    if (*value >= items.size()) return std::nullopt;
    Json aggregate = items[*value];
    aggregate["alias"] = "";
    return std::pair{&select, std::move(aggregate)};
  }

  // The call of at() that a column of another day's relation stands for; "" = it is none.
  [[nodiscard]] std::string past_value_of(const Json& column) const {
    const std::vector<std::string> path = column_path(column);
    if (path.size() != 2) return {};
    const auto past = std::ranges::find(set_.past, path[0], &PastTable::source);
    if (past == set_.past.end()) return {};
    const auto name = std::ranges::find(past->columns, path[1], past_column);
    return name == past->columns.end() ? "" : fmt::format("at({}, {})", store::quote_name(*name), past->day);
  }

  // Puts each aggregate, and each call of at(), in the place of the column that stands for it.
  void put_back(Json& node) const {
    if (class_of(node) == "COLUMN_REF") {
      if (const std::string call = past_value_of(node); !call.empty()) {
        const auto parsed = Statement::parse({.path = {}, .name = {}, .text = "SELECT " + call}, scratch_);
        if (parsed) node = parsed->tree().select.at("select_list").at(0);
        return;
      }
      auto found = aggregate_of(node);
      if (!found) return;
      if (found->first == &scans_.front()) {
        node = std::move(found->second);
        return;
      }
      Json inner = make_select({std::move(found->second)}, found->first->at("from_table"));
      inner["where_clause"] = found->first->at("where_clause");
      node = scalar_subquery(std::move(inner));
      return;
    }
    for_each_child(node, [this](Json& child) { put_back(child); });
  }

  Result<AttributeParts> parts_of(const Json& item, const std::string& name) {
    AttributeParts parts{.name = name, .canonical = {}, .uses = {}, .counted = {}};
    std::vector<std::pair<const Json*, Json>> aggregates;
    static_cast<void>(any_below(item, [&](const Json& node) {
      if (class_of(node) != "COLUMN_REF" || !past_value_of(node).empty()) return false;
      if (auto found = aggregate_of(node)) {
        aggregates.push_back(std::move(*found));
      } else if (const std::string used = column_path(node).back();
                 used != kCustomer && std::ranges::find(parts.uses, used) == parts.uses.end()) {
        parts.uses.push_back(used);
      }
      return false;
    }));
    Json whole = item;
    put_back(whole);
    HILO_ASSIGN(parts.canonical, write_expression(std::move(whole), scratch_));
    for (const auto& [scan, aggregate] : aggregates) {
      HILO_ASSIGN(CountedRows rows, rows_of(*scan, aggregate));
      const bool known = std::ranges::any_of(parts.counted, [&](const CountedRows& other) {
        return other.text == rows.text && other.rows_sql == rows.rows_sql;
      });
      if (!known) parts.counted.push_back(std::move(rows));
    }
    return parts;
  }

  Result<CountedRows> rows_of(const Json& scan, const Json& canonical) {
    const Json& aggregate = core_of(canonical);
    CountedRows rows;
    rows.function = function_name(aggregate);
    rows.table = base_table(scan.at("from_table"));
    HILO_ASSIGN(rows.text, write_expression(canonical, scratch_));
    HILO_ASSIGN(rows.relation, relation_text(scan.at("from_table")));
    const Json& where = scan.at("where_clause");
    if (!where.is_null()) {
      HILO_ASSIGN(rows.where, write_expression(where, scratch_));
    }
    std::vector<Json> items = {make_star()};
    if (has(aggregate, "children")) {
      Json argument = aggregate.at("children").front();
      HILO_ASSIGN(rows.argument, write_expression(argument, scratch_));
      static_cast<void>(any_below(argument, [&](const Json& node) {
        if (class_of(node) == "COLUMN_REF") rows.measures.push_back(column_path(node).back());
        return false;
      }));
      argument["alias"] = kCountedColumn;
      items.push_back(std::move(argument));
    }
    Json select = make_select(std::move(items), scan.at("from_table"));
    select["where_clause"] = conjunction(where, condition_of(aggregate));
    HILO_ASSIGN(rows.rows_sql, write_canonical(select, scratch_));
    HILO_ASSIGN(rows.decider_sql, decider(scan, aggregate, rows));
    return rows;
  }

  Result<std::string> relation_text(const Json& from) {
    constexpr std::string_view kBefore = "SELECT * FROM ";
    HILO_ASSIGN(std::string text, write_select(make_select({make_star()}, from), scratch_));
    if (text.starts_with(kBefore)) text.erase(0, kBefore.size());
    return text;
  }

  // Which row gave the value: the same aggregate, asked for the row's keys.
  Result<std::string> decider(const Json& scan, const Json& aggregate, const CountedRows& rows) {
    static constexpr std::string_view kPickers[] = {"first",  "last",   "min",    "max",    "arg_min",  "arg_max",
                                                    "argmin", "argmax", "min_by", "max_by", "any_value"};
    if (std::ranges::find(kPickers, rows.function) == std::end(kPickers)) return std::string();
    std::vector<Json> items;
    for (const char* key : {"seq", "line"}) {
      if (key == std::string_view("line") && rows.table != "items") continue;
      Json asked = aggregate;
      if (rows.function == "min" || rows.function == "max") {
        if (aggregate.at("children").size() != 1) return std::string();  // min(x, n) is a list
        asked["function_name"] = "arg_" + rows.function;
        asked["children"].insert(asked["children"].begin(), make_column(key));
        Json& orders = asked["order_bys"]["orders"];
        orders = Json::array();
        for (const char* column : {"time_utc", "seq"}) orders.push_back(make_order(make_column(column)));
        if (rows.table == "items") orders.push_back(make_order(make_column("line")));
      } else {
        // What passes over rows without a value does so still.
        asked["filter"] = condition_of(aggregate);
        asked["children"][0] = make_column(key);
      }
      asked["alias"] = key;
      items.push_back(std::move(asked));
    }
    Json select = make_select(std::move(items), scan.at("from_table"));
    select["where_clause"] = scan.at("where_clause");
    return write_canonical(select, scratch_);
  }

  const AttributeSet& set_;
  store::Connection& scratch_;
  std::vector<Json> scans_;
};

}  // namespace

Result<std::vector<AttributeParts>> attribute_parts(const AttributeSet& set, store::Connection& scratch) {
  return stop_exceptions([&] { return Anatomy(set, scratch).read(); });
}

}  // namespace hilo::expr
