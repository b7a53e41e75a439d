// Chance from a seed: the same seed throws the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace hilo::oracle {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  /// Returns a number from 0 to before n.
  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  bool one_in(int n) { return below(n) == 0; }
  std::string of(const std::vector<std::string>& choices) {
    return choices[static_cast<std::size_t>(below(static_cast<int>(choices.size())))];
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace hilo::oracle
