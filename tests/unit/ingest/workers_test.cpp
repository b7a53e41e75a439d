// Goal: workers begin tasks in their order, each with a session of its own.
// Method: one worker whose tasks note themselves; several that write to tables of one database at a time.
#include "ingest/workers.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hilo::ingest {
namespace {

class WorkersTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto database = store::Database::open("");
    ASSERT_TRUE(database) << database.error().text();
    database_ = std::move(*database);
    auto scratch = Scratch::open(database_);
    ASSERT_TRUE(scratch) << scratch.error().text();
    scratch_ = std::move(*scratch);
  }

  store::Database database_;
  Scratch scratch_;
};

TEST_F(WorkersTest, TasksBeginInTheirOrder) {
  std::vector<int> begun;
  auto workers = Workers::open(database_, scratch_, 1);
  ASSERT_TRUE(workers) << workers.error().text();
  EXPECT_EQ((*workers)->count(), 1U);
  std::vector<std::future<int>> tasks;
  for (int task = 0; task < 20; ++task) {
    tasks.push_back((*workers)->start<int>([&begun, task](Scratch&) {
      begun.push_back(task);
      return task * task;
    }));
  }
  (*workers)->wait_until_at_most(0);
  for (int task = 0; task < 20; ++task) EXPECT_EQ(tasks[static_cast<std::size_t>(task)].get(), task * task);
  EXPECT_TRUE(std::ranges::is_sorted(begun));
  EXPECT_EQ(begun.size(), 20U);
}

TEST_F(WorkersTest, SeveralJudgeInOneDatabaseAtATime) {
  auto workers = Workers::open(database_, scratch_, 4);
  ASSERT_TRUE(workers) << workers.error().text();
  std::vector<std::future<Result<std::int64_t>>> tasks;
  for (int task = 0; task < 40; ++task) {
    tasks.push_back((*workers)->start<Result<std::int64_t>>([task](Scratch& scratch) -> Result<std::int64_t> {
      HILO_TRY(scratch.connection.execute(
          fmt::format("create table rows_{0} as select {0} as delivery, r.i as record, r.i as line, "
                      "case when i % 10 = 0 then {{'column_name': 'c', 'value': i::varchar, 'sensitive': false, "
                      "'reason': 'bad'}} end as fault from range(5000) r(i)",
                      task)));
      HILO_TRY(scratch.sieve.start());
      HILO_ASSIGN(const std::int64_t good,
                  scratch.connection.query_integer(
                      fmt::format("select count(*) from rows_{} where {}", task, scratch.sieve.condition())));
      HILO_ASSIGN(const auto passed, scratch.sieve.finish());
      HILO_TRY(scratch.connection.execute(
          fmt::format("insert into rejected select 's', * from {}; drop table rows_{}", scratch.sieve.table(), task)));
      return passed.at(task) == good ? good : -1;
    }));
  }
  for (auto& task : tasks) {
    const Result<std::int64_t> good = task.get();
    ASSERT_TRUE(good) << good.error().text();
    EXPECT_EQ(*good, 4500);
  }
  const auto rejected = scratch_.connection.query_integer(
      "select count(*) from (select delivery from rejected group by delivery having count(*) = 500)");
  ASSERT_TRUE(rejected);
  EXPECT_EQ(*rejected, 40);
}

}  // namespace
}  // namespace hilo::ingest
