// What every fuzz target is: a function over outside bytes that aborts where something does not hold.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hilo::fuzz {

/// Judges one input. Each target's file defines it; libFuzzer calls it through entry.cpp.
void judge(std::string_view input);

/// Aborts, showing both with their bytes escaped, unless the two texts are the same.
void expect_same(std::string_view what, std::string_view left, std::string_view right);
/// Aborts, showing the first difference, unless the lines are the same.
void expect_same(std::string_view what, const std::vector<std::string>& left, const std::vector<std::string>& right);
/// Aborts, showing the value with its bytes escaped, unless `holds`.
void expect(bool holds, std::string_view what, std::string_view value);

/// Aborts when an error is a fault of ours: outside bytes can only be wrong, never an internal error.
void expect_their_fault(const Error& error);

/// Returns a number that only the bytes decide: what a target varies beside its input (sizes of pieces, limits).
[[nodiscard]] std::size_t number_of(std::string_view input);

}  // namespace hilo::fuzz
