// Goal: a world's files are a function of its plan. Method: the same plan at one and two threads and with a day more,
// compared byte by byte; the truth against the silos' sums.
#include "world/generate.h"

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/text.h"

namespace hilo::world {
namespace {

namespace fs = std::filesystem;

class GenerateTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("hilo-world-" + std::to_string(::getpid()));
    fs::remove_all(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::map<std::string, std::string> written(const std::string& name, const WorldPlan& plan) {
    const auto report = generate(plan, folder_ / name, {});
    EXPECT_TRUE(report.has_value());
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / name)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      std::ostringstream text;
      text << in.rdbuf();
      files[fs::relative(entry.path(), folder_ / name).string()] = text.str();
    }
    return files;
  }

  fs::path folder_;
};

TEST_F(GenerateTest, ThreadsDoNotMatter) {
  const WorldPlan one{.customers = 20'000, .days = 60, .threads = 1};
  WorldPlan two = one;
  two.threads = 2;
  EXPECT_EQ(written("one", one), written("two", two));
}

TEST_F(GenerateTest, ADayMoreOnlyAddsRows) {
  const WorldPlan plan{.customers = 5'000, .days = 59};
  WorldPlan longer = plan;
  longer.days = 60;
  const auto shorter_files = written("shorter", plan);
  const auto longer_files = written("longer", longer);
  for (const auto& [name, text] : shorter_files) {
    ASSERT_TRUE(longer_files.contains(name)) << name;
    const auto lines = split(longer_files.at(name), '\n');
    const std::multiset<std::string_view> all(lines.begin(), lines.end());
    for (const std::string_view line : split(text, '\n')) EXPECT_TRUE(all.contains(line)) << name;
    if (name.ends_with("2023-01.csv")) {
      EXPECT_EQ(text, longer_files.at(name)) << "a month that is over";
    }
  }
}

TEST_F(GenerateTest, TheTruthKnowsEverySale) {
  const auto files = written("world", {.customers = 3'000, .days = 90, .anonymous = 0.5});
  std::map<std::string, std::int64_t> told;
  std::size_t anonymous = 0;
  for (const auto& [name, text] : files) {
    if (!name.starts_with("data/tills")) continue;
    for (const std::string_view line : split(text, '\n')) {
      if (line.empty() || line.starts_with("receipt")) continue;
      const auto cells = split(line, '|');
      ASSERT_EQ(cells.size(), 9U);
      anonymous += cells[5].empty() ? 1 : 0;
      std::string cents(cells[8]);
      std::erase(cents, ',');
      told[std::string(cells[0])] += std::stoll(cents);
    }
  }
  EXPECT_GT(anonymous, 0U);
  std::map<std::string, std::int64_t> truth;
  for (const std::string_view line : split(files.at("truth/events.csv"), '\n')) {
    if (!line.starts_with("tills,")) continue;
    const auto cells = split(line, ',');
    truth[std::string(cells[1])] += std::stoll(std::string(cells[4]));
  }
  EXPECT_EQ(told, truth);
}

TEST_F(GenerateTest, AFolderWithAWorldIsLeftAlone) {
  const WorldPlan plan{.customers = 10, .days = 3};
  ASSERT_TRUE(generate(plan, folder_, {}).has_value());
  EXPECT_EQ(generate(plan, folder_, {}).error().code, ErrorCode::kConflict);
}

}  // namespace
}  // namespace hilo::world
