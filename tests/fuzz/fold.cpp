// The fold against the engine: every input is a seed, of which random histories and random definitions are made
// (tests/oracle). What libFuzzer keeps are seeds that reach new code. A seed that is written in digits is that number,
// which the unit test takes too: FOLD_SEED=17.
#include <charconv>
#include <cstdint>
#include <string_view>

#include "oracle/fold_oracle.h"
#include "target.h"

namespace hilo::fuzz {
namespace {

std::uint64_t seed_of(std::string_view input) {
  std::uint64_t seed = 0;
  const auto read = std::from_chars(input.data(), input.data() + input.size(), seed);
  return read.ec == std::errc() && read.ptr == input.data() + input.size() ? seed : number_of(input);
}

}  // namespace

void judge(std::string_view input) {
  static oracle::FoldOracle& oracle = *oracle::FoldOracle::open(1).value().release();
  const Status same = oracle.judge(seed_of(input));
  expect(same.has_value(), same ? "" : same.error().message, input);
}

}  // namespace hilo::fuzz
