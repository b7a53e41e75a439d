// Street lines, cities, postcodes and countries: each its own standard form, whatever the country.
#include "ingest/standardise/address.h"

#include <algorithm>

#include "standard_form.h"

namespace hilo::fuzz {

void judge(std::string_view input) {
  constexpr std::string_view kCountries[] = {"",   "ES", "GB", "DE", "FR", "IT", "NL", "CA", "US", "PT",
                                             "SE", "PL", "CH", "AT", "BE", "IE", "CZ", "JP", "BR", "LU"};
  const std::string_view chosen = kCountries[number_of(input) % std::size(kCountries)];
  for (const std::string_view country : {kCountries[0], chosen}) {
    const auto street = [&](std::string_view raw) { return ingest::standardise_address(raw, country); };
    const auto postcode = [&](std::string_view raw) { return ingest::standardise_postcode(raw, country); };
    expect_standard_form("a street line", input, street);
    expect_standard_form("a postcode", input, postcode);
  }
  expect_standard_form("a city", input, ingest::standardise_city);
  const ingest::Standard country = expect_standard_form("a country", input, ingest::standardise_country);
  expect(country.value.empty() || (country.value.size() == 2 &&
                                   std::ranges::all_of(country.value, [](char c) { return c >= 'A' && c <= 'Z'; })),
         "a country is two letters", country.value);
}

}  // namespace hilo::fuzz
