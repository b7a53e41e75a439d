// Goal: an entry is in the log whole or not at all, and what was written is read. Method: logs in a temporary folder.
#include "store/log.h"

#include <gtest/gtest.h>

#include "store/generation.h"

namespace hilo::store {
namespace {

class LogTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("hilo_log_test_" + std::to_string(::getpid()) + "_" +
                                           testing::UnitTest::GetInstance()->current_test_info()->name());
    ASSERT_TRUE(remove_tree(folder_));
    ASSERT_TRUE(make_folder(folder_));
  }
  void TearDown() override { ASSERT_TRUE(remove_tree(folder_)); }

  static LogEntry entry() {
    LogEntry entry;
    entry.at = Instant{42};
    entry.program = "0.1.0";
    entry.rows = 7;
    SourceSegment segment;
    segment.source = {.name = "pos",
                      .kind = SourceKind::kPos,
                      .order_space = "till",
                      .delivery = DeliveryMode::kLines,
                      .rank = 2,
                      .region = "ES",
                      .time_zone = "UTC"};
    segment.carries_events = true;
    segment.extras = {{"colour", "VARCHAR"}};
    segment.types = {{"qty", "BIGINT"}};
    segment.columns = {"source_id", "amount"};
    segment.rows_files = {"pos.rows-000.parquet"};
    entry.segments.push_back(segment);
    entry.deliveries.push_back({.number = 1,
                                .source = "pos",
                                .file = "data/pos.csv",
                                .bytes = 9,
                                .modified_at = Instant{1},
                                .sha256 = "ab",
                                .definition = "cd",
                                .delivered_at = Instant{42},
                                .first = true,
                                .rows = 6,
                                .rejects = 1,
                                .replaces = {}});
    entry.definitions = std::map<std::string, std::string>{{"hilo.yaml", "name: x\n"}};
    return entry;
  }

  void add(Log& log) const {
    const auto prepared = log.prepare();
    ASSERT_TRUE(prepared);
    ASSERT_TRUE(log.add_prepared(*prepared, entry()));
    ASSERT_TRUE(log.commit());
  }

  fs::path folder_;
};

TEST_F(LogTest, ReadsWhatWasCommitted) {
  auto log = Log::open(folder_);
  ASSERT_TRUE(log);
  EXPECT_TRUE(log->empty());
  add(*log);
  add(*log);
  const auto again = Log::open(folder_);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->last_run(), 2);
  EXPECT_EQ(again->rows(), 14);
  EXPECT_EQ(again->definitions().at("hilo.yaml"), "name: x\n");
  const SourceSegment* segment = again->latest_segment("pos");
  ASSERT_NE(segment, nullptr);
  EXPECT_EQ(segment->source.delivery, DeliveryMode::kLines);
  EXPECT_EQ(segment->types.at("qty"), "BIGINT");
  EXPECT_EQ(again->latest("pos", "data/pos.csv")->sha256, "ab");
  EXPECT_EQ(again->latest("pos", "data/other.csv"), nullptr);
}

TEST_F(LogTest, WhatWasOnlyPreparedIsNotThere) {
  auto log = Log::open(folder_);
  add(*log);
  const auto prepared = log->prepare();
  ASSERT_TRUE(prepared);
  ASSERT_TRUE(write_file(*prepared / "pos.rows.parquet", "half"));
  EXPECT_EQ(Log::open(folder_)->last_run(), 1);
  // The next preparation starts from nothing.
  ASSERT_TRUE(log->prepare());
  EXPECT_TRUE(fs::is_empty(*prepared));
}

TEST_F(LogTest, RefusesANewerFormatADamagedEntryAndAGap) {
  auto log = Log::open(folder_);
  add(*log);
  add(*log);
  const fs::path first = log->folder_of(1) / "entry.json";
  const std::string text = *read_file(first);
  ASSERT_TRUE(write_file(first, "{\"format\": 99}"));
  EXPECT_EQ(Log::open(folder_).error().code, ErrorCode::kVersion);
  ASSERT_TRUE(write_file(first, text.substr(0, text.size() / 2)));
  EXPECT_EQ(Log::open(folder_).error().code, ErrorCode::kInvalidInput);
  ASSERT_TRUE(remove_tree(log->folder_of(1)));
  EXPECT_EQ(Log::open(folder_).error().code, ErrorCode::kInvalidInput);
}

TEST_F(LogTest, OnlyOneWriterAtATime) {
  auto held = WriterLock::take(folder_ / "lock");
  ASSERT_TRUE(held);
  const auto second = WriterLock::take(folder_ / "lock");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kConflict);
  held = fail(ErrorCode::kIo, "released");
  EXPECT_TRUE(WriterLock::take(folder_ / "lock"));
}

TEST_F(LogTest, AGenerationIsPublishedWholeAndANewerOneIsRefused) {
  const GenerationStore generations(folder_);
  EXPECT_EQ(generations.open_newest({}).error().code, ErrorCode::kNotFound);
  const auto publish = [&](int format) {
    auto database = generations.begin({});
    ASSERT_TRUE(database);
    ASSERT_TRUE(database->connect()->execute("create table meta as select " + std::to_string(format) +
                                             "::integer as store_format; checkpoint"));
    database = fail(ErrorCode::kIo, "closed");
    ASSERT_TRUE(generations.publish());
  };
  publish(kStoreFormat);
  EXPECT_TRUE(generations.open_newest({}));
  publish(kStoreFormat + 1);
  EXPECT_EQ(generations.newest().value_or(0), 2);
  EXPECT_EQ(generations.open_newest({}).error().code, ErrorCode::kVersion);
}

}  // namespace
}  // namespace hilo::store
