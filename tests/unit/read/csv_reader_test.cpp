// Goal: CSV as people write it comes out cell by cell. Method: short texts and the rows expected of them.
#include "ingest/read/csv_reader.h"

#include "read_fixture.h"

namespace hilo::ingest {
namespace {

Result<std::unique_ptr<RowReader>> open(const std::string& text, const CsvOptions& options = {}) {
  return open_csv_rows(stream_of(text), "t.csv", options);
}
Lines rows(const std::string& text, const CsvOptions& options = {}) { return read_rows(open(text, options)); }
Lines names(const std::string& text, const CsvOptions& options = {}) { return open(text, options).value()->columns(); }
Error refusal(const std::string& text, const CsvOptions& options = {}) { return open(text, options).error(); }

TEST(CsvReaderTest, ReadsRows) {
  EXPECT_EQ(names("a,b\n1,2\n"), (Lines{"a", "b"}));
  EXPECT_EQ(rows("a,b\n1,2\n3,4\n"), (Lines{"1@2 1|2", "2@3 3|4"}));
  EXPECT_EQ(rows("a,b\n1,2"), (Lines{"1@2 1|2"}));
  EXPECT_EQ(rows("a,b\n"), Lines{});
  EXPECT_EQ(rows("a,b"), Lines{});
  EXPECT_EQ(rows("a\n1\n\n2\n"), (Lines{"1@2 1", "2@4 2"}));
}

TEST(CsvReaderTest, KnowsAllLineEnds) {
  const Lines expected = {"1@2 1|2", "2@3 3|4"};
  EXPECT_EQ(rows("a,b\r\n1,2\r\n3,4\r\n"), expected);
  EXPECT_EQ(rows("a,b\r1,2\r3,4\r"), expected);
  EXPECT_EQ(rows("a,b\n1,2\r\n3,4\r"), expected);
  EXPECT_EQ(rows("a,b\r\n\r\n1,2\r\r3,4"), (Lines{"1@3 1|2", "2@5 3|4"}));
}

TEST(CsvReaderTest, ReadsQuotedCells) {
  EXPECT_EQ(rows("a,b\n\"1,5\",\"x\"\n"), (Lines{"1@2 1,5|x"}));
  EXPECT_EQ(rows("a,b\n\"say \"\"hi\"\"\",\"\"\"\"\n"), (Lines{"1@2 say \"hi\"|\""}));
  EXPECT_EQ(rows("a,b\n\"two\nlines\",1\n2,3\n"), (Lines{"1@2 two\nlines|1", "2@4 2|3"}));
  EXPECT_EQ(rows("a,b\n\"x\r\ny\rz\n\",\"\r\n\"\r\n2,3\n"), (Lines{"1@2 x\r\ny\rz\n|\r\n", "2@7 2|3"}));
  EXPECT_EQ(rows("a,b\n5\" disc,\"1\""), (Lines{"1@2 5\" disc|1"}));  // a quote inside a bare cell is text
  EXPECT_EQ(rows("\"a\",\"b c\"\n1,2\n"), (Lines{"1@2 1|2"}));
  EXPECT_EQ(names("\"a,x\",\"b \"\"c\"\"\"\n"), (Lines{"a,x", "b \"c\""}));
}

TEST(CsvReaderTest, TakesEmptyCellsForNull) {
  EXPECT_EQ(rows("a,b,c\n,,\n\"\",x,\"\"\n"), (Lines{"1@2 NULL|NULL|NULL", "2@3 NULL|x|NULL"}));
  EXPECT_EQ(rows("a\n\"\"\n"), (Lines{"1@2 NULL"}));
}

TEST(CsvReaderTest, KeepsSpaces) {
  EXPECT_EQ(rows("a , b\n 1 ,\t2\n"), (Lines{"1@2  1 |\t2"}));
  EXPECT_EQ(names(" a , b\n"), (Lines{"a", "b"}));
  EXPECT_EQ(rows("a\n \n"), (Lines{"1@2  "}));
}

TEST(CsvReaderTest, FindsTheDelimiter) {
  EXPECT_EQ(rows("a;b\n1,5;2\n"), (Lines{"1@2 1,5|2"}));
  EXPECT_EQ(rows("a\tb\n1,5\t2;3\n"), (Lines{"1@2 1,5|2;3"}));
  EXPECT_EQ(rows("a|b\n1|2\n"), (Lines{"1@2 1|2"}));
  EXPECT_EQ(rows("\"x;y;z\",b\n\"1;2;3\",2\n"), (Lines{"1@2 1;2;3|2"}));
  EXPECT_EQ(rows("name, first;b\nx;1\ny;2\n"),
            (Lines{"1@2 x|1", "2@3 y|2"}));  // the comma of the header is not repeated
  EXPECT_EQ(rows("a\n1\n"), (Lines{"1@2 1"}));
  std::string text = "a;b\n";
  for (int i = 0; i < 20'000; ++i) text += "1,5;x\n";
  EXPECT_EQ(rows(text).size(), 20'000U);
}

TEST(CsvReaderTest, TakesStatedForm) {
  CsvOptions options;
  options.delimiter = '^';
  options.quote = '\'';
  EXPECT_EQ(rows("a^b\n'1^''2'^\"x\"\n", options), (Lines{"1@2 1^'2|\"x\""}));
  options = {};
  options.header = CsvHeader::kNone;
  EXPECT_EQ(names("1,2\n3,4\n", options), (Lines{"column0", "column1"}));
  EXPECT_EQ(rows("\n1,2\n3\n", options), (Lines{"1@2 1|2", "2@3 !: 2 cells expected, 1 found [3]"}));
  options = {};
  options.quote = ',';
  EXPECT_EQ(rows("a;b\n,x;y,;1\n", options), (Lines{"1@2 x;y|1"}));
}

TEST(CsvReaderTest, RefusesOptionsThatCannotBe) {
  for (const char bad : {'"', '\n', '\r', '\0', '\xE9'}) {
    CsvOptions options;
    options.delimiter = bad;
    EXPECT_EQ(refusal("a\n", options).code, ErrorCode::kInvalidDefinition);
  }
}

TEST(CsvReaderTest, RefusesHeadersThatNameNoColumns) {
  EXPECT_EQ(refusal("").message, "t.csv is empty");
  EXPECT_EQ(refusal("\n\r\n\n").message, "t.csv is empty");
  EXPECT_EQ(refusal("a,,c\n").message, "the header of t.csv leaves column 2 without a name");
  EXPECT_EQ(refusal(",a\n").message, "the header of t.csv leaves column 1 without a name");
  EXPECT_EQ(refusal("\"\"\n").message, "the header of t.csv leaves column 1 without a name");
  EXPECT_EQ(refusal("a,b, a\n").message, "the header of t.csv has the column 'a' twice");
  EXPECT_EQ(refusal("Id,b,ID\n").message,
            "the header of t.csv has the columns 'Id' and 'ID', which differ only by case");
  EXPECT_EQ(refusal("a,b\xFF\n").message, "the header of t.csv names its column 2 by bytes that are no text");
  EXPECT_EQ(refusal("a,\"b\n1,2\n").message, "the header line of t.csv opens a quote that never closes");
  EXPECT_EQ(refusal("a,\"b\"c\n1,2\n").message, "the header line of t.csv has text after a closing quote");
  EXPECT_EQ(refusal(std::string(5'000'000, 'a')).message, "the header line of t.csv is too long");
  EXPECT_EQ(refusal(std::string(20'000, ',')).message, "the header line of t.csv has too many cells");
  EXPECT_EQ(refusal("").code, ErrorCode::kInvalidInput);
}

TEST(CsvReaderTest, NamesTheColumnAfterTheLastDelimiter) {
  EXPECT_EQ(names("a,b,\n1,2,\n"), (Lines{"a", "b", "column2"}));
  EXPECT_EQ(rows("a,b,\n1,2,\n"), (Lines{"1@2 1|2|NULL"}));
  EXPECT_EQ(refusal("column1,\n").message, "the header of t.csv has the column 'column1' twice");
}

TEST(CsvReaderTest, PassesErrorsOfTheStreamOn) {
  class Failing final : public ByteStream {
   public:
    Result<std::size_t> read(std::span<char> into) override {
      if (std::exchange(has_failed_, true)) return fail(ErrorCode::kInvalidInput, "t.gz is truncated");
      return std::string_view("a,b\n1,2\n3").copy(into.data(), into.size());
    }

   private:
    bool has_failed_ = false;
  };
  CsvOptions options;
  options.delimiter = ',';
  options.chunk_bytes = 4;
  const Lines lines = read_rows(open_csv_rows(std::make_unique<Failing>(), "t.gz", options));
  EXPECT_EQ(lines.back(), "error: t.gz is truncated");
}

}  // namespace
}  // namespace hilo::ingest
