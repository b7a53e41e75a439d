// Goal: a world on disk is the same however it is made, a longer one begins as a shorter one, and silos and truth
// agree. Method: small worlds in temporary folders, compared byte for byte or read back.
#include "world/generate.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/text.h"
#include "world/writing/block.h"
#include "world/writing/files.h"
#include "world_files.h"
#include "world_fixture.h"

namespace hilo::world {
namespace {

namespace fs = std::filesystem;
using GenerateTest = WorldFilesTest;

constexpr std::uint64_t kBlock = kCellsPerBlock * kCellSize;

TEST_F(GenerateTest, ThreadsDoNotShowInTheBytes) {
  WorldPlan plan = plan_of(Regime::kReal, 2 * kBlock + 300, 25);
  const Files one = files_of(plan, "one");
  EXPECT_GT(one.size(), 30U);
  for (const int threads : {2, 3}) {
    plan.threads = threads;
    ASSERT_EQ(files_of(plan, "more"), one) << threads;
  }
}

TEST_F(GenerateTest, ALongerWorldBeginsAsAShorterOne) {
  for (const Regime regime : kRegimes) {
    // Over the end of a month and of a quarter, and over that of the outcomes of a campaign.
    for (const int days : {31, 89}) {
      const Files shorter = files_of(plan_of(regime, 300, days), "shorter");
      const Files longer = files_of(plan_of(regime, 300, days + 1), "longer");
      for (const auto& [name, text] : shorter) {
        ASSERT_TRUE(longer.contains(name)) << name;
        ASSERT_TRUE(longer.at(name).starts_with(text)) << regime_name(regime) << ' ' << days << ' ' << name;
      }
      ASSERT_NE(shorter, longer);
    }
  }
}

TEST_F(GenerateTest, AMuchLongerWorldOnlyAddsRows) {
  const Files shorter = files_of(plan_of(Regime::kReal, 200, 45), "shorter");
  const Files longer = files_of(plan_of(Regime::kReal, 200, 150), "longer");
  for (const auto& [name, text] : shorter) {
    ASSERT_TRUE(longer.contains(name)) << name;
    ASSERT_TRUE(longer.at(name).starts_with(text)) << name;
  }
}

TEST_F(GenerateTest, HorizonsThatCannotBeAreRefused) {
  WorldPlan plan = plan_of(Regime::kReal, 10, 5);
  plan.expectations.horizons = {30, 30};
  const Result<WorldReport> report = generate(plan, root_ / "world", {});
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().code, ErrorCode::kUsage);
  EXPECT_FALSE(fs::exists(root_ / "world"));
}

TEST_F(GenerateTest, MoreCustomersLeaveTheOthersAsTheyAre) {
  // Without campaigns of sales staff, whose time the newcomers share.
  const Files fewer = files_of(plan_of(Regime::kTextbook, 240, 60), "fewer");
  const Files more = files_of(plan_of(Regime::kTextbook, 480, 60), "more");
  for (const std::string name :
       {"truth/persons", "truth/identities", "truth/milestones", "data/orders", "data/tills"}) {
    std::multiset<Fields> all;
    for (Fields& row : rows_of(more, name, ',')) all.insert(std::move(row));
    for (const Fields& row : rows_of(fewer, name, ',')) ASSERT_TRUE(all.contains(row)) << name << ' ' << row[0];
  }
}

// Lines that were told wrong come once more: the last word counts.
std::map<std::string, std::int64_t> sums_by_sale(const std::vector<Fields>& rows, std::size_t amount,
                                                 std::size_t kind) {
  std::map<std::pair<std::string, std::string>, std::int64_t> lines;
  for (const Fields& row : rows) {
    if (kind > 0 && row[kind] != "SALE") continue;
    std::string digits = row[amount];
    std::erase_if(digits, [](char c) { return c == '.' || c == ','; });
    lines[{row[0], row[1]}] = std::stoll(digits);
  }
  std::map<std::string, std::int64_t> sums;
  for (const auto& [line, cents] : lines) sums[line.first] += cents;
  return sums;
}

TEST_F(GenerateTest, SilosTellOfEveryPurchaseOnce) {
  for (const Regime regime : kRegimes) {
    WorldPlan plan = plan_of(regime, 400, 120);
    plan.noise = 0;  // nothing is late, so that nothing is still on its way
    const Files files = files_of(plan, "exact");
    const auto orders = sums_by_sale(rows_of(files, "data/orders/", ','), 9, 0);
    const auto receipts = sums_by_sale(rows_of(files, "data/tills/", '|'), 10, 7);
    std::map<std::string, std::set<std::string>> told;
    for (const Fields& row : rows_of(files, "truth/events", ',')) {
      if (row[0] == "orders" || (row[0] == "tills" && !row[1].starts_with("R"))) {
        ASSERT_TRUE(told[row[0]].insert(row[1]).second) << row[1];
      }
    }
    EXPECT_EQ(static_cast<std::int64_t>(orders.size() + receipts.size()), report_.purchases);
    const auto same = [](const auto& sums, const std::set<std::string>& events) {
      return std::ranges::equal(sums, events, {}, [](const auto& sum) { return sum.first; });
    };
    EXPECT_TRUE(same(orders, told["orders"])) << regime_name(regime);
    EXPECT_TRUE(same(receipts, told["tills"])) << regime_name(regime);

    // With errors and corrections the sums are the same, but for what is late.
    plan.noise = 1;
    const Files noisy = files_of(plan, "noisy");
    int differ = 0;
    int told_later = 0;
    for (const auto& [order, cents] : sums_by_sale(rows_of(noisy, "data/orders/", ','), 9, 0)) {
      ASSERT_TRUE(orders.contains(order));
      differ += orders.at(order) == cents ? 0 : 1;
    }
    told_later = static_cast<int>(orders.size() - sums_by_sale(rows_of(noisy, "data/orders/", ','), 9, 0).size());
    EXPECT_LE(differ + told_later, 3 + static_cast<int>(orders.size()) / 100) << regime_name(regime);
  }
}

TEST_F(GenerateTest, WithoutNoiseRegistersHoldTheTruth) {
  WorldPlan plan = plan_of(Regime::kReal, 300, 5);
  plan.noise = 0;
  const Files files = files_of(plan, "exact");
  std::map<std::string, Fields> identities;
  for (Fields& row : rows_of(files, "truth/identities", ',')) {
    if (row.size() == 11) identities[row[0]] = std::move(row);  // without a comma within quotation marks
  }
  std::map<std::string, std::string> whose;
  for (const Fields& row : rows_of(files, "truth/records", ',')) whose[row[1]] = row[2];
  int compared = 0;
  for (const Fields& row : rows_of(files, "data/accounts/", ',')) {
    ASSERT_TRUE(whose.contains(row[0])) << row[0];
    const auto person = identities.find(whose[row[0]]);
    if (row.size() != 13 || person == identities.end()) continue;
    const Fields& truth = person->second;
    EXPECT_EQ(row[1], truth[5]);
    EXPECT_EQ(row[2], truth[3]);
    EXPECT_EQ(row[3], truth[4]);
    EXPECT_EQ(row[4], truth[6]);
    EXPECT_EQ(row[7], truth[9]);
    ++compared;
  }
  EXPECT_GT(compared, 10);
  EXPECT_FALSE(std::ranges::any_of(files, [](const auto& file) { return file.first.contains("_rest"); }));
}

TEST_F(GenerateTest, ContactsCostWhatOffersOfTheirMediumCost) {
  const Files files = files_of(plan_of(Regime::kReal, 50, 10), "world");
  std::set<std::string> costs;
  for (const Fields& row : rows_of(files, "data/dimensions/contact_costs", ',')) costs.insert(row[1]);
  for (const Offer& offer : offers()) {
    const std::string cost =
        fmt::format("{}.{:06}", offer.contact_cost_micros / 1'000'000, offer.contact_cost_micros % 1'000'000);
    EXPECT_TRUE(costs.contains(cost)) << offer.id << ' ' << cost;
  }
  EXPECT_FALSE(costs.contains("0.000000")) << "a medium without a price";
}

TEST_F(GenerateTest, TheReportCountsTheRowsThatWereWritten) {
  const Files files = files_of(plan_of(Regime::kReal, 300, 59), "world");
  for (const std::string silo : {"orders", "finance", "email", "crm", "accounts"}) {
    const char separator = silo == "crm" || silo == "finance" ? ';' : ',';
    const std::size_t rows = rows_of(files, "data/" + silo + "/", separator).size();
    EXPECT_EQ(report_.rows[silo], static_cast<std::int64_t>(rows)) << silo;
  }
}

TEST_F(GenerateTest, AFolderHoldsOneWorld) {
  const WorldPlan plan = plan_of(Regime::kReal, 50, 10);
  ASSERT_TRUE(generate(plan, root_ / "world", {}).has_value());
  EXPECT_FALSE(fs::exists(root_ / "world" / ".waiting"));
  const Result<WorldReport> again = generate(plan, root_ / "world", {});
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().code, ErrorCode::kConflict);
}

TEST_F(GenerateTest, TheTextbooksSpendFollowsGammaGamma) {
  WorldPlan plan = plan_of(Regime::kTextbook, 1'500, 330);
  plan.noise = 0;
  const Files files = files_of(plan, "world");
  std::map<std::string, std::string> person_of;
  for (const Fields& row : rows_of(files, "truth/events", ',')) person_of[row[0] + row[1]] = row[2];
  std::map<std::string, std::pair<double, double>> bought;  // person -> count and sum
  const auto gather = [&](const std::string& silo, const std::map<std::string, std::int64_t>& sums) {
    for (const auto& [number, cents] : sums) {
      auto& [count, sum] = bought[person_of[silo + number]];
      count += 1;
      sum += static_cast<double>(cents) / 100;
    }
  };
  gather("orders", sums_by_sale(rows_of(files, "data/orders/", ','), 9, 0));
  gather("tills", sums_by_sale(rows_of(files, "data/tills/", '|'), 10, 7));
  const TextbookFigures figures;
  const double p = figures.spend_shape;
  const double q = figures.spend_q;
  const double population = p * figures.spend_gamma_eur / (q - 1);
  Mean means;
  Mean residuals;
  for (const Fields& row : rows_of(files, "truth/persons", ',')) {
    const auto [count, sum] = bought.at(row[0]);
    means.add(sum / count);
    // Fader and Hardie 2013, equation (5): a person's mean given what she has spent.
    const double weight = p * count / (p * count + q - 1);
    residuals.add(std::stod(row[9]) - ((1 - weight) * population + weight * sum / count));
  }
  EXPECT_GT(means.count(), 1'000);
  EXPECT_LT(std::abs(means.z(population)), 4);
  EXPECT_LT(std::abs(residuals.z()), 4);
}

TEST_F(GenerateTest, WhatWaitsAndIsCutShortIsToldAndNotDelivered) {
  const Date day{20'000};
  const Date until{day.days + 1};
  DeliveryFiles files(root_ / "world", root_ / "waiting");
  Rows rows;
  rows.add(Silo::kCrm, day) = "1;Ana\n";
  ASSERT_TRUE(files.add(rows, until));
  const std::vector<fs::directory_entry> waiting{fs::directory_iterator(root_ / "waiting"), {}};
  ASSERT_EQ(waiting.size(), 1U);
  fs::resize_file(waiting.front().path(), waiting.front().file_size() - 1);
  const Result<std::uint64_t> finished = files.finish(1, day, until);
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().code, ErrorCode::kIo);
  EXPECT_TRUE(finished.error().message.contains("cannot be read")) << finished.error().text();
}

TEST(EncodedTest, WritesLatin1AndUtf16) {
  EXPECT_EQ(encoded("Müller, España", Encoding::kUtf8), "Müller, España");
  EXPECT_EQ(encoded("Müller ñ", Encoding::kLatin1), "M\xFCller \xF1");
  EXPECT_EQ(encoded("Şahin 😀 €", Encoding::kLatin1), "?ahin ? ?");
  using std::string_literals::operator""s;
  EXPECT_EQ(encoded("aé", Encoding::kUtf16), "a\0\xE9\0"s);
  EXPECT_EQ(encoded("€", Encoding::kUtf16), "\xAC\x20"s);
  EXPECT_EQ(encoded("😀", Encoding::kUtf16), "\x3D\xD8\x00\xDE"s);
  EXPECT_EQ(encoded("", Encoding::kUtf16), "");
}

}  // namespace
}  // namespace hilo::world
