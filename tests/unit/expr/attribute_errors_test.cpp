// Every fault of an attribute definition is told with its exact place. Method: one wrong text each, the errors as text.
#include <gtest/gtest.h>

#include "shop.h"

namespace hilo::expr {
namespace {

struct Case {
  const char* name;
  std::vector<std::string> texts;
  const char* errors;
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest finds it by this name
void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

class AttributeErrors : public testing::TestWithParam<Case> {};

TEST_P(AttributeErrors, AreTold) { EXPECT_EQ(errors_of(GetParam().texts), GetParam().errors); }

const Case kCases[] = {
    {"empty", {""}, "a 1:1 the file holds no statement\n"},
    {"comments_only", {"-- a\n/* b */ ;"}, "a 1:1 the file holds no statement\n"},
    {"syntax", {"select count(*) as n\nfrm events e x"}, "a 2:1 syntax error at or near \"frm\"\n"},
    {"two_statements", {"select count(*) as n from events;\nselect 1"}, "a 2:1 a second statement begins here\n"},
    {"not_select", {"\ndelete from events"}, "a 2:1 this is not a SELECT\n"},
    {"not_utf8", {"select '\xff' as a from events"}, "a 0:0 the file is not UTF-8\n"},
    {"unknown_column",
     {"select count(*) filter (where tpe = 'order') as n from events"},
     "a 1:31 unknown column 'tpe' (did you mean 'type'?)\n"},
    {"unknown_table", {"select count(*) as n from evens"}, "a 1:27 unknown table 'evens' (did you mean 'events'?)\n"},
    {"unknown_function",
     {"select cuont(amount) as n from events"},
     "a 1:8 unknown function 'cuont' (did you mean 'count'?)\n"},
    {"unknown_parameter",
     {"select count(*) filter (where time > $ass_of) as n from events"},
     "a 1:38 unknown parameter $ass_of (did you mean '$as_of'?)\n"},
    {"nameless_parameter",
     {"select count(*) filter (where time > ?) as n from events"},
     "a 1:38 a parameter needs a name\n"},
    {"wrong_types",
     {"select sum(type) as s,\n       count(*) as n,\n  sum(channel) as t from events"},
     "a 1:8 No function matches the given name and argument types 'sum(VARCHAR)'\na 3:3 No function matches the given "
     "name and argument types 'sum(VARCHAR)'\n"},
    {"wrong_cast",
     {"select count(*) filter (where time > 'soon') as n from events"},
     "a 1:38 invalid timestamp field format: \"soon\", expected format is (YYYY-MM-DD HH:MM:SS[.US][±HH[:MM[:SS]]| "
     "ZONE])\n"},
    {"text_against_number",
     {"select count(*) filter (where channel = 5) as n, (select count(*) from items where lower(sku) in (1, 2)) as m\n"
      "from events"},
     "a 1:39 this compares text with an INTEGER\na 1:95 this compares text with an INTEGER\n"},
    {"result_against_number",
     {"select max(channel) = 5 as a, max(channel) as c, c = 5 as b, coalesce(max(channel), null) = 5 as d,\n"
      "  count(*) filter (where time >= $as_of - interval 5 day) as n from events"},
     "a 1:21 this compares text with an INTEGER\na 1:52 this compares text with an INTEGER\n"
     "a 1:91 this compares text with an INTEGER\n"},
    {"golden_text_against_number",
     {"select ntile(4) over (order by birth_date) as quarter, country = 5 as odd from customers"},
     "a 1:64 this compares text with an INTEGER\n"},
    {"alias_hides", {"select max(time) as time from events"}, "a 1:21 the alias 'time' hides the column 'time'\n"},
    {"alias_hides_golden",
     {"select count(*) as country from events"},
     "a 1:20 the alias 'country' hides the column 'country'\n"},
    {"alias_twice", {"select count(*) as n, max(amount) as N from events"}, "a 1:38 the alias 'n' is defined twice\n"},
    {"alias_in_two_sets",
     {"select count(*) as n from events", "select count(*) as n from items"},
     "b 1:20 the attribute 'n' is defined in two sets\n"},
    {"alias_keeps_rows_apart",
     {"select last(type) as l from (select type, amount as customer_id from (select type, amount from events))"},
     "a 1:53 the alias 'customer_id' is the name of what keeps rows apart\n"},
    {"alias_orders_rows",
     {"select last(type) as l from (select type, amount as seq from (select type, amount from events))"},
     "a 1:53 the alias 'seq' is the name of what keeps rows apart\n"},
    {"alias_reserved", {"select count(*) as _n from events"}, "a 1:20 the name '_n' begins with an underscore\n"},
    {"unaliased", {"select count(*) as n, max(amount) from events"}, "a 1:23 this expression has no name\n"},
    {"star", {"select * from events"}, "a 1:8 a star cannot stand here\n"},
    {"bare_column",
     {"select count(*) as n, type || 'x' as t from events"},
     "a 1:23 'type' has a value in every row, an attribute has one per customer\n"},
    {"no_aggregate", {"select $day as d from events"}, "a 1:23 no aggregate over 'events' stands in the select list\n"},
    {"circular", {"select b + 1 as a, a + count(*) as b from events"}, "a 1:8 circular reference: a -> b -> a\n"},
    {"circular_self", {"select a + count(*) as a from events"}, "a 1:8 circular reference: a -> a\n"},
    {"alias_later", {"select n + 1 as m, count(*) as n from events"}, "a 1:8 'n' is defined further down\n"},
    {"alias_in_aggregate",
     {"select max(time) as m, count(*) filter (where time < m) as n from events"},
     "a 1:54 the alias 'm' cannot be used inside an aggregate\n"},
    {"top_window",
     {"select lag(time) over (order by time) as p, count(*) as n from events"},
     "a 1:8 the window function 'lag' cannot stand in the select list\n"},
    {"aggregate_in_where",
     {"select count(*) as n from events where max(amount) > 1"},
     "a 1:40 the aggregate 'max' cannot stand in WHERE\n"},
    {"nested_aggregate",
     {"select max(sum(amount)) as n from events"},
     "a 1:12 the aggregate 'sum' stands inside another one\n"},
    {"approximate",
     {"select approx_count_distinct(order_id) as n from events"},
     "a 1:8 the function 'approx_count_distinct' cannot be used in a definition\n"},
    {"unsupported_aggregate",
     {"select histogram(points) as n from events"},
     "a 1:8 the aggregate 'histogram' is not supported in definitions\n"},
    {"clock",
     {"select date_diff('day', max(time)::date, current_date) as n,\n now() as b, age(max(time)) as c, today() as d "
      "from events"},
     "a 1:42 'current_date' cannot be used in a definition\na 2:2 the function 'now' cannot be used in a definition\na "
     "2:14 the function 'age' cannot be used in a definition\na 2:35 the function 'today' cannot be used in a "
     "definition\n"},
    {"chance",
     {"select count(*) filter (where random() < 0.5) as n, uuid() as u from events"},
     "a 1:31 the function 'random' cannot be used in a definition\na 1:53 the function 'uuid' cannot be used in a "
     "definition\n"},
    {"outside",
     {"select count(*) as n, getvariable('x') as v from events"},
     "a 1:23 the function 'getvariable' cannot be used in a definition\n"},
    {"zoned",
     {"select max(time)::timestamptz as z from events"},
     "a 1:17 a cast to TIMESTAMP WITH TIME ZONE depends on the session's zone\n"},
    {"clauses",
     {"select distinct count(*) as n from events group by type having count(*) > 1 order by 1 limit 3"},
     "a 1:8 DISTINCT cannot stand here\na 1:43 GROUP BY cannot stand here\na 1:57 HAVING cannot stand here\na 1:77 "
     "ORDER BY cannot stand here\na 1:88 LIMIT cannot stand here\n"},
    {"union_",
     {"select count(*) as n from events union select count(*) as n from items"},
     "a 1:34 UNION, INTERSECT and EXCEPT cannot stand in a definition\n"},
    {"with_",
     {"with x as (select * from events) select count(*) as n from x"},
     "a 1:1 WITH cannot stand in a definition\na 1:60 unknown table 'x'\n"},
    {"sample", {"select count(*) as n from events tablesample 10%"}, "a 1:27 TABLESAMPLE depends on chance\n"},
    {"table_function",
     {"select count(*) as n from range(3)"},
     "a 1:27 a table function cannot stand in a definition\n"},
    {"file", {"select count(*) as n from 'x.csv'"}, "a 1:27 unknown table 'x.csv'\n"},
    {"join",
     {"select count(*) as n from events join items using (order_id)"},
     "a 1:34 a join cannot stand in a definition\n"},
    {"no_from", {"select 1 as n"}, "a 1:1 there is no FROM\n"},
    {"unnest", {"select unnest(list(type)) as n from events"}, "a 1:8 unnest makes several rows of one\n"},
    {"exists",
     {"select exists (select 1 from items) as e, count(*) as n from events"},
     "a 1:8 EXISTS, IN and ANY over a subquery are not supported\n"},
    {"scalar_of_rows",
     {"select (select sku from items) as s, count(*) as n from events"},
     "a 1:16 'sku' has a value in every row, an attribute has one per customer\na 1:16 this subquery gives a value for "
     "every row\n"},
    {"scalar_limit",
     {"select (select max(sku) from items order by 1 limit 1) as s, count(*) as n from events"},
     "a 1:36 ORDER BY cannot stand here\na 1:47 LIMIT cannot stand here\n"},
    {"scalar_unknown",
     {"select (select max(skuu) from items) as s, count(*) as n from events"},
     "a 1:20 unknown column 'skuu' (did you mean 'sku'?)\n"},
    {"subquery_in_filter",
     {"select count(*) filter (where amount > (select avg(price) from items)) as n from events"},
     "a 1:40 a subquery cannot stand in an aggregate\n"},
    {"inner_aggregate",
     {"select max(n) as m from (select count(*) as n from events)"},
     "a 1:33 an aggregate in a subquery needs GROUP BY\n"},
    {"inner_limit", {"select count(*) as m from (select * from events limit 3)"}, "a 1:49 LIMIT cannot stand here\n"},
    {"inner_unknown",
     {"select count(*) as m from (select *, lag(tim) over (order by seq) as p from events)"},
     "a 1:42 unknown column 'tim' (did you mean 'time'?)\n"},
    {"struct_result",
     {"select {'a': max(points)} as s from events"},
     "a 1:30 's' is a STRUCT: an attribute is a single value or a list\n"},
    {"other_set",
     {"select count(*) as orders from events", "select orders + count(*) as m from items"},
     "b 1:8 unknown column 'orders'\n"},
    {"same_name",
     {"select count(*) as n from events where typ = 1", "select count(*) as m from events where amont > 1"},
     "a 1:40 unknown column 'typ' (did you mean 'type'?)\nb 1:40 unknown column 'amont' (did you mean 'amount'?)\n"},
    {"population_aggregate",
     {"select sum(customer_id) as s from customers"},
     "a 1:8 the aggregate 'sum' cannot stand in the select list\n"},
    {"population_where",
     {"select row_number() over (order by customer_id) as r from customers where country = 'DE'"},
     "a 1:69 WHERE cannot stand here\n"},
    {"population_circle",
     {"select y + 1 as x from customers", "select x + 1 as y from customers"},
     "a 1:8 circular reference between sets: a -> b -> a\nb 1:8 circular reference between sets: b -> a -> b\n"},
    {"population_type",
     {"select ntile(10) over (order by full_name + 1) as d from customers"},
     "a 1:43 No function matches the given name and argument types '+(VARCHAR, INTEGER_LITERAL)'\n"},
};

INSTANTIATE_TEST_SUITE_P(All, AttributeErrors, testing::ValuesIn(kCases),
                         [](const auto& test) { return test.param.name; });

TEST(AttributeErrorsAdvice, SaysWhatToWrite) {
  Engine engine;
  const auto program = compile_attributes(
      files_of({"select count(*) as orders from events", "select orders + count(*) as m from items"}), shop_schema(),
      engine.connection());
  ASSERT_FALSE(program);
  EXPECT_EQ(program.error()[0].advice,
            "'orders' is an attribute of the set 'a': only a set over customers can read it");
  EXPECT_EQ(program.error()[0].code, ErrorCode::kInvalidDefinition);
}

TEST(AttributeErrorsSameName, TwoFilesOfOneName) {
  Engine engine;
  const auto program = compile_attributes({{"x/retail.sql", "retail", "select count(*) as n from events"},
                                           {"y/retail.sql", "retail", "select count(*) as m from events"}},
                                          shop_schema(), engine.connection());
  ASSERT_FALSE(program);
  EXPECT_EQ(lines_of(program.error()), "retail 1:1 there are two sets named 'retail'\n");
}

}  // namespace
}  // namespace hilo::expr
