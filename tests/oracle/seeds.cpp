// Judges the fold by many seeds: hilo_fold_seeds FIRST COUNT. Most of the time goes into the engine's planning, so this
// is built without sanitizers; the unit test takes some of the same seeds with them.
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "oracle/fold_oracle.h"

namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

int fail(const std::string& message) {
  std::fputs((message + "\n").c_str(), stderr);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const auto first = argc == 3 ? number(argv[1]) : std::nullopt;
  const auto count = argc == 3 ? number(argv[2]) : std::nullopt;
  if (!first || !count || *count == 0) return fail("usage: hilo_fold_seeds FIRST COUNT");
  const auto oracle = hilo::oracle::FoldOracle::open(2);
  if (!oracle) return fail(oracle.error().text());
  for (std::uint64_t seed = *first; seed < *first + *count; ++seed) {
    if (const hilo::Status same = (*oracle)->judge(seed); !same) return fail(same.error().message);
  }
  return 0;
}
