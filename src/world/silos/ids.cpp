#include "world/silos/ids.h"

#include "base/result.h"

namespace hilo::world {
namespace {

// The finaliser of SplitMix64 (Steele, Lea, Flood, 2014).
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31U);
}

constexpr int kRounds = 6;
constexpr int kNumberBits = 46;

}  // namespace

std::uint64_t scrambled(std::uint64_t seed, Series series, std::uint64_t number, int bits) {
  HILO_CHECK(bits % 2 == 0 && bits >= 8 && bits <= 62 && number >> static_cast<unsigned>(bits) == 0);
  const auto half = static_cast<unsigned>(bits / 2);
  const std::uint64_t mask = (1ULL << half) - 1;
  const std::uint64_t key = mixed(seed ^ (static_cast<std::uint64_t>(series) << 48U));
  std::uint64_t left = number >> half;
  std::uint64_t right = number & mask;
  for (std::uint64_t round = 0; round < kRounds; ++round) {
    const std::uint64_t next = left ^ (mixed(key ^ (round << 56U) ^ right) & mask);
    left = right;
    right = next;
  }
  return left << half | right;
}

std::uint64_t number_of(std::uint64_t seed, Series series, PersonId person, std::uint64_t count) {
  HILO_CHECK(count < kNumbersPerPerson);
  return scrambled(seed, series, person.number * kNumbersPerPerson + count, kNumberBits);
}

std::uint64_t order_number(std::uint64_t seed, PersonId person, std::uint64_t count, bool in_store) {
  return number_of(seed, Series::kSale, PersonId{in_store ? person.number ^ 1U : person.number}, count);
}

}  // namespace hilo::world
