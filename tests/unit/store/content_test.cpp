// Goal: two databases have equal digests where a question could not tell them apart, and only there; how they differ is
// counted by row and by column. Method: pairs of small tables, attached to one connection.
#include "store/content.h"

#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hilo::store {
namespace {

void ignore_progress(std::int64_t /*done*/, std::int64_t /*total*/) {}

std::vector<Content> contents(const std::string& statements, const std::vector<LeftOut>& left_out = {}) {
  Database database = *Database::open("");
  Connection connection = *database.connect();
  const Status made = connection.execute(statements);
  EXPECT_TRUE(made) << made.error().text();
  auto found = contents_of(connection, left_out, ignore_progress);
  EXPECT_TRUE(found) << found.error().text();
  return *found;
}

// The digest of the one table that the statements make.
std::string digest(const std::string& statements, const std::vector<LeftOut>& left_out = {}) {
  const std::vector<Content> found = contents(statements, left_out);
  EXPECT_EQ(found.size(), 1U);
  return found.empty() ? "" : found.front().digest;
}

TEST(ContentTest, DigestsAreOfTheRowsWhateverTheirOrder) {
  const std::string all = "create table t as select i, i % 7 as n, 'text ' || i as s from range(5000) r(i) ";
  const std::string whole = digest(all);
  EXPECT_EQ(digest(all + "order by s desc"), whole);
  EXPECT_EQ(digest("set threads = 4;" + all), whole);
  EXPECT_NE(digest(all + "where i <> 4999"), whole);
  EXPECT_NE(digest(all + "union all select 4999, 1, 'text 4999'"), whole) << "a row that stands twice";
  EXPECT_NE(digest(all + ";update t set n = n + 1 where i = 3"), whole);
}

TEST(ContentTest, DigestsTellWhatAQuestionCanTell) {
  const std::vector<std::string> different = {
      "create table t(a integer, b integer)",
      "create table t(a integer, b bigint)",
      "create table t(b integer, a integer)",
      "create table t as select 1 as a, 2 as b union all select 3, 4",
      "create table t as select 1 as a, 4 as b union all select 3, 2",
      "create table t as select 2 as a, 1 as b union all select 4, 3",
      "create table t as select null::varchar as s",
      "create table t as select '' as s",
      "create table t as select 0.0::double as x",
      "create table t as select -0.0::double as x",
      "create table t as select 'nan'::double as x",
      "create table t as select null::double as x",
      "create table t as select 0.1::double + 0.2::double as x",
      "create table t as select 0.3::double as x",
      "create table t as select [0.0::double] as x",
      "create table t as select [-0.0::double] as x",
      "create table t as select ['a', 'b'] as x",
      "create table t as select ['b', 'a'] as x",
      "create table t as select ['a', null] as x",
      "create table t as select interval 30 day as x",
      "create table t as select interval 1 month as x",
  };
  std::vector<std::string> digests;
  for (const std::string& statement : different) digests.push_back(digest(statement));
  for (std::size_t one = 0; one < digests.size(); ++one) {
    EXPECT_EQ(digests[one].size(), 32U);
    for (std::size_t other = 0; other < one; ++other)
      EXPECT_NE(digests[one], digests[other]) << different[one] << "\n" << different[other];
  }
}

TEST(ContentTest, ColumnsMayBeLeftOut) {
  const std::vector<LeftOut> left_out = {{.table = "t", .column = "made"}};
  EXPECT_EQ(digest("create table t as select 1 as n, 'here' as made", left_out),
            digest("create table t as select 1 as n, 'there' as made", left_out));
  EXPECT_NE(digest("create table u as select 1 as n, 'here' as made", left_out),
            digest("create table u as select 1 as n, 'there' as made", left_out));
}

TEST(ContentTest, EverythingOfTheDatabaseIsThereButWhatIsTemporary) {
  const std::string made =
      "create schema private; create table private.\"a.b\"\" c\"(n integer); create table t(n integer);"
      "create table \"d.e\"(n integer); create view v as select n from t; create macro twice(n) as 2 * n; create index "
      "i on t(n);"
      "create sequence s start 4; create type mood as enum ('good', 'bad');"
      "create temp table hidden(n integer); create temp macro hidden_too(n) as n;";
  std::string listed;
  for (const Content& each : contents(made)) listed += fmt::format("{} {}\n", each.kind, each.name);
  EXPECT_EQ(listed,
            "table main.d.e\nindex i\ntype mood\nsequence s\ntable t\nmacro twice\nview v\ntable private.a.b\" c\n");
  const auto text_of = [](const std::string& statements) { return contents(statements).back().digest; };
  EXPECT_NE(text_of("create view v as select 1 as n"), text_of("create view v as select 2 as n"));
  EXPECT_NE(text_of("create macro m(n) as 2 * n"), text_of("create macro m(n) as 3 * n"));
}

class CompareRowsTest : public testing::Test {
 protected:
  // Fills t of two databases with rows of (k, n, s), and compares them by their key.
  RowDifference compare(const std::string& first, const std::string& second,
                        const std::optional<std::vector<std::string>>& key) {
    for (const auto& [name, rows] : {std::pair{"one", first}, std::pair{"other", second}}) {
      const Status made = connection_.execute(fmt::format(
          "attach ':memory:' as {0}; create table {0}.t as select * from (values {1}) v(k, n, \"odd \"\" name\")", name,
          rows));
      EXPECT_TRUE(made) << made.error().text();
    }
    const auto columns = *connection_.describe("from one.t");
    auto difference =
        compare_rows(connection_, {.first = "one", .second = "other", .table = "t", .columns = columns, .key = key});
    EXPECT_TRUE(difference) << difference.error().text();
    EXPECT_TRUE(connection_.execute("detach one; detach other"));
    return difference.value_or(RowDifference{});
  }

  static std::string told(const RowDifference& difference) {
    std::string text = fmt::format("{} {} {}", difference.missing, difference.added, difference.changed);
    for (const ColumnDifference& column : difference.columns) text += fmt::format(" {}={}", column.column, column.rows);
    return text;
  }

  Database database_ = *Database::open("");
  Connection connection_ = *database_.connect();
};

TEST_F(CompareRowsTest, CountsRowsAndColumnsByKey) {
  const std::vector<std::string> key = {"k"};
  EXPECT_EQ(told(compare("(1, 2, 'a')", "(1, 2, 'a')", key)), "0 0 0");
  EXPECT_EQ(told(compare("(2, 2, 'b'), (1, 1, 'a'), (4, 0, 'd')", "(1, 1, 'a'), (2, 3, 'c'), (3, 0, 'd')", key)),
            "1 1 1 n=1 odd \" name=1");
  EXPECT_EQ(told(compare("(1, 2, 'a'), (2, 1, 'a')", "(1, 1, 'a'), (2, 2, 'a')", key)), "0 0 2 n=2")
      << "a column whose values went to other rows";
  EXPECT_EQ(told(compare("(1, null, 'a')", "(1, 0, 'a')", key)), "0 0 1 n=1");
  EXPECT_EQ(told(compare("(null, 1, 'a')", "(null, 2, 'a')", key)), "0 0 1 n=1");
  EXPECT_EQ(told(compare("(1, -0.0::double, 'a')", "(1, 0.0::double, 'a')", key)), "0 0 1 n=1");
}

TEST_F(CompareRowsTest, KeysThatAreNone) {
  EXPECT_EQ(told(compare("(1, 1, 'a'), (1, 1, 'a'), (2, 2, 'b')", "(1, 1, 'a'), (2, 2, 'b')", {{"k"}})), "0 1 0");
  EXPECT_EQ(told(compare("(1, 1, 'a'), (1, 2, 'b')", "(1, 2, 'b')", {{"k"}})), "0 1 0");
  EXPECT_EQ(told(compare("(1, 1, 'a')", "(2, 1, 'a')", std::vector<std::string>{})), "0 0 1 k=1") << "one row";
  EXPECT_EQ(told(compare("(1, 1, 'a'), (3, 3, 'c')", "(1, 2, 'a')", std::nullopt)), "1 2 0") << "rows without a name";
}

}  // namespace
}  // namespace hilo::store
