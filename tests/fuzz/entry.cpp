// How libFuzzer calls a target, and how a target says what did not hold.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

#include "target.h"

namespace hilo::fuzz {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte >= 0x20 && byte < 0x7F && c != '\\' ? std::string(1, c) : fmt::format("\\x{:02x}", byte);
  }
  return out;
}

[[noreturn]] void stop(const std::string& message) {
  std::fprintf(stderr, "fuzz: %s\n", message.c_str());
  std::abort();
}

}  // namespace

void expect(bool holds, std::string_view what, std::string_view value) {
  if (!holds) stop(fmt::format("does not hold: {}\n  of: \"{}\"", what, escaped(value)));
}

void expect_same(std::string_view what, std::string_view left, std::string_view right) {
  if (left == right) return;
  stop(fmt::format("not the same: {}\n  \"{}\"\n  \"{}\"", what, escaped(left), escaped(right)));
}

void expect_same(std::string_view what, const std::vector<std::string>& left, const std::vector<std::string>& right) {
  const auto [a, b] = std::ranges::mismatch(left, right);
  if (a == left.end() && b == right.end()) return;
  stop(fmt::format("not the same: {}, line {} of {} and {}\n  \"{}\"\n  \"{}\"", what, a - left.begin() + 1,
                   left.size(), right.size(), a == left.end() ? "(none)" : escaped(*a),
                   b == right.end() ? "(none)" : escaped(*b)));
}

void expect_their_fault(const Error& error) {
  if (error.code == ErrorCode::kInternal || error.message.empty()) stop("an internal error: " + error.text());
}

std::size_t number_of(std::string_view input) {
  std::uint64_t hash = 0xCBF29CE484222325U;  // FNV-1a
  for (const char c : input) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  return static_cast<std::size_t>(hash >> 8U);
}

}  // namespace hilo::fuzz

// NOLINTNEXTLINE(readability-identifier-naming,misc-use-internal-linkage): the name that libFuzzer links to
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hilo::fuzz::judge({reinterpret_cast<const char*>(data), size});
  return 0;
}
