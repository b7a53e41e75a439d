// Goal: exact links with a guard, reasons and redirects. Method: small inputs with known clusters; random inputs
// against a naive closure.
#include "identity/link.h"

#include <random>
#include <set>

#include <gtest/gtest.h>

namespace hilo::identity {
namespace {

LinkInput input_of(std::vector<SharedIdentifier> identifiers, int last_run = 9) {
  return {.identifiers = std::move(identifiers), .names = {}, .last_run = last_run};
}

TEST(LinkTest, RecordsThatShareAnIdentifierAreOneAndKeepTheEarliestId) {
  const Linkage linkage = link_records(
      input_of({{"email", "a@x.com", {{10, 1, 1}, {30, 1, 1}}}, {"phone", "+34600111222", {{20, 1, 1}, {30, 1, 1}}}}),
      {});
  EXPECT_EQ(linkage.cluster_of.at(10), 10);
  EXPECT_EQ(linkage.cluster_of.at(20), 10);
  EXPECT_EQ(linkage.cluster_of.at(30), 10);
  ASSERT_EQ(linkage.links.size(), 2U);
  EXPECT_TRUE(linkage.redirects.empty());
}

TEST(LinkTest, TheGuardStopsAnIdentifierWithTooManyNames) {
  LinkInput input = input_of({{"email", "team@x.com", {{1, 1, 1}, {2, 1, 1}, {3, 1, 1}}}});
  input.names = {{1, {{100, 1}}}, {2, {{101, 1}}}, {3, {{102, 1}}}};
  const Linkage guarded = link_records(input, {.names_max = 2, .records_max = 100});
  EXPECT_EQ(guarded.cluster_of.at(3), 3);
  ASSERT_EQ(guarded.guarded.size(), 1U);
  EXPECT_EQ(guarded.guarded.front().names, 3);
  EXPECT_EQ(link_records(input, {.names_max = 3, .records_max = 100}).cluster_of.at(3), 1);
  EXPECT_EQ(link_records(input, {.names_max = 3, .records_max = 2}).cluster_of.at(3), 3);
}

TEST(LinkTest, ABridgeThatComesLaterLeavesARedirect) {
  // Records 1 and 2 are two customers in run 1; record 3 joins them in run 2.
  const Linkage linkage = link_records(
      input_of({{"email", "a@x.com", {{1, 1, 1}, {3, 2, 2}}}, {"phone", "+34600111222", {{2, 1, 1}, {3, 2, 2}}}}), {});
  ASSERT_EQ(linkage.redirects.size(), 1U);
  EXPECT_EQ(linkage.redirects.front().from, 2);
  EXPECT_EQ(linkage.redirects.front().to, 1);
  EXPECT_EQ(linkage.redirects.front().run, 2);
  EXPECT_TRUE(linkage.redirects.front().is_merge);
}

TEST(LinkTest, AKnownCustomerThatGetsAnIdentifierLaterLeavesARedirect) {
  // Both records are customers from run 1; only in run 2 does the second one give the e-mail of the first.
  const Linkage linkage = link_records(input_of({{"email", "a@x.com", {{1, 1, 1}, {2, 2, 1}}}}), {});
  ASSERT_EQ(linkage.redirects.size(), 1U);
  EXPECT_EQ(linkage.redirects.front().from, 2);
  EXPECT_EQ(linkage.redirects.front().to, 1);
}

TEST(LinkTest, ANameTooManySplitsAndSaysSo) {
  LinkInput input = input_of({{"email", "a@x.com", {{1, 1, 1}, {2, 1, 1}, {3, 2, 2}}}});
  input.names = {{1, {{100, 1}}}, {2, {{101, 1}}}, {3, {{102, 2}}}};
  const Linkage linkage = link_records(input, {.names_max = 2, .records_max = 100});
  EXPECT_EQ(linkage.cluster_of.at(2), 2);
  ASSERT_EQ(linkage.redirects.size(), 1U);
  EXPECT_FALSE(linkage.redirects.front().is_merge);
  EXPECT_EQ(linkage.redirects.front().from, 1);
  EXPECT_EQ(linkage.redirects.front().to, 2);
}

TEST(LinkTest, EqualsTheNaiveClosureOnRandomInputs) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    std::mt19937 random(seed);
    std::vector<SharedIdentifier> identifiers;
    for (int number = 0; number < 12; ++number) {
      std::set<RecordId> records;
      while (records.size() < 2) records.insert(static_cast<RecordId>(random() % 30));
      std::vector<Bearer> bearers;
      for (const RecordId record : records) bearers.push_back({record, static_cast<int>(random() % 3), 0});
      identifiers.push_back({"email", std::to_string(number), bearers});
    }
    std::map<RecordId, RecordId> naive;
    for (const SharedIdentifier& identifier : identifiers) {
      for (const Bearer& bearer : identifier.bearers) naive[bearer.record] = bearer.record;
    }
    for (bool changed = true; changed;) {
      changed = false;
      for (const SharedIdentifier& identifier : identifiers) {
        RecordId& a = naive[identifier.bearers[0].record];
        RecordId& b = naive[identifier.bearers[1].record];
        if (a == b) continue;
        a = b = std::min(a, b);
        changed = true;
      }
    }
    EXPECT_EQ(link_records(input_of(identifiers), {}).cluster_of, naive) << "seed " << seed;
  }
}

}  // namespace
}  // namespace hilo::identity
