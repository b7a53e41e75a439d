#include "expr/names.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace hilo::expr {
namespace {

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

class NameCheck {
 public:
  NameCheck(const NameScope& scope, const Workbench& bench) : scope_(scope), bench_(bench) {}

  void visit(const Json& node) {
    const std::string_view kind = class_of(node);
    if (kind == "COLUMN_REF") return column(node);
    if (kind == "FUNCTION") return function(node);
    if (kind == "WINDOW") return window(node);
    if (kind == "SUBQUERY") return subquery(node);
    if (kind == "LAMBDA") return lambda(node);
    if (kind == "STAR") add(node, "a star cannot stand here", "name the columns");
    if (kind == "POSITIONAL_REFERENCE") add(node, "a column cannot be told by its number", "name it");
    if (kind == "CAST") cast(node);
    children(node);
  }

 private:
  void add(const Json& node, std::string message, std::string advice = {}) {
    bench_.findings.add(own_offset(node), std::move(message), std::move(advice));
  }

  void children(const Json& node) {
    for_each_child(node, [this](const Json& child) { visit(child); });
  }

  void column(const Json& node) {
    std::vector<std::string> path = column_path(node);
    if (contains(lambda_names_, path.front())) return;
    const Relation& relation = *scope_.relation;
    if (path.size() > 1 && path.front() == relation.name) path.erase(path.begin());
    const std::string& name = path.front();
    if (relation.has(name)) {
      if (scope_.one_value && !in_aggregate_ && !in_window_) {
        add(node, fmt::format("'{}' has a value in every row, an attribute has one per customer", name),
            fmt::format("put it inside an aggregate: max({0}), last({0}), sum({0}) filter (where ...)", name));
      }
    } else if (contains(scope_.earlier, name)) {
      if (in_aggregate_ && !scope_.alias_in_aggregate) {
        add(node, fmt::format("the alias '{}' cannot be used inside an aggregate", name),
            "write its expression again, or compute it in a subquery in FROM");
      }
    } else if (!contains(scope_.later, name)) {
      unknown_column(node, name);
    }
  }

  void unknown_column(const Json& node, const std::string& name) {
    if (const std::string_view reason = forbidden_reason(name);
        !reason.empty() && !names_a_column(node, bench_.findings)) {
      return add(node, fmt::format("'{}' cannot be used in a definition", name), std::string(reason));
    }
    if (!scope_.relation->known) return;
    std::string advice;
    if (scope_.elsewhere != nullptr) {
      if (const auto found = scope_.elsewhere->find(name); found != scope_.elsewhere->end()) {
        advice = fmt::format("'{}' is an attribute of the set '{}': only a set over customers can read it", name,
                             found->second);
      }
    }
    std::vector<std::string> known = scope_.relation->columns;
    known.insert(known.end(), scope_.earlier.begin(), scope_.earlier.end());
    add(node, fmt::format("unknown column '{}'{}", name, did_you_mean(name, known)), std::move(advice));
  }

  void function(const Json& node) {
    const std::string name = function_name(node);
    if (!node.value("is_operator", false) && !known_function(node, name)) return;
    if (bench_.functions.is_aggregate(name)) return aggregate(node, name);
    children(node);
  }

  // Returns whether the function exists and may be used.
  bool known_function(const Json& node, const std::string& name) {
    if (const std::string_view reason = forbidden_reason(name); !reason.empty()) {
      add(node, fmt::format("the function '{}' cannot be used in a definition", name), std::string(reason));
    } else if (bench_.functions.is_unstable(name) || (name == "age" && node.at("children").size() == 1)) {
      add(node, fmt::format("the function '{}' cannot be used in a definition", name),
          "its answer depends on the clock, chance or the session: use $as_of or $day");
    } else if (name == "unnest") {
      add(node, "unnest makes several rows of one", "use list_ functions");
    } else if (!bench_.functions.knows(name)) {
      const std::string usual = did_you_mean(name, usual_functions());
      add(node, fmt::format("unknown function '{}'{}", name,
                            usual.empty() ? did_you_mean(name, bench_.functions.names()) : usual));
    } else {
      return true;
    }
    return false;
  }

  void aggregate(const Json& node, const std::string& engine_name) {
    const std::string name = engine_name == "count_star" ? "count" : engine_name;
    if (in_aggregate_) {
      add(node, fmt::format("the aggregate '{}' stands inside another one", name),
          "compute the inner one in a subquery in FROM");
    } else if (!scope_.aggregates) {
      add(node, fmt::format("the aggregate '{}' cannot stand in {}", name, scope_.place),
          scope_.windows ? fmt::format("write {}(...) over ()", name) : "");
    } else if (!find_aggregate(name)) {
      add(node, fmt::format("the aggregate '{}' is not supported in definitions", name),
          "use count, sum, avg, min, max, stddev, median, quantile_cont, mode, first, last, arg_max, bool_or, list "
          "...");
    }
    inside_aggregate(node);
  }

  void inside_aggregate(const Json& node) {
    const bool outer = in_aggregate_;
    in_aggregate_ = true;
    children(node);
    in_aggregate_ = outer;
  }

  void window(const Json& node) {
    const std::string name = function_name(node);
    if (!scope_.windows || in_aggregate_) {
      add(node,
          fmt::format("the window function '{}' cannot stand in {}", name,
                      in_aggregate_ ? "an aggregate" : scope_.place),
          "compute it in a subquery: from (select *, ... over (...) as name from events)");
    }
    if (!is_window_function(name)) {
      if (!known_function(node, name)) return;
      if (!find_aggregate(name)) add(node, fmt::format("'{}' is not supported with OVER", name));
    }
    const bool outer = in_window_;
    in_window_ = true;
    children(node);
    in_window_ = outer;
  }

  void subquery(const Json& node) {
    if (member(node, "subquery_type") != "SCALAR") {
      return add(node, "EXISTS, IN and ANY over a subquery are not supported",
                 "write (select count(*) filter (where ...) from ...) > 0, or list the values");
    }
    if (!scope_.subqueries || in_aggregate_ || in_window_) {
      add(node, fmt::format("a subquery cannot stand in {}", in_aggregate_ ? "an aggregate" : scope_.place),
          scope_.windows ? "write the aggregate with over ()" : "");
    }
  }

  void lambda(const Json& node) {
    const std::size_t before = lambda_names_.size();
    const auto collect = [this](const auto& self, const Json& name) -> void {
      if (class_of(name) == "COLUMN_REF") lambda_names_.push_back(column_path(name).front());
      for_each_child(name, [&](const Json& child) { self(self, child); });
    };
    collect(collect, node.at("lhs"));
    visit(node.at("expr"));
    lambda_names_.resize(before);
  }

  void cast(const Json& node) {
    if (node.at("cast_type").value("id", "") == "TIMESTAMP WITH TIME ZONE") {
      add(node, "a cast to TIMESTAMP WITH TIME ZONE depends on the session's zone",
          "use TIMESTAMP: time is local wall time");
    }
  }

  const NameScope& scope_;
  const Workbench& bench_;
  std::vector<std::string> lambda_names_;
  bool in_aggregate_ = false;
  bool in_window_ = false;
};

// Aliases that each item mentions and that are not columns.
std::vector<std::vector<std::size_t>> alias_graph(const Json& items, const std::vector<std::string>& aliases,
                                                  const Relation& relation) {
  std::vector<std::vector<std::size_t>> uses(items.size());
  for (std::size_t item = 0; item < items.size(); ++item) {
    static_cast<void>(any_below(items[item], [&](const Json& node) {
      if (class_of(node) != "COLUMN_REF") return false;
      const std::string name = column_path(node).front();
      if (relation.has(name)) return false;
      const auto found = std::ranges::find(aliases, name);
      if (found != aliases.end()) uses[item].push_back(static_cast<std::size_t>(found - aliases.begin()));
      return false;
    }));
  }
  return uses;
}

// Returns the way from an item back to itself, or nothing.
std::vector<std::size_t> circle(const std::vector<std::vector<std::size_t>>& uses, std::size_t start) {
  std::vector<std::size_t> path = {start};
  std::vector<bool> seen(uses.size(), false);
  const auto walk = [&](const auto& self, std::size_t at) -> bool {
    for (const std::size_t next : uses[at]) {
      if (next == start) return true;
      if (seen[next]) continue;
      seen[next] = true;
      path.push_back(next);
      if (self(self, next)) return true;
      path.pop_back();
    }
    return false;
  };
  if (!walk(walk, start)) return {};
  return path;
}

std::size_t use_offset(const Json& item, const std::string& name) {
  std::size_t offset = kNoOffset;
  static_cast<void>(any_below(item, [&](const Json& node) {
    if (class_of(node) != "COLUMN_REF" || column_path(node).front() != name) return false;
    offset = own_offset(node);
    return true;
  }));
  return offset;
}

void check_alias_uses(const Json& items, const std::vector<std::string>& aliases, const Relation& relation,
                      Findings& findings) {
  const auto uses = alias_graph(items, aliases, relation);
  std::vector<bool> reported(items.size(), false);
  for (std::size_t item = 0; item < items.size(); ++item) {
    const std::vector<std::size_t> path = circle(uses, item);
    if (path.empty() || reported[item]) continue;
    std::string names;
    for (const std::size_t step : path) {
      reported[step] = true;
      names += aliases[step] + " -> ";
    }
    const std::string& next = path.size() > 1 ? aliases[path[1]] : aliases[item];
    findings.add(use_offset(items[item], next), fmt::format("circular reference: {}{}", names, aliases[item]));
  }
  for (std::size_t item = 0; item < items.size(); ++item) {
    for (const std::size_t used : uses[item]) {
      if (used <= item || reported[item]) continue;
      findings.add(use_offset(items[item], aliases[used]), fmt::format("'{}' is defined further down", aliases[used]),
                   "an alias can be used after its definition only: move it up");
    }
  }
}

}  // namespace

bool names_a_column(const Json& column_reference, const Findings& findings) {
  if (column_path(column_reference).size() > 1) return true;
  const std::size_t offset = own_offset(column_reference);
  return offset < findings.tree().file.text.size() && findings.tree().file.text[offset] == '"';
}

void check_names(const Json& expression, const NameScope& scope, const Workbench& bench) {
  NameCheck(scope, bench).visit(expression);
}

std::vector<std::string> check_aliases(const Json& items, const Relation& relation, const Workbench& bench) {
  Findings& findings = bench.findings;
  std::vector<std::string> aliases;
  for (const Json& item : items) {
    const std::string alias = lower_ascii(alias_of(item));
    const std::size_t offset = findings.alias_offset(item);
    if (class_of(item) == "STAR") {
      findings.add(offset, "a star cannot stand here", "name each attribute: expression as name");
    } else if (alias.empty()) {
      findings.add(first_offset(item), "this expression has no name", "write: expression as name");
    } else if (alias.starts_with('_')) {
      findings.add(offset, fmt::format("the name '{}' begins with an underscore", alias), "such names are Hilo's own");
    } else if (relation.has(alias)) {
      findings.add(offset, fmt::format("the alias '{}' hides the column '{}'", alias, alias), "choose another name");
    } else if (std::ranges::find(aliases, alias) != aliases.end()) {
      findings.add(offset, fmt::format("the alias '{}' is defined twice", alias), "choose another name");
    }
    aliases.push_back(alias);
  }
  check_alias_uses(items, aliases, relation, findings);
  return aliases;
}

}  // namespace hilo::expr
