// A fault planted on purpose: a length that the text states itself is believed. It shows that coverage leads the fuzzer
// through conditions, and that the address sanitizer watches. ./dev fuzz fails when this is not found.
#include "target.h"

namespace hilo::fuzz {

void judge(std::string_view input) {
  constexpr std::string_view kMark = "hilo";
  if (input.size() <= kMark.size()) return;
  for (std::size_t at = 0; at < kMark.size(); ++at) {
    if (input[at] != kMark[at]) return;
  }
  const std::vector<char> rest(input.begin() + static_cast<std::ptrdiff_t>(kMark.size()), input.end());
  const auto stated = static_cast<unsigned char>(rest.front());
  const volatile char last = rest.data()[stated];  // nobody looked whether the rest is that long
  static_cast<void>(last);
}

}  // namespace hilo::fuzz
