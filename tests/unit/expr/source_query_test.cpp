// Source definitions: what is read from them, the queries made of them, and each fault with its place.
#include "expr/source_query.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "shop.h"

namespace hilo::expr {
namespace {

Checked<SourceQuery> parse(Engine& engine, const std::string& text) {
  return parse_source_query({"sources/a.sql", "a", text}, engine.connection());
}

std::string errors_in(const std::string& text) {
  Engine engine;
  const auto query = parse(engine, text);
  return query ? "" : lines_of(query.error());
}

std::string staged(const std::string& text) {
  Engine engine;
  const auto query = parse(engine, text);
  if (!query) return lines_of(query.error());
  return staged_sql(*query, "staging.pos", engine.connection()).value_or("?");
}

std::string guarded(const std::string& text, const std::vector<std::string>& columns) {
  Engine engine;
  const auto query = parse(engine, text);
  if (!query) return lines_of(query.error());
  return guarded_staged_sql(*query, "staged", columns, engine.connection()).value_or("?");
}

TEST(SourceQuery, ReadsFilesAndOptions) {
  Engine engine;
  const auto query = parse(engine,
                           "-- source: pos\nselect card_no as loyalty_id, sku, *\nfrom read_csv(['data/*.csv', "
                           "'more.csv'], sep = ';', header = true, "
                           "types = {'sku': 'VARCHAR', 'qty': 'DECIMAL(9,2)'}, nullstr = ['', 'NA'], union_by_name = "
                           "true)\nwhere qty > 0 and loyalty_id <> ''");
  ASSERT_TRUE(query) << lines_of(query.error());
  EXPECT_EQ(query->format, SourceFormat::kCsv);
  EXPECT_EQ(query->globs, (std::vector<std::string>{"data/*.csv", "more.csv"}));
  EXPECT_EQ(query->output_names, (std::vector<std::string>{"loyalty_id", "sku", ""}));
  EXPECT_EQ(query->output_positions[0].column, 19);
  std::string options;
  for (const ReadOption& option : query->options) {
    options += option.name + "=" + option.text.value_or("");
    for (const auto& [key, value] : option.entries) options += "[" + key + ":" + value + "]";
    options += "@" + std::to_string(option.position.line) + ":" + std::to_string(option.position.column) + " ";
  }
  EXPECT_EQ(options,
            "delim=;@3:43 header=true@3:54 types=[sku:VARCHAR][qty:DECIMAL(9,2)]@3:69 nullstr=[:][:NA]@3:120 "
            "union_by_name=true@3:142 ");
  std::string columns;
  for (const ColumnUse& use : query->columns) {
    columns += use.name + (use.may_be_alias ? "?" : "") + "@" + std::to_string(use.position.line) + ":" +
               std::to_string(use.position.column) + " ";
  }
  EXPECT_EQ(columns, "card_no@2:8 sku@2:31 qty@4:7 loyalty_id?@4:19 ");
}

TEST(SourceQuery, KnowsTheReaders) {
  Engine engine;
  EXPECT_EQ(parse(engine, "select a from read_ndjson('x')")->format, SourceFormat::kJson);
  EXPECT_EQ(parse(engine, "select a from read_json_auto('x')")->format, SourceFormat::kJson);
  EXPECT_EQ(parse(engine, "select a from read_parquet('x')")->format, SourceFormat::kParquet);
  EXPECT_EQ(parse(engine, "select a from read_csv_auto('x', delim := '|')")->options[0].text, "|");
}

TEST(SourceQuery, StagedSql) {
  EXPECT_EQ(staged("select card as source_id, trim(name) as full_name from read_csv('x') where card <> ''"),
            "SELECT card AS source_id, main.\"trim\"(\"name\") AS full_name, _file, _record, _line FROM staging.pos AS "
            "read_csv WHERE (card != '')");
  EXPECT_EQ(staged("select *, a::int as b from read_csv('x') as t where t.a > '1'"),
            "SELECT * EXCLUDE (_file, _record, _line), CAST(a AS INTEGER) AS b, _file, _record, _line FROM staging.pos "
            "AS t WHERE (t.a > '1')");
  EXPECT_EQ(staged("select filename, a from read_csv('x', filename = true)"),
            "SELECT _file AS filename, a, _file, _record, _line FROM staging.pos AS read_csv");
}

TEST(SourceQuery, GuardedSql) {
  EXPECT_EQ(
      guarded("select a::int as n, n + 1 as m, b from read_csv('x') where a::int > 0", {"a", "b"}),
      "SELECT TRY(struct_pack(v := CASE  WHEN ((_record IS NOT NULL)) THEN (CAST(a AS INTEGER)) ELSE NULL END)) AS n, "
      "TRY(struct_pack(v := CASE  WHEN ((_record IS NOT NULL)) THEN ((struct_extract(n, 'v') + 1)) ELSE NULL END)) AS "
      "m, "
      "TRY(struct_pack(v := CASE  WHEN ((_record IS NOT NULL)) THEN (b) ELSE NULL END)) AS b, _file, _record, _line, "
      "(TRY(struct_pack(v := CASE  WHEN ((_record IS NOT NULL)) THEN ((CAST(a AS INTEGER) > 0)) ELSE NULL END)) IS "
      "NULL) AS _where_failed "
      "FROM staged AS read_csv WHERE COALESCE(TRY(CASE  WHEN ((_record IS NOT NULL)) THEN ((CAST(a AS INTEGER) > 0)) "
      "ELSE NULL END), "
      "CAST('t' AS BOOLEAN))");
}

TEST(SourceQuery, GuardedSqlStopsAtNoCell) {
  Engine engine;
  store::Connection& connection = engine.connection();
  ASSERT_TRUE(
      connection.execute("CREATE TABLE staged(a VARCHAR, b VARCHAR, _file VARCHAR, _record BIGINT, _line BIGINT); "
                         "INSERT INTO staged VALUES ('1', 'x', 'f', 1, 2), ('bad', 'y', 'f', 2, 3), ('-1', 'z', 'f', "
                         "3, 4), (NULL, 'w', 'f', 4, 5)"));
  const auto query = parse(engine, "select a::int as n, n + 1 as m, b as a, * from read_csv('x') where a::int > 0");
  ASSERT_TRUE(query) << lines_of(query.error());
  const auto plain = staged_sql(*query, "staged", connection);
  ASSERT_TRUE(plain);
  EXPECT_TRUE(connection.describe(*plain));
  const auto sql = guarded_staged_sql(*query, "staged", {"a", "b", "_file", "_record", "_line"}, connection);
  ASSERT_TRUE(sql);
  const auto text = connection.query_text(
      "SELECT string_agg(concat_ws(' ', _record, n IS NULL, n.v, m.v, _where_failed), ';' ORDER BY _record) FROM (" +
      *sql + ")");
  ASSERT_TRUE(text) << text.error().message << *sql;
  EXPECT_EQ(*text, "1 false 1 2 false;2 true true;4 false false");
}

struct Case {
  const char* name;
  const char* text;
  const char* errors;
};
// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest finds it by this name
void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }
class SourceErrors : public testing::TestWithParam<Case> {};
TEST_P(SourceErrors, AreTold) { EXPECT_EQ(errors_in(GetParam().text), GetParam().errors); }

const Case kCases[] = {
    {"unknown_option", "select a from read_csv('x', headr = true)",
     "a 1:29 unknown option 'headr' (did you mean 'header'?)\n"},
    {"refused_option", "select a from read_csv('x', ignore_errors = true)",
     "a 1:29 the option 'ignore_errors' cannot be used\n"},
    {"option_twice", "select a from read_csv('x', sep = ',', delim = ';')",
     "a 1:40 the option 'delim' is given twice\n"},
    {"option_value", "select a from read_csv('x', header = a + 1)", "a 1:38 the option 'header' needs a plain value\n"},
    {"no_file", "select a from read_csv()", "a 1:15 the file reader names no file\n"},
    {"file_no_text", "select a from read_csv(3)", "a 1:24 a file name is a text\n"},
    {"other_function", "select a from read_text('x')", "a 1:15 'read_text' is no file reader\n"},
    {"table", "select a from customers", "a 1:15 there is no table 'customers' to read\n"},
    {"no_from", "select 1 as a", "a 1:1 a source reads files\n"},
    {"join", "select a from read_csv('x') join read_csv('y') using (a)", "a 1:15 a join cannot stand in a source\n"},
    {"subquery", "select a from (select * from read_csv('x'))", "a 1:23 a subquery cannot stand in a source\n"},
    {"scalar_subquery", "select (select 1) as a from read_csv('x')",
     "a 1:8 a subquery cannot stand in the select list\n"},
    {"in_subquery", "select a from read_csv('x') where a in (select 1)",
     "a 1:37 EXISTS, IN and ANY over a subquery are not supported\n"},
    {"aggregate", "select sum(a) as s from read_csv('x')",
     "a 1:8 the aggregate 'sum' cannot stand in the select list\n"},
    {"window", "select lag(a) over () as s from read_csv('x')",
     "a 1:8 the window function 'lag' cannot stand in the select list\n"},
    {"clauses", "select distinct a from read_csv('x') group by a order by a limit 3",
     "a 1:8 DISTINCT cannot stand in a source\na 1:38 GROUP BY cannot stand in a source\na 1:49 ORDER BY cannot stand "
     "in a source\na 1:60 LIMIT cannot stand in a source\n"},
    {"union_", "select a from read_csv('x') union all select a from read_csv('y')",
     "a 1:29 UNION, INTERSECT and EXCEPT cannot stand in a source\n"},
    {"cte", "with x as (select 1) select a from read_csv('x')", "a 1:1 WITH cannot stand in a source\n"},
    {"parameter", "select a from read_csv('x') where b < $day", "a 1:39 there is no parameter $day here\n"},
    {"clock", "select now() as a, getenv('HOME') as b, current_date as c from read_csv('x')",
     "a 1:8 the function 'now' cannot be used in a definition\na 1:20 the function 'getenv' cannot be used in a "
     "definition\na 1:41 'current_date' cannot be used in a definition\n"},
    {"unknown_function", "select lowerr(a) as b from read_csv('x')",
     "a 1:8 unknown function 'lowerr' (did you mean 'lower'?)\n"},
    {"no_name", "select lower(a) from read_csv('x')", "a 1:8 this expression has no name\n"},
    {"twice", "select a, b as A from read_csv('x')", "a 1:16 the column 'A' is given twice\n"},
    {"reserved", "select a as _file from read_csv('x')", "a 1:13 the name '_file' begins with an underscore\n"},
};
INSTANTIATE_TEST_SUITE_P(All, SourceErrors, testing::ValuesIn(kCases),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace hilo::expr
