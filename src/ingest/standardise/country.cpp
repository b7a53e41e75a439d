// Country names and codes.
#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include "ingest/standardise/address.h"
#include "ingest/standardise/placeholder.h"
#include "ingest/standardise/unicode_text.h"

namespace hilo::ingest {
namespace {

using std::string_view_literals::operator""sv;

struct Alias {
  std::string_view name;
  std::string_view code;
};

// Names in use that neither ISO 3166-1 nor CLDR's four languages give, in word form.
constexpr std::array kAliases = {
    Alias{"uk", "GB"},
    Alias{"u k", "GB"},
    Alias{"great britain", "GB"},
    Alias{"britain", "GB"},
    Alias{"england", "GB"},
    Alias{"scotland", "GB"},
    Alias{"wales", "GB"},
    Alias{"northern ireland", "GB"},
    Alias{"united kingdom of great britain and northern ireland", "GB"},
    Alias{"gran bretana", "GB"},
    Alias{"inglaterra", "GB"},
    Alias{"escocia", "GB"},
    Alias{"gales", "GB"},
    Alias{"grande bretagne", "GB"},
    Alias{"angleterre", "GB"},
    Alias{"ecosse", "GB"},
    Alias{"grossbritannien", "GB"},
    Alias{"schottland", "GB"},
    Alias{"eire", "IE"},
    Alias{"republic of ireland", "IE"},
    Alias{"irish republic", "IE"},
    Alias{"roi", "IE"},
    Alias{"u s a", "US"},
    Alias{"u s", "US"},
    Alias{"united states of america", "US"},
    Alias{"america", "US"},
    Alias{"ee uu", "US"},
    Alias{"eeuu", "US"},
    Alias{"estados unidos de america", "US"},
    Alias{"etats unis d amerique", "US"},
    Alias{"etats unis damerique", "US"},
    Alias{"vereinigte staaten von amerika", "US"},
    Alias{"rsa", "ZA"},
    Alias{"republic of south africa", "ZA"},
    Alias{"holland", "NL"},
    Alias{"holanda", "NL"},
    Alias{"hollande", "NL"},
    Alias{"nederland", "NL"},
    Alias{"el", "GR"},
    Alias{"hellas", "GR"},
    Alias{"czech republic", "CZ"},
    Alias{"republica checa", "CZ"},
    Alias{"republique tcheque", "CZ"},
    Alias{"tschechische republik", "CZ"},
    Alias{"korea", "KR"},
    Alias{"republic of korea", "KR"},
    Alias{"russian federation", "RU"},
    Alias{"uae", "AE"},
    Alias{"u a e", "AE"},
    Alias{"emirates", "AE"},
    Alias{"viet nam", "VN"},
    Alias{"ivory coast", "CI"},
    Alias{"cote d ivoire", "CI"},
    Alias{"elfenbeinkuste", "CI"},
    Alias{"burma", "MM"},
    Alias{"myanmar", "MM"},
    Alias{"swaziland", "SZ"},
    Alias{"macedonia", "MK"},
    Alias{"turkey", "TR"},
    Alias{"turkiye", "TR"},
    Alias{"hong kong", "HK"},
    Alias{"macau", "MO"},
    Alias{"macao", "MO"},
    Alias{"palestine", "PS"},
    Alias{"kingdom of saudi arabia", "SA"},
    Alias{"ksa", "SA"},
    Alias{"prc", "CN"},
    Alias{"peoples republic of china", "CN"},
    Alias{"brasil", "BR"},
    Alias{"suisse", "CH"},
    Alias{"svizzera", "CH"},
    Alias{"osterreich", "AT"},
    Alias{"oesterreich", "AT"},
    Alias{"belgie", "BE"},
    Alias{"italia", "IT"},
    Alias{"polska", "PL"},
    Alias{"danmark", "DK"},
    Alias{"norge", "NO"},
    Alias{"sverige", "SE"},
    Alias{"suomi", "FI"},
    Alias{"magyarorszag", "HU"},
    Alias{"hrvatska", "HR"},
    Alias{"canary islands", "ES"},
    Alias{"islas canarias", "ES"},
    Alias{"federal republic of germany", "DE"},
    Alias{"bundesrepublik deutschland", "DE"},
    Alias{"brd", "DE"},
    Alias{"cape verde", "CV"},
    Alias{"east timor", "TL"},
    Alias{"vatican", "VA"},
    Alias{"bahamas", "BS"},
    Alias{"gambia", "GM"},
    Alias{"democratic republic of the congo", "CD"},
    Alias{"drc", "CD"},
    Alias{"congo", "CG"},
    Alias{"slovak republic", "SK"},
    Alias{"republic of moldova", "MD"},
    Alias{"syrian arab republic", "SY"},
    Alias{"islamic republic of iran", "IR"},
    Alias{"lao pdr", "LA"},
    Alias{"brunei darussalam", "BN"},
};

// What ICU lists besides ISO 3166-1: parts of other countries.
constexpr std::array kNotIso = {"DG"sv, "EA"sv, "IC"sv};

// The word form of a name, with & as "and" and without an article in front.
std::string key_of(std::string_view text) {
  std::string words = words_only(fold_text(text));
  for (const std::string_view article : {"the "sv, "la "sv, "les "sv, "die "sv, "el "sv}) {
    if (words.size() > article.size() && words.starts_with(article)) return words.substr(article.size());
  }
  return words;
}

using CountryTable = std::unordered_map<std::string, std::string>;

CountryTable make_table() {
  CountryTable table;
  for (const Alias& alias : kAliases) table.emplace(key_of(alias.name), alias.code);
  constexpr std::array kLanguages = {"en", "es", "fr", "de"};
  for (const char* const* code = icu::Locale::getISOCountries(); *code != nullptr; ++code) {
    const std::string_view alpha2 = *code;
    if (std::ranges::find(kNotIso, alpha2) != kNotIso.end()) continue;
    const icu::Locale country("", *code);
    table.insert_or_assign(key_of(alpha2), std::string(alpha2));
    table.emplace(key_of(country.getISO3Country()), alpha2);
    for (const char* language : kLanguages) {
      icu::UnicodeString name;
      std::string text;
      country.getDisplayCountry(icu::Locale(language), name).toUTF8String(text);
      const CleanText clean = clean_text(text);
      table.emplace(key_of(clean.text), alpha2);
    }
  }
  table.emplace("xkx", "XK");
  return table;
}

const CountryTable& countries() {
  static const CountryTable kTable = make_table();
  return kTable;
}

bool is_channel_islands(std::string_view key) {
  constexpr std::array kNames = {"channel islands"sv, "islas del canal"sv, "iles anglo normandes"sv, "kanalinseln"sv};
  return std::ranges::find(kNames, key) != kNames.end();
}

bool is_no_country(std::string_view key) {
  constexpr std::array kNames = {"european community"sv,
                                 "european union"sv,
                                 "europe"sv,
                                 "europa"sv,
                                 "eu"sv,
                                 "rest of world"sv,
                                 "row"sv,
                                 "zz"sv,
                                 "xx"sv};
  return std::ranges::find(kNames, key) != kNames.end();
}

}  // namespace

Standard standardise_country(std::string_view raw) {
  const CleanText clean = clean_text(raw);
  if (!clean.fault.empty()) return invalid(clean.fault);
  if (clean.text.empty()) return empty_value();
  if (clean.text == "NA") return standard("NA");
  const std::string folded = fold_text(clean.text);
  if (is_placeholder(folded, PlaceholderField::kPlace)) return placeholder(kPlaceholderReason);
  const std::string key = key_of(clean.text);
  if (is_no_country(key)) return placeholder("no one country");
  if (is_channel_islands(key)) return invalid("the Channel Islands have two codes, JE and GG");
  const auto found = countries().find(key);
  return found == countries().end() ? invalid("not a known country") : standard(found->second);
}

}  // namespace hilo::ingest
