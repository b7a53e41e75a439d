// Goal: an entry's text is read back as it was written, and what cannot be an entry is told as damaged, never taken for
// another one. Method: one good entry, changed in one place.
#include "store/log_entry.h"

#include <gtest/gtest.h>

namespace hilo::store {
namespace {

LogEntry good_entry() {
  LogEntry entry;
  entry.run = 1;
  entry.rows = 7;
  SourceSegment segment;
  segment.source.name = "pos";
  segment.rows_files = {"pos.rows-000.parquet"};
  entry.segments.push_back(segment);
  Delivery& delivery = entry.deliveries.emplace_back();
  delivery.number = 1;
  delivery.source = "pos";
  delivery.file = "data/pos.csv";
  delivery.rows = 7;
  return entry;
}

std::string with(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  HILO_CHECK(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

ErrorCode fault_of(const std::string& text) {
  const auto entry = parse_entry(text, "log/000001/entry.json");
  EXPECT_FALSE(entry) << text;
  return entry ? ErrorCode::kInternal : entry.error().code;
}

TEST(LogEntry, IsReadAsItWasWritten) {
  const std::string text = render_entry(good_entry()).value();
  const auto again = parse_entry(text, "log/000001/entry.json");
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(render_entry(*again).value(), text);
}

TEST(LogEntry, HoldsNothingButUtf8) {
  LogEntry entry = good_entry();
  entry.deliveries[0].file = "data/caf\xE9.csv";
  EXPECT_EQ(render_entry(entry).error().code, ErrorCode::kInvalidInput);
  entry = good_entry();
  entry.definitions.emplace().emplace("hilo.yaml", "# se\xF1or");
  EXPECT_EQ(render_entry(entry).error().code, ErrorCode::kInvalidInput);
}

TEST(LogEntry, NamesFilesOfItsOwnFolderOnly) {
  const std::string text = render_entry(good_entry()).value();
  for (const char* elsewhere : {"../000002/pos.rows-000.parquet", "/etc/passwd", "..", "", R"(a\u0000b)"})
    EXPECT_EQ(fault_of(with(text, "pos.rows-000.parquet", elsewhere)), ErrorCode::kInvalidInput) << elsewhere;
  EXPECT_EQ(fault_of(with(text, R"("rejects_file": "")", R"("rejects_file": "../x")")), ErrorCode::kInvalidInput);
}

TEST(LogEntry, CountsInIntegersThatAreNotNegative) {
  const std::string text = render_entry(good_entry()).value();
  for (const char* number : {"-1", "1.5", "1e300", "9223372036854775808", "\"7\""})
    EXPECT_EQ(fault_of(with(text, R"("rows": 7)", std::string(R"("rows": )") + number)), ErrorCode::kInvalidInput);
  EXPECT_EQ(fault_of(with(text, R"("number": 1)", R"("number": 0)")), ErrorCode::kInvalidInput);
}

TEST(LogEntry, OfALaterFormatIsRefusedHoweverLarge) {
  EXPECT_EQ(fault_of(R"({"format": 99})"), ErrorCode::kVersion);
  EXPECT_EQ(fault_of(R"({"format": 4294967297})"), ErrorCode::kVersion);
}

}  // namespace
}  // namespace hilo::store
