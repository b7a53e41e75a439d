// Goal: one E.164 form for one line. Method: tables of spellings by country; placeholders by shape.
#include "ingest/standardise/phone.h"

#include "cases.h"

namespace hilo::ingest {
namespace {

Standard spanish(std::string_view raw) { return standardise_phone(raw, "ES"); }
Standard british(std::string_view raw) { return standardise_phone(raw, "GB"); }
Standard american(std::string_view raw) { return standardise_phone(raw, "US"); }
Standard without_region(std::string_view raw) { return standardise_phone(raw, ""); }

TEST(Phone, ReadsSpanishNumbers) {
  expect_cases(
      {
          is("612 345 679", "+34612345679"),
          is("+34 612 34 56 79", "+34612345679"),
          is("0034612345679", "+34612345679"),
          is("34612345679", "+34612345679"),
          is("(+34) 612-345-679", "+34612345679"),
          is("612.345.679", "+34612345679"),
          is("612345679.0", "+34612345679"),
          is("'612345679", "+34612345679"),
          is("tel:+34612345679", "+34612345679"),
          is("91 123 45 67", "+34911234567"),
          is("911234567 ext. 12", "+34911234567"),
          is("+44 20 7946 0018", "+442079460018"),
          is("\uFF16\uFF11\uFF12 345 679", "+34612345679"),
          is("612345679 / 911234567", "+34612345679"),
          is("\u200E612345679\u200E", "+34612345679"),
          is("M\u00f3vil: 612345679", "+34612345679"),
      },
      spanish);
}

TEST(Phone, ReadsBritishAndAmericanNumbers) {
  expect_cases(
      {is("020 7946 0018", "+442079460018"), is("+44 (0)20 7946 0018", "+442079460018"),
       is("07911 123456", "+447911123456"), is("7911123456", "+447911123456"), is("00 34 612 345 679", "+34612345679")},
      british);
  expect_cases(
      {is("(415) 555-2671", "+14155552671"), is("1-415-555-2671", "+14155552671"), is("4155552671", "+14155552671"),
       is("415-555-2671 x123", "+14155552671"), is("011 34 612 345 679", "+34612345679"),
       is("0034612345679", "+34612345679"), is("1-800-FLOWERS", "+18003569377")},
      american);
}

TEST(Phone, HasFifteenDigitsAtMost) {
  expect_cases({wrong("614765x92345670.(0)"), wrong("+49614765923456700")},
               [](std::string_view raw) { return standardise_phone(raw, "DE"); });
}

TEST(Phone, ReadsAPrefixThatIsWrittenTwice) {
  // Mexico's mobiles had a 1 before them, which its plan still takes off: 01 1 453 ... is 453 ... in the end.
  expect_cases({is("01 1 453 291 3156", "+524532913156"), is("+52 1 453 291 3156", "+524532913156"),
                is("453 291 3156", "+524532913156")},
               [](std::string_view raw) { return standardise_phone(raw, "MX"); });
}

TEST(Phone, NeedsACountryFromSomewhere) {
  expect_cases({is("+34612345679", "+34612345679"), wrong("612345679"), is("0034612345679", "+34612345679")},
               without_region);
  EXPECT_EQ(without_region("612345679").reason, "no country code and no default region");
  EXPECT_EQ(standardise_phone("612345679", "Spain").standing, Standing::kInvalid);
}

TEST(Phone, RefusesWhatNoPlanHas) {
  expect_cases({wrong("112233"), wrong("+34 212 345 678 999 888"), wrong("+999 123456789"), wrong("phone"),
                wrong("ana@x.com"), wrong("6.12345679E8"), wrong("91 123 45"),
                wrong("\xff"
                      "612345679")},
               spanish);
  EXPECT_EQ(american("123-456-7891").standing, Standing::kInvalid);
}

TEST(Phone, SeesPlaceholders) {
  expect_cases({blank(""),
                blank(" \t"),
                filler("n/a"),
                filler("-"),
                filler("0"),
                filler("000000000"),
                filler("000 000 000"),
                filler("+34 000000000"),
                filler("666666666"),
                filler("123456789"),
                filler("0123456789"),
                filler("987654321"),
                filler("1234567890"),
                filler("12345"),
                filler("999"),
                filler("600000000"),
                filler("+34600000000"),
                filler("+34 999999999"),
                filler("none"),
                filler("desconocido")},
               spanish);
}

TEST(Phone, KnowsRegions) {
  for (const char* code : {"ES", "GB", "US", "DE", "FR", "JE"}) EXPECT_TRUE(is_region(code)) << code;
  for (const char* code : {"", "es", "UK", "ZZ", "ESP", "001", "X", "\xff\xff"}) EXPECT_FALSE(is_region(code)) << code;
}

TEST(Phone, IsTotalAndIdempotent) { expect_total(spanish); }
TEST(Phone, IsThreadSafe) { expect_thread_safe(spanish); }

}  // namespace
}  // namespace hilo::ingest
