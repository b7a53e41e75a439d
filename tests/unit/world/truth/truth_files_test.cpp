// Goal: the truth of a written world tells of everything that it is asked about, and agrees with what the silos tell.
// Method: small worlds read back; what is told of a longer world, or summed up from the rows, is compared.
#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "world/truth/outcomes.h"
#include "world_files.h"
#include "world_fixture.h"

namespace hilo::world {
namespace {

using TruthFilesTest = WorldFilesTest;

TEST_F(TruthFilesTest, OtherExpectationsChangeNoOtherFile) {
  for (const Regime regime : kRegimes) {
    WorldPlan plan = plan_of(regime, 200, 65);
    const Files usual = files_of(plan, "usual");
    plan.expectations = {.every = Rhythm::kDay, .horizons = {1, 30, 90, 500}};
    const Files every_day = files_of(plan, "every_day");
    const auto others = [](Files files) {
      std::erase_if(files, [](const auto& file) { return file.first.starts_with("truth/expectations"); });
      return files;
    };
    ASSERT_EQ(others(usual), others(every_day)) << regime_name(regime);
    // Everybody active, on every day, and no less by one more day.
    std::map<std::string, int> persons;
    for (const Fields& row : rows_of(every_day, "truth/expectations", ',')) {
      ASSERT_EQ(row.size(), 10U);
      ASSERT_LE(std::stod(row[2]), std::stod(row[3]));
      ASSERT_LE(std::stod(row[4]), std::stod(row[5]));
      ++persons[row[1]];
    }
    EXPECT_EQ(persons.size(), 65U);
    plan.days = 66;
    const Files longer = files_of(plan, "longer");
    for (const auto& [name, text] : every_day) {
      ASSERT_TRUE(longer.contains(name)) << name;
      ASSERT_TRUE(longer.at(name).starts_with(text)) << regime_name(regime) << ' ' << name;
    }
  }
}

TEST_F(TruthFilesTest, WhatIsToldOfAnyDayIsWhatHappensOnAverage) {
  for (const Regime regime : kRegimes) {
    WorldPlan plan = plan_of(regime, 1'500, 58);
    plan.noise = 0;
    plan.expectations = {.every = Rhythm::kDay, .horizons = {9, 38}};
    const Files files = files_of(plan, "world");
    std::map<std::string, std::vector<Date>> bought;  // by person
    for (const Fields& row : rows_of(files, "truth/events", ',')) {
      if (row[0] == "orders" || (row[0] == "tills" && !row[1].starts_with("R")))
        bought[row[2]].push_back(parse_date(row[3]).value());
    }
    // A day before the first campaign: what is told knows of no message to come.
    const Date day{plan.opened_on.days + 18};
    std::array<Mean, 2> apart;
    for (const Fields& row : rows_of(files, "truth/expectations", ',')) {
      if (row[1] != to_string(day)) continue;
      for (std::size_t at = 0; at < apart.size(); ++at) {
        const Date last{day.days + plan.expectations.horizons[at]};
        const auto happened =
            std::ranges::count_if(bought[row[0]], [&](Date each) { return each > day && each <= last; });
        apart.at(at).add(static_cast<double>(happened) - std::stod(row[2 + at]));
      }
    }
    EXPECT_GT(apart[0].count(), 50);
    for (const Mean& each : apart) EXPECT_LT(std::abs(each.z()), 4) << regime_name(regime) << ' ' << each.mean();
  }
}

TEST_F(TruthFilesTest, WhoWasTreatedGotAMessage) {
  WorldPlan plan = plan_of(Regime::kReal, 600, 160);
  plan.noise = 0;
  const Files files = files_of(plan, "world");
  std::set<std::pair<std::string, std::string>> treated;  // campaign and person
  std::set<std::string> closed;
  for (const Fields& row : rows_of(files, "truth/assignments", ',')) {
    ASSERT_EQ(row.size(), 17U);
    closed.insert(row[0]);
    if (row[6] == "1") treated.insert({row[0], row[2]});
    ASSERT_FALSE(row[6] == "1" && row[7] == "1") << "treated and held out";
  }
  EXPECT_GT(closed.size(), 8U);
  // The truth names the person behind each message's number.
  std::map<std::string, std::string> person_of;
  for (const Fields& row : rows_of(files, "truth/events", ',')) person_of[row[1]] = row[2];
  std::set<std::pair<std::string, std::string>> sent;
  const auto gather = [&](const char* silo, char separator, std::size_t campaign) {
    for (const Fields& row : rows_of(files, silo, separator)) {
      if (row[0].ends_with("-1")) sent.insert({row[campaign], person_of[row[0]]});
    }
  };
  gather("data/email/", ',', 2);
  gather("data/sms/", ';', 2);
  gather("data/ads/", ',', 2);
  gather("data/clienteling/", ';', 4);
  std::erase_if(sent, [&](const auto& message) { return !closed.contains(message.first); });
  std::set<std::string> in_those;
  for (const auto& [campaign, person] : sent) in_those.insert(campaign);
  std::erase_if(treated, [&](const auto& message) { return !in_those.contains(message.first); });
  EXPECT_GT(sent.size(), 100U);
  EXPECT_EQ(sent, treated);
}

TEST_F(TruthFilesTest, ThePerfectPolicyIsNoWorseThanTheOneThatRan) {
  const Files files = files_of(plan_of(Regime::kReal, 800, 150), "world");
  const std::vector<Fields> rows = rows_of(files, "truth/policies", ',');
  EXPECT_GT(rows.size(), 8U);
  for (const Fields& row : rows) {
    ASSERT_EQ(row.size(), 9U);
    EXPECT_LE(std::stoll(row[4]), std::stoll(row[3]));
    EXPECT_GE(std::stod(row[8]), 0) << row[0];
    EXPECT_GE(std::stod(row[8]), std::stod(row[6])) << row[0];
    EXPECT_GE(std::stod(row[8]), std::stod(row[7])) << row[0];
  }
}

TEST_F(TruthFilesTest, PoliciesSumUpTheDecisions) {
  const Files files = files_of(plan_of(Regime::kReal, 700, 150), "world");
  struct Sums {
    int treated = 0;
    int worthwhile = 0;
    double as_run = 0;
    double all = 0;
    double oracle = 0;
    int decisions = 0;
  };
  std::map<std::string, Sums> campaigns;
  for (const Fields& row : rows_of(files, "truth/assignments", ',')) {
    Sums& sums = campaigns[row[0]];
    const double gain = std::stod(row[15]) - std::stod(row[16]);  // rounded to four places
    const bool treated = row[6] == "1";
    ++sums.decisions;
    sums.treated += treated ? 1 : 0;
    sums.worthwhile += gain > 0 ? 1 : 0;
    sums.as_run += treated ? gain : 0;
    sums.all += gain;
    sums.oracle += std::max(0.0, gain);
  }
  for (const Fields& row : rows_of(files, "truth/policies", ',')) {
    const Sums& sums = campaigns[row[0]];
    const double rounding = 0.005 + 5e-5 * sums.decisions;
    EXPECT_EQ(std::stoi(row[3]), sums.decisions) << row[0];
    EXPECT_EQ(std::stoi(row[4]), sums.treated) << row[0];
    EXPECT_NEAR(std::stoi(row[5]), sums.worthwhile, 1 + sums.decisions / 200.0) << row[0];
    EXPECT_NEAR(std::stod(row[6]), sums.as_run, rounding) << row[0];
    EXPECT_NEAR(std::stod(row[7]), sums.all, rounding) << row[0];
    EXPECT_NEAR(std::stod(row[8]), sums.oracle, rounding) << row[0];
  }
}

// Campaigns of every medium are under way at one of these ends, staff with its shared time among them.
TEST_F(TruthFilesTest, OutcomesAreThoseOfALongerWorld) {
  for (const Regime regime : {Regime::kReal, Regime::kHiddenConfounder}) {
    const Files longest = files_of(plan_of(regime, 900, 190), "longest");
    const std::vector<Fields> known = rows_of(longest, "truth/assignments", ',');
    for (const int days : {45, 97, 150}) {
      const Files files = files_of(plan_of(regime, 900, days), "world");
      const Files longer = files_of(plan_of(regime, 900, days + 40), "longer");
      const std::string end = to_string(Date{kWorldOpened.days + days});
      std::vector<Fields> before;
      std::ranges::copy_if(rows_of(longer, "truth/assignments", ','), std::back_inserter(before),
                           [&](const Fields& row) { return row[4] < end; });
      const std::vector<Fields> told = rows_of(files, "truth/assignments", ',');
      ASSERT_GT(told.size(), 100U);
      ASSERT_EQ(told, before) << regime_name(regime) << ' ' << days;
      ASSERT_TRUE(std::equal(told.begin(), told.end(), known.begin())) << regime_name(regime) << ' ' << days;
      const std::string& policies = files.at("truth/policies.csv");
      ASSERT_TRUE(longer.at("truth/policies.csv").starts_with(policies));
    }
  }
}

TEST_F(TruthFilesTest, EveryDecisionHasItsOutcomes) {
  const Files files = files_of(plan_of(Regime::kReal, 900, 130), "world");
  std::map<std::string, std::string> person_of;  // by the id of a decision
  for (const Fields& row : rows_of(files, "truth/events", ',')) {
    if (row[0] == "decisions") person_of[row[1]] = row[2];
  }
  std::multiset<Fields> decided;  // campaign, person, treated, held out
  for (const Fields& row : rows_of(files, "data/decisions/", ','))
    decided.insert({row[1], person_of.at(row[0]), row[5], row[6]});
  std::multiset<Fields> told;
  std::set<std::string> in_last_weeks;
  const auto flag = [](const std::string& text) { return text == "1" ? "true" : "false"; };
  for (const Fields& row : rows_of(files, "truth/assignments", ',')) {
    told.insert({row[0], row[2], flag(row[6]), flag(row[7])});
    if (row[4] > to_string(Date{kWorldOpened.days + 130 - kOutcomeDays})) in_last_weeks.insert(row[0]);
  }
  EXPECT_GT(decided.size(), 500U);
  EXPECT_EQ(told, decided);
  EXPECT_GE(in_last_weeks.size(), 2U);
}

TEST_F(TruthFilesTest, NothingIsToldOfDaysBeyondTheEnd) {
  const int days = 100;
  WorldPlan plan = plan_of(Regime::kReal, 700, days);
  plan.noise = 0;
  const std::string end = to_string(Date{kWorldOpened.days + days});
  const Files files = files_of(plan, "world");
  for (const auto& [table, column] : std::map<std::string, std::size_t>{{"truth/persons", 5},
                                                                        {"truth/identities", 1},
                                                                        {"truth/records", 3},
                                                                        {"truth/expectations", 1},
                                                                        {"truth/assignments", 4},
                                                                        {"truth/policies", 2},
                                                                        {"truth/calendar", 0}}) {
    for (const Fields& row : rows_of(files, table, ',')) ASSERT_LT(row[column], end) << table;
  }
  for (const auto& [name, text] : files) {
    const auto month = name.find("_2023-");
    if (month != std::string::npos) {
      ASSERT_LE(name.substr(month + 1, 7), "2023-04") << name;
    }
  }
  std::int64_t campaigns = 0;
  for (const Fields& row : rows_of(files, "truth/policies", ',')) campaigns += row.empty() ? 0 : 1;
  EXPECT_EQ(rows_of(files, "data/dimensions/campaigns", ',').size(), static_cast<std::size_t>(campaigns));
}

}  // namespace
}  // namespace hilo::world
