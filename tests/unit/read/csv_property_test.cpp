// Goal: the rows depend neither on how the bytes come nor on how many are read at a time, and what was written comes
// back. Method: random texts rich in quotes, line ends and long cells, read whole and in pieces of 1 to 7 bytes with
// small buffers; random tables written as CSV and read again. A failure prints its seed.
#include <fmt/format.h>

#include "ingest/read/csv_reader.h"
#include "read_fixture.h"

namespace hilo::ingest {
namespace {

std::string random_text(std::mt19937& random, std::size_t pieces) {
  static const Lines kPieces = {",",
                                ",",
                                "\n",
                                "\r\n",
                                "\r",
                                "\"",
                                "\"",
                                "\"\"",
                                "x",
                                "é",
                                "12345",
                                "\xE9",
                                " ",
                                ";",
                                std::string(1, '\0'),
                                "abcdefghijklmnopqrstuvwxyz0123456789",
                                "a,b\n",
                                "\"q\",1\n"};
  std::string text = "a,b\n";
  for (std::size_t i = 0; i < pieces; ++i) text += kPieces[random() % kPieces.size()];
  return text;
}

CsvOptions small_limits() {
  CsvOptions options;
  options.delimiter = ',';
  options.max_cell_bytes = 40;
  options.max_record_bytes = 90;
  return options;
}

TEST(CsvPropertyTest, RowsDoNotDependOnTheChunks) {
  for (std::uint32_t seed = 0; seed < 600; ++seed) {
    std::mt19937 random(seed);
    const std::string text = random_text(random, 5 + random() % 120);
    CsvOptions options = small_limits();
    const Lines expected = read_rows(open_csv_rows(stream_of(text), "t.csv", options));
    for (const std::size_t chunk : {1, 2, 3, 16, 64}) {
      options.chunk_bytes = chunk;
      ASSERT_EQ(read_rows(open_csv_rows(std::make_unique<PiecewiseStream>(text, 7, seed), "t.csv", options)), expected)
          << "seed " << seed << ", chunk " << chunk;
    }
  }
}

TEST(CsvPropertyTest, TheDelimiterDoesNotDependOnTheChunks) {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    const std::string text = random_text(random, 60);
    CsvOptions options;
    const Lines expected = read_rows(open_csv_rows(stream_of(text), "t.csv", options));
    options.chunk_bytes = 5;
    ASSERT_EQ(read_rows(open_csv_rows(std::make_unique<PiecewiseStream>(text, 7, seed), "t.csv", options)), expected)
        << seed;
  }
}

TEST(CsvPropertyTest, RecordsMayBeLongerThanTheBuffer) {
  std::string text = "a,b\n";
  Lines expected;
  for (int i = 0; i < 50; ++i) {
    const std::string cell(static_cast<std::size_t>(i * 400), static_cast<char>('a' + i % 26));
    text += fmt::format("{},\"{}\n\"\n", i, cell);
    expected.push_back(fmt::format("{}@{} {}|{}\n", i + 1, 2 + 2 * i, i, cell));
  }
  CsvOptions options;
  options.chunk_bytes = 64;
  EXPECT_EQ(read_rows(open_csv_rows(std::make_unique<PiecewiseStream>(text, 7, 1), "t.csv", options)), expected);
}

TEST(CsvPropertyTest, EveryLineIsAccountedFor) {
  // Without quotes, every line that is not blank is one row or one fault.
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    std::string text = "a,b\n";
    std::size_t lines = 0;
    for (int i = 0; i < 60; ++i) {
      const std::size_t length = random() % 120;
      for (std::size_t at = 0; at < length; ++at) text += random() % 20 == 0 ? ',' : 'x';
      text += random() % 2 == 0 ? "\n" : "\r\n";
      lines += length > 0 ? 1 : 0;
    }
    ASSERT_EQ(read_rows(open_csv_rows(stream_of(text), "t.csv", small_limits())).size(), lines) << seed;
  }
}

TEST(CsvPropertyTest, ReadsWhatWasWritten) {
  static const Lines kPieces = {"a", "\"", ",", "\n", "\r", "\r\n", "é", " ", "0123456789abcdefghij"};
  for (std::uint32_t seed = 0; seed < 500; ++seed) {
    std::mt19937 random(seed);
    std::string text = "a,b,c\n";
    std::vector<Lines> table;
    for (std::size_t row = 0; row < 1 + random() % 20; ++row) {
      Lines& cells = table.emplace_back();
      for (int column = 0; column < 3; ++column) {
        std::string& cell = cells.emplace_back();
        for (std::size_t i = random() % 6; i > 0; --i) cell += kPieces[random() % kPieces.size()];
        std::string quoted;
        for (const char c : cell) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
        text += fmt::format("\"{}\"{}", quoted, column < 2 ? "," : "\r\n");
      }
    }
    CsvOptions options;
    options.delimiter = ',';
    options.chunk_bytes = 1 + random() % 40;
    auto reader = open_csv_rows(std::make_unique<PiecewiseStream>(text, 7, seed), "t.csv", options).value();
    TextRow row;
    RowFault fault;
    for (const Lines& cells : table) {
      ASSERT_EQ(reader->next(row, fault).value(), ReadOutcome::kRow) << seed;
      ASSERT_EQ(row.cells.size(), cells.size());
      for (std::size_t i = 0; i < cells.size(); ++i) ASSERT_EQ(row.cells[i].value_or(""), cells[i]) << seed;
    }
    ASSERT_EQ(reader->next(row, fault).value(), ReadOutcome::kEnd) << seed;
    ASSERT_EQ(reader->next(row, fault).value(), ReadOutcome::kEnd) << seed;
  }
}

}  // namespace
}  // namespace hilo::ingest
