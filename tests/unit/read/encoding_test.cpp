// Goal: the encoding is found out, and the text comes out as UTF-8. Method: one text in every encoding, whole and in
// pieces.
#include "ingest/read/encoding.h"

#include "read_fixture.h"

namespace hilo::ingest {
namespace {

constexpr std::u16string_view kText = u"name,city\nJosé,Málaga\nŁukasz,Łódź\n\U0001F600,x\n";
constexpr std::string_view kTextUtf8 = "name,city\nJosé,Málaga\nŁukasz,Łódź\n\U0001F600,x\n";

std::string utf16(std::u16string_view text, bool is_little) {
  std::string bytes;
  for (const char16_t unit : text) {
    const char low = static_cast<char>(unit & 0xFFU);
    const char high = static_cast<char>(unit >> 8U);
    bytes += is_little ? low : high;
    bytes += is_little ? high : low;
  }
  return bytes;
}

std::string detected(const std::string& bytes) {
  std::string found;
  for (const std::size_t most : {std::size_t{1}, std::size_t{7}, std::size_t{100'000}}) {
    PiecewiseStream stream(bytes, most, 3);
    const Result<Encoding> encoding = detect_encoding(stream);
    const std::string name(encoding ? encoding_name(*encoding) : "error");
    if (!found.empty()) {
      EXPECT_EQ(name, found) << "in pieces of " << most;
    }
    found = name;
  }
  return found;
}

std::string converted(const std::string& bytes, Encoding encoding) {
  std::string whole;
  for (const std::size_t most : {std::size_t{1}, std::size_t{3}, std::size_t{100'000}}) {
    auto stream = make_utf8(std::make_unique<PiecewiseStream>(bytes, most, 5), encoding);
    EXPECT_TRUE(stream.has_value());
    const Result<std::string> text = read_all(**stream, most);
    EXPECT_TRUE(text.has_value());
    if (!whole.empty()) {
      EXPECT_EQ(*text, whole);
    }
    whole = *text;
  }
  return whole;
}

TEST(EncodingTest, DetectsByMark) {
  EXPECT_EQ(detected("\xEF\xBB\xBF"
                     "a,b\n"),
            "utf-8");
  EXPECT_EQ(detected("\xFF\xFE" + utf16(kText, true)), "utf-16le");
  EXPECT_EQ(detected("\xFE\xFF" + utf16(kText, false)), "utf-16be");
}

TEST(EncodingTest, DetectsUtf16WithoutMark) {
  EXPECT_EQ(detected(utf16(kText, true)), "utf-16le");
  EXPECT_EQ(detected(utf16(kText, false)), "utf-16be");
  EXPECT_EQ(detected(utf16(u"id;имя\r\n1;Иван\r\n2;Ольга\r\n", true)), "utf-16le");
  EXPECT_EQ(detected(utf16(u"имя;id\r\nИван;1\r\nОльга;2\r\n", false)), "utf-16be");
  EXPECT_EQ(detected(utf16(u"a,b", true)), "utf-16le");
}

TEST(EncodingTest, DetectsBytewiseEncodingsOverTheWholeText) {
  EXPECT_EQ(detected(""), "utf-8");
  EXPECT_EQ(detected("a,b\n1,2\n"), "utf-8");
  EXPECT_EQ(detected(std::string(kTextUtf8)), "utf-8");
  EXPECT_EQ(detected("name\nJos\xE9\n"), "latin-1");
  EXPECT_EQ(detected("name\nJos\xE9 \x80 5\n"), "windows-1252");
  EXPECT_EQ(detected("name\n\x93quoted\x94\n"), "windows-1252");
  const std::string ascii(500'000, 'a');  // the only telling byte comes late
  EXPECT_EQ(detected(ascii + "\xE9\n"), "latin-1");
  EXPECT_EQ(detected(ascii + "é\n"), "utf-8");
  EXPECT_EQ(detected(ascii + "\xC3"), "latin-1");  // half a character at the end
}

TEST(EncodingTest, StaysWithUtf8WhenFewBytesAreBad) {
  std::string text;
  for (int i = 0; i < 20; ++i) text += "José,Málaga\n";
  EXPECT_EQ(detected(text + "Jos\xE9,x\n"), "utf-8");
}

TEST(EncodingTest, LinesOfTwoEncodingsAreMixed) {
  EXPECT_EQ(detected("José\nJos\xE9\nJos\xE9\nJos\xE9\n"), "mixed");
  std::string chance = "MEN\xDA\xBB\n";  // a word in capitals, then a quotation mark: well-formed UTF-8 by chance
  for (int i = 0; i < 30; ++i) chance += "Jos\xE9\n";
  EXPECT_EQ(detected(chance), "latin-1");
}

TEST(EncodingTest, ReadsEachLineOfAMixedTextForItself) {
  EXPECT_EQ(converted("José\nJos\xE9 \x80\nMálaga", Encoding::kMixed), "José\nJosé €\nMálaga");
  EXPECT_EQ(converted("José Jos\xE9\n", Encoding::kMixed), "JosÃ© José\n");
  EXPECT_EQ(converted("", Encoding::kMixed), "");
  const std::string long_line(3 << 20, 'x');  // its end takes no part in what its start is
  EXPECT_EQ(converted("é" + long_line + "\xE9", Encoding::kMixed), "é" + long_line + "é");
  std::string two_bytes;
  for (int i = 0; i < (1 << 20); ++i) two_bytes += "é";
  EXPECT_EQ(converted("x" + two_bytes, Encoding::kMixed), "x" + two_bytes);
}

TEST(EncodingTest, IsNotFooledByNulBytes) {
  EXPECT_EQ(detected(std::string("a,b\n1,\0\n", 8)), "utf-8");
  EXPECT_EQ(detected(std::string("a,b\n1,\0\n1,\0\n2,3\n", 16)), "utf-8");
  EXPECT_EQ(detected("a,b\n1," + std::string(1'000, '\0') + "\n"), "utf-8");
}

TEST(EncodingTest, ConvertsToUtf8WithoutMark) {
  EXPECT_EQ(converted(utf16(kText, true), Encoding::kUtf16Le), kTextUtf8);
  EXPECT_EQ(converted(utf16(kText, false), Encoding::kUtf16Be), kTextUtf8);
  EXPECT_EQ(converted("\xFF\xFE" + utf16(kText, true), Encoding::kUtf16Le), kTextUtf8);
  EXPECT_EQ(converted("\xFE\xFF" + utf16(kText, false), Encoding::kUtf16Be), kTextUtf8);
  EXPECT_EQ(converted(std::string(kTextUtf8), Encoding::kUtf8), kTextUtf8);
  EXPECT_EQ(converted("\xEF\xBB\xBF" + std::string(kTextUtf8), Encoding::kUtf8), kTextUtf8);
  EXPECT_EQ(converted("\xEF\xBB", Encoding::kUtf8), "\xEF\xBB");
  EXPECT_EQ(converted("", Encoding::kUtf8), "");
  EXPECT_EQ(converted("", Encoding::kUtf16Le), "");
  EXPECT_EQ(converted("Jos\xE9 \x80\xFF", Encoding::kWindows1252), "José €ÿ");
  EXPECT_EQ(converted("Jos\xE9 \x80", Encoding::kLatin1), "José \xC2\x80");
}

TEST(EncodingTest, ConvertsLargeTexts) {
  std::u16string text;
  std::string expected;
  for (int i = 0; i < 100'000; ++i) {
    text += i % 3 == 0 ? u"\U0001F600" : u"é";
    expected += i % 3 == 0 ? "\U0001F600" : "é";
  }
  EXPECT_EQ(converted(utf16(text, true), Encoding::kUtf16Le), expected);
}

TEST(EncodingTest, MarksWhatIsNoText) {
  EXPECT_EQ(converted(utf16(u"a\xD800"
                            u"b",
                            true),
                      Encoding::kUtf16Le),
            "a\xFF"
            "b");
  EXPECT_EQ(converted(utf16(u"a\xDC00"
                            u"b",
                            false),
                      Encoding::kUtf16Be),
            "a\xFF"
            "b");
  EXPECT_EQ(converted(utf16(u"ab", true) + "c", Encoding::kUtf16Le), "ab\xFF");
  EXPECT_EQ(converted(utf16(u"ab\xD83D", true), Encoding::kUtf16Le), "ab\xFF");
}

TEST(EncodingTest, KnowsNamesAndAliases) {
  for (const Encoding encoding : {Encoding::kUtf8, Encoding::kUtf16Le, Encoding::kUtf16Be, Encoding::kLatin1,
                                  Encoding::kWindows1252, Encoding::kMixed}) {
    EXPECT_EQ(parse_encoding(encoding_name(encoding)).value(), encoding);
  }
  EXPECT_EQ(parse_encoding("UTF8").value(), Encoding::kUtf8);
  EXPECT_EQ(parse_encoding("ISO-8859-1").value(), Encoding::kLatin1);
  EXPECT_EQ(parse_encoding("utf_16le").value(), Encoding::kUtf16Le);
  EXPECT_EQ(parse_encoding("CP1252").value(), Encoding::kWindows1252);
  EXPECT_EQ(parse_encoding("utf-16").error().code, ErrorCode::kInvalidDefinition);
  EXPECT_NE(parse_encoding("latin-2").error().message.find("did you mean 'latin-1'?"), std::string::npos);
}

}  // namespace
}  // namespace hilo::ingest
