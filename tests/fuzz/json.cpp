// JSON: the rows do not depend on how the bytes come; every row keeps its promises; what was read, written as JSON
// lines, reads the same.
#include <nlohmann/json.hpp>

#include "ingest/read/json_reader.h"
#include "ingest/read/json_record.h"
#include "pieces.h"

namespace hilo::fuzz {
namespace {

// More than an input has, and far less than a file is read by: the buffer's size is most of the time of an execution.
constexpr std::size_t kWhole = 8192;

Reading read(std::string_view text, const ingest::JsonOptions& options, std::size_t piece) {
  const ingest::TextOpener open = [=] { return Result<std::unique_ptr<ingest::ByteStream>>(in_pieces(text, piece)); };
  return read_rows(ingest::open_json_rows(open, "t.json", options));
}

void same_in_pieces(std::string_view input, ingest::JsonOptions options) {
  const std::size_t number = number_of(input);
  options.chunk_bytes = kWhole;
  const Reading whole = read(input, options, input.size());
  options.chunk_bytes = 1 + number % 40;
  expect_same("rows whatever the pieces", whole.lines, read(input, options, 1 + number / 64 % 9).lines);
}

void reads_what_it_wrote(const Reading& reading) {
  if (reading.rows.empty()) return;
  std::string text;
  for (const auto& row : reading.rows) {
    nlohmann::ordered_json object = nlohmann::ordered_json::object();
    for (std::size_t at = 0; at < row.size(); ++at) {
      auto& value = object[reading.columns[at]];
      if (row[at] != kNullCell) value = row[at];
    }
    text += object.dump() + "\n";
  }
  const Reading again = read(text, {}, text.size());
  expect_same("columns written and read", reading.columns, again.columns);
  HILO_CHECK(reading.rows.size() == again.rows.size());
  for (std::size_t at = 0; at < reading.rows.size(); ++at)
    expect_same("cells written and read", reading.rows[at], again.rows[at]);
}

// Compact JSON of a nested value is JSON of the same value.
void judge_record(std::string_view input) {
  ingest::JsonRecord record;
  const ingest::JsonVerdict verdict = ingest::parse_json_record(input, record);
  expect((verdict.judgement == ingest::JsonJudgement::kRecord) == verdict.reason.empty(), "a reason for each fault",
         verdict.reason);
  expect(is_utf8(verdict.reason), "a reason is text", verdict.reason);
  if (verdict.judgement != ingest::JsonJudgement::kRecord) return;
  const auto tree = nlohmann::json::parse(input, nullptr, false);
  if (tree.is_discarded()) return;  // a number beyond a double, which a record may hold
  for (std::size_t field = 0; field < record.size(); ++field) {
    const std::string name(record.name(field));
    expect(tree.contains(name), "a field that the object has", name);
    const auto& value = tree.at(name);
    if (!value.is_structured() || record.is_null(field)) continue;
    const auto nested = nlohmann::json::parse(record.value(field), nullptr, false);
    expect(nested == value || record.value(field).find_first_of(".eE") != std::string_view::npos,
           "a nested value is the same", record.value(field));
  }
}

}  // namespace

void judge(std::string_view input) {
  judge_record(input);
  same_in_pieces(input, {});
  same_in_pieces(input, {.max_record_bytes = 40});
  reads_what_it_wrote(read(input, {.chunk_bytes = kWhole}, input.size()));
}

}  // namespace hilo::fuzz
