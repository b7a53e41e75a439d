// Counter-based randomness: every draw is a pure function of a key, so that neither threads nor the order of work
// matter.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace hilo {

/// What a stream of draws is for. Streams of different keys are independent; the same key gives the same draws.
struct RngKey {
  std::uint64_t seed = 0;
  std::uint64_t subject = 0;  ///< whom or what it is about: a person, a household, a store
  std::uint32_t day = 0;
  std::uint32_t purpose = 0;  ///< an enumerator of the caller's, so that one question's draws never move another's
};

/// A stream of draws. **Cost**: some 10 ns for four words of 32 bits.
/// **Source**: Philox4x32-10 of Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011.
class Rng {
 public:
  explicit Rng(const RngKey& key);

  /// Returns 32 random bits.
  [[nodiscard]] std::uint32_t word() {
    if (used_ == block_.size()) refill();
    return block_[used_++];
  }
  /// Returns a number in (0, 1): neither end; 52 bits.
  [[nodiscard]] double uniform() {
    const std::uint64_t bits = (std::uint64_t{word()} << 20U) | (word() >> 12U);
    return (static_cast<double>(bits) + 0.5) * 0x1p-52;
  }
  /// Returns true with that probability.
  [[nodiscard]] bool chance(double probability) { return uniform() < probability; }
  /// Returns a whole number in [0, count). **Requires**: count > 0. **Source**: Lemire, "Fast Random Integer Generation
  /// in an Interval", TOMACS 2019; without bias.
  [[nodiscard]] std::uint32_t below(std::uint32_t count);
  [[nodiscard]] double exponential(double rate);  ///< mean 1 / rate
  [[nodiscard]] double normal();                  ///< mean 0, variance 1 (Box and Muller, 1958)
  /// Returns a gamma variate of mean shape / rate. **Requires**: both > 0.
  /// **Source**: Marsaglia and Tsang, "A Simple Method for Generating Gamma Variables", TOMS 2000; below shape 1 by its
  /// section 6.
  [[nodiscard]] double gamma(double shape, double rate);
  [[nodiscard]] double beta(double a, double b);  ///< mean a / (a + b)
  /// Returns a Poisson variate. **Cost**: linear in the mean.
  [[nodiscard]] std::int64_t poisson(double mean);

 private:
  void refill();

  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 2> key_{};
  std::array<std::uint32_t, 4> block_{};
  std::size_t used_ = 4;
};

/// A choice among weighted possibilities in constant time. Immutable.
/// **Source**: Vose, "A Linear Algorithm for Generating Random Numbers with a Given Distribution", 1991.
class WeightedChoice {
 public:
  /// **Requires**: at least one weight, none negative, not all zero.
  explicit WeightedChoice(std::span<const double> weights);
  /// Returns the place of a possibility, with a probability in proportion to its weight.
  [[nodiscard]] std::size_t pick(Rng& rng) const;
  [[nodiscard]] std::size_t size() const { return keep_.size(); }

 private:
  std::vector<double> keep_;         // the probability of staying with the column drawn
  std::vector<std::uint32_t> else_;  // where to go otherwise
};

}  // namespace hilo
