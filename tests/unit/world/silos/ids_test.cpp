// Goal: a silo's number names one thing and gives nothing away. Method: the scrambling over all numbers of few bits,
// samples of many bits; order numbers of shop and tills of many persons.
#include "world/silos/ids.h"

#include <cmath>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace hilo::world {
namespace {

constexpr std::uint64_t kSeed = 17;

TEST(IdsTest, ScramblingIsABijection) {
  constexpr int kBits = 16;
  constexpr std::uint64_t kNumbers = 1U << kBits;
  for (const Series series : {Series::kCrm, Series::kSale}) {
    std::vector<bool> taken(kNumbers, false);
    for (std::uint64_t number = 0; number < kNumbers; ++number) {
      const std::uint64_t id = scrambled(kSeed, series, number, kBits);
      ASSERT_LT(id, kNumbers);
      ASSERT_FALSE(taken[id]) << number;
      taken[id] = true;
    }
  }
}

TEST(IdsTest, ScrambledNumbersStayWithinTheirBits) {
  for (const int bits : {8, 36, 46, 62}) {
    std::set<std::uint64_t> ids;
    for (std::uint64_t number = 0; number < 256; ++number) {
      const std::uint64_t id = scrambled(kSeed, Series::kCard, number, bits);
      EXPECT_EQ(id >> static_cast<unsigned>(bits), 0U);
      ids.insert(id);
    }
    EXPECT_EQ(ids.size(), 256U);
  }
}

TEST(IdsTest, SeriesAndSeedsDiffer) {
  constexpr std::uint64_t kNumbers = 2'000;
  int same_series = 0;
  int same_seed = 0;
  int in_order = 0;
  for (std::uint64_t number = 0; number < kNumbers; ++number) {
    const std::uint64_t id = scrambled(kSeed, Series::kCrm, number, 36);
    same_series += id == scrambled(kSeed, Series::kAccount, number, 36) ? 1 : 0;
    same_seed += id == scrambled(kSeed + 1, Series::kCrm, number, 36) ? 1 : 0;
    in_order += id < scrambled(kSeed, Series::kCrm, number + 1, 36) ? 1 : 0;
  }
  EXPECT_EQ(same_series, 0);
  EXPECT_EQ(same_seed, 0);
  // Half of all neighbours: a number does not tell who came first.
  EXPECT_NEAR(in_order, kNumbers / 2.0, 4 * std::sqrt(kNumbers) / 2);
}

TEST(IdsTest, NeighboursShareOrderNumbersOfShopAndTills) {
  for (std::uint64_t person = 0; person < 200; ++person) {
    const PersonId neighbour{person ^ 1U};
    for (std::uint64_t count = 0; count < 20; ++count)
      EXPECT_EQ(order_number(kSeed, {person}, count, true), order_number(kSeed, neighbour, count, false));
  }
}

TEST(IdsTest, NoOrderNumberStandsTwiceInOnePlaceOrForOnePerson) {
  std::set<std::uint64_t> shop;
  std::set<std::uint64_t> tills;
  constexpr std::uint64_t kPersons = 300;
  constexpr std::uint64_t kCounts = 50;
  for (std::uint64_t person = 0; person < kPersons; ++person) {
    std::set<std::uint64_t> own;
    for (std::uint64_t count = 0; count < kCounts; ++count) {
      for (const bool in_store : {false, true}) {
        const std::uint64_t number = order_number(kSeed, {person}, count, in_store);
        (in_store ? tills : shop).insert(number);
        own.insert(number);
      }
    }
    EXPECT_EQ(own.size(), 2 * kCounts);
  }
  EXPECT_EQ(shop.size(), kPersons * kCounts);
  EXPECT_EQ(tills.size(), kPersons * kCounts);
}

}  // namespace
}  // namespace hilo::world
