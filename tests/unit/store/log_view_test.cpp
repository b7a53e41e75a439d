// Goal: of files that were read several times the right reading counts, now and before any instant. Method: logs of
// deliveries without rows, whose views tell which are void.
#include "store/log_view.h"

#include <gtest/gtest.h>

namespace hilo::store {
namespace {

class LogViewTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("hilo_log_view_test_" + std::to_string(::getpid()) + "_" +
                                           testing::UnitTest::GetInstance()->current_test_info()->name());
    ASSERT_TRUE(remove_tree(folder_));
    ASSERT_TRUE(make_folder(folder_));
    auto log = Log::open(folder_);
    ASSERT_TRUE(log);
    log_.emplace(std::move(*log));
  }
  void TearDown() override { ASSERT_TRUE(remove_tree(folder_)); }

  // A run that read the shop's file: its content, and which readings it takes the place of.
  void add(std::int64_t at, const std::string& content, std::vector<std::int64_t> replaces) {
    LogEntry entry;
    entry.at = Instant{at};
    entry.segments.emplace_back().source.name = "shop";
    Delivery& delivery = entry.deliveries.emplace_back();
    delivery.number = log_->last_delivery() + 1;
    delivery.source = "shop";
    delivery.file = "data/shop.csv";
    delivery.sha256 = content;
    delivery.delivered_at = entry.at;
    delivery.replaces = std::move(replaces);
    const auto prepared = log_->prepare();
    ASSERT_TRUE(prepared);
    ASSERT_TRUE(log_->add_prepared(*prepared, entry));
    ASSERT_TRUE(log_->commit());
  }

  std::string void_before(std::optional<std::int64_t> instant) {
    Log log = *log_;
    if (instant) log.keep_known({.before = Instant{*instant}, .time_zone = "Europe/Madrid"});
    auto database = Database::open("");
    auto connection = database->connect();
    const auto columns = open_log_views(*connection, log, {});
    EXPECT_TRUE(columns) << columns.error().text();
    const auto numbers =
        connection->query_text("select string_agg(delivery, ' ' order by delivery) from deliveries where void");
    EXPECT_TRUE(numbers);
    return numbers->value_or("");
  }

  fs::path folder_;
  std::optional<Log> log_;
};

TEST_F(LogViewTest, TheReadingOfThenCounts) {
  add(10, "a", {});
  add(20, "a", {1});     // read again by another query
  add(30, "b", {1, 2});  // another content, and another query
  add(40, "b", {3});
  EXPECT_EQ(void_before({}), "1 2 3");
  EXPECT_EQ(void_before(41), "1 2 3");
  EXPECT_EQ(void_before(40), "1 2 4") << "a run of the instant itself had not been";
  EXPECT_EQ(void_before(30), "1 3 4");
  EXPECT_EQ(void_before(20), "2 3 4");
  EXPECT_EQ(void_before(5), "1 3") << "of each content the last reading, where none is old enough";
}

TEST_F(LogViewTest, LaterRunsCanBeForgotten) {
  add(10, "a", {});
  add(20, "b", {});
  add(30, "c", {});
  Log log = *log_;
  log.forget_runs_from(Instant{31});
  EXPECT_EQ(log.last_run(), 3);
  log.forget_runs_from(Instant{30});
  EXPECT_EQ(log.last_run(), 2);
  log.forget_runs_from(Instant{5});
  EXPECT_EQ(log.last_run(), 1) << "the first run stays";
  EXPECT_EQ(log_->last_run(), 3);
}

}  // namespace
}  // namespace hilo::store
