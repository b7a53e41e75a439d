// Goal: a bad record costs itself and nothing else, and says what is wrong. Method: texts with one fault between good
// rows.
#include "ingest/read/csv_reader.h"
#include "read_fixture.h"

namespace hilo::ingest {
namespace {

Lines rows(std::string text, const CsvOptions& options = {}) {
  return read_rows(open_csv_rows(stream_of(std::move(text)), "t.csv", options));
}

TEST(CsvFaultTest, CountsCells) {
  EXPECT_EQ(rows("a,b\n1,2\n3\n4,5,6\n7,8\n"), (Lines{"1@2 1|2", "2@3 !: 2 cells expected, 1 found [3]",
                                                      "3@4 !: 2 cells expected, 3 found [4,5,6]", "4@5 7|8"}));
  EXPECT_EQ(rows("a\n1,2\n"), (Lines{"1@2 !: 1 cell expected, 2 found [1,2]"}));
  EXPECT_EQ(rows("a,b\n" + std::string(1'000'000, ',') + "\n1,2\n")[0],
            "1@2 !: 2 cells expected, 1,000,001 found [" + std::string(200, ',') + "]");
}

TEST(CsvFaultTest, LimitsCells) {
  const std::string limit(65'536, 'x');
  EXPECT_EQ(rows("a,b\n1," + limit + "\n"), (Lines{"1@2 1|" + limit}));
  EXPECT_EQ(rows("a,b\n1," + limit + "y\n2,3\n"),
            (Lines{"1@2 !b: a cell of at least 65,537 bytes; the limit is 65,536 [" + std::string(200, 'x') + "]",
                   "2@3 2|3"}));
  EXPECT_EQ(rows("a,b\n1,\"" + limit + "y\"\n2,3\n")[1], "2@3 2|3");
  const std::string million(1'000'000, 'x');
  EXPECT_EQ(rows("a,b\n" + million + ",1\n2,3\n"),
            (Lines{"1@2 !a: a cell of at least 1,000,000 bytes; the limit is 65,536 [" + std::string(200, 'x') + "]",
                   "2@3 2|3"}));
  std::string quotes;
  for (int i = 0; i < 65'536; ++i) quotes += "\"\"";
  EXPECT_EQ(rows("a,b\n1,\"" + quotes + "\"\n"),
            (Lines{"1@2 1|" + std::string(65'536, '"')}));  // counted as it comes out
}

TEST(CsvFaultTest, LimitsRecords) {
  const std::string endless(8'000'000, 'x');
  EXPECT_EQ(rows("a,b\n1,2\n" + endless + ",1\n2,3\n"),
            (Lines{"1@2 1|2",
                   "2@3 !a: a cell of at least 4,194,305 bytes; the limit is 65,536 [" + std::string(200, 'x') + "]",
                   "3@4 2|3"}));
  EXPECT_EQ(rows("a,b\n1," + endless).size(), 1U);
  CsvOptions options;
  options.max_record_bytes = 10;
  EXPECT_EQ(
      rows("a,b\n1234,6789\n12345,6789\n1,2\n", options),
      (Lines{"1@2 1234|6789", "2@3 !: a record of at least 11 bytes; the limit is 10 [12345,6789\n]", "3@4 1|2"}));
  EXPECT_EQ(rows("a,b\n\"x\ny\",12345,\"\r\n6\n1,2\n", options),
            (Lines{"1@2 !: a record of at least 11 bytes; the limit is 10 [\"x\ny\",12345]",
                   "2@4 !: 2 cells expected, 1 found [6]", "3@5 1|2"}));
}

TEST(CsvFaultTest, RejectsNulBytes) {
  EXPECT_EQ(rows(std::string("a,b\n1,x\0y\n2,3\n", 14)), (Lines{"1@2 !b: a NUL byte in a cell [x\uFFFDy]", "2@3 2|3"}));
  EXPECT_EQ(rows(std::string("a,b\n1,2345678\0", 14)), (Lines{"1@2 !b: a NUL byte in a cell [2345678\uFFFD]"}));
}

TEST(CsvFaultTest, RejectsInvalidUtf8) {
  EXPECT_EQ(rows("a,b\nJosé,Jos\xE9\nJosé,Málaga\n"),
            (Lines{"1@2 !b: invalid UTF-8 in a cell [Jos\uFFFD]", "2@3 José|Málaga"}));
  EXPECT_EQ(
      rows("a,b\n1,\"\xC0\xAF\"\n\xED\xA0\x80,2\n3,\xE2\x82\n"),
      (Lines{"1@2 !b: invalid UTF-8 in a cell [\uFFFD\uFFFD]", "2@3 !a: invalid UTF-8 in a cell [\uFFFD\uFFFD\uFFFD]",
             "3@4 !b: invalid UTF-8 in a cell [\uFFFD]"}));
}

TEST(CsvFaultTest, CutsTheValueBetweenCharacters) {
  EXPECT_EQ(fault_value(std::string(300, 'x')), std::string(200, 'x'));
  EXPECT_EQ(fault_value(std::string(199, 'x') + "é"), std::string(199, 'x'));
  EXPECT_EQ(fault_value(std::string(198, 'x') + "éz"), std::string(198, 'x') + "é");
  EXPECT_EQ(fault_value(std::string(197, 'x') + "\U0001F600"), std::string(197, 'x'));
  EXPECT_EQ(fault_value(""), "");
}

TEST(CsvFaultTest, RejectsTextAfterAClosingQuote) {
  EXPECT_EQ(rows("a,b\n1,\"x\"y\n2,3\n"), (Lines{"1@2 !b: text after a closing quote [\"x\"y]", "2@3 2|3"}));
  EXPECT_EQ(rows("a,b\n\"x\" ,1\n2,3\n")[1], "2@3 2|3");
}

TEST(CsvFaultTest, RejectsOnlyTheLineOfAQuoteThatNeverCloses) {
  EXPECT_EQ(rows("a,b\n1,2\n3,\"open\n5,6\n7,8"),
            (Lines{"1@2 1|2", "2@3 !b: the quote opened on line 3 never closes [\"open]", "3@4 5|6", "4@5 7|8"}));
  EXPECT_EQ(rows("a,b\n3,\"open"), (Lines{"1@2 !b: the quote opened on line 2 never closes [\"open]"}));
  EXPECT_EQ(rows("a,b\n\"x\ny\",\"open\r\n5,6\r\n"),
            (Lines{"1@2 !b: the quote opened on line 3 never closes [\"open]", "2@4 5|6"}));
  EXPECT_EQ(rows("a,b\n\"\n\"\"\n1,2\n").size(), 3U);  // every line is accounted for
}

TEST(CsvFaultTest, LosesNoLineToAQuoteClosedByAnotherRecordsQuote) {
  EXPECT_EQ(rows("a,b\n3,\"open\n5,6\n\"x\",7\n8,9\n"),
            (Lines{"1@2 !b: the quote opened on line 2 closes on line 4, with text after it [\"open]", "2@3 5|6",
                   "3@4 x|7", "4@5 8|9"}));
}

TEST(CsvFaultTest, RejectsAQuoteOpenTooLong) {
  std::string text = "a,b\n1,\"open\n";
  for (int i = 0; i < 1'000'000; ++i) text += "5,6\n";
  text += "7,8\n";
  text += std::string(300'000, '\n');
  text += "\"x\",9\n";
  const Lines lines = rows(text);
  ASSERT_EQ(lines.size(), 1'000'003U);
  EXPECT_EQ(lines[0], "1@2 !b: the quote opened on line 2 never closes within 4,194,304 bytes [\"open]");
  EXPECT_EQ(lines[1], "2@3 5|6");
  EXPECT_EQ(lines[1'000'001], "1000002@1000003 7|8");
  EXPECT_EQ(lines[1'000'002], "1000003@1300004 x|9");
}

}  // namespace
}  // namespace hilo::ingest
