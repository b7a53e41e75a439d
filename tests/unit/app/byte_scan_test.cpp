// Goal: a text is found wherever it stands as a word of its own, across the blocks in which files are read, and nowhere
// else. Method: files with the text at every awkward place.
#include "app/byte_scan.h"

#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace hilo::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 4 << 20;

class ByteScanTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("hilo_byte_scan_" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "below");
  }
  void TearDown() override { fs::remove_all(folder_); }

  [[nodiscard]] bool finds(const std::string& content) const {
    std::ofstream(folder_ / "below/file.bin", std::ios::binary) << content;
    return !find_bytes(folder_, {"ana@ruiz.es", "600111222"}).files.empty();
  }

  fs::path folder_;
};

TEST_F(ByteScanTest, FindsWords) {
  EXPECT_TRUE(finds("ana@ruiz.es"));
  EXPECT_TRUE(finds("x,Ana@Ruiz.ES\n"));
  EXPECT_TRUE(finds("<ana@ruiz.es>"));
  EXPECT_TRUE(finds("write to ana@ruiz.es."));
  EXPECT_TRUE(finds(std::string(1, 0) + "600111222" + std::string(1, 0)));
}

TEST_F(ByteScanTest, DoesNotFindPartsOfWords) {
  EXPECT_FALSE(finds(""));
  EXPECT_FALSE(finds("joana@ruiz.es"));
  EXPECT_FALSE(finds("x.ana@ruiz.es"));
  EXPECT_FALSE(finds("ana@ruiz.esp"));
  EXPECT_FALSE(finds("1600111222 6001112220"));
  EXPECT_FALSE(finds("ana@ruiz.e"));
}

TEST_F(ByteScanTest, FindsAcrossBlocks) {
  const std::string text = "ana@ruiz.es";
  for (std::size_t before = kBlock - text.size() - 2; before <= kBlock + 2; ++before) {
    EXPECT_TRUE(finds(std::string(before, ' ') + text + std::string(100, ' '))) << before;
    EXPECT_FALSE(finds(std::string(before, 'x') + text + std::string(100, ' '))) << before;
    EXPECT_FALSE(finds(std::string(before, ' ') + text + std::string(100, 'x'))) << before;
    EXPECT_TRUE(finds(std::string(before, ' ') + text)) << before;
  }
}

TEST_F(ByteScanTest, LinksAreNotFollowedAndNothingIsNothing) {
  const fs::path outside = folder_.string() + ".outside";
  std::ofstream(outside) << "ana@ruiz.es";
  fs::create_symlink(outside, folder_ / "link");
  EXPECT_TRUE(find_bytes(folder_, {"ana@ruiz.es"}).files.empty());
  EXPECT_TRUE(find_bytes(folder_ / "missing", {"ana@ruiz.es"}).files.empty());
  EXPECT_TRUE(find_bytes(folder_, {}).files.empty());
  fs::remove(outside);
}

}  // namespace
}  // namespace hilo::app
