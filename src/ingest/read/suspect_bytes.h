// Whether a text needs a closer look before it is taken for clean UTF-8: most need none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace hilo::ingest {

/// Returns whether any byte of the text is NUL or not ASCII. **Cost**: eight bytes at a time.
[[nodiscard]] inline bool is_suspect(std::string_view text) {
  constexpr std::uint64_t kLows = 0x0101010101010101U;
  constexpr std::uint64_t kHighs = 0x8080808080808080U;
  std::uint64_t suspects = 0;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    suspects |= (word | (word - kLows)) & kHighs;  // a byte over 0x7F, or one that borrowed
  }
  for (; at < text.size(); ++at) {
    if (static_cast<signed char>(text[at]) <= 0) return true;
  }
  return suspects != 0;
}

}  // namespace hilo::ingest
