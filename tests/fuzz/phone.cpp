// Telephone numbers: an E.164 number, its own standard form, and the same number read from any country.
#include "ingest/standardise/phone.h"

#include <algorithm>

#include "standard_form.h"

namespace hilo::fuzz {

void judge(std::string_view input) {
  constexpr std::string_view kRegions[] = {"", "ES", "GB", "US", "DE", "FR", "IT", "AR", "MX"};
  for (const std::string_view region : {kRegions[0], kRegions[1 + number_of(input) % (std::size(kRegions) - 1)]}) {
    const auto phone = [&](std::string_view raw) { return ingest::standardise_phone(raw, region); };
    const ingest::Standard answer = expect_standard_form("a telephone number", input, phone);
    if (answer.standing != ingest::Standing::kStandard) continue;
    const std::string_view digits = std::string_view(answer.value).substr(1);
    expect(answer.value.front() == '+' && digits.size() >= 4 && digits.size() <= 15 &&
               std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; }),
           "an E.164 number", answer.value);
    for (const std::string_view other : kRegions)
      expect_same("a number read in another country", answer.value,
                  ingest::standardise_phone(answer.value, other).value);
  }
}

}  // namespace hilo::fuzz
