// Goal: functions over texts, asked from SQL. Method: small functions; texts of all lengths, nulls, constants, blocks.
#include "store/text_function.h"

#include <gtest/gtest.h>

namespace hilo::store {
namespace {

class TextFunctionTest : public testing::Test {
 protected:
  void SetUp() override {
    Result<Database> database = Database::open("");
    ASSERT_TRUE(database);
    database_ = std::move(*database);
    Result<Connection> connection = database_.connect();
    ASSERT_TRUE(connection);
    connection_ = std::move(*connection);
  }

  std::string ask(const std::string& sql) {
    auto text = connection_.query_text(sql);
    if (!text) return "error: " + text.error().text();
    return text->value_or("null");
  }

  Database database_;
  Connection connection_;
};

TEST_F(TextFunctionTest, AnswersEveryRowOfManyBlocks) {
  ASSERT_TRUE(add_text_function(
      connection_, {.name = "twice", .apply = [](std::span<const std::string_view> texts, TextAnswer& answer) {
                      answer.set(0, std::string(texts[0]).append(texts[0]));
                    }}));
  EXPECT_EQ(ask("select twice('ab')"), "abab");
  EXPECT_EQ(ask("select twice('')"), "");
  EXPECT_EQ(ask("select twice('longer than an inlined text')"),
            "longer than an inlined textlonger than an inlined text");
  EXPECT_EQ(ask("select count(*)::varchar from range(10000) t(i) where twice(i::varchar) = i::varchar || i"), "10000");
}

TEST_F(TextFunctionTest, ANullArgumentGivesNullAndIsNotAsked) {
  ASSERT_TRUE(add_text_function(
      connection_,
      {.name = "join_texts", .arguments = 2, .apply = [](std::span<const std::string_view> texts, TextAnswer& answer) {
         answer.set(0, std::string(texts[0]).append(texts[1]));
       }}));
  EXPECT_EQ(ask("select join_texts('a', null)"), "null");
  EXPECT_EQ(ask("select string_agg(coalesce(join_texts(a, b), '-'), ' ' order by n) "
                "from (values (1, 'a', 'b'), (2, null, 'b'), (3, 'a', null), (4, 'c', 'd')) t(n, a, b)"),
            "ab - - cd");
}

TEST_F(TextFunctionTest, FieldsThatAreNotSetAreNull) {
  ASSERT_TRUE(add_text_function(connection_, {.name = "halves",
                                              .fields = {"left_half", "right_half"},
                                              .apply = [](std::span<const std::string_view> texts, TextAnswer& answer) {
                                                const std::size_t cut = texts[0].find('-');
                                                if (cut == std::string_view::npos) return;
                                                answer.set(0, texts[0].substr(0, cut));
                                                if (cut + 1 < texts[0].size()) answer.set(1, texts[0].substr(cut + 1));
                                              }}));
  EXPECT_EQ(ask("select string_agg(coalesce(h.left_half, '?') || '/' || coalesce(h.right_half, '?'), ' ' order by n) "
                "from (select n, halves(a) as h from (values (1, 'a-b'), (2, 'a-'), (3, 'a'), (4, null)) t(n, a))"),
            "a/b a/? ?/? ?/?");
}

}  // namespace
}  // namespace hilo::store
