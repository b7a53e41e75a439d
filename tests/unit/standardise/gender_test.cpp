// Goal: m, f or x from the words in use. Method: a table per answer.
#include "ingest/standardise/gender.h"

#include "cases.h"

namespace hilo::ingest {
namespace {

TEST(Gender, ReadsWordsInFourLanguages) {
  std::vector<Case> cases;
  for (const char* raw : {"m", "M", "Male", "MAN", "hombre", "H", "var\u00f3n", "Masculino", "masculin", "homme",
                          "m\u00e4nnlich", "maennlich", "Mann", "Herr", "Mr.", "Sr.", " male ", "ma\u200Ble"}) {
    cases.push_back(is(raw, "m"));
  }
  for (const char* raw : {"f", "F", "Female", "woman", "mujer", "Femenino", "f\u00e9minin", "femme", "weiblich", "W",
                          "Frau", "Mrs", "Ms.", "Sra.", "Mme"}) {
    cases.push_back(is(raw, "f"));
  }
  for (const char* raw : {"x", "X", "d", "divers", "non-binary", "Non Binary", "nonbinary", "other", "otro", "autre",
                          "no binario", "non-binaire"}) {
    cases.push_back(is(raw, "x"));
  }
  expect_cases(cases, standardise_gender);
}

TEST(Gender, RefusesTheRest) {
  expect_cases({blank(""), filler("unknown"), filler("n/a"), filler("U"), filler("Prefer not to say"), filler("-"),
                filler("unbekannt"), filler("keine Angabe"), filler("not specified"), wrong("1"), wrong("2"),
                wrong("0"), wrong("blue"), wrong("mf"), wrong("\xff")},
               standardise_gender);
}

TEST(Gender, IsTotalAndIdempotent) { expect_total(standardise_gender); }
TEST(Gender, IsThreadSafe) { expect_thread_safe(standardise_gender); }

}  // namespace
}  // namespace hilo::ingest
