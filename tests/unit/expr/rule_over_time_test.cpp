// Which rules are known to turn as days go by, when, and of which it is not known.
#include "expr/rule_over_time.h"

#include <regex>
#include <string>

#include <gtest/gtest.h>

#include "base/text.h"
#include "shop.h"

namespace hilo::expr {
namespace {

constexpr const char* kAttributes =
    "select count(*) as orders, max(time) as last_order_at, date_diff('day', last_order_at::date, $day) as "
    "days_since_order, last_order_at >= $as_of - interval 30 day as is_active, case when is_active then 'active' else "
    "'other' end as state, avg(amount) as mean_amount from events";

using Texts = std::vector<std::pair<std::string, std::string>>;

// A rule over time, as "member; turn; turn"; "none" where it is not known when it turns.
std::string over_time(const Texts& rules, const Texts& attributes = {{"shop", kAttributes}}) {
  Engine engine;
  std::vector<DefinitionFile> files;
  for (const auto& [name, text] : attributes) files.push_back({"attributes/" + name + ".sql", name, text});
  const auto program = compile_attributes(files, shop_schema(), engine.connection());
  if (!program) return lines_of(program.error());
  TableSchema customers{"customers", {{"customer_id", "BIGINT"}, {"city", "VARCHAR"}, {"country", "VARCHAR"}}};
  for (const AttributeSet& set : program->sets)
    customers.columns.insert(customers.columns.end(), set.columns.begin(), set.columns.end());
  files.clear();
  for (const auto& [name, rule] : rules)
    files.push_back({"segments/" + name + ".sql", name,
                     rule.starts_with("select") ? rule : "select customer_id from customers where " + rule});
  const SegmentProgram segments = compile_segments(files, customers, {}, engine.connection());
  if (!segments.errors.empty()) return lines_of(segments.errors);
  const std::vector<std::string> golden = {"city"};
  const SegmentRule* last = segments.find(rules.back().first);
  const auto made = rule_over_time(segments, *last, {.attributes = *program, .golden = golden}, engine.connection());
  if (!made) return made.error().text();
  if (!*made) return "none";
  std::string text = (*made)->member;
  for (const std::string& turn : (*made)->turns) text += "; " + turn;
  const std::string day = "date_diff('day', TRY_CAST(_f1_1._a2 AS DATE), CAST($day AS DATE))";
  for (std::size_t at = text.find(day); at != std::string::npos; at = text.find(day))
    text.replace(at, day.size(), "DAYS");
  static const std::regex kCopy(R"(CASE  WHEN \(\((\S+) IS NOT NULL\)\) THEN \(\1\) ELSE NULL END)");
  return std::regex_replace(text, kCopy, "copy($1)");
}

std::string over_time(const std::string& rule) { return over_time(Texts{{"a", rule}}); }

TEST(RuleOverTime, WhatHasNoDayDoesNotTurn) {
  EXPECT_EQ(over_time("orders > 1"), "(COALESCE(_f1_1._a1, 0) > 1)");
  EXPECT_EQ(over_time("select customer_id from customers c where c.orders > 1 and c.customer_id % 2 = 0"),
            "((COALESCE(_f1_1._a1, 0) > 1) AND (TRY((copy(customer_id) % 2)) = 0))");
}

TEST(RuleOverTime, ComparisonsWithTheDayTurnOnce) {
  EXPECT_EQ(over_time("days_since_order > 60"), "(DAYS > 60); (DAYS > 60)");
  EXPECT_EQ(over_time("orders = 1 and not days_since_order between 61 and 365"),
            "((COALESCE(_f1_1._a1, 0) = 1) AND (NOT (DAYS BETWEEN 61 AND 365))); (DAYS >= 61); (DAYS <= 365)");
  EXPECT_EQ(over_time("days_since_order = 7"), "(DAYS = 7); (DAYS >= 7); (DAYS <= 7)");
  EXPECT_EQ(over_time("days_since_order < 2 * mean_amount"),
            "(DAYS < TRY((2 * copy(_f1_1._a3)))); (DAYS < TRY((2 * copy(_f1_1._a3))))");
}

TEST(RuleOverTime, WhatIsMadeOfComparisonsTurnsWithThem) {
  const std::string active = "(_f1_1._a2 >= (CAST($as_of AS TIMESTAMP) - to_days(30)))";
  const std::string tried = "TRY((copy(_f1_1._a2) >= (CAST($as_of AS TIMESTAMP) - to_days(30))))";
  EXPECT_EQ(over_time("is_active"), tried + "; " + active);
  EXPECT_EQ(over_time("state = 'other' or orders > 9"),
            "((CASE  WHEN (" + tried +
                ") THEN ('active') ELSE 'other' END = 'other') OR (COALESCE(_f1_1._a1, 0) > "
                "9)); " +
                active);
}

TEST(RuleOverTime, WhatEqualsTheDayTurnsTwice) {
  EXPECT_EQ(over_time("days_since_order is not distinct from 7"),
            "(DAYS IS NOT DISTINCT FROM 7); (DAYS >= 7); (DAYS <= 7)");
  EXPECT_EQ(over_time("days_since_order is distinct from orders"),
            "(DAYS IS DISTINCT FROM COALESCE(_f1_1._a1, 0)); (DAYS >= COALESCE(_f1_1._a1, 0)); (DAYS <= "
            "COALESCE(_f1_1._a1, 0))");
  EXPECT_EQ(over_time("days_since_order in (3, 5)"),
            "(DAYS IN (3, 5)); (DAYS >= 3); (DAYS <= 3); (DAYS >= 5); (DAYS <= 5)");
}

TEST(RuleOverTime, FollowsWhatOneOfSeveralSays) {
  EXPECT_EQ(over_time("coalesce(days_since_order, 999) > 20"),
            "(COALESCE(DAYS, 999) > 20); (COALESCE(DAYS, 999) > 20)");
  EXPECT_EQ(over_time("days_since_order is null"), "(DAYS IS NULL)");
  EXPECT_EQ(over_time("case when orders > 2 then days_since_order else 0 end > 9 or orders > 5").substr(0, 6),
            "((CASE");
  EXPECT_EQ(over_time("case when orders > 2 then days_since_order else -days_since_order end > 9"), "none");
}

TEST(RuleOverTime, DoesNotGrowWithoutEnd) {
  Texts chain = {{"c0", "days_since_order > 5"}};
  for (int at = 1; at < 15; ++at) {
    const std::string before = "in_segment('c" + std::to_string(at - 1) + "')";
    chain.emplace_back("c" + std::to_string(at),
                       "(" + before + " and orders > 1) or (not " + before + " and orders > 3)");
    EXPECT_EQ(over_time(chain) == "none", at > 5) << at;
  }
}

TEST(RuleOverTime, OtherSegmentsStandInTheirPlace) {
  EXPECT_EQ(over_time(Texts{{"a", "days_since_order > 60"}, {"b", "not in_segment('a') and orders > 1"}}),
            "((NOT (CASE  WHEN ((DAYS > 60)) THEN (1) ELSE NULL END IS NOT NULL)) AND (COALESCE(_f1_1._a1, 0) > 1)); "
            "(DAYS > 60)");
}

TEST(RuleOverTime, IsNotKnownOfTheRest) {
  for (const char* rule : {"country = 'ES' and orders > 1", "days_since_order % 7 = 0", "dayofweek($day) = orders",
                           "orders > day($day)", "days_since_order > 7 and days_since_order * days_since_order < 9",
                           "date_diff('day', $day, $day) < orders", "in_segment('b', $as_of - interval 3 day)"}) {
    EXPECT_EQ(over_time(Texts{{"b", "orders > 1"}, {"z", rule}}), "none") << rule;
  }
}

TEST(RuleOverTime, MayReadTheGoldenRow) {
  EXPECT_EQ(over_time("city = 'Vigo' and orders > 1"), "((_golden.city = 'Vigo') AND (COALESCE(_f1_1._a1, 0) > 1))");
}

TEST(RuleOverTime, MayReadSeveralFolds) {
  EXPECT_EQ(over_time(Texts{{"a", "orders > 1 and items_bought > 1"}},
                      {{"one", "select count(*) as orders from events"},
                       {"two", "select count(*) as items_bought from items"}}),
            "((COALESCE(_f1_1._a1, 0) > 1) AND (COALESCE(_f2_1._a1, 0) > 1))");
}

}  // namespace
}  // namespace hilo::expr
