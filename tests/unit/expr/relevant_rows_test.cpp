// Which rows a fold leaves out: those that no aggregate can take on any day. That results stay as they are is compared
// with the engine in unit/timeline/fold_test.cpp.
#include "expr/fold/relevant_rows.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "shop.h"

namespace hilo::expr {
namespace {

std::optional<FoldScan> relevant_of(const std::string& definition) {
  Engine engine;
  const auto program = compile_attributes(files_of({definition}), shop_schema(), engine.connection());
  if (!program) ADD_FAILURE() << lines_of(program.error());
  if (!program || program->sets.back().folds.size() != 1) ADD_FAILURE() << "is not one fold";
  return program ? relevant_rows(program->sets.back().folds.front()) : std::nullopt;
}

std::vector<std::string> columns_of(const FoldScan& scan) {
  std::vector<std::string> names;
  for (const FoldColumn& column : scan.columns) names.push_back(column.sql);
  return names;
}

std::vector<std::string> texts_of(const FoldScan& scan) {
  std::vector<std::string> texts;
  for (const FoldStep& step : scan.steps) texts.insert(texts.end(), step.texts.begin(), step.texts.end());
  return texts;
}

TEST(RelevantRows, AreThoseThatAnyAggregateTakesOnSomeDay) {
  const auto relevant = relevant_of(
      "select count(*) filter (where type = 'order' and time >= $as_of - interval 30 day) as a, "
      "sum(amount) filter (where type = 'return') as b from events");
  ASSERT_TRUE(relevant);
  EXPECT_EQ(columns_of(*relevant), std::vector<std::string>{"\"type\""});
  EXPECT_EQ(texts_of(*relevant), (std::vector<std::string>{"order", "return"}));
  EXPECT_TRUE(relevant->constants_sql.empty());
  ASSERT_EQ(relevant->aggregates.size(), 1U);
  EXPECT_EQ(relevant->steps[static_cast<std::size_t>(relevant->aggregates.front().rows)].op, FoldOp::kOr);
}

TEST(RelevantRows, AreAllWhereOneAggregateTakesAny) {
  EXPECT_FALSE(relevant_of("select count(*) filter (where type = 'order') as a, max(time) as b from events"));
  EXPECT_FALSE(relevant_of("select count(*) filter (where time >= $as_of - interval 30 day) as a from events"));
  EXPECT_FALSE(
      relevant_of("select count(*) filter (where type = 'order' or time >= $as_of - interval 30 day) as a "
                  "from events"));
}

TEST(RelevantRows, AWindowKeepsTheRowsThatItReaches) {
  const std::string gap =
      "select max(time) filter (where {} and before is not null) as a from (select *, lag(time) over ({} "
      "order by time_utc, seq) as before from events)";
  const auto within = relevant_of(fmt::format(fmt::runtime(gap), "type = 'order'", "partition by type"));
  ASSERT_TRUE(within);
  EXPECT_EQ(texts_of(*within), std::vector<std::string>{"order"});
  EXPECT_FALSE(relevant_of(fmt::format(fmt::runtime(gap), "type = 'order'", "")));
  EXPECT_FALSE(relevant_of(fmt::format(fmt::runtime(gap), "channel = 'web'", "partition by type")));
}

}  // namespace
}  // namespace hilo::expr
