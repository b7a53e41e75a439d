// Segment rules: the canonical rule, the columns it reads, what it uses, and each fault with its place.
#include "expr/segment.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/text.h"
#include "base/time.h"
#include "expr/segment_days.h"
#include "shop.h"

namespace hilo::expr {
namespace {

using Texts = std::vector<std::pair<std::string, std::string>>;

SegmentProgram compile(const Texts& texts) {
  Engine engine;
  const TableSchema customers{"customers",
                              {{"customer_id", "BIGINT"},
                               {"orders", "BIGINT"},
                               {"last_order_at", "TIMESTAMP"},
                               {"city", "VARCHAR"},
                               {"consent", "BOOLEAN"}}};
  std::vector<DefinitionFile> files;
  for (const auto& [name, text] : texts) files.push_back({"segments/" + name + ".sql", name, text});
  return compile_segments(files, customers, {"events"}, engine.connection());
}

std::string errors_in(const std::string& text) { return lines_of(compile({{"a", text}}).errors); }

std::string where(const std::string& rule) { return "select customer_id from customers where " + rule; }

TEST(Segment, IsBroughtToCanonicalForm) {
  const SegmentProgram program =
      compile({{"a",
                "select customer_id from customers c where c.orders * 2 > 3 and last_order_at "
                "< $as_of - interval 90 day and orders > 1"}});
  ASSERT_TRUE(program.errors.empty()) << lines_of(program.errors);
  const SegmentRule& rule = program.rules.at(0);
  EXPECT_EQ(without_copies(rule.sql),
            "SELECT customer_id FROM customers AS c WHERE ((TRY((c.orders * 2)) > 3) AND (last_order_at < (CAST($as_of "
            "AS TIMESTAMP) - to_days(90))) AND (orders > 1))");
  EXPECT_EQ(rule.uses, (std::vector<std::string>{"orders", "last_order_at"}));
  EXPECT_EQ(rule.conditions,
            (std::vector<std::string>{"orders × 2 is more than 3", "last_order_at lies longer ago than 90 days",
                                      "orders is more than 1"}));
}

TEST(Segment, WhatIsDividedByZeroIsNotKnown) {
  const auto rule = [](const std::string& text) {
    const SegmentProgram program = compile({{"a", where(text)}});
    const std::string head = "SELECT customer_id FROM customers WHERE ";
    return program.find("a") == nullptr ? lines_of(program.errors)
                                        : without_copies(program.find("a")->sql).substr(head.size());
  };
  EXPECT_EQ(rule("1 / orders > 1"), "(TRY((1 / \"nullif\"(orders, 0))) > 1)");
  EXPECT_EQ(rule("1 // orders > 1"), "(TRY((1 // \"nullif\"(orders, 0))) > 1)");
  EXPECT_EQ(rule("1 % orders > 1"), "(TRY((1 % \"nullif\"(orders, 0))) > 1)");
  EXPECT_EQ(rule("orders / 0 > 1"), "(TRY((orders / \"nullif\"(0, 0))) > 1)");
  EXPECT_EQ(rule("orders < 1 / 0"), "(orders < (1 / \"nullif\"(0, 0)))");
  EXPECT_EQ(rule("orders / 0.0 > 1"), "(TRY((orders / \"nullif\"(0.0, 0))) > 1)");
  EXPECT_EQ(rule("len(list_filter([orders], lambda x: 1 / x > 1)) > 0"),
            "(len(TRY(list_filter(main.list_value(orders), (x -> ((1 / \"nullif\"(x, 0)) > 1))))) > 0)");
  EXPECT_EQ(rule("1 / (orders - 1) > 1"), "(TRY((1 / \"nullif\"(TRY((orders - 1)), 0))) > 1)");
  // What cannot be zero stands as it was.
  EXPECT_EQ(rule("orders / 2 > 1"), "(TRY((orders / 2)) > 1)");
  EXPECT_EQ(rule("orders / -2.5 > 1"), "(TRY((orders / -2.5)) > 1)");
  EXPECT_EQ(rule("1 / nullif(orders, 0) > 1"), "(TRY((1 / \"nullif\"(orders, 0))) > 1)");
}

TEST(Segment, HasATitleAndADescription) {
  const SegmentProgram program =
      compile({{"big_city", "-- title: Big city\n-- Who lives in one.\n\n--  Or near.\n" + where("city = 'Madrid'")},
               {"b-2", where("orders > 0")}});
  ASSERT_EQ(program.rules.size(), 2U) << lines_of(program.errors);
  EXPECT_EQ(program.find("big_city")->title, "Big city");
  EXPECT_EQ(program.find("big_city")->description, "Who lives in one. Or near.");
  EXPECT_EQ(program.find("b-2")->title, "b-2");
  EXPECT_EQ(program.find("none"), nullptr);
}

TEST(Segment, WordsSayWhatTheRuleAsksFor) {
  const auto words = [](const std::string& rule) {
    const SegmentProgram program = compile({{"a", where(rule)}, {"vip", where("orders > 9")}});
    return program.find("a") == nullptr ? lines_of(program.errors) : join(program.find("a")->conditions, " & ");
  };
  EXPECT_EQ(words("orders between 1 and 3 or city in ('Cádiz', 'Jaén')"),
            "orders is between 1 and 3 or city is one of 'Cádiz', 'Jaén'");
  EXPECT_EQ(words("(orders = 1 or orders >= 5) and city is not null"),
            "(orders is 1 or orders is at least 5) & city is known");
  EXPECT_EQ(words("consent and not in_segment('vip')"), "consent is true & is not in the segment 'vip'");
  EXPECT_EQ(words("not consent and last_order_at >= $as_of - interval 2 week"),
            "consent is false & last_order_at lies in the last 2 weeks");
  EXPECT_EQ(words("city like 'M%'"), "city is like 'M%'");
  EXPECT_EQ(words("city not ilike 'madrid'"), "city is not like 'madrid', in upper or lower case");
  EXPECT_EQ(words("starts_with(city, 'M') and contains(city, 'dri')"), "city starts with 'M' & city contains 'dri'");
  EXPECT_EQ(words("last_order_at between $as_of - interval 30 day and $as_of"),
            "last_order_at lies in the last 30 days");
  EXPECT_EQ(words("last_order_at between $day - interval 1 month and $day - interval 2 day"),
            "last_order_at is between 1 month before the day and 2 days before the day");
  EXPECT_EQ(words("last_order_at > $as_of - interval 1 day"), "last_order_at lies in the last 1 day");
}

TEST(Segment, MayUseOthers) {
  const SegmentProgram program = compile({{"a", where("in_segment('z') and not in_segment('m')")},
                                          {"m", where("orders > 1")},
                                          {"z", where("in_segment('m') or orders = 1")}});
  ASSERT_EQ(program.rules.size(), 3U) << lines_of(program.errors);
  EXPECT_EQ(program.rules[0].name, "m");
  EXPECT_EQ(program.rules[1].name, "z");
  EXPECT_EQ(program.rules[2].sql,
            "SELECT customer_id FROM customers WHERE ((customer_id = ANY(SELECT customer_id FROM \"segment z\")) AND "
            "(NOT (customer_id = ANY(SELECT customer_id FROM \"segment m\"))))");
  EXPECT_EQ(program.rules[2].segments, (std::vector<std::string>{"m", "z"}));
  EXPECT_EQ(closure(program, {"z"}).size(), 2U);
  EXPECT_EQ(closure(program, {"m"}).size(), 1U);
  // Another rule below makes another version above; comments and spaces do not.
  const SegmentProgram changed = compile({{"a", where("in_segment('z') and not in_segment('m')")},
                                          {"m", where("orders > 2")},
                                          {"z", where("in_segment('m')   or orders = 1 -- once")}});
  EXPECT_NE(changed.find("a")->version, program.find("a")->version);
  EXPECT_NE(changed.find("z")->version, program.find("z")->version);
  EXPECT_EQ(compile({{"m", "-- another title\n" + where("orders  >  1")}}).find("m")->version,
            program.find("m")->version);
}

TEST(Segment, MayUseOthersOfAnEarlierDay) {
  const SegmentProgram program =
      compile({{"a", where("entered('m', interval 7 day) or in_segment('m', $as_of - interval 7 day)")},
               {"b", where("in_segment('a', $day - 30) and not left_segment('m', interval 7 day)")},
               {"m", where("orders > 1")}});
  ASSERT_EQ(program.rules.size(), 3U) << lines_of(program.errors);
  EXPECT_EQ(program.rules[0].name, "m");
  const SegmentRule& a = program.rules[1];
  const std::string week = "(CAST((CAST($as_of AS TIMESTAMP) - to_days(7)) AS DATE) - 1)";
  const std::string was = "(customer_id = ANY(SELECT customer_id FROM \"segment m on " + week + "\"))";
  EXPECT_EQ(a.sql,
            "SELECT customer_id FROM customers WHERE (((customer_id = ANY(SELECT customer_id FROM \"segment m\")) AND "
            "(NOT " +
                was + ")) OR " + was + ")");
  EXPECT_EQ(a.segments, std::vector<std::string>{"m"});
  EXPECT_EQ(a.past, (std::vector<PastMembership>{{"m", week}}));
  EXPECT_EQ(members_relation(a.past.front()), "segment m on " + week);
  EXPECT_EQ(a.conditions,
            std::vector<std::string>{
                "has entered the segment 'm' in the last 7 days or was in the segment 'm' 7 days before"});
  const SegmentRule& b = program.rules[2];
  EXPECT_EQ(b.past, (std::vector<PastMembership>{{"a", "((CAST($day AS DATE) - 30))"}, {"m", week}}));
  EXPECT_EQ(used_segments(b), (std::vector<std::string>{"a", "m"}));
  EXPECT_EQ(closure(program, {"b"}).size(), 2U);
  EXPECT_EQ(closure(program, {"b"}, Reach::kAnyDay).size(), 3U);
  // Another rule on the other day makes another version, and so does another day.
  const SegmentProgram changed = compile({{"b", where("in_segment('m', $day - 30)")}, {"m", where("orders > 1")}});
  EXPECT_NE(compile({{"b", where("in_segment('m', $day - 30)")}, {"m", where("orders > 2")}}).find("b")->version,
            changed.find("b")->version);
  EXPECT_NE(compile({{"b", where("in_segment('m', $day - 31)")}, {"m", where("orders > 1")}}).find("b")->version,
            changed.find("b")->version);
}

TEST(Segment, NeedsEarlierDaysOnceAndInOrder) {
  Engine engine;
  const SegmentProgram program =
      compile({{"a", where("in_segment('b') or in_segment('c', $day - 3)")},
               {"b", where("in_segment('c', $as_of - interval 3 day)")},
               {"c", where("in_segment('d', $day - 2) or in_segment('d', date '2024-02-28')")},
               {"d", where("orders > 1")}});
  ASSERT_EQ(program.rules.size(), 4U) << lines_of(program.errors);
  const auto needed = [&](const std::string& name, const std::vector<Date>& days) {
    std::string text;
    const auto all = past_members_needed(program, {name}, days, engine.connection());
    for (const SegmentsOfDay& of_day : all.value())
      text += to_string(of_day.day) + " " + join(of_day.names, ",") + "\n";
    return text;
  };
  const Date day = parse_date("2024-03-04").value();
  EXPECT_EQ(needed("a", {day}), "2024-02-28 d\n2024-03-01 c\n");
  EXPECT_EQ(needed("d", {day}), "");
  EXPECT_EQ(needed("c", {parse_date("2024-02-27").value()}), "2024-02-25 d\n");
}

TEST(Segment, CirclesAreNamed) {
  EXPECT_EQ(errors_in(where("in_segment('a')")), "a 1:41 segments in a circle: a -> a\n");
  EXPECT_EQ(errors_in(where("in_segment('a', $day - 1)")), "a 1:41 segments in a circle: a -> a\n");
  EXPECT_EQ(lines_of(compile({{"a", where("in_segment('b')")}, {"b", where("entered('a', interval 1 day)")}}).errors),
            "b 1:41 segments in a circle: a -> b -> a\n");
  const SegmentProgram program = compile({{"a", where("in_segment('b')")},
                                          {"b", where("orders > 1 and in_segment('c')")},
                                          {"c", where("in_segment('a')")},
                                          {"d", where("in_segment('a')")},
                                          {"e", where("orders = 1")}});
  EXPECT_EQ(lines_of(program.errors), "c 1:41 segments in a circle: a -> b -> c -> a\n");
  ASSERT_EQ(program.rules.size(), 1U);
  EXPECT_EQ(program.rules[0].name, "e");
}

TEST(Segment, FaultsAreTold) {
  EXPECT_EQ(
      errors_in("select * from customers where ordrs > 1 and $dy > 1"),
      "a 1:31 unknown column 'ordrs' (did you mean 'orders'?)\na 1:45 unknown parameter $dy (did you mean '$day'?)\n");
  EXPECT_EQ(errors_in("select * from customers"), "a 1:15 a segment needs a WHERE\n");
  EXPECT_EQ(errors_in("select * from customer where orders > 1"),
            "a 1:15 unknown table 'customer' (did you mean 'customers'?)\n");
  EXPECT_EQ(errors_in("select * from customers where count(*) > 1"),
            "a 1:31 the aggregate 'count' cannot stand in the WHERE of a segment\n");
  EXPECT_EQ(errors_in("select * from customers where orders > 1 order by city limit 3"),
            "a 1:42 ORDER BY cannot stand here\na 1:56 LIMIT cannot stand here\n");
  EXPECT_EQ(errors_in("select * from customers where city + 1 > 1"),
            "a 1:36 No function matches the given name and argument types '+(VARCHAR, INTEGER_LITERAL)'\n");
  EXPECT_EQ(errors_in("select cty from customers where city in (select city from customers)"),
            "a 1:8 unknown column 'cty' (did you mean 'city'?)\na 1:38 EXISTS, IN and ANY over a subquery are not "
            "supported\n");
  EXPECT_EQ(errors_in("delete from customers"), "a 1:1 this is not a SELECT\n");
  EXPECT_EQ(errors_in(""), "a 1:1 the file holds no statement\n");
  EXPECT_EQ(errors_in(where("orders > 1; select 1")), "a 1:53 a second statement begins here\n");
}

TEST(Segment, NothingThatWritesReadsOutsideOrNeverEnds) {
  for (const char* text :
       {"insert into customers values (1)",
        "create table x as select 1",
        "attach 'x.db'",
        "copy customers to 'x.csv'",
        "copy customers from 'x.csv'",
        "install httpfs",
        "load httpfs",
        "pragma version",
        "set threads = 1",
        "call pragma_version()",
        "drop table customers",
        "update customers set orders = 1",
        "export database 'x'",
        "select * from read_csv('/etc/passwd') where true",
        "select * from '/etc/passwd' where true",
        "select * from customers, customers where true",
        "select * from customers cross join range(100000) where true",
        "with recursive t as (select 1 union all select 1 from t) select * from customers where true",
        "select * from customers where orders > (select count(*) from customers)",
        "select * from customers where exists (select 1)",
        "from query('drop table customers') where true",
        "select * from customers where getenv('HOME') = 'x'",
        "select * from customers where random() > 0.5",
        "select * from customers where current_setting('threads') = '1'",
        "select * from customers where len(range(1000000000)) > 1",
        "select * from customers where repeat('x', 9) = ''",
        "select * from customers where len(list_transform([1], x -> len(list_transform([1], y -> y)))) > 0",
        "select unnest(range(1000000000)) from customers where true"}) {
    EXPECT_NE(errors_in(text), "") << text;
  }
}

TEST(Segment, NamesAndUsesAtFault) {
  EXPECT_EQ(errors_in(where("in_segment(orders::varchar)")),
            "a 1:41 in_segment takes the name of a segment, as text\n");
  EXPECT_EQ(errors_in(where("in_segment()")), "a 1:41 in_segment takes the name of a segment, as text\n");
  const auto day_at_fault = [](const std::string& day) {
    return lines_of(compile({{"a", where("in_segment('m', " + day + ")")}, {"m", where("orders > 1")}}).errors);
  };
  const std::string not_before = " this does not lie before the day asked about: on ";
  EXPECT_EQ(day_at_fault("$as_of"), "a 1:57" + not_before + "2000-01-01 it is 2000-01-01\n");
  EXPECT_EQ(day_at_fault("last_day($day - interval 29 day)"), "a 1:57" + not_before + "2000-01-30 it is 2000-01-31\n");
  EXPECT_EQ(day_at_fault("$day - interval 1 hour"), "a 1:57 this is a moment within a day, not a day\n");
  EXPECT_EQ(day_at_fault("'2024-01-31'"), "a 1:57 this is a VARCHAR, not a day\n");
  EXPECT_EQ(day_at_fault("last_order_at"), "a 1:57 the column 'last_order_at' cannot tell another day\n");
  EXPECT_EQ(day_at_fault("date 'infinity'"), "a 1:57 this is no day\n");
  EXPECT_EQ(day_at_fault("least($day - 1, $as_of - interval 2 day)"),
            "a 1:57 $as_of and $day cannot stand in one day\n");
  EXPECT_EQ(day_at_fault("today()"), "a 1:57 the function 'today' cannot be used in a definition\n");
  EXPECT_EQ(day_at_fault("date_trunc('month', $day) - interval 1 day"), "");
  EXPECT_EQ(day_at_fault("date '2999-01-31'"), "");
  const SegmentProgram program = compile({{"lapsed", where("in_segment('lapse')")},
                                          {"new", where("in_segment('lapsed') and ordrs > 1")},
                                          {"uses_new", where("in_segment('new')")}});
  EXPECT_EQ(lines_of(program.errors),
            "lapsed 1:41 unknown segment 'lapse' (did you mean 'lapsed'?)\n"
            "new 1:66 unknown column 'ordrs' (did you mean 'orders'?)\n");
  EXPECT_TRUE(program.rules.empty());
  EXPECT_EQ(lines_of(compile({{"events", where("orders > 1")}}).errors),
            "events 0:0 'events' is the name of a table: a segment cannot have it\n");
  for (const char* name : {"VIP", "a b", "../x", "", ".hidden", "-x", "ñ", "a'b"})
    EXPECT_EQ(compile({{name, where("orders > 1")}}).errors.size(), 1U) << name;
}

}  // namespace
}  // namespace hilo::expr
