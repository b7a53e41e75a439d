// The ways in which the retailer sells and speaks.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hilo::world {

/// Where somebody buys or looks around.
enum class Channel : std::uint8_t { kWeb, kApp, kStore };

/// By which way the retailer speaks to somebody.
enum class Medium : std::uint8_t { kEmail, kSms, kPush, kAds, kPrint, kStaff };
inline constexpr std::size_t kMedia = 6;

}  // namespace hilo::world
