// Goal: two spellings of one place compare equal. Method: tables by language and country.
#include "ingest/standardise/address.h"

#include "cases.h"

namespace hilo::ingest {
namespace {

Standard address(std::string_view raw) { return standardise_address(raw); }

TEST(Address, SpellsOutEnglishStreets) {
  expect_cases(
      {is("12 Main St.", "12 main street"), is("12 MAIN STREET", "12 main street"),
       is("5 St. John's Rd", "5 saint johns road"), is("Flat 2, 5 Park Ave", "flat 2 5 park avenue"),
       is("123 Elm St Apt 4B", "123 elm street apartment 4b"),
       is("1 St James St, London", "1 saint james street london"), is("10 Sunset Blvd #5", "10 sunset boulevard 5"),
       is("22 Oak Dr", "22 oak drive"), is("Dr Fleming Ln 3", "doctor fleming lane 3"), is("P.O. Box 12", "po box 12"),
       is("PO Box 12", "po box 12"), is("12-14 High St", "12-14 high street"), is("3/4 Mill Ct", "3/4 mill court"),
       is("100 Main St N", "100 main street n"), is("No. 7 Rose Gdns", "7 rose gardens")},
      address);
}

TEST(Address, SpellsOutSpanishFrenchAndGermanStreets) {
  expect_cases({is("C/ Mayor, 5", "calle mayor 5"),
                is("c/Mayor 5", "calle mayor 5"),
                is("Calle Mayor n\u00ba 5", "calle mayor 5"),
                is("Calle Mayor n\u00b0 5", "calle mayor 5"),
                is("Calle Mayor, N\u00ba, 5", "calle mayor 5"),
                is("\u4E2D\u592E 5\u4E01\u76EE", "\u4E2D\u592E 5\u4E01\u76EE"),
                is("C/ Mayor 5, 2\u00ba Dcha.", "calle mayor 5 2o derecha"),
                is("Avda. de Am\u00e9rica, 12", "avenida de america 12"),
                is("Pza. Espa\u00f1a 1", "plaza espana 1"),
                is("Pl. Espa\u00f1a 1", "plaza espana 1"),
                is("Ctra. de Burgos km 5", "carretera de burgos km 5"),
                is("P\u00ba de Gracia 3", "po de gracia 3"),
                is("12, bd Voltaire", "12 boulevard voltaire"),
                is("3 av. Foch", "3 avenue foch"),
                is("5 rue de l'\u00c9glise", "5 rue de l eglise"),
                is("5, Rue de l\u2019Eglise", "5 rue de l eglise"),
                is("Hauptstr. 7", "hauptstrasse 7"),
                is("Hauptstra\u00dfe 7", "hauptstrasse 7"),
                is("HAUPTSTRASSE 7", "hauptstrasse 7"),
                is("Berliner Str. 7", "berliner strasse 7")},
               address);
}

TEST(Address, LetsTheCountryDecideSharedAbbreviations) {
  EXPECT_EQ(standardise_address("3 pl. Vend\u00f4me", "FR").value, "3 place vendome");
  EXPECT_EQ(standardise_address("Alexander Pl. 3", "DE").value, "alexander platz 3");
  EXPECT_EQ(standardise_address("Pl. Mayor 3", "ES").value, "plaza mayor 3");
  EXPECT_EQ(standardise_address("Av. Am\u00e9rica 3", "ES").value, "avenida america 3");
  EXPECT_EQ(standardise_address("3 av. Foch", "FR").value, "3 avenue foch");
  EXPECT_EQ(standardise_address("C. Mayor 3", "ES").value, "calle mayor 3");
}

TEST(Address, RefusesTheRest) {
  expect_cases({blank(""), blank("\u200b "), filler("n/a"), filler("-"), filler("unknown"), filler("see above"),
                filler("xxx"), filler("..."), wrong("\U0001F600"), wrong("\u0301"), wrong("\xff")},
               address);
}

TEST(Address, IsTotalAndIdempotent) { expect_total(address); }
TEST(Address, IsThreadSafe) { expect_thread_safe(address); }

TEST(Address, SeveralWordsForNumberGoTogether) {
  EXPECT_EQ(standardise_address("Calle Mayor n\u00b0 no 5", "ES").value, "calle mayor 5");
  EXPECT_EQ(standardise_address("1, n\u00b0, no 1", "ES").value, "1 1");
}

TEST(City, BringsSpellingsTogether) {
  expect_cases({is("Madrid", "madrid"),
                is(" MADRID ", "madrid"),
                is("M\u00e1laga", "malaga"),
                is("St. Louis", "saint louis"),
                is("Saint-\u00c9tienne", "saint etienne"),
                is("St-Etienne", "saint etienne"),
                is("Sta. Cruz", "santa cruz"),
                is("PARIS CEDEX 08", "paris"),
                wrong("75 CEDEX 08"),
                is("M\u00fcnchen", "munchen"),
                is("Munich", "munchen"),
                is("Muenchen", "munchen"),
                is("K\u00f6ln", "koln"),
                is("Cologne", "koln"),
                is("New York City", "new york"),
                is("L'Hospitalet", "l hospitalet"),
                is("Frankfurt/Main", "frankfurt am main"),
                is("Frankfurt a. M.", "frankfurt am main"),
                is("\u6771\u4EAC", "\u6771\u4EAC"),
                blank(""),
                filler("n/a"),
                filler("unknown"),
                filler("various"),
                filler("xxx"),
                wrong("12345"),
                wrong("\xff")},
               standardise_city);
}

TEST(City, IsTotalAndIdempotent) { expect_total(standardise_city); }

TEST(Postcode, TakesItsCountrysForm) {
  struct Row {
    const char* country;
    const char* raw;
    const char* value;  // "" = kInvalid
  };
  const std::vector<Row> rows = {
      {"GB", "sw1a1aa", "SW1A 1AA"},
      {"GB", "SW1A 1AA", "SW1A 1AA"},
      {"GB", "m1 1ae", "M1 1AE"},
      {"GB", "B33 8TH", "B33 8TH"},
      {"GB", "CR2-6XH", "CR2 6XH"},
      {"GB", "DN551PT", "DN55 1PT"},
      {"GB", "GIR 0AA", "GIR 0AA"},
      {"GB", "SW1A", ""},
      {"GB", "12345", ""},
      {"GB", "SW1A 1CI", ""},
      {"GB", "Q1 1AA", ""},
      {"UK", "sw1a1aa", "SW1A 1AA"},
      {"gb", "sw1a1aa", "SW1A 1AA"},
      {"NL", "1234ab", "1234 AB"},
      {"NL", "1234 AB", "1234 AB"},
      {"NL", "NL-1234 AB", "1234 AB"},
      {"NL", "0234 AB", ""},
      {"NL", "1234", ""},
      {"CA", "k1a0b1", "K1A 0B1"},
      {"CA", "K1A-0B1", "K1A 0B1"},
      {"CA", "D1A 0B1", ""},
      {"CA", "K1A 0O1", ""},
      {"US", "94105", "94105"},
      {"US", "94105-1234", "94105-1234"},
      {"US", "941051234", "94105-1234"},
      {"US", "2138", "02138"},
      {"US", "9410", "09410"},
      {"US", "941", ""},
      {"US", "ABCDE", ""},
      {"DE", "10115", "10115"},
      {"DE", "D-10115", "10115"},
      {"DE", "DE-10115", "10115"},
      {"DE", "1067", "01067"},
      {"DE", "123456", ""},
      {"ES", "28001", "28001"},
      {"ES", "8001", "08001"},
      {"ES", "8001.0", "08001"},
      {"ES", "53001", ""},
      {"ES", "E-28001", "28001"},
      {"FR", "75008", "75008"},
      {"FR", "1000", "01000"},
      {"FR", "F-75008", "75008"},
      {"FR", "75 008", "75008"},
      {"IT", "00184", "00184"},
      {"IT", "184", ""},
      {"IT", "4100", "04100"},
      {"PT", "1000001", "1000-001"},
      {"SE", "11455", "114 55"},
      {"PL", "00001", "00-001"},
      {"IE", "d02x285", "D02 X285"},
      {"AT", "A-1010", "1010"},
      {"CH", "CH-8001", "8001"},
      {"JE", "je2 3ab", "JE2 3AB"},
      {"", "ab  12-c", "AB 12 C"},
      {"ZZ", "123 456", "123 456"},
      {"AR", "c1420", "C1420"},
      {"", "abc", ""},
      {"ES", "28O01", ""},
      {"FR", "\u0661\u0660\u0660\u0660\u0660", ""},
  };
  for (const Row& row : rows) {
    const Standard got = standardise_postcode(row.raw, row.country);
    expect_coherent(got);
    EXPECT_EQ(got.value, row.value) << row.country << ' ' << row.raw;
    EXPECT_EQ(got.standing, *row.value == '\0' ? Standing::kInvalid : Standing::kStandard)
        << row.country << ' ' << row.raw;
    if (got.value.empty()) continue;
    EXPECT_EQ(standardise_postcode(got.value, row.country).value, got.value) << row.raw;
  }
  for (const char* raw : {"00000", "0", "n/a", "-", "unknown", "000 00"}) {
    EXPECT_EQ(standardise_postcode(raw, "US").standing, Standing::kPlaceholder) << raw;
  }
}

TEST(Postcode, IsTotalAndIdempotent) {
  for (const char* country : {"", "GB", "ES", "US", "CA", "IE"}) {
    expect_total([&](std::string_view raw) { return standardise_postcode(raw, country); });
  }
}

TEST(Country, ReadsCodesAndNames) {
  expect_cases({is("ES", "ES"),
                is("es", "ES"),
                is("ESP", "ES"),
                is("Spain", "ES"),
                is("Espa\u00f1a", "ES"),
                is("ESPANA", "ES"),
                is("Espagne", "ES"),
                is("Spanien", "ES"),
                is("Germany", "DE"),
                is("Deutschland", "DE"),
                is("Allemagne", "DE"),
                is("Alemania", "DE"),
                is("UK", "GB"),
                is("U.K.", "GB"),
                is("GBR", "GB"),
                is("United Kingdom", "GB"),
                is("the United Kingdom", "GB"),
                is("Great Britain", "GB"),
                is("England", "GB"),
                is("Scotland", "GB"),
                is("Northern Ireland", "GB"),
                is("Reino Unido", "GB"),
                is("Gro\u00dfbritannien", "GB"),
                is("EIRE", "IE"),
                is("Ireland", "IE"),
                is("USA", "US"),
                is("U.S.A.", "US"),
                is("United States", "US"),
                is("Estados Unidos", "US"),
                is("EE.UU.", "US"),
                is("\u00c9tats-Unis", "US"),
                is("RSA", "ZA"),
                is("Holland", "NL"),
                is("The Netherlands", "NL"),
                is("Pays-Bas", "NL"),
                is("Niederlande", "NL"),
                is("Czech Republic", "CZ"),
                is("Czechia", "CZ"),
                is("C\u00f4te d\u2019Ivoire", "CI"),
                is("Cote d'Ivoire", "CI"),
                is("Hong Kong", "HK"),
                is("Korea", "KR"),
                is("T\u00fcrkiye", "TR"),
                is("NA", "NA"),
                is("Namibia", "NA"),
                is("Kosovo", "XK"),
                is("Russia", "RU"),
                is("Brasil", "BR"),
                is("Suisse", "CH"),
                is("El Salvador", "SV"),
                is("Lebanon", "LB"),
                is("Cyprus", "CY"),
                is("Malta", "MT"),
                is("Saudi Arabia", "SA"),
                is("Bahrain", "BH"),
                is("United Arab Emirates", "AE"),
                is("Singapore", "SG"),
                is("Israel", "IL"),
                is("Iceland", "IS"),
                is("Lithuania", "LT")},
               standardise_country);
}

TEST(Country, RefusesTheRest) {
  expect_cases({blank(""), filler("n/a"), filler("na"), filler("Unspecified"), filler("European Community"),
                filler("unknown"), filler("-"), filler("ZZ"), wrong("Channel Islands"), wrong("Atlantis"), wrong("QQ"),
                wrong("12"), wrong("E"), wrong("\xff")},
               standardise_country);
  EXPECT_EQ(standardise_country("Jersey").value, "JE");
}

TEST(Country, IsTotalAndIdempotent) { expect_total(standardise_country); }
TEST(Country, IsThreadSafe) { expect_thread_safe(standardise_country); }

}  // namespace
}  // namespace hilo::ingest
