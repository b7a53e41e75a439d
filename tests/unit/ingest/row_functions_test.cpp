// Goal: the functions of rows mean what the SQL meant that they stand for: the engine's own trim, lower and patterns.
// Method: the engine computes both, on words written by hand, on every short text of a hostile alphabet, and on every
// character of the basic plane.
#include "ingest/row_functions.h"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "store/database.h"

namespace hilo::ingest {
namespace {

constexpr const char* kNothing =
    "(lower(trim(raw)) in ('', '-', '.', '0', 'n/a', 'na', 'null', 'none', 'nil', 'nan', 'unknown', 'undefined', "
    "'[object object]') or regexp_full_match(trim(raw), '0+(-0+)*'))";

class RowFunctions : public ::testing::Test {
 protected:
  void SetUp() override {
    auto database = store::Database::open("");
    ASSERT_TRUE(database) << database.error().text();
    database_ = std::move(*database);
    auto connection = database_.connect();
    ASSERT_TRUE(connection);
    connection_ = std::move(*connection);
    ASSERT_TRUE(add_row_functions(connection_));
    fill();
  }

  void fill() {
    run("create table texts(raw varchar)");
    // Every character of the basic plane and many beyond: alone, at either end, and four times.
    run("create table characters as select chr(i::integer) as c from range(1, 1114112) r(i) "
        "where i not between 55296 and 57343 and (i < 65536 or i % 61 = 0)");
    run("insert into texts select unnest([c, 'a' || c, c || 'a', 'a' || c || 'a', c || c || c || c]) from characters");
    for (const std::string& word : words()) {
      for (const char* form : {"{}", " {} ", "\u00a0{}\u3000", "\t{}", "{}\n", "{0}{0}", "x{}", "{}x"}) {
        run("insert into texts values (" + store::quote_text(fmt::format(fmt::runtime(form), word)) + ")");
        run("insert into texts values (upper(" + store::quote_text(fmt::format(fmt::runtime(form), word)) + "))");
      }
    }
    run("insert into texts values (null), (''), (' '), ('  '), (repeat('0', 300)), (repeat(' ', 5000) || 'x')");
    // Every text of at most five of these.
    for (const char* alphabet : {"['0', '-', 'a', ' ', '1']", "[' ', '-', '_', 'é', '\u2003']"}) {
      run(fmt::format("create or replace table letters as select unnest({}) as l", alphabet));
      run("insert into texts select concat(a.l, b.l, c.l, d.l, e.l) from letters a, letters b, letters c, "
          "(select l from letters union all select '') d, (select l from letters union all select '') e");
    }
    // Times with all that may stand behind them.
    run("insert into texts select t || f || s || o || e from "
        "(select unnest(['2024-01-01 10:00', '10:00:59', '2024-01-01', '1:00', ':00', ':0', '12:345', 'T10:00', '']) "
        "t), "
        "(select unnest(['', '.', '.1', '.123456789', ',5']) f), (select unnest(['', ' ', chr(9), chr(10), chr(11), "
        "'  ', '\u00a0']) s), (select unnest(['', 'Z', 'z', '+01', '-01', '+0100', '-01:00', '+01:0', '+1', '+010', "
        "'+01:00:00', 'ZZ', '+٠١', '−01']) o), (select unnest(['', ' ', '.', chr(10)]) e)");
  }

  static std::vector<std::string> words() {
    return {"",
            "-",
            ".",
            "0",
            "00",
            "0-0",
            "0--0",
            "-0",
            "0-",
            "n/a",
            "na",
            "null",
            "none",
            "nil",
            "nan",
            "unknown",
            "undefined",
            "[object object]",
            "un\u212Anown",
            "n\u0130l",
            "N\u0130L",
            "UNDEF\u0130NED",
            "1111",
            "111",
            "ñññ",
            "ññññ",
            "aaab",
            "aaaa",
            "U123",
            "L30024175382",
            "Order Completed",
            "order_completed",
            "Order - Refunded",
            "product viewed",
            "Product Added",
            "product removed",
            "checkout started",
            "products searched",
            "email delivered",
            "email opened",
            "email link clicked",
            "unsubscribed",
            "page viewed",
            "--",
            "ORDER--COMPLETED",
            "Straße",
            "ÇA VA",
            "İstanbul",
            "message_sent",
            "EUR",
            "eur",
            "xxx",
            "XTS",
            "ABC",
            "EURO",
            "E",
            "usd "};
  }

  void run(const std::string& sql) {
    const Status done = connection_.execute(sql);
    ASSERT_TRUE(done) << done.error().text() << "\n" << sql;
  }

  // Both computed over all texts, once many rows to a block and once those alone that differ from their neighbours.
  void expect_same(const std::string& function, const std::string& sql) {
    auto different = connection_.query(
        fmt::format("select raw, ({0})::varchar, ({1})::varchar from texts where ({0}) is distinct from ({1}) limit 5",
                    function, sql));
    ASSERT_TRUE(different) << different.error().text();
    int count = 0;
    const auto show = [](const store::Chunk& chunk, std::size_t column, std::size_t row) {
      return chunk.is_null(column, row) ? std::string("null") : fmt::format("'{}'", chunk.text(column, row));
    };
    ASSERT_TRUE(different->for_each([&](const store::Chunk& chunk, std::size_t row) {
      ++count;
      ADD_FAILURE() << function << " of " << show(chunk, 0, row) << " is " << show(chunk, 1, row) << ", not "
                    << show(chunk, 2, row);
    }));
    EXPECT_EQ(count, 0);
  }

  store::Database database_;
  store::Connection connection_;
};

TEST_F(RowFunctions, MeantTextIsTheTrimmedOneOrNothing) {
  expect_same("meant_text(raw)", "nullif(trim(raw), '')");
  expect_same("meant_text(lower(raw))", "nullif(lower(trim(raw)), '')");
}

TEST_F(RowFunctions, MeantIdsAreNoWordsForNothing) {
  expect_same("meant_own_id(raw)", fmt::format("case when not {} then trim(raw) end", kNothing));
  expect_same("meant_id(raw)", fmt::format("case when not {} and not (length(trim(raw)) >= 4 and "
                                           "replace(trim(raw), left(trim(raw), 1), '') = '') then trim(raw) end",
                                           kNothing));
}

TEST_F(RowFunctions, TypesHaveOneNameEach) {
  expect_same("standard_type_of_lower(lower(raw))",
              "case regexp_replace(lower(trim(raw)), '[ \\-]+', '_', 'g') when 'order_completed' then 'order' "
              "when 'order_refunded' then 'return' when 'product_viewed' then 'product_view' "
              "when 'product_added' then 'cart_add' when 'product_removed' then 'cart_remove' "
              "when 'checkout_started' then 'checkout' when 'products_searched' then 'search' "
              "when 'email_delivered' then 'message_sent' when 'email_opened' then 'message_opened' "
              "when 'email_link_clicked' then 'message_clicked' when 'unsubscribed' then 'unsubscribed' "
              "when 'page_viewed' then 'page_view' "
              "else nullif(regexp_replace(lower(trim(raw)), '[ \\-]+', '_', 'g'), '') end");
}

TEST_F(RowFunctions, AnOffsetMakesATimeAnInstant) {
  expect_same("has_offset(raw)", R"(regexp_matches(trim(raw), ':\d\d(\.\d+)?\s*(Z|[+-]\d\d(:?\d\d)?)$'))");
}

TEST_F(RowFunctions, AnswersDoNotDependOnTheBlock) {
  // Few spellings in a block, one that changes, constants, and texts too long to stand in the vector itself.
  run("create table few as select case i % 5 when 0 then 'page_view' when 1 then null when 2 then 'Product Added' "
      "when 3 then 'something-rather-long-that-is-no-standard' else 'message_clicked' end as raw from range(10000) "
      "r(i)");
  const auto sum = connection_.query_text(
      "select string_agg(distinct t, ',' order by t) || count(t) from "
      "(select standard_type_of_lower(lower(raw)) as t from few)");
  ASSERT_TRUE(sum) << sum.error().text();
  EXPECT_EQ(*sum, "cart_add,message_clicked,page_view,something_rather_long_that_is_no_standard8000");
  const auto constant = connection_.query_text(
      "select max(meant_text(' web ') || standard_type_of_lower('a-b') || coalesce(meant_id('0000'), '!')) from few");
  ASSERT_TRUE(constant) << constant.error().text();
  EXPECT_EQ(*constant, "weba_b!");
  const auto filtered = connection_.query_integer(
      "select count(*) from few where meant_text(raw) = 'message_clicked' and meant_id(raw) is not null");
  ASSERT_TRUE(filtered);
  EXPECT_EQ(*filtered, 2000);
}

TEST_F(RowFunctions, CurrenciesAreThoseOfTheStandard) {
  const auto known = connection_.query_text(
      "select string_agg(c, ',' order by c) from (select unnest(['EUR', 'usd', 'xxx', 'XTS', 'EURO', '', 'ZZZ', null, "
      "'gbp']) as c) where is_currency(c)");
  ASSERT_TRUE(known) << known.error().text();
  EXPECT_EQ(*known, "EUR,gbp,usd");
}

}  // namespace
}  // namespace hilo::ingest
