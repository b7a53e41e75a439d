// The common result of every standardising function: a standard form, or the reason why there is none.
//
// What holds for every function of this folder:
// - It is total and pure: any bytes, well-formed UTF-8 or not, give an answer; equal inputs give equal answers.
// - It may be called from several threads at once; its tables are immutable.
// - It is idempotent: the standard form of a standard form is itself.
// - Text that is not UTF-8, that holds U+FFFD (a character was lost on the way) or that is longer than
//   `kRawBytesMax` is kInvalid: a value with holes would link people who have nothing in common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace hilo::ingest {

/// The longest raw value that is looked at. **Units**: bytes.
inline constexpr std::size_t kRawBytesMax = 64 * 1024;

/// Says what a raw value turned out to be.
enum class Standing : std::uint8_t {
  kStandard,     ///< a value, and its standard form is known
  kEmpty,        ///< nothing, or only white space and invisible characters
  kPlaceholder,  ///< stands for "we have none" ("n/a", 000000000); linking by it would join strangers
  kInvalid,      ///< cannot be a value of its kind
};

/// The standard form of one raw value.
struct Standard {
  Standing standing = Standing::kEmpty;
  std::string value = {};        ///< the standard form; empty unless kStandard
  std::string_view reason = {};  ///< static text why not, for kPlaceholder and kInvalid; never holds the value
};

[[nodiscard]] inline Standard standard(std::string value) { return {Standing::kStandard, std::move(value), {}}; }
[[nodiscard]] inline Standard empty_value() { return {Standing::kEmpty, {}, {}}; }
/// **Requires**: `reason` has static lifetime.
[[nodiscard]] inline Standard placeholder(std::string_view reason) { return {Standing::kPlaceholder, {}, reason}; }
/// **Requires**: `reason` has static lifetime.
[[nodiscard]] inline Standard invalid(std::string_view reason) { return {Standing::kInvalid, {}, reason}; }

}  // namespace hilo::ingest
