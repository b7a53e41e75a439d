// Headers of definition files, tokens, and the engine's error messages: small texts, exact answers.
#include "expr/definition.h"

#include <gtest/gtest.h>

#include "expr/parse_tree.h"
#include "expr/sql_error.h"
#include "expr/tokens.h"

namespace hilo::expr {
namespace {

std::string printed(std::string_view text) {
  std::string out;
  for (const HeaderField& field : read_header(text)) {
    out += field.key + "=" + field.value + "@" + std::to_string(field.line) + ":" + std::to_string(field.column) + "\n";
  }
  return out;
}

TEST(ParseTree, AnUnknownFormIsAnError) {
  auto database = store::Database::open("");
  ASSERT_TRUE(database);
  auto connection = database->connect();
  ASSERT_TRUE(connection);
  EXPECT_FALSE(write_select(Json{{"type", "NO_SUCH_NODE"}}, *connection));
  const auto read = stop_exceptions([]() -> Status {
    static_cast<void>(Json::object().at("class"));
    return {};
  });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kInternal);
}

TEST(ReadHeader, SeveralFieldsPerLine) {
  EXPECT_EQ(printed("-- source: pos   kind: pos   order_space: till   delivery: lines   rank: 2\nselect 1"),
            "source=pos@1:4\nkind=pos@1:18\norder_space=till@1:30\ndelivery=lines@1:50\nrank=2@1:68\n");
}

TEST(ReadHeader, OnePerLineWithBlankLinesAndProse) {
  EXPECT_EQ(
      printed("\n-- The tills of all shops.\n--source:  pos \r\n\n  -- kind: pos\tbrand: a b: c\n-- Note: later\n"),
      "source=pos@3:3\nkind=pos@5:6\nbrand=a b: c@5:16\n");
}

TEST(ReadHeader, EndsWithTheFirstOtherLine) {
  EXPECT_EQ(printed("select 1\n-- source: pos"), "");
  EXPECT_EQ(printed(""), "");
  EXPECT_EQ(printed("-- source:"), "source=@1:4\n");
  EXPECT_EQ(printed("-- url http://x"), "");
}

TEST(ScanTokens, KnowsQuotesCommentsAndDepth) {
  const std::string_view sql =
      "select 'it''s -- $x', \"a\"\"b\" /* $y /* */ */ from f($day) -- $z\n where $q$ $no $q$ ";
  std::string out;
  for (const Token& token : scan_tokens(sql)) {
    out += std::string(token_text(sql, token)) + "|" + std::to_string(token.depth) + " ";
  }
  EXPECT_EQ(out, "select|0 'it''s -- $x'|0 ,|0 a\"\"b|0 from|0 f|0 (|0 $day|1 )|0 where|0 $q$ $no $q$|0 ");
}

TEST(ScanTokens, WhatDoesNotEndEndsWithTheText) {
  for (const char* sql : {"'abc", "\"abc", "/* abc", "$t$abc", "e'\\", "$"})
    EXPECT_LE(scan_tokens(sql).size(), 1U) << sql;
}

TEST(WithDayFrom, ReplacesParametersAndNothingElse) {
  EXPECT_EQ(with_day_from("select $day, CAST($as_of AS DATE)", "d.day", "d.as_of"),
            "select d.day, CAST(d.as_of AS DATE)");
  EXPECT_EQ(with_day_from("$DAY + $As_Of", "d", "a"), "d + a");
  EXPECT_EQ(with_day_from("$days, $day_, $dayé", "d", "a"), "$days, $day_, $dayé");
  const std::string quoted = R"(select '$day', "$as_of", 'it''s $day', "a""$day" -- $day)";
  EXPECT_EQ(with_day_from(quoted, "d", "a"), quoted);
  EXPECT_EQ(with_day_from("", "d", "a"), "");
}

TEST(ReadSqlError, TakesTheMessageApart) {
  const std::string sql = "select max(tme) as x from events";
  const SqlError error = read_sql_error(
      "Binder Error: Referenced column \"tme\" not found in FROM clause!\nCandidate bindings: \"time\"\n\nLINE 1: " +
          sql + "\n                   ^",
      sql);
  EXPECT_EQ(error.message, "Referenced column \"tme\" not found in FROM clause");
  EXPECT_EQ(error.offset, 11U);
}

TEST(ReadSqlError, FindsTheWindowOfALongLine) {
  const std::string sql =
      "select 1 as a,\n" + std::string(60, ' ') + "'é' as b, foo(1) as c, " + std::string(90, 'x') + " as d";
  const std::string window = sql.substr(sql.find("'é'") - 20, 70);
  const std::string caret(8 + 3 + 20 + 10, ' ');
  const SqlError error = read_sql_error("Catalog Error: no foo!\n\nLINE 2: ..." + window + "...\n" + caret + "^", sql);
  EXPECT_EQ(error.offset, sql.find("foo"));
}

TEST(ReadSqlError, ReadsTheJsonForm) {
  const SqlError error = read_sql_error(
      R"json(Binder Error: {"exception_type":"Binder","exception_message":"No function matches 'sum(VARCHAR)'. )json"
      R"json(You might need to add explicit type casts.\n\tCandidate functions:\n\tsum(DECIMAL)","position":"7"})json",
      "");
  EXPECT_EQ(error.message, "No function matches 'sum(VARCHAR)'");
  EXPECT_EQ(error.offset, 7U);
  EXPECT_EQ(read_sql_error("Out of Range Error: {\"exception_message\":\"too large\"}", "").offset, std::nullopt);
}

}  // namespace
}  // namespace hilo::expr
