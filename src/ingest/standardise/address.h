// Postal addresses: street line, city, postcode, country.
#pragma once

#include <string_view>

#include "ingest/standardise/standard.h"

namespace hilo::ingest {

/// Brings a street line to the form in which two spellings of it compare equal: NFKC, folded as by `fold_text`,
/// punctuation as spaces (a hyphen or slash between numbers stays: `12-14`, `3/4`), street types and units spelt out
/// in English, Spanish, French and German (`c/ Mayor, 5 2º dcha` -> `calle mayor 5 2o derecha`, `Hauptstr. 7` ->
/// `hauptstrasse 7`), words for "number" before a number dropped. The raw text remains what is shown and printed.
/// `country` (ISO 3166-1 alpha-2, "" = unknown) decides abbreviations that languages share (`street_words.cpp` has the
/// list): `pl` is platz in DE, AT and CH, place in FR, BE and English-speaking countries, else plaza; `av` is avenida
/// in ES, AR, CL, CO, MX and PE, else avenue. `st` is street at the end of its part or before a number or unit, else
/// saint.
/// **Ensures**: a value without letter and digit, or longer than 1,024 bytes, is kInvalid.
/// **Source**: USPS Publication 28 appendix C1 and C2; the abbreviations of the national registers by custom.
[[nodiscard]] Standard standardise_address(std::string_view raw, std::string_view country = {});

/// Brings a city to the form in which two spellings of it compare equal: as `standardise_address`; `st`, `sta`, `ste`
/// spelt out, the French CEDEX and its number dropped, large cities under their own language's name (`Munich` ->
/// `munchen`).
[[nodiscard]] Standard standardise_city(std::string_view raw);

/// Brings a postcode to the form that its country prescribes: GB `SW1A 1AA`, NL `1234 AB`, CA `K1A 0B1`, US `94105`
/// or `94105-1234`, and the fixed digits of most of Europe. A leading zero that a spreadsheet lost is put back in DE,
/// ES, FR, IT and US (four digits of five); a country prefix (`D-10115`) is taken off. `country` is ISO 3166-1
/// alpha-2. For a country without a rule here, or "": letters and digits in upper case between single spaces.
/// **Ensures**: what does not fit its country's form is kInvalid; zeros only is kPlaceholder.
/// **Source**: UPU S42 postal addressing systems; for GB, BS 7666 and Royal Mail's PAF guide.
[[nodiscard]] Standard standardise_postcode(std::string_view raw, std::string_view country);

/// Returns the ISO 3166-1 alpha-2 code of a country given as alpha-2, alpha-3, or name in English, Spanish, French,
/// German, or one of the aliases in use (UK, England, EIRE, USA, RSA, Holland). `XK`, user-assigned, stands for Kosovo.
/// **Ensures**: exactly `NA` is Namibia, for the standard says so; `n/a` is a placeholder. The Channel Islands have
/// no code of their own (Jersey JE, Guernsey GG): kInvalid. "European Community", "Unspecified": kPlaceholder.
/// **Cost**: a hash lookup; the table of names is built on first use, once.
/// **Source**: ISO 3166-1; Unicode CLDR territory names, by ICU.
[[nodiscard]] Standard standardise_country(std::string_view raw);

}  // namespace hilo::ingest
