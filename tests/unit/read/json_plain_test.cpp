// Goal: the quick reader of plain JSON takes nothing that the strict one would not, and gives the same fields.
// Method: texts of random pieces, good and broken. An escape that changes no value sends the same record the strict
// way.
#include "ingest/read/json_plain.h"

#include <array>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace hilo::ingest {
namespace {

using Fields = std::vector<std::string>;

Fields fields_of(const JsonRecord& record) {
  Fields fields;
  for (std::size_t field = 0; field < record.size(); ++field) {
    fields.emplace_back(record.name(field));
    fields.push_back(record.is_null(field) ? "null" : "=" + std::string(record.value(field)));
  }
  return fields;
}

// The fields as the strict reader gives them: a last field with an escape is none for the quick one.
Fields strict_fields(const std::string& text) {
  const std::size_t end = text.find_last_of('}');
  const bool is_empty = trim(text.substr(0, end)) == "{";
  const std::string special = text.substr(0, end) + (is_empty ? "" : ",") + R"("\u007a":0})" + text.substr(end + 1);
  JsonRecord record;
  EXPECT_FALSE(parse_plain_json(special, record));
  const JsonVerdict verdict = parse_json_record(special, record);
  EXPECT_EQ(verdict.judgement, JsonJudgement::kRecord) << text << ": " << verdict.reason;
  Fields fields = fields_of(record);
  fields.resize(fields.size() < 2 ? 0 : fields.size() - 2);
  return fields;
}

void expect_plain(const std::string& text) {
  JsonRecord record;
  ASSERT_TRUE(parse_plain_json(text, record)) << text;
  EXPECT_EQ(fields_of(record), strict_fields(text)) << text;
}

TEST(JsonPlain, GivesTheFieldsOfTheStrictReader) {
  for (const char* text :
       {R"({})", " { } ", R"({"a":"b"})", R"({"a":1,"b":-0,"c":-12.50,"d":0.1,"e":12345678901234567890123456789})",
        R"({"a":true,"b":false,"c":null,"d":""})", "\t{ \"a\" : \"x y\" ,\n \"b\" : 2 }\r\n", R"({"a":1,"a":2})",
        R"({"a":{"b":"c","d":[1,2,{"e":null}]},"f":[]})", R"({"a": {"b": "c d", "e" : [ 1 , true ] }, "f": { }})",
        R"({"ä":"ñ€𝄞","a b":"c"})", R"({"a":{"":1}})", R"({"a":{"b":{"c":{"d":1}}}})", R"({"user":{"device":"dv1"}})",
        "{\"a\":\"\x7f\"}"}) {
    expect_plain(text);
  }
}

TEST(JsonPlain, LeavesWhatIsSpecialToTheStrictReader) {
  const std::string deep = R"({"a":[[[[[1]]]]]})";
  const std::string digits = "{\"a\":" + std::string(101, '1') + "}";
  std::string wide = "{\"a\":{";
  for (int name = 0; name < 17; ++name) wide += (name == 0 ? "\"" : ",\"") + std::to_string(name) + "\":1";
  wide += "}}";
  for (const std::string& text : {std::string(),
                                  std::string("{"),
                                  std::string("{}x"),
                                  std::string("[]"),
                                  std::string("1"),
                                  std::string("{\"\":1}"),
                                  std::string(R"({"a":"\n"})"),
                                  std::string("{\"a\":\"\n\"}"),
                                  std::string("{\"a\":01}"),
                                  std::string("{\"a\":1.}"),
                                  std::string("{\"a\":.5}"),
                                  std::string("{\"a\":-}"),
                                  std::string("{\"a\":+1}"),
                                  std::string("{\"a\":1e5}"),
                                  std::string("{\"a\":1E5}"),
                                  std::string("{\"a\":NaN}"),
                                  std::string("{\"a\":truex}"),
                                  std::string("{\"a\":nul}"),
                                  std::string("{\"a\":1,}"),
                                  std::string("{,}"),
                                  std::string("{\"a\"}"),
                                  std::string("{\"a\":}"),
                                  std::string("{a:1}"),
                                  std::string("{\"a\":1 \"b\":2}"),
                                  std::string("{\"a\":[1,]}"),
                                  std::string("{\"a\":[1}"),
                                  std::string("{\"a\":{\"b\":1,\"b\":2}}"),
                                  std::string("{\"a\":{\"b\":1,}}"),
                                  std::string("{\"a\":\"b}"),
                                  std::string("{\"a\":1}{\"b\":2}"),
                                  deep,
                                  digits,
                                  wide}) {
    JsonRecord record;
    EXPECT_FALSE(parse_plain_json(text, record)) << text;
  }
}

TEST(JsonPlain, TakesNoRandomTextThatIsNotJson) {
  constexpr std::array<const char*, 28> kPieces = {
      "{", "}", "[",    "]",    ":", ",",  "\"a\"",   "\"b\"", "\"\"", "\"",    "1",      "-0",  "0",  "12.5",
      "-", ".", "true", "null", " ", "\n", "{\"a\":", "\"é\"", "\\n",  "false", "\"c\":", "1e3", "{}", "[]"};
  std::mt19937 random(17);
  int plain = 0;
  for (int round = 0; round < 200'000; ++round) {
    // Mostly around a record: of pieces alone hardly any text is one.
    std::string text = round % 4 == 0 ? "" : "{\"k\":";
    for (std::size_t count = random() % 9; count > 0; --count) text += kPieces[random() % kPieces.size()];
    if (round % 4 != 0) text += "}";
    JsonRecord record;
    if (!parse_plain_json(text, record)) continue;
    ++plain;
    ASSERT_TRUE(nlohmann::json::accept(text)) << text;
    ASSERT_EQ(fields_of(record), strict_fields(text)) << text;
  }
  EXPECT_GT(plain, 1000);
}

}  // namespace
}  // namespace hilo::ingest
