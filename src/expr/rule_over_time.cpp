#include "expr/rule_over_time.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"
#include "expr/canonical.h"
#include "expr/parse_tree.h"
#include "expr/relation.h"

namespace hilo::expr {
namespace {

// How a value changes as days go by.
enum class Course : std::uint8_t { kStays, kRises, kFalls, kAny };

Course turned(Course course) {
  if (course == Course::kRises) return Course::kFalls;
  return course == Course::kFalls ? Course::kRises : course;
}

Course sum_of(Course left, Course right) {
  if (left == Course::kStays || left == right) return right;
  return right == Course::kStays ? left : Course::kAny;
}

// Of one of several, always the same one.
Course either(Course left, Course right) {
  if (left == Course::kStays || left == right) return right;
  return right == Course::kStays ? left : Course::kAny;
}

Course course_of(const Json& node);

Course course_of_function(const Json& node) {
  const std::string name = function_name(node);
  const Json& children = node.at("children");
  const auto course = [&](std::size_t at) { return course_of(children.at(at)); };
  if (name == "-" && children.size() == 1) return turned(course(0));
  if (name == "+" && children.size() == 2) return sum_of(course(0), course(1));
  if (name == "-" && children.size() == 2) return sum_of(course(0), turned(course(1)));
  const bool has_unit = children.size() > 1 && class_of(children.at(0)) == "CONSTANT";
  if (name == "date_trunc" && children.size() == 2 && has_unit) return course(1);
  if ((name == "date_diff" || name == "datediff") && children.size() == 3 && has_unit)
    return sum_of(turned(course(1)), course(2));
  return Course::kAny;
}

Course course_of_case(const Json& node) {
  Course course = node.at("else_expr").is_null() ? Course::kStays : course_of(node.at("else_expr"));
  for (const Json& check : node.at("case_checks")) {
    if (course_of(check.at("when_expr")) != Course::kStays) return Course::kAny;
    course = either(course, course_of(check.at("then_expr")));
  }
  return course;
}

// Whether what rises or falls is null is the same on all days.
Course course_of_operator(const Json& node) {
  const std::string_view type = type_of(node);
  const Json& children = node.at("children");
  if (type == "OPERATOR_TRY") return course_of(children.at(0));
  if (type == "OPERATOR_IS_NULL" || type == "OPERATOR_IS_NOT_NULL")
    return course_of(children.at(0)) == Course::kAny ? Course::kAny : Course::kStays;
  if (type != "OPERATOR_COALESCE") return Course::kAny;
  Course course = Course::kStays;
  for (const Json& child : children) course = either(course, course_of(child));
  return course;
}

bool is_opaque(std::string_view kind) {
  return kind == "SUBQUERY" || kind == "WINDOW" || kind == "STAR" || kind == "LAMBDA";
}

Course course_of(const Json& node) {
  const std::string_view kind = class_of(node);
  if (kind == "PARAMETER") return Course::kRises;
  if (is_opaque(kind)) return Course::kAny;
  bool stays = true;
  for_each_child(node, [&](const Json& child) { stays = stays && course_of(child) == Course::kStays; });
  if (stays) return Course::kStays;
  if (kind == "OPERATOR") return course_of_operator(node);
  if (kind == "CASE") return course_of_case(node);
  const std::string_view cast_to = kind == "CAST" ? member(node.at("cast_type"), "id") : std::string_view();
  if (cast_to == "DATE" || cast_to == "TIMESTAMP") return course_of(node.at("child"));
  return kind == "FUNCTION" ? course_of_function(node) : Course::kAny;
}

// The comparisons that turn at most once and of which an expression is made.
class Turns {
 public:
  // Returns false where something else in the expression depends on the day.
  bool add(const Json& node) {
    if (course_of(node) == Course::kStays || add_comparison(node)) return true;
    const std::string_view kind = class_of(node);
    if (kind == "PARAMETER" || is_opaque(kind)) return false;
    bool all = true;
    for_each_child(node, [&](const Json& child) { all = all && add(child); });
    return all;
  }
  [[nodiscard]] std::vector<Json>& made() { return turns_; }

 private:
  bool add_comparison(const Json& node) {
    const std::string_view kind = class_of(node);
    const std::string_view type = type_of(node);
    if (kind == "BETWEEN") return add_both(node.at("input"), node.at("lower"), node.at("upper"));
    if (type == "COMPARE_IN" || type == "COMPARE_NOT_IN") {
      const Json& children = node.at("children");
      bool all = true;
      for (std::size_t at = 1; at < children.size(); ++at)
        all = all && add_both(children.at(0), children.at(at), children.at(at));
      return all;
    }
    if (kind != "COMPARISON") return false;
    static constexpr std::string_view kOrders[] = {"COMPARE_LESSTHAN", "COMPARE_LESSTHANOREQUALTO",
                                                   "COMPARE_GREATERTHAN", "COMPARE_GREATERTHANOREQUALTO"};
    static constexpr std::string_view kEqualities[] = {"COMPARE_EQUAL", "COMPARE_NOTEQUAL", "COMPARE_DISTINCT_FROM",
                                                       "COMPARE_NOT_DISTINCT_FROM"};
    const Json& left = node.at("left");
    const Json& right = node.at("right");
    if (std::ranges::find(kOrders, type) != std::end(kOrders)) return add_one(type, left, right);
    return std::ranges::find(kEqualities, type) != std::end(kEqualities) && add_both(left, right, right);
  }

  bool add_both(const Json& input, const Json& lower, const Json& upper) {
    return add_one("COMPARE_GREATERTHANOREQUALTO", input, lower) && add_one("COMPARE_LESSTHANOREQUALTO", input, upper);
  }

  bool add_one(std::string_view op, const Json& left, const Json& right) {
    if (sum_of(course_of(left), turned(course_of(right))) == Course::kAny) return false;
    turns_.push_back(make_comparison(op, left, right));
    return true;
  }

  std::vector<Json> turns_;
};

std::size_t size_of(const Json& node) {
  std::size_t size = 1;
  for_each_child(node, [&](const Json& child) { size += size_of(child); });
  return size;
}

// Puts what names stand for in their places, and what other segments say in the place of membership in them.
class Inlined {
 public:
  explicit Inlined(const std::vector<RuleOverTime::Source>& sources) : sources_(sources) {}

  void name(const std::string& name, Json expression) { names_[lower_ascii(name)] = std::move(expression); }
  void member_of(const std::string& segment, Json condition) {
    members_[members_relation(segment)] = std::move(condition);
  }

  // Returns false where something in the expression is not known. `relation` may stand before names.
  [[nodiscard]] bool put_into(Json& node, const std::string& relation = {}) const {
    const std::string_view kind = class_of(node);
    if (kind == "COLUMN_REF") return put_column(node, relation);
    if (kind == "SUBQUERY") return put_membership(node);
    if (is_opaque(kind)) return false;
    bool all = true;
    for_each_child(node, [&](Json& child) { all = all && put_into(child, relation); });
    return all;
  }

 private:
  bool put_column(Json& node, const std::string& relation) const {
    const std::vector<std::string> path = column_path(node);
    const bool is_source = std::ranges::count(sources_, path.front(), &RuleOverTime::Source::name) > 0;
    if (path.size() == 2 && is_source && path.front() != relation) return true;
    if (path.size() != (path.front() == relation ? 2U : 1U)) return false;
    const auto known = names_.find(path.back());
    if (known == names_.end() && path.back() != kCustomer) return false;
    return put(known == names_.end() ? make_column(kCustomer) : known->second, node);
  }

  // Returns false once the texts grow too large: what stands for a name may use other names several times.
  bool put(Json expression, Json& node) const {
    constexpr std::size_t kNodesMax = 2'000;
    put_ += size_of(expression);
    node = std::move(expression);
    return put_ <= kNodesMax;
  }

  // customer_id IN (SELECT customer_id FROM "segment vip")
  bool put_membership(Json& node) const {
    if (member(node, "subquery_type") != "ANY" || member(node, "comparison_type") != "COMPARE_EQUAL") return false;
    const Json& select = node.at("subquery").at("node");
    const Json none = Json::object();
    const auto known = members_.find(member(select.value("from_table", none), "table_name"));
    if (known == members_.end() || !select.value("where_clause", Json()).is_null()) return false;
    return put(make_operator("OPERATOR_IS_NOT_NULL", {make_case(known->second, make_integer(1))}), node);
  }

  const std::vector<RuleOverTime::Source>& sources_;
  std::map<std::string, Json> names_;
  std::map<std::string, Json, std::less<>> members_;  // by relation
  mutable std::size_t put_ = 0;                       // nodes so far
};

// The folds that all attributes are made of; nothing where there is more to them.
std::optional<std::vector<RuleOverTime::Source>> sources_of(const AttributeProgram& attributes) {
  std::vector<RuleOverTime::Source> sources;
  for (const AttributeSet& set : attributes.sets) {
    if (set.from == "customers" || !set.past.empty() || set.folds.empty()) return std::nullopt;
    for (const FoldedSet::Source& source : set.folded.sources) {
      const auto fold = std::ranges::find(set.folds, source.fold, &FoldScan::name);
      if (fold == set.folds.end()) return std::nullopt;
      sources.push_back({.name = lower_ascii(source.name), .fold = *fold});
    }
  }
  return sources;
}

Result<Json> select_of(const std::string& sql, store::Connection& scratch) {
  HILO_ASSIGN(const Statement statement, Statement::parse({.path = {}, .name = {}, .text = sql}, scratch));
  Json select = statement.tree().select;
  drop_copies(select);
  return select;
}

// Names what the attributes are made of. Returns false where that is not known.
Result<bool> name_attributes(const AttributeProgram& attributes, Inlined& inlined, store::Connection& scratch) {
  for (const AttributeSet& set : attributes.sets) {
    std::string sql;
    for (const FoldedSet::Item& item : set.folded.items) sql += (sql.empty() ? "SELECT " : ", ") + item.sql;
    HILO_ASSIGN(Json select, select_of(sql, scratch));
    Json& items = select.at("select_list");
    for (std::size_t at = 0; at < items.size(); ++at) {
      if (!inlined.put_into(items.at(at))) return false;
      items.at(at)["alias"] = "";
      inlined.name(set.columns.at(at).name, items.at(at));
    }
  }
  return true;
}

// The columns of the golden row that conditions read.
void add_golden(const Json& node, std::vector<std::string>& columns) {
  if (class_of(node) == "COLUMN_REF" && column_path(node).front() == kGoldenSource &&
      std::ranges::find(columns, column_path(node).back()) == columns.end())
    columns.push_back(column_path(node).back());
  for_each_child(node, [&](const Json& child) { add_golden(child, columns); });
}

Result<std::string> text_of(Json expression, store::Connection& scratch) {
  copy_what_is_tried(expression);
  return write_expression(std::move(expression), scratch);
}

Result<std::optional<RuleOverTime>> over_time(const SegmentProgram& program, const SegmentRule& rule,
                                              const ReadOverTime& read, store::Connection& scratch) {
  std::optional<std::vector<RuleOverTime::Source>> sources = sources_of(read.attributes);
  if (!sources) return std::nullopt;
  RuleOverTime made{.sources = std::move(*sources), .golden = {}, .member = {}, .turns = {}};
  Inlined inlined(made.sources);
  HILO_ASSIGN(const bool are_known, name_attributes(read.attributes, inlined, scratch));
  if (!are_known) return std::nullopt;
  for (const std::string& column : read.golden) inlined.name(column, make_column(column, kGoldenSource));
  Json condition;
  for (const SegmentRule* used : closure(program, {rule.name})) {  // those used come first
    if (!used->past.empty()) return std::nullopt;
    HILO_ASSIGN(const Json select, select_of(used->sql, scratch));
    const std::string_view alias = alias_of(select.at("from_table"));
    condition = select.at("where_clause");
    if (condition.is_null() || !inlined.put_into(condition, lower_ascii(alias.empty() ? "customers" : alias)))
      return std::nullopt;
    inlined.member_of(used->name, condition);
  }
  Turns turns;
  if (!turns.add(condition)) return std::nullopt;
  add_golden(condition, made.golden);
  if (made.sources.empty() && made.golden.empty()) return std::nullopt;
  HILO_ASSIGN(made.member, text_of(std::move(condition), scratch));
  for (Json& turn : turns.made()) {
    HILO_ASSIGN(std::string text, text_of(std::move(turn), scratch));
    if (std::ranges::find(made.turns, text) == made.turns.end()) made.turns.push_back(std::move(text));
  }
  return made;
}

}  // namespace

Result<std::optional<RuleOverTime>> rule_over_time(const SegmentProgram& program, const SegmentRule& rule,
                                                   const ReadOverTime& read, store::Connection& scratch) {
  return stop_exceptions([&] { return over_time(program, rule, read, scratch); });
}

}  // namespace hilo::expr
