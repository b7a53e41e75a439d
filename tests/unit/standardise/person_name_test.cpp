// Goal: names that look right, keys that compare equal, parts that make sense. Method: tables of real-life names.
#include "ingest/standardise/person_name.h"

#include "cases.h"

namespace hilo::ingest {
namespace {

// The display form, as the shared checks take it.
Standard display_of(std::string_view raw) {
  PersonName name = standardise_name(raw);
  EXPECT_EQ(name.display.empty(), name.match_key.empty());
  return {name.standing, name.display, name.reason};
}

std::string key_of(std::string_view raw) { return standardise_name(raw).match_key; }

TEST(PersonName, ShowsNamesWithCapitals) {
  expect_cases(
      {
          is("ANA RUIZ", "Ana Ruiz"),
          is("ana ruiz", "Ana Ruiz"),
          is("Ana Ruiz", "Ana Ruiz"),
          is("aNa RUIZ", "aNa RUIZ"),
          is("  ana \t ruiz ", "Ana Ruiz"),
          is("JOS\u00c9 MU\u00d1OZ", "Jos\u00e9 Mu\u00f1oz"),
          is("Jose\u0301", "Jos\u00e9"),
          is("JEAN-PIERRE L\u00c9VY", "Jean-Pierre L\u00e9vy"),
          is("SEAN O'BRIEN", "Sean O'Brien"),
          is("sean o\u2019brien", "Sean O\u2019Brien"),
          is("SEAN O\u00b4BRIEN", "Sean O'Brien"),
          is("MCDONALD", "Mcdonald"),
          is("McDonald", "McDonald"),
          is("LUDWIG VAN BEETHOVEN", "Ludwig van Beethoven"),
          is("MARIA DE LA CRUZ", "Maria de la Cruz"),
          is("VAN DER BERG", "Van der Berg"),
          is("DE LA CRUZ, MARIA", "De la Cruz, Maria"),
          is("JOHN SMITH III", "John Smith III"),
          is("J.R. TOLKIEN", "J.R. Tolkien"),
          is("ABDU'LLAH", "Abdu'llah"),
          is("DELL'ACQUA", "Dell'Acqua"),
          is("A\u200Bna", "Ana"),
          is("\u0130SMA\u0130L", "Ismail"),
          is("\u0393\u0399\u0391\u039D\u039D\u0397\u03A3", "\u0393\u03B9\u03B1\u03BD\u03BD\u03B7\u03C2"),
          is("\u0418\u0412\u0410\u041D \u041F\u0415\u0422\u0420\u041E\u0412",
             "\u0418\u0432\u0430\u043D \u041F\u0435\u0442\u0440\u043E\u0432"),
          is("\u738B\u5C0F\u660E", "\u738B\u5C0F\u660E"),
          is("\u0645\u062D\u0645\u062F", "\u0645\u062D\u0645\u062F"),
          is("\u202Eana\u202C", "Ana"),
          is("MR SMITH", "Mr Smith"),
          is("nan", "Nan"),
          is("Ng", "Ng"),
          is("Maria 2", "Maria 2"),
      },
      display_of);
}

TEST(PersonName, MakesKeysThatCompareEqual) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> groups = {
      {"jose munoz",
       {"Jos\u00e9 Mu\u00f1oz", "JOSE MUNOZ", "jose\u0301 mun\u0303oz", "Sr. Jos\u00e9 Mu\u00f1oz",
        "Mu\u00f1oz, Jos\u00e9"}},
      {"sean obrien",
       {"Sean O'Brien", "Sean O\u2019Brien", "SEAN OBRIEN", "Mr Sean O`Brien", "Se\u00e1n O\u00b4Brien"}},
      {"jean pierre levy", {"Jean-Pierre L\u00e9vy", "M. Jean Pierre Levy", "JEAN\u2010PIERRE LEVY"}},
      {"hans muller",
       {"Hans M\u00fcller", "Herr Prof. Dr. Hans M\u00fcller", "Dipl.-Ing. Hans M\u00fcller", "M\u00fcller, Dr. Hans"}},
      {"soren lodz", {"S\u00f8ren \u0141\u00f3d\u017a", "soren lodz"}},
      {"gross", {"Gro\u00df", "GROSS", "Frau Gro\u00df", "GRO\u1e9e"}},
      {"aegir dordevic", {"\u00c6gir \u0110or\u0111evi\u0107"}},
      {"john smith",
       {"John Smith Jr.", "Mr. John Smith, PhD", "JOHN SMITH III", "Smith Jr, John", "Dr John Smith M.D.",
        "John Smith, Jr."}},
      {"smith", {"Dr.Smith", "Mr & Mrs Smith", "Mr. and Mrs. Smith", "Mr Smith"}},
      {"garcia", {"Sr. y Sra. Garc\u00eda", "Do\u00f1a Garc\u00eda", "Dra. Garc\u00eda"}},
      {"ana ruiz", {"Do\u00f1a Ana Ruiz", "D. Ana Ruiz", "Srta. Ana Ruiz", "Mme Ana Ruiz", "Ms Ana Ruiz"}},
      {"juan perez", {"Don Juan P\u00e9rez", "Juan P\u00e9rez hijo"}},
      {"don draper", {"Don Draper"}},
      {"ludwig van beethoven", {"Ludwig van Beethoven", "van Beethoven, Ludwig"}},
  };
  for (const auto& [key, names] : groups) {
    for (const std::string& name : names) EXPECT_EQ(key_of(name), key) << name;
  }
}

TEST(PersonName, KeepsKeysApartInOtherScripts) {
  EXPECT_NE(key_of("\u30ac"), key_of("\u30ab"));              // the voicing mark of kana is a letter
  EXPECT_NE(key_of("\u0915\u093f"), key_of("\u0915\u0941"));  // Devanagari vowels
  EXPECT_EQ(key_of("\u0401\u043B\u043A\u0438\u043D"), key_of("\u0415\u043B\u043A\u0438\u043D"));  // ё = е
  EXPECT_EQ(key_of("\u0645\u064F\u062D\u064E\u0645\u0651\u064E\u062F"), key_of("\u0645\u062D\u0645\u062F"));
  EXPECT_EQ(key_of("\uAE40"), "\uAE40");
}

TEST(PersonName, KeyOfAKeyIsItself) {
  for (const char* raw :
       {"Jos\u00e9 Mu\u00f1oz", "M\u00fcller, Dr. Hans", "\u00c6gir O'Brien", "van der Berg", "Smith, John, Jr"}) {
    const std::string key = key_of(raw);
    EXPECT_EQ(key_of(key), key);
  }
}

TEST(PersonName, SeesPlaceholdersAndRubbish) {
  expect_cases({blank(""),
                blank(" \u00a0 "),
                blank("\u200b"),
                filler("n/a"),
                filler("N.A."),
                filler("na"),
                filler("none"),
                filler("NULL"),
                filler("unknown"),
                filler("Test"),
                filler("test test"),
                filler("TEST CUSTOMER"),
                filler("xxx"),
                filler("XXXX"),
                filler("aaa"),
                filler("asdf"),
                filler("."),
                filler("-"),
                filler("--"),
                filler("guest"),
                filler("Guest User"),
                filler("customer"),
                filler("no name"),
                filler("No-Name"),
                filler("anonymous"),
                filler("Unbekannt"),
                filler("desconocido"),
                filler("inconnu"),
                filler("Kunde"),
                filler("John Doe"),
                filler("Mr"),
                filler("Herr Dr."),
                filler("?"),
                filler("An\u00f3nimo"),
                wrong("123"),
                wrong("12 34"),
                wrong("\U0001F600"),
                wrong("\u0301\u0301"),
                wrong("Jos\xe9"),
                wrong("Jos\xEF\xBF\xBD"),
                wrong("ana@x.com")},
               display_of);
}

TEST(FullName, PartsNames) {
  struct Row {
    const char* raw;
    const char* given;
    const char* family;
  };
  const std::vector<Row> rows = {
      {"Ana Ruiz", "Ana", "Ruiz"},
      {"ANA RUIZ", "Ana", "Ruiz"},
      {"Ruiz, Ana", "Ana", "Ruiz"},
      {"RUIZ GARCIA, ANA MARIA", "Ana Maria", "Ruiz Garcia"},
      {"Smith Jr., John", "John", "Smith"},
      {"John Smith, Jr.", "John", "Smith"},
      {"Dr. John Smith PhD", "John", "Smith"},
      {"Mr Smith", "", "Smith"},
      {"Mr & Mrs Smith", "", "Smith"},
      {"Smith, Mr", "", "Smith"},
      {"Madonna", "Madonna", ""},
      {"Mary Jane Watson", "Mary Jane", "Watson"},
      {"Ludwig van Beethoven", "Ludwig", "van Beethoven"},
      {"LUDWIG VAN BEETHOVEN", "Ludwig", "van Beethoven"},
      {"Charles de Gaulle", "Charles", "de Gaulle"},
      {"Johann Wolfgang von Goethe", "Johann Wolfgang", "von Goethe"},
      {"Herr von B\u00fclow", "", "von B\u00fclow"},
      {"Miguel de Cervantes Saavedra", "Miguel", "de Cervantes Saavedra"},
      {"Jos\u00e9 Ortega y Gasset", "Jos\u00e9", "Ortega y Gasset"},
      {"Ana Ruiz-Garc\u00eda", "Ana", "Ruiz-Garc\u00eda"},
      {"Ana Mar\u00eda Ruiz Garc\u00eda", "Ana Mar\u00eda", "Ruiz Garc\u00eda"},
      {"Mar\u00eda del Carmen Ruiz", "Mar\u00eda del Carmen", "Ruiz"},
      {"Mar\u00eda de los \u00c1ngeles Ruiz L\u00f3pez", "Mar\u00eda de los \u00c1ngeles", "Ruiz L\u00f3pez"},
      {"Mar\u00eda de la Cruz", "Mar\u00eda", "de la Cruz"},
      {"Jean-Pierre L\u00e9vy", "Jean-Pierre", "L\u00e9vy"},
      {"Sra. Ana Ruiz", "Ana", "Ruiz"},
      {"van der Berg, Jan", "Jan", "van der Berg"},
      {"Vincent van Gogh", "Vincent", "van Gogh"},
  };
  for (const Row& row : rows) {
    const FullName got = split_full_name(row.raw);
    EXPECT_EQ(got.standing, Standing::kStandard) << row.raw;
    EXPECT_EQ(got.given, row.given) << row.raw;
    EXPECT_EQ(got.family, row.family) << row.raw;
  }
  EXPECT_EQ(split_full_name("n/a").standing, Standing::kPlaceholder);
  EXPECT_EQ(split_full_name("").standing, Standing::kEmpty);
  EXPECT_EQ(split_full_name("42").standing, Standing::kInvalid);
}

TEST(FullName, IsTotal) {
  std::vector<std::string> values = hostile_values();
  for (std::string& value : random_values(4000, 3)) values.push_back(std::move(value));
  for (const std::string& value : values) {
    const FullName got = split_full_name(value);
    EXPECT_EQ(got.standing == Standing::kStandard, !got.given.empty() || !got.family.empty());
    EXPECT_TRUE(is_utf8(got.given) && is_utf8(got.family));
  }
}

TEST(PersonName, KeysAreTotalAndStable) {
  for (const std::string& value : random_values(4000, 5)) {
    const std::string key = key_of(value);
    EXPECT_TRUE(is_utf8(key));
    EXPECT_EQ(key_of(standardise_name(value).display), key) << testing::PrintToString(value);
  }
}

TEST(PersonName, IsTotalAndIdempotent) { expect_total(display_of); }
TEST(PersonName, IsThreadSafe) { expect_thread_safe(display_of); }

}  // namespace
}  // namespace hilo::ingest
