// Goal: the day that was meant, or none. Method: tables of forms, with a fixed latest day.
#include "ingest/standardise/birth_date.h"

#include "cases.h"

namespace hilo::ingest {
namespace {

const Date kLatest = *make_date(2011, 12, 9);

Standard day_first(std::string_view raw) { return standardise_birth_date(raw, DateOrder::kDayFirst, kLatest); }
Standard month_first(std::string_view raw) { return standardise_birth_date(raw, DateOrder::kMonthFirst, kLatest); }

TEST(BirthDate, ReadsTheCommonForms) {
  const std::string day = "1980-12-31";
  std::vector<Case> cases;
  for (const char* raw : {"1980-12-31",
                          "19801231",
                          "1980/12/31",
                          "1980.12.31",
                          "31/12/1980",
                          "31-12-1980",
                          "31.12.1980",
                          "31. 12. 1980",
                          "31 12 1980",
                          "12/31/1980",
                          "31 Dec 1980",
                          "31-Dec-1980",
                          "31-DEC-80",
                          "December 31, 1980",
                          "Dec 31 1980",
                          "31st December 1980",
                          "31st of December, 1980",
                          "31 de diciembre de 1980",
                          "31 dic 1980",
                          "31 d\u00e9cembre 1980",
                          "le 31 d\u00e9c. 1980",
                          "31. Dezember 1980",
                          "31. Dez. 1980",
                          "1980 Dec 31",
                          "1980-12-31 00:00:00",
                          "1980-12-31T00:00:00",
                          "1980-12-31T00:00:00Z",
                          "1980-12-31T00:00:00.000Z",
                          "1980-12-31 00:00:00.000000",
                          "1980-12-31 00:00:00+00:00",
                          "31/12/1980 0:00",
                          "12/31/1980 12:00:00 AM",
                          "31/12/80",
                          " 1980-12-31 ",
                          "\uFF11\uFF19\uFF18\uFF10-12-31",
                          "1980\u200B-12-31"}) {
    cases.push_back(is(raw, day));
  }
  expect_cases(cases, day_first);
  expect_cases(cases, month_first);
}

TEST(BirthDate, TakesDayAndMonthInTheOrderOfTheSource) {
  EXPECT_EQ(day_first("03/04/1980").value, "1980-04-03");
  EXPECT_EQ(month_first("03/04/1980").value, "1980-03-04");
  EXPECT_EQ(month_first("13/04/1980").value, "1980-04-13");
  EXPECT_EQ(day_first("04/13/1980").value, "1980-04-13");
  EXPECT_EQ(day_first("1/2/1980").value, "1980-02-01");
}

TEST(BirthDate, KnowsMonthNamesInFourLanguages) {
  const std::vector<std::vector<std::string>> months = {
      {"January", "jan", "enero", "ene.", "janvier", "janv.", "Januar", "J\u00e4nner"},
      {"February", "feb", "febrero", "f\u00e9vrier", "f\u00e9vr.", "Februar"},
      {"March", "mar", "marzo", "mars", "M\u00e4rz", "Maerz", "Mrz"},
      {"April", "apr", "abril", "abr", "avril", "avr."},
      {"May", "mayo", "mai", "Mai"},
      {"June", "jun", "junio", "juin", "Juni"},
      {"July", "jul", "julio", "juillet", "juil.", "Juli"},
      {"August", "aug", "agosto", "ago", "ao\u00fbt"},
      {"September", "sep", "sept", "septiembre", "setiembre", "septembre"},
      {"October", "oct", "octubre", "octobre", "Oktober", "Okt."},
      {"November", "nov", "noviembre", "novembre"},
      {"December", "dec", "diciembre", "dic", "d\u00e9cembre", "Dezember", "Dez"},
  };
  for (std::size_t month = 0; month < months.size(); ++month) {
    for (const std::string& name : months[month]) {
      EXPECT_EQ(day_first("7 " + name + " 1975").value, to_string(*make_date(1975, static_cast<int>(month) + 1, 7)))
          << name;
    }
  }
}

TEST(BirthDate, PutsShortYearsBeforeTheLatestDay) {
  EXPECT_EQ(day_first("05/06/11").value, "2011-06-05");
  EXPECT_EQ(day_first("05/06/12").value, "1912-06-05");
  EXPECT_EQ(day_first("05/06/00").value, "2000-06-05");
  EXPECT_EQ(day_first("05/06/99").value, "1999-06-05");
}

TEST(BirthDate, RefusesWhatIsNoBirthday) {
  expect_cases({wrong("31/02/1980"),
                wrong("1981-02-29"),
                wrong("1980-13-01"),
                wrong("13/13/1980"),
                wrong("32/01/1980"),
                wrong("1849-12-31"),
                wrong("2011-12-10"),
                wrong("10/12/2011"),
                wrong("1980-12"),
                wrong("1980"),
                wrong("December"),
                wrong("1980-12-31 14:30:00"),
                wrong("1980-12-31T22:00:00Z"),
                wrong("31/12/198"),
                wrong("12345"),
                wrong("29219"),
                wrong("31 Foo 1980"),
                wrong("May May 1980"),
                wrong("1980-12-31-05"),
                wrong("31/12/19800"),
                wrong("00/05/1980"),
                wrong("1980-00-10"),
                wrong("yesterday"),
                wrong("1980-12-31 00:00:01"),
                wrong("-1980-12-31 x"),
                wrong("198012310"),
                wrong("\xff"
                      "1980-12-31")},
               day_first);
  EXPECT_EQ(day_first("31/02/1980").reason, "no such day");
  EXPECT_EQ(day_first("2012-01-01").reason, "in the future");
  EXPECT_EQ(day_first("1849-12-31").reason, "before 1850");
  EXPECT_EQ(day_first("1850-01-01").value, "1850-01-01");
  EXPECT_EQ(day_first("2011-12-09").value, "2011-12-09");
}

TEST(BirthDate, SeesPlaceholders) {
  expect_cases({blank(""),
                blank("  "),
                filler("n/a"),
                filler("NULL"),
                filler("-"),
                filler("1900-01-01"),
                filler("01/01/1900"),
                filler("1901-01-01"),
                filler("1970-01-01"),
                filler("1970-01-01 00:00:00"),
                filler("0000-00-00"),
                filler("0000-00-00 00:00:00"),
                filler("00/00/0000"),
                filler("00.00.00"),
                filler("9999-12-31"),
                filler("99991231"),
                filler("11/11/1111"),
                filler("1111-11-11"),
                filler("NaT"),
                filler("//"),
                filler("0001-01-01"),
                filler("unknown")},
               day_first);
}

TEST(BirthDate, IsTotalAndIdempotent) {
  expect_total(day_first);
  expect_total(month_first);
}
TEST(BirthDate, IsThreadSafe) { expect_thread_safe(day_first); }

}  // namespace
}  // namespace hilo::ingest
