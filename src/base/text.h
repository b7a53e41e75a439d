// Small text functions that every layer needs: nearest name, thousands separators, digests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hilo {

/// Returns the known name closest to `wanted` by edit distance, or "" when none is near enough to be meant.
[[nodiscard]] std::string nearest_name(std::string_view wanted, const std::vector<std::string>& known);
/// Renders " (did you mean 'x'?)" for the nearest known name, or "".
[[nodiscard]] std::string did_you_mean(std::string_view wanted, const std::vector<std::string>& known);

/// Renders a count with thousands separators: 1044847 -> "1,044,847".
[[nodiscard]] std::string with_separators(std::int64_t number);
/// Renders a number of bytes with a binary unit: 1536 -> "1.5 KiB".
[[nodiscard]] std::string human_bytes(std::uint64_t bytes);
/// Returns "1 row", "2 rows": a count with its noun; the plural adds an s.
[[nodiscard]] std::string counted(std::int64_t number, std::string_view noun);

/// Returns the SHA-256 of `bytes` as 64 lower-case hexadecimal digits (FIPS 180-4).
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

[[nodiscard]] std::string_view trim(std::string_view text);    ///< without ASCII white space at either end
[[nodiscard]] std::string lower_ascii(std::string_view text);  ///< A-Z to a-z, other bytes as they are
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
[[nodiscard]] std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// Returns whether `bytes` is well-formed UTF-8 (Unicode 15, section 3.9, table 3-7).
[[nodiscard]] bool is_utf8(std::string_view bytes);

/// Counts line and column, both from 1, of a byte offset in a text.
struct LineColumn {
  int line;
  int column;
};
[[nodiscard]] LineColumn line_column(std::string_view text, std::size_t offset);

}  // namespace hilo
