#include "expr/segment_use.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "expr/canonical.h"
#include "expr/past_day.h"

namespace hilo::expr {
namespace {

struct Function {
  std::string_view name;
  std::size_t arguments;
  Membership kind;
  std::string_view takes;
  std::string_view example;
};

constexpr std::array<Function, 4> kFunctions = {{
    {"in_segment", 1, Membership::kIn, "the name of a segment, as text", "in_segment('vip')"},
    {"in_segment", 2, Membership::kInOnDay, "the name of a segment, as text, and a day",
     "in_segment('vip', $as_of - interval 30 day)"},
    {"entered", 2, Membership::kEntered, "the name of a segment, as text, and an interval of days",
     "entered('lapsed', interval 7 day)"},
    {"left_segment", 2, Membership::kLeft, "the name of a segment, as text, and an interval of days",
     "left_segment('vip', interval 30 day)"},
}};

// The function that a node calls. One with too many arguments, or too few, is taken for the nearest.
const Function* function_of(const Json& node) {
  const std::string name = class_of(node) == "FUNCTION" ? function_name(node) : "";
  const Function* found = nullptr;
  for (const Function& function : kFunctions) {
    if (function.name != name) continue;
    if (found == nullptr || node.at("children").size() >= function.arguments) found = &function;
  }
  return found;
}

const Function& function_of(Membership kind) { return *std::ranges::find(kFunctions, kind, &Function::kind); }

std::string text_in(const Json& node) {
  if (class_of(node) != "CONSTANT") return {};
  const Json& value = node.at("value");
  if (value.value("is_null", false) || value.at("type").value("id", "") != "VARCHAR") return {};
  return value.value("value", "");
}

void collect_uses(const Json& expression, std::vector<SegmentUse>& uses) {
  static_cast<void>(any_below(expression, [&](const Json& node) {
    if (is_segment_use(node)) uses.push_back(read_segment_use(node));
    return false;
  }));
}

Result<Json> parse_expression(const std::string& sql, store::Connection& scratch) {
  HILO_ASSIGN(const Statement statement, Statement::parse({.path = {}, .name = {}, .text = "SELECT " + sql}, scratch));
  return statement.tree().select.at("select_list").at(0);
}

std::string stand_in(std::size_t number) { return fmt::format("in_segment {}", number); }

// The day that lies an interval before the one asked about.
std::optional<Json> day_before(const Json& span, std::size_t offset, std::string_view example, const Relation& relation,
                               const Workbench& bench) {
  Json canonical = span;
  make_canonical(canonical, relation, Partition::kNone, bench);
  const std::string type = type_over(canonical, relation, bench.scratch);
  auto day = parse_expression("$as_of - interval_before", bench.scratch);
  if (type != "INTERVAL" || !day) {
    bench.findings.add(offset, fmt::format("this is a {}, not an interval", type), fmt::format("write: {}", example));
    return std::nullopt;
  }
  day->at("children").at(1) = span;
  return *day;
}

}  // namespace

std::string members_relation(std::string_view segment) { return fmt::format("segment {}", segment); }

std::string members_relation(const PastMembership& past) {
  return fmt::format("{} on {}", members_relation(past.segment), past.day);
}

bool is_segment_use(const Json& node) { return function_of(node) != nullptr; }

SegmentUse read_segment_use(const Json& node) {
  const Function& function = *function_of(node);
  const Json& arguments = node.at("children");
  SegmentUse use{.name = {}, .offset = own_offset(node), .kind = function.kind};
  if (arguments.size() == function.arguments) use.name = text_in(arguments.at(0));
  return use;
}

std::vector<SegmentUse> segment_uses(const Statement& statement) {
  std::vector<SegmentUse> uses;
  const Json& select = statement.tree().select;
  if (type_of(select) != "SELECT_NODE") return uses;
  for (const Json& item : select.at("select_list")) collect_uses(item, uses);
  if (has(select, "where_clause")) collect_uses(select.at("where_clause"), uses);
  return uses;
}

std::pair<std::string, std::string> wrong_use(Membership kind) {
  const Function& function = function_of(kind);
  return {fmt::format("{} takes {}", function.name, function.takes), fmt::format("write: {}", function.example)};
}

Json MembershipsAsked::column_of(PastMembership asked, Relation& relation) {
  const auto found = std::ranges::find(asked_, asked);
  const std::string name = stand_in(static_cast<std::size_t>(found - asked_.begin()));
  if (found == asked_.end()) asked_.push_back(std::move(asked));
  relation.types.emplace(name, "BOOLEAN");
  return make_column(name);
}

Json MembershipsAsked::replacement(const Json& call, Relation& relation, const Workbench& bench) {
  const SegmentUse use = read_segment_use(call);
  if (use.kind == Membership::kIn) return column_of({use.name, ""}, relation);
  const std::string_view example = function_of(use.kind).example;
  const Json& argument = call.at("children").at(1);
  std::optional<Json> day = argument;
  const std::size_t place = second_argument(bench.findings.tree(), use.offset);
  if (use.kind != Membership::kInOnDay) day = day_before(argument, place, example, relation, bench);
  const auto sql = day ? read_past_day(*day, place, example, relation, bench) : std::nullopt;
  if (!sql) return call;  // the fault is recorded
  Json then = column_of({use.name, *sql}, relation);
  if (use.kind == Membership::kInOnDay) return then;
  Json now = column_of({use.name, ""}, relation);
  auto both = parse_expression("a AND NOT b", bench.scratch);
  if (!both) return call;
  const bool entered = use.kind == Membership::kEntered;
  both->at("children").at(0) = entered ? now : then;
  both->at("children").at(1).at("children").at(0) = entered ? then : now;
  return *both;
}

void MembershipsAsked::take_out_of(Json& where, Relation& relation, const Workbench& bench) {
  if (is_segment_use(where)) {
    where = replacement(where, relation, bench);
    return;
  }
  for_each_child(where, [&](Json& child) { take_out_of(child, relation, bench); });
}

Status MembershipsAsked::put_back(Json& where, store::Connection& scratch) const {
  if (class_of(where) == "COLUMN_REF") {
    for (std::size_t number = 0; number < asked_.size(); ++number) {
      if (column_path(where) != std::vector{stand_in(number)}) continue;
      const PastMembership& asked = asked_[number];
      const std::string relation = asked.day.empty() ? members_relation(asked.segment) : members_relation(asked);
      HILO_ASSIGN(where,
                  parse_expression(fmt::format("{0} IN (SELECT {0} FROM {1})", kCustomer, store::quote_name(relation)),
                                   scratch));
      return {};
    }
  }
  Status done;
  for_each_child(where, [&](Json& child) {
    if (done) done = put_back(child, scratch);
  });
  return done;
}

std::vector<std::string> MembershipsAsked::segments() const {
  std::vector<std::string> names;
  for (const PastMembership& asked : asked_) {
    if (asked.day.empty()) names.push_back(asked.segment);
  }
  std::ranges::sort(names);
  return names;
}

std::vector<PastMembership> MembershipsAsked::past() const {
  std::vector<PastMembership> past;
  std::ranges::copy_if(asked_, std::back_inserter(past),
                       [](const PastMembership& asked) { return !asked.day.empty(); });
  std::ranges::sort(past, {}, [](const PastMembership& one) { return std::pair(one.segment, one.day); });
  return past;
}

Status define_segment_functions(store::Connection& scratch) {
  return scratch.execute(
      "CREATE OR REPLACE MACRO in_segment(name) AS (name IS NOT NULL), (name, day) AS (name IS NOT NULL AND day IS NOT "
      "NULL); CREATE OR REPLACE MACRO entered(name, span) AS (name IS NOT NULL AND span IS NOT NULL); CREATE OR "
      "REPLACE "
      "MACRO left_segment(name, span) AS (name IS NOT NULL AND span IS NOT NULL)");
}

void drop_segment_functions(store::Connection& scratch) {
  // What is left of them harms nobody: the next check replaces them.
  for (const char* name : {"in_segment", "entered", "left_segment"})
    static_cast<void>(scratch.execute(fmt::format("DROP MACRO IF EXISTS {}", name)));
}

}  // namespace hilo::expr
