// Goal: a folder gets its name whole or not at all, and only what is ours is removed. Method: folders of a temporary
// one, with what dead and living processes and users may have left there.
#include "app/unfinished_folder.h"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hilo::app {
namespace {

namespace fs = std::filesystem;

void touch(const fs::path& path, const char* text = "x") {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

class UnfinishedFolderTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
    root_ = fs::path(testing::TempDir()) / ("hilo-unfinished-" + name + "-" + std::to_string(::getpid()));
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  void TearDown() override { fs::remove_all(root_); }

  [[nodiscard]] bool is_empty() const { return fs::is_empty(root_); }
  [[nodiscard]] ErrorCode refusal(const fs::path& target) const {
    const auto folder = UnfinishedFolder::begin(target);
    return folder ? ErrorCode::kInternal : folder.error().code;
  }

  fs::path root_;
};

TEST_F(UnfinishedFolderTest, HasItsNameOnlyWhenPublished) {
  auto folder = UnfinishedFolder::begin(root_ / "a" / "shop" / "");
  ASSERT_TRUE(folder) << folder.error().text();
  touch(folder->path() / "data" / "x.csv");
  EXPECT_EQ(folder->path(), root_ / "a" / "shop.unfinished");
  EXPECT_FALSE(fs::exists(root_ / "a" / "shop"));
  ASSERT_TRUE(folder->publish());
  EXPECT_TRUE(fs::exists(root_ / "a" / "shop" / "data" / "x.csv"));
  EXPECT_FALSE(fs::exists(root_ / "a" / "shop" / ".generating"));
  EXPECT_FALSE(fs::exists(folder->path()));
  EXPECT_FALSE(folder->discard()) << "what is published stays";
  EXPECT_TRUE(fs::exists(root_ / "a" / "shop" / "data" / "x.csv"));
}

TEST_F(UnfinishedFolderTest, AnEmptyFolderIsTaken) {
  fs::create_directories(root_ / "shop");
  auto folder = UnfinishedFolder::begin(root_ / "shop");
  ASSERT_TRUE(folder);
  touch(folder->path() / "hilo.yaml");
  ASSERT_TRUE(folder->publish());
  EXPECT_TRUE(fs::exists(root_ / "shop" / "hilo.yaml"));
}

TEST_F(UnfinishedFolderTest, DiscardLeavesNothingNotEvenTheFoldersAbove) {
  auto folder = UnfinishedFolder::begin(root_ / "a" / "b" / "shop");
  ASSERT_TRUE(folder);
  touch(folder->path() / "data" / "x.csv");
  EXPECT_TRUE(folder->discard());
  EXPECT_TRUE(is_empty());
  EXPECT_FALSE(folder->publish()) << "what is gone cannot be published";
}

TEST_F(UnfinishedFolderTest, WhatIsThereIsNeverTouched) {
  touch(root_ / "full" / "mine.txt");
  touch(root_ / "file");
  fs::create_symlink("nowhere", root_ / "link");
  EXPECT_EQ(refusal(root_ / "full"), ErrorCode::kConflict);
  EXPECT_EQ(refusal(root_ / "file"), ErrorCode::kConflict);
  EXPECT_EQ(refusal(root_ / "file" / "shop"), ErrorCode::kConflict);
  touch(root_ / "shop.unfinished" / "mine.txt");
  EXPECT_EQ(refusal(root_ / "shop"), ErrorCode::kConflict);
  EXPECT_TRUE(fs::exists(root_ / "shop.unfinished" / "mine.txt"));
  EXPECT_TRUE(fs::exists(root_ / "full" / "mine.txt"));
  EXPECT_FALSE(fs::exists(root_ / "full.unfinished"));
}

TEST_F(UnfinishedFolderTest, WhatADeadProcessLeftIsRemoved) {
  touch(root_ / "shop.unfinished" / ".generating", "1");
  touch(root_ / "shop.unfinished" / "data" / "old.csv");
  touch(root_ / "shop.unfinished.removed" / ".generating", "1");
  auto folder = UnfinishedFolder::begin(root_ / "shop");
  ASSERT_TRUE(folder) << folder.error().text();
  EXPECT_FALSE(fs::exists(folder->path() / "data"));
  EXPECT_FALSE(fs::exists(root_ / "shop.unfinished.removed"));
  ASSERT_TRUE(folder->publish());
}

TEST_F(UnfinishedFolderTest, WhatALivingProcessMakesIsLeftAlone) {
  auto first = UnfinishedFolder::begin(root_ / "shop");
  ASSERT_TRUE(first);
  touch(first->path() / "data" / "x.csv");
  EXPECT_EQ(refusal(root_ / "shop"), ErrorCode::kConflict);
  EXPECT_TRUE(fs::exists(first->path() / "data" / "x.csv"));
  EXPECT_TRUE(first->discard());
}

TEST_F(UnfinishedFolderTest, ANameTakenMeanwhileIsKept) {
  auto folder = UnfinishedFolder::begin(root_ / "shop");
  ASSERT_TRUE(folder);
  touch(root_ / "shop" / "mine.txt");
  const Status published = folder->publish();
  ASSERT_FALSE(published);
  EXPECT_EQ(published.error().code, ErrorCode::kConflict);
  EXPECT_TRUE(folder->discard());
  EXPECT_TRUE(fs::exists(root_ / "shop" / "mine.txt"));
  EXPECT_FALSE(fs::exists(root_ / "shop.unfinished"));
}

}  // namespace
}  // namespace hilo::app
