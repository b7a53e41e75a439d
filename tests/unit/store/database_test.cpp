// Goal: what goes into DuckDB comes out as it was; what must be shut off is shut off. Method: in-memory databases.
#include "store/database.h"

#include <atomic>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "store/engine_state.h"
#include "store/text_function.h"

namespace hilo::store {
namespace {

class DatabaseTest : public testing::Test {
 protected:
  Database database_ = *Database::open("");
  Connection connection_ = *database_.connect();
};

TEST_F(DatabaseTest, WriterAndRowsAgreeOnEveryTypeAcrossBlocks) {
  ASSERT_TRUE(connection_.execute(
      "create table t(n bigint, x double, b boolean, s varchar, d date, m decimal(18,4), i integer)"));
  constexpr std::int64_t kRows = 5'000;  // more than two blocks
  auto writer = TableWriter::open(connection_, "main", "t");
  ASSERT_TRUE(writer);
  for (std::int64_t row = 0; row < kRows; ++row) {
    row % 7 == 0 ? writer->null(0) : writer->integer(0, row);
    writer->real(1, static_cast<double>(row) / 2);
    writer->boolean(2, row % 2 == 0);
    row % 11 == 0 ? writer->null(3) : writer->text(3, "a text that is longer than twelve bytes " + std::to_string(row));
    writer->integer(4, row);
    writer->integer(5, row * 10'000);
    writer->integer(6, -row);
    ASSERT_TRUE(writer->end_row());
  }
  ASSERT_TRUE(writer->close());
  auto rows = connection_.query("select n, x, b, s, d, m, i from t order by x");
  ASSERT_TRUE(rows);
  std::int64_t row = 0;
  ASSERT_TRUE(rows->for_each([&](const Chunk& chunk, std::size_t at) {
    EXPECT_EQ(chunk.is_null(0, at), row % 7 == 0);
    if (row % 7 != 0) {
      EXPECT_EQ(chunk.integer(0, at), row);
    }
    EXPECT_EQ(chunk.real(1, at), static_cast<double>(row) / 2);
    EXPECT_EQ(chunk.boolean(2, at), row % 2 == 0);
    EXPECT_EQ(chunk.is_null(3, at), row % 11 == 0);
    if (row % 11 != 0) {
      EXPECT_EQ(chunk.text(3, at), "a text that is longer than twelve bytes " + std::to_string(row));
    }
    EXPECT_EQ(chunk.integer(4, at), row);
    EXPECT_EQ(chunk.integer(5, at), row * 10'000);
    EXPECT_EQ(chunk.integer(6, at), -row);
    ++row;
  }));
  EXPECT_EQ(row, kRows);
}

TEST_F(DatabaseTest, WriterFillsListsAcrossBlocks) {
  constexpr std::int64_t kRows = 5'000;
  ASSERT_TRUE(connection_.execute("create table lists(i bigint, n decimal(18,4)[], s varchar[])"));
  auto writer = TableWriter::open(connection_, "main", "lists");
  ASSERT_TRUE(writer);
  for (std::int64_t row = 0; row < kRows; ++row) {
    const std::string text = "a text that is longer than twelve bytes " + std::to_string(row);
    writer->integer(0, row);
    if (row % 7 == 0) {
      writer->null(1);
    } else {
      writer->integer_list(1, 0, std::vector<std::optional<std::int64_t>>{row * 10'000, std::nullopt, -5'000});
    }
    std::vector<std::optional<std::string_view>> texts(static_cast<std::size_t>(row % 3), text);
    writer->text_list(2, 0, texts);
    ASSERT_TRUE(writer->end_row());
  }
  ASSERT_TRUE(writer->close());
  EXPECT_EQ(connection_
                .query_integer("select count(*) from lists where n is not distinct from (case when i % 7 > 0 then [i, "
                               "null, -0.5] end) and s = [x for x in list_resize([]::varchar[], i % 3, 'a text that is "
                               "longer than twelve bytes ' || i)]")
                .value(),
            kRows);
}

TEST_F(DatabaseTest, ParametersAreBoundByName) {
  const Parameters parameters = {
      {"day", Date{1}}, {"as_of", WallTime{5}}, {"who", std::string("it's")}, {"none", std::monostate{}}};
  const auto text = connection_.query_text(
      "select $who || ' ' || $day::varchar || ' ' || ($none is null)::varchar || $as_of::varchar", parameters);
  ASSERT_TRUE(text) << text.error().text();
  EXPECT_EQ(**text, "it's 1970-01-02 true1970-01-01 00:00:00.000005");
  EXPECT_FALSE(connection_.query("select $missing", parameters));
  EXPECT_FALSE(connection_.query("select $missing::int"));
  EXPECT_FALSE(connection_.query("select sum($who)", {{"who", std::string("it's")}}));
}

TEST_F(DatabaseTest, WhatTheEngineRefusesIsTold) {
  EXPECT_FALSE(connection_.query("select $who", {{"who", std::string("\xFF")}}));
  EXPECT_FALSE(Database::open("", {.memory_limit = "a lot"}));
  EXPECT_FALSE(TableWriter::open(connection_, "main", "nowhere"));
  EXPECT_FALSE(database_.add_table_function({}));
  EXPECT_FALSE(connection_.add_function({.name = "", .arguments = {}, .result = "BIGINT"}, {}));
  EXPECT_FALSE(add_text_function(connection_, {}));
  EXPECT_FALSE(EngineAccess::connect(nullptr));
}

TEST_F(DatabaseTest, OneStatementAtATime) {
  EXPECT_FALSE(connection_.query("select 1; select 2"));
  EXPECT_FALSE(connection_.query(""));
  EXPECT_EQ(connection_.statement_kind("select 1").value(), StatementKind::kSelect);
  EXPECT_EQ(connection_.statement_kind("create table x(a int)").value(), StatementKind::kOther);
}

TEST_F(DatabaseTest, TypesAreDescribedAsSqlWritesThem) {
  const auto columns =
      connection_.describe("select 1::bigint as a, 1.5::decimal(18,4) as b, ['x'] as c, date '2011-01-01' as d");
  ASSERT_TRUE(columns);
  EXPECT_EQ((*columns)[0].type, "BIGINT");
  EXPECT_EQ((*columns)[1].type, "DECIMAL(18,4)");
  EXPECT_EQ((*columns)[2].type, "VARCHAR[]");
  EXPECT_EQ((*columns)[3].type, "DATE");
}

// numbers_to(last): the numbers below it and their squares, twice; the engine is asked for the columns read.
TableFunction numbers_to(std::vector<std::string>& read) {
  const auto query = [&read](const std::vector<std::string>& columns, std::int64_t last) {
    read = columns;
    return TableFunctionQuery{
        .sql = fmt::format("select {} from {} where n < $last::bigint", fmt::join(columns, ", "),
                           last == 0 ? "no_such_table" : "temp.numbers"),
        .parameters = {{"last", last}},
        .before = [](Connection& connection) {
          return connection.execute(
              "create or replace temp table numbers as select n, n * n as square from range(10000) r(n)");
        }};
  };
  return {.name = "numbers_to",
          .arguments = {"BIGINT"},
          .columns_sql = "select 1::bigint as n, 1::bigint as square",
          .check = [](const std::vector<Value>& arguments) -> Status {
            if (std::get<std::int64_t>(arguments.at(0)) < 0) return fail(ErrorCode::kInvalidInput, "below zero");
            return {};
          },
          .plan = [=](const TableFunctionCall& call) -> Result<std::vector<TableFunctionQuery>> {
            const std::int64_t last = std::get<std::int64_t>(call.arguments.at(0));
            if (last == 1) return fail(ErrorCode::kInvalidInput, "not one");
            return std::vector{query(call.columns, last), query(call.columns, last)};
          }};
}

TEST_F(DatabaseTest, ATableFunctionGivesTheRowsOfItsQueries) {
  std::vector<std::string> read;
  ASSERT_TRUE(database_.add_table_function(numbers_to(read)));
  EXPECT_EQ(connection_.query_integer("select sum(n)::bigint from numbers_to(5000)").value(), 2 * 5000 * 4999 / 2);
  EXPECT_EQ(read, std::vector<std::string>{"n"});
  EXPECT_EQ(connection_.query_integer("select (sum(square) - sum(n * n))::bigint from numbers_to(100)").value(), 0);
  EXPECT_EQ(connection_.query_integer("select max(square) from numbers_to(11)").value(), 100);
  EXPECT_EQ(read, std::vector<std::string>{"square"});
  EXPECT_EQ(connection_.query_integer("select count(*) from numbers_to(11)").value(), 22);
  for (const auto& [argument, told] :
       {std::pair{-1, "below zero"}, std::pair{1, "Invalid Input Error"}, std::pair{0, "no_such_table"}}) {
    const auto failed = connection_.query(fmt::format("select * from numbers_to({})", argument));
    ASSERT_FALSE(failed);
    EXPECT_NE(failed.error().message.find(told), std::string::npos) << failed.error().message;
  }
}

TEST_F(DatabaseTest, AConditionIsAskedOnceForEveryRow) {
  std::atomic<std::int64_t> asked = 0;
  ASSERT_TRUE(database_.add_condition(
      "is_known", {"BIGINT", "VARCHAR", "BOOLEAN"}, [&](const Chunk& rows, Answers& holds) -> Status {
        asked += static_cast<std::int64_t>(rows.size());
        for (std::size_t row = 0; row < rows.size(); ++row) {
          if (!rows.is_null(0, row) && rows.integer(0, row) == 77'777)
            return fail(ErrorCode::kInvalidInput, "this one it cannot judge");
          holds.boolean(row, !rows.is_null(1, row) && rows.text(1, row) == "b" && rows.is_null(2, row));
        }
        return {};
      }));
  ASSERT_TRUE(
      connection_.execute("create table t as select i, case when i % 2 = 0 then 'a' when i % 3 = 0 then 'b' "
                          "end as word, case when i % 5 = 0 then true end as flag from range(300000) r(i)"));
  const auto counted = connection_.query_integer("select count(*) from t where is_known(i + 1000000, word, flag)");
  ASSERT_TRUE(counted) << counted.error().text();
  EXPECT_EQ(*counted, 40'000);
  EXPECT_EQ(asked, 300'000);
  EXPECT_FALSE(connection_.query_integer("select count(*) from t where is_known(i, word, flag)"));
}

TEST_F(DatabaseTest, AFunctionAnswersByRowOrWithAnArgument) {
  ASSERT_TRUE(connection_.add_function(
      {.name = "shout", .arguments = {"VARCHAR", "BIGINT"}, .result = "VARCHAR"},
      [](const Chunk& rows, Answers& answers) -> Status {
        if (!rows.is_null(1, 0) && rows.integer(1, 0) == 0) {
          answers.same_as(0);
          return {};
        }
        for (std::size_t row = 0; row < rows.size(); ++row) {
          if (rows.is_null(0, row)) {
            answers.null(row);
          } else if (row > 0 && !rows.is_null(0, row - 1) && rows.text(0, row - 1) == rows.text(0, row)) {
            answers.repeat_text(row, row - 1);
          } else {
            answers.text(row, std::string(rows.text(0, row)) + " is what somebody said!");
          }
        }
        return {};
      }));
  ASSERT_TRUE(connection_.add_function({.name = "later", .arguments = {"TIMESTAMP"}, .result = "TIMESTAMP"},
                                       [](const Chunk& rows, Answers& answers) -> Status {
                                         for (std::size_t row = 0; row < rows.size(); ++row) {
                                           rows.is_null(0, row)
                                               ? answers.null(row)
                                               : answers.integer(row, rows.integer(0, row) + 1'000'000);
                                         }
                                         return {};
                                       }));
  ASSERT_TRUE(connection_.execute(
      "create table said as select case when i % 7 < 3 then 'the same long words' when i % 7 < 6 then i::varchar end "
      "as word, timestamp '2024-01-01' + to_seconds(i) as moment from range(10000) r(i)"));
  const auto wrong = connection_.query_integer(
      "select count(*) from said where shout(word, 1) is distinct from word || ' is what somebody said!' "
      "or shout(word, 0) is distinct from word or later(moment) <> moment + interval 1 second "
      "or later(case when word is not null then moment end) is distinct from case when word is not null then moment + "
      "interval 1 second end");
  ASSERT_TRUE(wrong) << wrong.error().text();
  EXPECT_EQ(*wrong, 0);
  EXPECT_EQ(connection_.query_text("select shout('x', 0) || shout('x', 1)").value(), "xx is what somebody said!");
}

TEST_F(DatabaseTest, LockedDownItReachesNoFileAndNoSetting) {
  ASSERT_TRUE(database_.lock_down());
  EXPECT_FALSE(connection_.query("select * from read_text('/etc/hostname')"));
  EXPECT_FALSE(connection_.execute("copy (select 1) to '/tmp/hilo_must_not_exist.csv'"));
  EXPECT_FALSE(connection_.execute("attach '/tmp/hilo_must_not_exist.duckdb'"));
  EXPECT_FALSE(connection_.execute("set enable_external_access = true"));
  EXPECT_TRUE(connection_.query("select 1"));
}

TEST(QuoteTest, QuotesWhatItIsGiven) {
  EXPECT_EQ(quote_name("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(quote_text("it's"), "'it''s'");
  EXPECT_EQ(quote_list({"a", "b'"}), "['a', 'b''']");
}

}  // namespace
}  // namespace hilo::store
