// Goal: JSON objects come out as rows of text with every value's own digits; a bad one costs itself. Method: short
// texts in each form and the rows expected; random ones read in pieces.
#include "ingest/read/json_reader.h"

#include <fmt/format.h>

#include "read_fixture.h"

namespace hilo::ingest {
namespace {

Result<std::unique_ptr<RowReader>> open(const std::string& text, const JsonOptions& options = {}) {
  return open_json_rows([text] { return Result<std::unique_ptr<ByteStream>>(stream_of(text)); }, "t.json", options);
}
Lines rows(const std::string& text, const JsonOptions& options = {}) { return read_rows(open(text, options)); }
Lines names(const std::string& text) { return open(text).value()->columns(); }

// One fault's reason in JSON lines, or what came instead.
std::string line_fault(const std::string& record) {
  const Lines lines = rows("{\"a\":1}\n" + record + "\n{\"a\":2}\n");
  if (lines.size() != 3 || lines[0] != "1@1 1" || lines[2] != "3@3 2")
    return fmt::format("{}", fmt::join(lines, " / "));
  return lines[1];
}
// The same for an element of an array.
std::string element_fault(const std::string& record) {
  const Lines lines = rows("[{\"a\":1}," + record + ",{\"a\":2}]");
  if (lines.size() != 3 || lines[0] != "1@0 1" || lines[2] != "3@0 2")
    return fmt::format("{}", fmt::join(lines, " / "));
  return lines[1];
}

TEST(JsonReaderTest, ReadsJsonLines) {
  const std::string text = "{\"a\":1,\"b\":\"x\"}\n\n  {\"b\":null,\"c\":true}\r\n{}";
  EXPECT_EQ(names(text), (Lines{"a", "b", "c"}));
  EXPECT_EQ(rows(text), (Lines{"1@1 1|x|NULL", "2@3 NULL|NULL|true", "3@4 NULL|NULL|NULL"}));
}

TEST(JsonReaderTest, ReadsAnArray) {
  EXPECT_EQ(rows(" [ {\"a\":1} ,\n{\"b\":2}\n]\n "), (Lines{"1@0 1|NULL", "2@0 NULL|2"}));
  EXPECT_EQ(rows("[]"), Lines{});
  EXPECT_EQ(names("[]"), Lines{});
}

TEST(JsonReaderTest, ReadsObjectsSpreadOverLines) {
  EXPECT_EQ(rows("{\n  \"a\": 1,\n  \"b\": [\n    {\"c\": 2}\n  ]\n}\n"), (Lines{"1@1 1|[{\"c\":2}]"}));
  EXPECT_EQ(rows("\n{ \"a\":\n{\"b\":1}}"), (Lines{"1@2 {\"b\":1}"}));
  EXPECT_EQ(rows("{\n\"a\":1\n}\n{\n\"a\":2\n}\n"), (Lines{"1@1 1", "2@4 2"}));
  EXPECT_EQ(rows("{\"a\":1}"), (Lines{"1@1 1"}));
}

TEST(JsonReaderTest, GivesValuesAsText) {
  EXPECT_EQ(rows(R"({"a":"é \u00e9 \ud83d\ude00 \n\"","b":""})"), (Lines{"1@1 é é \U0001F600 \n\"|"}));
  EXPECT_EQ(rows(R"({"a":-0,"b":0.10,"c":1E+2,"d":12345678901234567890123,"e":-9223372036854775809,"f":1e400})"),
            (Lines{"1@1 -0|0.10|1E+2|12345678901234567890123|-9223372036854775809|1e400"}));
  EXPECT_EQ(rows(R"({"a":18446744073709551615,"b":0.1234567890123456789,"c":-12})"),
            (Lines{"1@1 18446744073709551615|0.1234567890123456789|-12"}));
  EXPECT_EQ(rows(R"({"a":[1, 2.50, "x\ty\u0001\"\\é", null, true, [], {}], "b": { "k" : { "l": [ ] }, "m": false } })"),
            (Lines{R"(1@1 [1,2.50,"x\ty\u0001\"\\é",null,true,[],{}]|{"k":{"l":[]},"m":false})"}));
}

TEST(JsonReaderTest, TellsKeysApartAsSqlDoes) {
  EXPECT_EQ(names("{\"Email\":1}\n{\"email\":2,\"b\":3}\n"), (Lines{"Email", "b"}));
  EXPECT_EQ(rows("{\"Email\":1}\n{\"email\":2,\"b\":3}\n"), (Lines{"1@1 1|NULL", "2@2 2|3"}));
}

TEST(JsonReaderTest, RejectsDuplicateKeys) {
  EXPECT_EQ(line_fault(R"({"a":1,"a":2})"), R"(2@2 !a: the key comes twice [{"a":1,"a":2}])");
  EXPECT_EQ(line_fault(R"({"a":1,"A":2})"), R"(2@2 !a: the key comes twice [{"a":1,"A":2}])");
  EXPECT_EQ(line_fault(R"({"new":1,"new":2})"), R"(2@2 !: a key comes twice [{"new":1,"new":2}])");
  EXPECT_EQ(line_fault(R"({"a":{"b":1,"b":2}})"), R"(2@2 !: an object has a key twice [{"a":{"b":1,"b":2}}])");
  EXPECT_EQ(element_fault(R"({"a":1,"a":2})"), R"(2@0 !a: the key comes twice [{"a":1,"a":2}])");
  EXPECT_EQ(rows(R"({"a":[{"b":1},{"b":1}],"b":{"a":{"b":1},"b":2}})").size(), 1U);
  EXPECT_EQ(rows(R"({"a":[{"b":1},{"b":1}]})"), (Lines{R"(1@1 [{"b":1},{"b":1}])"}));
}

TEST(JsonReaderTest, RejectsBadLines) {
  EXPECT_EQ(line_fault(R"({"a":1)"),
            "2@2 !: no JSON at byte 7: syntax error while parsing object - unexpected end of input; expected '}' "
            "[{\"a\":1]");
  const std::string secret(1'000, 's');
  const std::string fault = line_fault("{\"a\":\"" + secret + "\" x}");
  EXPECT_TRUE(fault.starts_with("2@2 !: no JSON at byte 1009: syntax error while parsing object - invalid literal [{"))
      << fault;
  EXPECT_LT(fault.size(), 400U);
  EXPECT_TRUE(line_fault("garbage").starts_with("2@2 !: no JSON at byte"));
  EXPECT_TRUE(line_fault("{\"a\":1} {\"a\":2}").starts_with("2@2 !: no JSON at byte 9"));
  EXPECT_TRUE(line_fault("{\"a\":1},").starts_with("2@2 !: no JSON at byte 8"));
  EXPECT_TRUE(line_fault("{'a':1}").starts_with("2@2 !: no JSON at byte 2"));
}

TEST(JsonReaderTest, RejectsWhatIsNoObject) {
  for (const std::string& record :
       std::vector<std::string>{"5", "\"x\"", "null", "true", "[1,{\"a\":[2]}]", "1.5", "-1", "[]"}) {
    EXPECT_EQ(line_fault(record), "2@2 !: an object expected, another JSON value found [" + record + "]");
    EXPECT_EQ(element_fault(record), "2@0 !: an object expected, another JSON value found [" + record + "]");
  }
  EXPECT_EQ(line_fault(R"({"":1})"), R"(2@2 !: an object key is empty [{"":1}])");
}

TEST(JsonReaderTest, RejectsFaultsInsideOneValue) {
  struct Case {
    std::string record;
    std::string reason;
  };
  const std::vector<Case> cases = {
      {"{\"a\":NaN}", "no JSON at byte"},
      {"{\"a\":-Infinity}", "no JSON at byte"},
      {"{\"a\":007}", "no JSON at byte"},
      {"{\"a\":1e9999}", "a number out of range ends at byte"},
      {"{\"a\":\"Jos\xE9\"}", "invalid UTF-8"},
      {"{\"a\":\"\\u0000\"}", "a NUL character in a string"},
      {"{\"a\":{\"\\u0000\":1}}", "a NUL character in a string"},
      {std::string("{\"a\":\"\0\"}", 9), "a NUL byte"},
      {"{\"a\":\"\\ud800\"}", "no JSON at byte"},
      {"{\"a\":\"\\x\"}", "no JSON at byte"},
      {"{\"a\":\"x\ty\"}", "no JSON at byte"},
  };
  for (const Case& one : cases) {
    EXPECT_TRUE(line_fault(one.record).starts_with("2@2 !: " + one.reason)) << line_fault(one.record);
    EXPECT_TRUE(element_fault(one.record).starts_with("2@0 !: " + one.reason)) << element_fault(one.record);
  }
}

TEST(JsonReaderTest, LimitsNesting) {
  const auto nested = [](std::size_t depth) {
    return "{\"a\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
  };
  EXPECT_EQ(rows(nested(64)), (Lines{"1@1 " + std::string(63, '[') + std::string(63, ']')}));
  EXPECT_TRUE(line_fault(nested(65)).starts_with("2@2 !: nesting deeper than 64"));
  EXPECT_TRUE(element_fault(nested(65)).starts_with("2@0 !: nesting deeper than 64"));
  EXPECT_TRUE(element_fault(nested(100'000)).starts_with("2@0 !: nesting deeper than 64"));
}

TEST(JsonReaderTest, LimitsRecords) {
  const std::string large = "{\"a\":\"" + std::string(5'000'000, 'x') + "\"}";
  EXPECT_TRUE(line_fault(large).starts_with("2@2 !: a record of more than 4,194,304 bytes, the limit [{\"a\":\"xxx"));
  EXPECT_TRUE(
      element_fault(large).starts_with("2@0 !: a record of more than 4,194,304 bytes, the limit [{\"a\":\"xxx"));
  JsonOptions options;
  options.max_record_bytes = 7;
  EXPECT_EQ(rows("{\"a\":1}\n{\"a\":12}\n", options),
            (Lines{"1@1 1", "2@2 !: a record of more than 7 bytes, the limit [{\"a\":12]"}));
  EXPECT_EQ(rows("[{\"a\":1},{\"a\":12}]", options),
            (Lines{"1@0 1", "2@0 !: a record of more than 7 bytes, the limit [{\"a\":12]"}));
}

TEST(JsonReaderTest, CannotGoOnInAMalformedArray) {
  const auto message = [](const std::string& text) {
    const auto opened = open(text);
    return opened ? "no error" : opened.error().message;
  };
  EXPECT_EQ(message("[{\"a\":1},{\"a\" 2},{\"a\":3}]"),
            "record 2 of t.json is not well-formed: no JSON at byte 6: syntax error while parsing object separator - "
            "unexpected number literal; expected ':'");
  EXPECT_EQ(message("[{\"a\":1},{\"a\":2}"),
            "t.json is truncated: it ends before the end of its JSON array, at record 2");
  EXPECT_EQ(message("[{\"a\":1},{\"a\":"),
            "t.json is truncated: it ends before the end of its JSON array, at record 2");
  EXPECT_EQ(message("[{\"a\":1},"), "t.json is truncated: it ends before the end of its JSON array, at record 1");
  EXPECT_EQ(message("["), "t.json is truncated: it ends before the end of its JSON array, at record 0");
  EXPECT_EQ(message("[{\"a\":1} {\"a\":2}]"), "t.json is not well-formed JSON: no comma after record 1");
  EXPECT_EQ(message("[{\"a\":1},]"), "t.json is not well-formed JSON: a comma after the last record, 1");
  EXPECT_EQ(message("[,{\"a\":1}]"), "t.json is not well-formed JSON: ',' in the place of record 1");
  EXPECT_EQ(message("[{\"a\":1}]x"),
            "t.json is not well-formed JSON: something follows the end of the array, after record 1");
  EXPECT_EQ(message("[{\"a\":1}}]"), "t.json is not well-formed JSON: no comma after record 1");
  EXPECT_NE(message("[{\"a\":\"x},\n{\"a\":\"y\"}]"), "no error");
  EXPECT_NE(message("[{\"a\":[1}]}]"), "no error");
  EXPECT_EQ(message("{\n\"a\":1\n"), "t.json is truncated: it ends before the end of its record 1");
  EXPECT_NE(message("{\n\"a\":1\n}}"), "no error");
  EXPECT_EQ(message(""), "t.json is empty");
  EXPECT_EQ(message(" \n\t\r\n"), "t.json is empty");
}

TEST(JsonReaderTest, GoesOnAfterACutFirstLine) {
  const Lines lines = rows("{\"a\":1,\n{\"a\":2}\n");
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_TRUE(lines[0].starts_with("1@1 !: no JSON"));
  EXPECT_EQ(lines[1], "2@2 2");
}

TEST(JsonReaderTest, LimitsColumns) {
  std::string text = "{\"a\":1";
  for (int i = 0; i < 10'000; ++i) text += fmt::format(",\"k{}\":1", i);
  EXPECT_EQ(open(text + "}").error().message, "t.json has more than 10,000 different keys");
}

TEST(JsonReaderTest, NoticesAFileThatChanges) {
  int opened = 0;
  const TextOpener opener = [&opened] {
    return Result<std::unique_ptr<ByteStream>>(stream_of(++opened == 1 ? "{\"a\":1}\n" : "{\"b\":1}\n"));
  };
  EXPECT_EQ(read_rows(open_json_rows(opener, "t.json", {})), (Lines{"error: t.json changed while it was read"}));
}

TEST(JsonReaderTest, RowsDoNotDependOnTheChunks) {
  static const Lines kPieces = {"{",
                                "}",
                                "[",
                                "]",
                                ",",
                                "\"a\":1",
                                "\"b\":\"x y\"",
                                "\n",
                                " ",
                                "\"",
                                "\\",
                                "é",
                                "\xE9",
                                "NaN",
                                "{\"a\":1}",
                                "{\"b\":[1,{\"c\":null}]}",
                                "{\"a\":1}\n",
                                ",{\"a\":\"0123456789012345678901234\"}"};
  for (std::uint32_t seed = 0; seed < 600; ++seed) {
    std::mt19937 random(seed);
    std::string text = random() % 2 == 0 ? "[{\"a\":0}" : "{\"a\":0}\n";
    for (std::size_t i = random() % 30; i > 0; --i) text += kPieces[random() % kPieces.size()];
    JsonOptions options;
    options.max_record_bytes = 30;
    const Lines expected = rows(text, options);
    for (const std::size_t chunk : {1, 3, 16}) {
      options.chunk_bytes = chunk;
      const TextOpener opener = [&text, seed] {
        return Result<std::unique_ptr<ByteStream>>(std::make_unique<PiecewiseStream>(text, 7, seed));
      };
      ASSERT_EQ(read_rows(open_json_rows(opener, "t.json", options)), expected)
          << "seed " << seed << ", chunk " << chunk;
    }
  }
}

// A first line over the limit that goes on in the next: seen or not, by how much was read ahead.
TEST(JsonReaderTest, TheFormDoesNotDependOnTheChunks) {
  const std::string text = R"({"a": "01234567890123456789012345678901234567890123456789",)"
                           "\n \"b\": 1}\n{\"a\": 2}\n";
  JsonOptions options;
  options.max_record_bytes = 40;
  const Lines expected = rows(text, options);
  for (const std::size_t chunk : {1, 16, 41, 4096}) {
    options.chunk_bytes = chunk;
    EXPECT_EQ(rows(text, options), expected) << chunk;
  }
}

}  // namespace
}  // namespace hilo::ingest
