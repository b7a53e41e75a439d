// Goal: a rewritten log is as before or as after, wherever its writing ends. Method: logs in a temporary folder.
#include "store/log_rewrite.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace hilo::store {
namespace {

class LogRewriteTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("hilo_log_rewrite_" + std::to_string(::getpid()) + "_" +
                                           testing::UnitTest::GetInstance()->current_test_info()->name());
    ASSERT_TRUE(remove_tree(folder_));
    ASSERT_TRUE(make_folder(folder_));
    for (int run = 1; run <= 2; ++run) add_run();
  }
  void TearDown() override { ASSERT_TRUE(remove_tree(folder_)); }

  [[nodiscard]] fs::path log_folder() const { return folder_ / "log"; }

  void add_run() {
    auto log = Log::open(log_folder());
    ASSERT_TRUE(log);
    const auto prepared = log->prepare();
    ASSERT_TRUE(prepared);
    ASSERT_TRUE(write_file(*prepared / "pos.rows-000.parquet", "old rows"));
    ASSERT_TRUE(write_file(*prepared / "pos.rejects.parquet", "rejects"));
    LogEntry entry;
    entry.rows = 5;
    SourceSegment segment;
    segment.source.name = "pos";
    segment.rows_files = {"pos.rows-000.parquet"};
    segment.rejects_file = "pos.rejects.parquet";
    entry.segments.push_back(segment);
    ASSERT_TRUE(log->add_prepared(*prepared, std::move(entry)));
    ASSERT_TRUE(log->commit());
  }

  static LogEntry erasure() {
    LogEntry entry;
    entry.erasure = Erasure{.salt = "5a17", .people = {{"pos", {"aa"}}}, .orders = {}};
    return entry;
  }

  // Prepares the change of the first entry's rows, and an entry that tells of it.
  static LogRewrite prepared(const Log& log) {
    auto rewrite = LogRewrite::begin(log);
    EXPECT_TRUE(rewrite);
    const auto entry = rewrite->change(1);
    EXPECT_TRUE(entry);
    (*entry)->segments.front().types = {{"changed", "BIGINT"}};
    EXPECT_TRUE(write_file(rewrite->new_file(1, "pos.rows-000.parquet"), "new rows"));
    EXPECT_TRUE(rewrite->finish(erasure()));
    return std::move(*rewrite);
  }

  // What whoever opens the log reads of its first entry, and how many entries there are.
  [[nodiscard]] std::pair<std::string, int> read() const {
    const auto log = Log::open(log_folder());
    EXPECT_TRUE(log) << (log ? "" : log.error().message);
    if (!log) return {};
    return {*read_file(log->folder_of(1) / "pos.rows-000.parquet") + ", " +
                *read_file(log->folder_of(1) / "pos.rejects.parquet"),
            log->last_run()};
  }

  fs::path folder_;
  const std::pair<std::string, int> before_ = {"old rows, rejects", 2};
  const std::pair<std::string, int> after_ = {"new rows, rejects", 3};
};

TEST_F(LogRewriteTest, IsSeenByWhoAsksForIt) {
  const auto log = Log::open(log_folder());
  const LogRewrite rewrite = prepared(*log);
  EXPECT_EQ(read(), before_);
  const auto view = rewrite.view();
  ASSERT_TRUE(view);
  EXPECT_EQ(view->last_run(), 3);
  EXPECT_EQ(view->rows(), 10);
  EXPECT_EQ(view->erased().people.at("pos"), std::vector<std::string>{"aa"});
  EXPECT_EQ(*read_file(view->folder_of(1) / "pos.rows-000.parquet"), "new rows");
  EXPECT_EQ(*read_file(view->folder_of(2) / "pos.rows-000.parquet"), "old rows");
}

TEST_F(LogRewriteTest, CommitAndDiscard) {
  {
    const auto log = Log::open(log_folder());
    LogRewrite rewrite = prepared(*log);
    ASSERT_TRUE(rewrite.discard());
    EXPECT_EQ(read(), before_);
  }
  const auto log = Log::open(log_folder());
  LogRewrite rewrite = prepared(*log);
  ASSERT_TRUE(rewrite.commit());
  EXPECT_EQ(read(), after_);
  EXPECT_FALSE(fs::exists(log_folder() / ".rewrite"));
  EXPECT_FALSE(fs::exists(log_folder() / ".rewrite.next"));
}

TEST_F(LogRewriteTest, WhatWasNotCommittedIsDropped) {
  const auto log = Log::open(log_folder());
  static_cast<void>(prepared(*log));
  ASSERT_TRUE(log->tidy());
  EXPECT_EQ(read(), before_);
  EXPECT_FALSE(fs::exists(log_folder() / ".rewrite.next"));
}

TEST_F(LogRewriteTest, WhatWasCommittedIsRightInEachStateAndEnds) {
  const fs::path settling = settling_folder(log_folder());
  const auto move_old = [&] { fs::rename(log_folder() / "000001", settling / "old-000001"); };
  const auto move_new = [&](const char* name) { fs::rename(settling / name, log_folder() / name); };
  for (int steps = 0; steps <= 4; ++steps) {
    TearDown();
    SetUp();
    const auto log = Log::open(log_folder());
    static_cast<void>(prepared(*log));
    fs::rename(log_folder() / ".rewrite.next", settling);
    if (steps >= 1) move_old();
    if (steps >= 2) move_new("000001");
    if (steps >= 3) move_new("000003");
    if (steps >= 4) fs::remove_all(settling / "old-000001");
    EXPECT_EQ(read(), after_) << steps;
    ASSERT_TRUE(Log::open(log_folder())->tidy());
    EXPECT_EQ(read(), after_) << steps;
    EXPECT_FALSE(fs::exists(settling)) << steps;
  }
}

TEST(LinkOrCopyTest, TellsWhatCanBeNeither) {
  const auto done = link_or_copy("/nowhere/at/all", "/nowhere/else");
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code, ErrorCode::kIo);
  EXPECT_NE(done.error().message.find("cannot be copied"), std::string::npos);
}

}  // namespace
}  // namespace hilo::store
