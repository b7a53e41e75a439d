// Goal: exact links with a guard, reasons and redirects. Method: small inputs with known clusters; random histories of
// many runs against an oracle that computes each run from the beginning.
#include "identity/link.h"

#include <random>
#include <set>

#include <gtest/gtest.h>

#include "naive_linking.h"

namespace hilo::identity {
namespace {

// One record of an identifier: its id, the run that brought the identifier, the run that brought the record.
struct Carrier {
  RecordId record;
  int run;
  int record_run;
};

LinkInput input_of(const std::vector<std::vector<Carrier>>& identifiers, std::vector<RecordName> names = {}) {
  LinkInput input;
  for (const std::vector<Carrier>& carriers : identifiers) {
    for (const Carrier& carrier : carriers) {
      input.bearers.push_back({carrier.record, carrier.run});
      input.records.push_back({carrier.record, carrier.record_run});
    }
    input.ends.push_back(input.bearers.size());
  }
  input.names = std::move(names);
  return input;
}

RecordId cluster_of(const Linkage& linkage, RecordId record) { return answer_of(linkage).cluster_of.at(record); }

TEST(LinkTest, RecordsThatShareAnIdentifierAreOneAndKeepTheEarliestId) {
  const Linkage linkage = link_records(input_of({{{10, 1, 1}, {30, 1, 1}}, {{20, 1, 1}, {30, 1, 1}}}), {});
  EXPECT_EQ(cluster_of(linkage, 10), 10);
  EXPECT_EQ(cluster_of(linkage, 20), 10);
  EXPECT_EQ(cluster_of(linkage, 30), 10);
  ASSERT_EQ(linkage.links.size(), 2U);
  EXPECT_TRUE(linkage.redirects.empty());
}

TEST(LinkTest, TheFirstIdentifierThatLinksARecordIsItsReason) {
  const Linkage linkage = link_records(input_of({{{20, 1, 1}, {30, 1, 1}}, {{10, 1, 1}, {30, 1, 1}}}), {});
  ASSERT_EQ(linkage.places.size(), 3U);
  EXPECT_EQ(linkage.places[0].identifier, 1U);
  EXPECT_EQ(linkage.places[1].identifier, 0U);
  EXPECT_EQ(linkage.places[2].identifier, 0U);
}

TEST(LinkTest, NothingToLinkGivesNothing) { EXPECT_EQ(answer_of(link_records({}, {})), Answer{}); }

TEST(LinkTest, TheGuardStopsAnIdentifierWithTooManyNames) {
  const LinkInput input = input_of({{{1, 1, 1}, {2, 1, 1}, {3, 1, 1}}}, {{1, 100, 1}, {2, 101, 1}, {3, 102, 1}});
  const Linkage guarded = link_records(input, {.names_max = 2, .records_max = 100});
  EXPECT_EQ(cluster_of(guarded, 3), 3);
  EXPECT_EQ(guarded.places.back().identifier, kNoIdentifier);
  ASSERT_EQ(guarded.guarded.size(), 1U);
  EXPECT_EQ(guarded.guarded.front().names, 3);
  EXPECT_EQ(cluster_of(link_records(input, {.names_max = 3, .records_max = 100}), 3), 1);
  EXPECT_EQ(cluster_of(link_records(input, {.names_max = 3, .records_max = 2}), 3), 3);
}

TEST(LinkTest, ABridgeThatComesLaterLeavesARedirect) {
  // Records 1 and 2 are two customers in run 1; record 3 joins them in run 2.
  const Linkage linkage = link_records(input_of({{{1, 1, 1}, {3, 2, 2}}, {{2, 1, 1}, {3, 2, 2}}}), {});
  ASSERT_EQ(linkage.redirects.size(), 1U);
  EXPECT_EQ(linkage.redirects.front().from, 2);
  EXPECT_EQ(linkage.redirects.front().to, 1);
  EXPECT_EQ(linkage.redirects.front().run, 2);
  EXPECT_TRUE(linkage.redirects.front().is_merge);
}

TEST(LinkTest, AKnownCustomerThatGetsAnIdentifierLaterLeavesARedirect) {
  // Both records are customers from run 1; only in run 2 does the second one give the e-mail of the first.
  const Linkage linkage = link_records(input_of({{{1, 1, 1}, {2, 2, 1}}}), {});
  ASSERT_EQ(linkage.redirects.size(), 1U);
  EXPECT_EQ(linkage.redirects.front().from, 2);
  EXPECT_EQ(linkage.redirects.front().to, 1);
}

TEST(LinkTest, ANameTooManySplitsAndSaysSo) {
  const LinkInput input = input_of({{{1, 1, 1}, {2, 1, 1}, {3, 2, 2}}}, {{1, 100, 1}, {2, 101, 1}, {3, 102, 2}});
  const Linkage linkage = link_records(input, {.names_max = 2, .records_max = 100});
  EXPECT_EQ(cluster_of(linkage, 2), 2);
  ASSERT_EQ(linkage.redirects.size(), 1U);
  EXPECT_FALSE(linkage.redirects.front().is_merge);
  EXPECT_EQ(linkage.redirects.front().from, 1);
  EXPECT_EQ(linkage.redirects.front().to, 2);
}

// A history in which clusters grow, guards trip one after the other, and late bridges join what was split.
LinkInput random_input(std::mt19937& random) {
  const auto below = [&](std::size_t limit) { return static_cast<int>(random() % limit); };
  const int runs = 1 + below(12);
  const std::size_t records = 4 + random() % 40;
  std::vector<int> record_runs;
  for (std::size_t record = 0; record < records; ++record)
    record_runs.push_back(1 + below(static_cast<std::size_t>(runs)));
  std::ranges::sort(record_runs);  // later rows come in later runs
  std::vector<std::vector<Carrier>> identifiers(1 + random() % 25);
  for (std::vector<Carrier>& carriers : identifiers) {
    std::set<std::size_t> chosen;
    const std::size_t count = std::min(records, 2 + random() % (random() % 4 == 0 ? 8 : 2));
    while (chosen.size() < count) chosen.insert(random() % records);
    for (const std::size_t record : chosen) {
      const int later = below(3) == 0 ? below(static_cast<std::size_t>(runs)) : 0;
      carriers.push_back({.record = static_cast<RecordId>(record * 50),
                          .run = std::min(runs, record_runs[record] + later),
                          .record_run = record_runs[record]});
    }
  }
  std::vector<RecordName> names;
  std::set<std::pair<RecordId, std::int64_t>> held;
  for (std::size_t at = 0; at < records; ++at) {
    const auto record = static_cast<RecordId>((random() % (records + 2)) * 50);
    const std::int64_t name = below(6);
    if (held.emplace(record, name).second) names.push_back({record, name, 1 + below(static_cast<std::size_t>(runs))});
  }
  return input_of(identifiers, std::move(names));
}

TEST(LinkTest, EqualsTheOracleOnRandomHistories) {
  std::size_t merges = 0;
  std::size_t splits = 0;
  std::size_t guarded = 0;
  for (unsigned seed = 1; seed <= 3000; ++seed) {
    std::mt19937 random(seed);
    const LinkInput input = random_input(random);
    const LinkLimits limits{.names_max = static_cast<std::int64_t>(1 + random() % 4),
                            .records_max = static_cast<std::int64_t>(2 + random() % 8)};
    const Answer answer = answer_of(link_records(input, limits));
    ASSERT_EQ(answer, NaiveLinking(input, limits).run()) << "seed " << seed;
    for (const auto& [from, to, run, is_merge] : answer.redirects) ++(is_merge ? merges : splits);
    guarded += answer.guarded.size();
  }
  // The histories hold what they are meant to hold.
  EXPECT_GT(merges, 1000U);
  EXPECT_GT(splits, 300U);
  EXPECT_GT(guarded, 1000U);
}

}  // namespace
}  // namespace hilo::identity
