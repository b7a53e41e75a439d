// What the tests of reading share: a temporary folder, streams that give bytes in small pieces, and a whole reading as
// data.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <ostream>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "ingest/read/byte_stream.h"
#include "ingest/read/row_reader.h"

namespace hilo::ingest {

// A folder of its own per test, removed afterwards.
class ReadFixture : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "hilo-read-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::filesystem::path write(const std::string& name, std::string_view content) const {
    const std::filesystem::path path = folder_ / name;
    std::ofstream(path, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
    return path;
  }

  std::filesystem::path folder_;
};

// Gives a text in pieces of 1 to `most` bytes, by a seed.
class PiecewiseStream final : public ByteStream {
 public:
  PiecewiseStream(std::string text, std::size_t most, std::uint32_t seed)
      : text_(std::move(text)), most_(most), random_(seed) {}

  Result<std::size_t> read(std::span<char> into) override {
    const std::size_t wanted = 1 + random_() % most_;
    const std::size_t count = std::min({wanted, into.size(), text_.size() - at_});
    text_.copy(into.data(), count, at_);
    at_ += count;
    return count;
  }

 private:
  std::string text_;
  std::size_t at_ = 0;
  std::size_t most_;
  std::mt19937 random_;
};

inline std::unique_ptr<ByteStream> stream_of(std::string text) {
  const std::size_t size = std::max<std::size_t>(text.size(), 1);
  return std::make_unique<PiecewiseStream>(std::move(text), size, 1);
}

inline Result<std::string> read_all(ByteStream& bytes, std::size_t piece = 4096) {
  std::string all;
  std::vector<char> block(piece);
  while (true) {
    HILO_ASSIGN(const std::size_t got, bytes.read(block));
    if (got == 0) return all;
    all.append(block.data(), got);
  }
}

// A row or fault as one line: "1@2 a|NULL|c" or "1@2 !column: reason [value]".
inline std::string show(const TextRow& row) {
  std::string text = std::to_string(row.record) + "@" + std::to_string(row.line) + " ";
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    if (i > 0) text += '|';
    text += row.cells[i] ? std::string(*row.cells[i]) : "NULL";
  }
  return text;
}
inline std::string show(const RowFault& fault) {
  return std::to_string(fault.record) + "@" + std::to_string(fault.line) + " !" + fault.column + ": " + fault.reason +
         " [" + fault.value + "]";
}

// A reader's whole output; the last line is "error: ..." where it ended with one.
inline std::vector<std::string> read_rows(Result<std::unique_ptr<RowReader>> opened) {
  if (!opened) return {"error: " + opened.error().message};
  std::vector<std::string> lines;
  TextRow row;
  RowFault fault;
  while (true) {
    const Result<ReadOutcome> outcome = (*opened)->next(row, fault);
    if (!outcome) {
      lines.push_back("error: " + outcome.error().message);
      return lines;
    }
    if (*outcome == ReadOutcome::kEnd) return lines;
    lines.push_back(*outcome == ReadOutcome::kRow ? show(row) : show(fault));
  }
}

using Lines = std::vector<std::string>;

}  // namespace hilo::ingest
