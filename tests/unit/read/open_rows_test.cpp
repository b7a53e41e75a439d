// Goal: compression, encoding and form compose. Method: small files of each kind on the disk.
#include "ingest/read/open_rows.h"

#include <zlib.h>

#include "read_fixture.h"

namespace hilo::ingest {
namespace {

class OpenRowsTest : public ReadFixture {
 protected:
  Lines rows(const std::filesystem::path& path, FileFormat format, const ReadOptions& options = {}) {
    return read_rows(open_rows(path, format, options));
  }
  [[nodiscard]] std::filesystem::path write_gzip(const std::string& name, const std::string& text) const {
    const std::filesystem::path path = folder_ / name;
    gzFile file = gzopen(path.c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned int>(text.size()));
    gzclose(file);
    return path;
  }
};

TEST_F(OpenRowsTest, ReadsCsvInAnyEncoding) {
  const Lines expected = {"1@2 José|Málaga"};
  EXPECT_EQ(rows(write("a.csv", "name,city\nJosé,Málaga\n"), FileFormat::kCsv), expected);
  EXPECT_EQ(rows(write("a.csv", "\xEF\xBB\xBFname,city\nJosé,Málaga\n"), FileFormat::kCsv), expected);
  EXPECT_EQ(rows(write("a.csv", "name,city\nJos\xE9,M\xE1laga\n"), FileFormat::kCsv), expected);
  std::string wide;
  for (const char c : std::string("name,city\nJos\xE9,M\xE1laga\n")) wide += {c, '\0'};
  EXPECT_EQ(rows(write("a.csv", wide), FileFormat::kCsv), expected);
  EXPECT_EQ(rows(write("a.csv", "\xFF\xFE" + wide), FileFormat::kCsv), expected);
  ReadOptions options;
  options.encoding = Encoding::kWindows1252;
  EXPECT_EQ(rows(write("a.csv", "a\n\x80\n"), FileFormat::kCsv, options), (Lines{"1@2 €"}));
}

TEST_F(OpenRowsTest, ReadsCompressedFiles) {
  EXPECT_EQ(rows(write_gzip("a.csv", "a,b\n1,2\n"), FileFormat::kCsv), (Lines{"1@2 1|2"}));
  EXPECT_EQ(rows(write_gzip("a.json", "[{\"a\":1},{\"b\":2}]"), FileFormat::kJson),
            (Lines{"1@0 1|NULL", "2@0 NULL|2"}));
  const auto whole = write_gzip("a.csv", "a,b\n1,2\n");
  std::filesystem::resize_file(whole, std::filesystem::file_size(whole) - 1);
  EXPECT_EQ(rows(whole, FileFormat::kCsv),
            (Lines{"error: " + whole.string() + " is truncated: the gzip end mark is missing"}));
  ReadOptions options;
  options.encoding = Encoding::kUtf8;
  EXPECT_EQ(rows(whole, FileFormat::kCsv, options).back(),
            "error: " + whole.string() + " is truncated: the gzip end mark is missing");
}

TEST_F(OpenRowsTest, ReadsJson) {
  EXPECT_EQ(rows(write("a", "\xEF\xBB\xBF{\"a\":\"é\"}\n"), FileFormat::kJson), (Lines{"1@1 é"}));
  EXPECT_EQ(rows(write("a", "{\"a\":\"\xE9\"}\n"), FileFormat::kJson), (Lines{"1@1 é"}));
}

TEST_F(OpenRowsTest, RejectsRowsThatAreNoTextInTheEncoding) {
  std::string wide;
  for (const char c : std::string("a,b\n1,x\n2,3\n")) wide += {c, '\0'};
  wide[13] = '\xD8';  // the x becomes half a surrogate pair
  EXPECT_EQ(rows(write("a.csv", wide), FileFormat::kCsv),
            (Lines{"1@2 !b: invalid UTF-8 in a cell [\uFFFD]", "2@3 2|3"}));
}

TEST_F(OpenRowsTest, SaysWhatIsMissing) {
  EXPECT_EQ(open_rows(folder_ / "none", FileFormat::kCsv, {}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(open_rows(folder_, FileFormat::kJson, {}).error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(rows(write("a.csv", ""), FileFormat::kCsv),
            (Lines{"error: " + (folder_ / "a.csv").string() + " is empty"}));
}

}  // namespace
}  // namespace hilo::ingest
