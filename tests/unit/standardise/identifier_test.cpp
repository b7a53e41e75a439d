// Goal: identifiers as they were given out, and none that many share. Method: tables.
#include "ingest/standardise/identifier.h"

#include "cases.h"

namespace hilo::ingest {
namespace {

Standard shared(std::string_view raw) { return standardise_identifier(raw); }
Standard own(std::string_view raw) { return standardise_identifier(raw, IdentifierScope::kOwn); }

TEST(Identifier, KeepsWhatTellsApart) {
  const std::vector<Case> cases = {
      is("C-00123", "C-00123"),
      is(" c-00123 ", "c-00123"),
      is("AbC", "AbC"),
      is("000123", "000123"),
      is("1", "1"),
      is("A\u200BB\uFEFF", "AB"),
      is("\uFF11\uFF12\uFF13", "123"),
      is("12  34", "12 34"),
      is("17850", "17850"),
      is("6d92078a-8246-4ba4-ae5b-76104861e7dc", "6d92078a-8246-4ba4-ae5b-76104861e7dc"),
      is("111", "111"),
      is("Zoe-1", "Zoe-1"),
      is("ana@x.com", "ana@x.com"),
      is("\u5f20-7", "\u5f20-7"),
  };
  expect_cases(cases, shared);
  expect_cases(cases, own);
}

TEST(Identifier, SeesPlaceholders) {
  const std::vector<Case> cases = {
      blank(""),
      blank(" \n"),
      blank("\uFEFF"),
      filler("n/a"),
      filler("N.A."),
      filler("#N/A"),
      filler("null"),
      filler("NULL"),
      filler("(null)"),
      filler("None"),
      filler("0"),
      filler("000000"),
      filler("0.0"),
      filler("unknown"),
      filler("-"),
      filler("---"),
      filler("."),
      filler("?"),
      filler("undefined"),
      filler("[object Object]"),
      filler("NaN"),
      filler("00000000-0000-0000-0000-000000000000"),
      filler("00:00:00:00:00:00"),
      filler("9774d56d682e549c"),
      filler("test"),
      filler("\u2014"),
  };
  expect_cases(cases, shared);
  expect_cases(cases, own);
}

TEST(Identifier, CountsRepetitionsAsRealOnlyForTheSourcesOwnKeys) {
  for (const char* raw : {"1111", "99999999", "xxxx", "aaaa-aaaa", "FFFFffff-ffff-ffff-ffff-ffffffffffff"}) {
    EXPECT_EQ(shared(raw).standing, Standing::kPlaceholder) << raw;
  }
  EXPECT_EQ(own("1111").value, "1111");
  EXPECT_EQ(own("22222").value, "22222");
}

TEST(Identifier, RefusesWhatHoldsNothing) {
  expect_cases({wrong("\u0301"), wrong("\U0001F600"), wrong("\xff\xfe"), wrong("A\xEF\xBF\xBD")}, shared);
}

TEST(Identifier, IsTotalAndIdempotent) {
  expect_total(shared);
  expect_total(own);
}
TEST(Identifier, IsThreadSafe) { expect_thread_safe(shared); }

}  // namespace
}  // namespace hilo::ingest
