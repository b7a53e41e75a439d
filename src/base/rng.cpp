#include "base/rng.h"

#include <cmath>
#include <numbers>

#include "base/result.h"

namespace hilo {
namespace {

// Spreads a seed and a purpose over the 64 bits of a key. **Source**: the finaliser of SplitMix64 (Steele et al.,
// 2014).
std::uint64_t mix(std::uint64_t seed, std::uint32_t purpose) {
  std::uint64_t z = seed + 0x9E3779B97F4A7C15U * (std::uint64_t{purpose} + 1);
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

std::uint32_t low(std::uint64_t value) { return static_cast<std::uint32_t>(value); }
std::uint32_t high(std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32U); }

}  // namespace

Rng::Rng(const RngKey& key) : counter_{0, key.day, low(key.subject), high(key.subject)} {
  const std::uint64_t mixed = mix(key.seed, key.purpose);
  key_ = {low(mixed), high(mixed)};
}

void Rng::refill() {
  constexpr std::uint64_t kMultiplier0 = 0xD2511F53U;
  constexpr std::uint64_t kMultiplier1 = 0xCD9E8D57U;
  constexpr std::uint32_t kWeyl0 = 0x9E3779B9U;
  constexpr std::uint32_t kWeyl1 = 0xBB67AE85U;
  constexpr int kRounds = 10;
  // Single words, as arrays would be kept in memory from round to round.
  auto [x0, x1, x2, x3] = counter_;
  auto [k0, k1] = key_;
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t product0 = kMultiplier0 * x0;
    const std::uint64_t product1 = kMultiplier1 * x2;
    x0 = high(product1) ^ x1 ^ k0;
    x1 = low(product1);
    x2 = high(product0) ^ x3 ^ k1;
    x3 = low(product0);
    k0 += kWeyl0;
    k1 += kWeyl1;
  }
  block_ = {x0, x1, x2, x3};
  ++counter_[0];
  used_ = 0;
}

std::uint32_t Rng::below(std::uint32_t count) {
  std::uint64_t product = std::uint64_t{word()} * count;
  if (low(product) < count) {
    const std::uint32_t rejected = (0U - count) % count;
    while (low(product) < rejected) product = std::uint64_t{word()} * count;
  }
  return high(product);
}

double Rng::exponential(double rate) { return -std::log(uniform()) / rate; }

double Rng::normal() {
  const double radius = std::sqrt(-2.0 * std::log(uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

double Rng::gamma(double shape, double rate) {
  if (shape < 1.0) {
    const double lift = std::pow(uniform(), 1.0 / shape);
    return lift * gamma(shape + 1.0, rate);
  }
  const double d = shape - 1.0 / 3.0;
  const double c = 1.0 / std::sqrt(9.0 * d);
  while (true) {
    const double x = normal();
    const double root = 1.0 + c * x;
    if (root <= 0.0) continue;
    const double v = root * root * root;
    if (std::log(uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v / rate;
  }
}

double Rng::beta(double a, double b) {
  const double x = gamma(a, 1.0);
  return x / (x + gamma(b, 1.0));
}

std::int64_t Rng::poisson(double mean) {
  // Arrivals of a process of rate 1 before `mean`.
  std::int64_t count = 0;
  for (double at = exponential(1.0); at < mean; at += exponential(1.0)) ++count;
  return count;
}

WeightedChoice::WeightedChoice(std::span<const double> weights) : keep_(weights.size()), else_(weights.size()) {
  double total = 0;
  for (const double weight : weights) total += weight;
  HILO_CHECK(!weights.empty() && total > 0);
  std::vector<std::uint32_t> small;
  std::vector<std::uint32_t> large;
  for (std::uint32_t at = 0; at < weights.size(); ++at) {
    keep_[at] = weights[at] * static_cast<double>(weights.size()) / total;
    else_[at] = at;
    (keep_[at] < 1.0 ? small : large).push_back(at);
  }
  while (!small.empty() && !large.empty()) {
    const std::uint32_t poor = small.back();
    const std::uint32_t rich = large.back();
    small.pop_back();
    else_[poor] = rich;
    keep_[rich] -= 1.0 - keep_[poor];
    if (keep_[rich] >= 1.0) continue;
    large.pop_back();
    small.push_back(rich);
  }
  // What is left differs from 1 by rounding alone.
  for (const std::vector<std::uint32_t>* rest : {&small, &large}) {
    for (const std::uint32_t at : *rest) keep_[at] = 1.0;
  }
}

std::size_t WeightedChoice::pick(Rng& rng) const {
  const std::uint32_t column = rng.below(static_cast<std::uint32_t>(keep_.size()));
  return rng.uniform() < keep_[column] ? column : else_[column];
}

}  // namespace hilo
