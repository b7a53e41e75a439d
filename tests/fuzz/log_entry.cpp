// The log's entry.json: an entry that was read, written, reads and writes the same; a damaged one is told as such.
#include "store/log_entry.h"

#include "base/text.h"
#include "target.h"

namespace hilo::fuzz {

void judge(std::string_view input) {
  const auto entry = store::parse_entry(std::string(input), "log/000001/entry.json");
  if (!entry) {
    expect_their_fault(entry.error());
    return;
  }
  const auto text = store::render_entry(*entry);
  expect(text.has_value(), "an entry that was read can be written", input);
  expect(is_utf8(*text), "an entry is text", *text);
  const auto again = store::parse_entry(*text, "log/000001/entry.json");
  expect(again.has_value(), "an entry that was written can be read", *text);
  expect_same("an entry read and written", *text, store::render_entry(*again).value());
  for (const store::SourceSegment& segment : entry->segments) {
    for (const std::string& file : segment.rows_files)
      expect(!file.empty() && file.find('/') == std::string::npos && file != "..", "rows lie in the entry's folder",
             file);
  }
  expect(entry->run >= 1 && entry->rows >= 0 && entry->rows_before >= 0, "counts are counts", *text);
}

}  // namespace hilo::fuzz
