// Worlds written to temporary folders and read back, for tests of what stands in their files.
#pragma once

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/text.h"
#include "world/generate.h"

namespace hilo::world {

using Files = std::map<std::string, std::string>;  // path below the world's folder -> bytes
using Fields = std::vector<std::string>;

class WorldFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
    root_ = std::filesystem::path(testing::TempDir()) / ("hilo-world-" + name + "-" + std::to_string(::getpid()));
    std::filesystem::remove_all(root_);
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  Files files_of(const WorldPlan& plan, const std::string& name) {
    const Result<WorldReport> report = generate(plan, root_ / name, {});
    EXPECT_TRUE(report.has_value());
    report_ = report.value_or(WorldReport{});
    Files files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root_ / name)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      files[std::filesystem::relative(entry.path(), root_ / name).string()] = {std::istreambuf_iterator<char>(in), {}};
    }
    std::filesystem::remove_all(root_ / name);
    return files;
  }

  // The rows of a silo's regular and late files, in the order in which they were delivered; without headers.
  static std::vector<Fields> rows_of(const Files& files, const std::string& prefix, char separator) {
    std::vector<Fields> rows;
    for (const auto& [name, text] : files) {
      if (!name.starts_with(prefix) || name.contains("_again")) continue;
      std::istringstream in(text);
      std::string line;
      std::getline(in, line);
      while (std::getline(in, line)) {
        Fields& fields = rows.emplace_back();
        for (const std::string_view field : split(line, separator)) fields.emplace_back(field);
      }
    }
    return rows;
  }

  std::filesystem::path root_;
  WorldReport report_;
};

inline constexpr std::array<Regime, 3> kRegimes = {Regime::kTextbook, Regime::kReal, Regime::kHiddenConfounder};

inline WorldPlan plan_of(Regime regime, std::uint64_t customers, int days) {
  return {.customers = customers, .days = days, .seed = 7, .regime = regime};
}

}  // namespace hilo::world
