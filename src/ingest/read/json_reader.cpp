#include "ingest/read/json_reader.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "ingest/read/csv_header.h"
#include "ingest/read/json_record.h"
#include "ingest/read/json_split.h"

namespace hilo::ingest {
namespace {

// Columns by name, ignoring ASCII case.
class ColumnIndex {
 public:
  static constexpr std::size_t kUnknown = static_cast<std::size_t>(-1);

  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

  // Returns the place of a column. Records mostly repeat the order of keys, and leave out some: `guess` and what
  // follows it is looked at first.
  [[nodiscard]] std::size_t find(std::string_view name, std::size_t guess) const {
    constexpr std::size_t kLeftOut = 8;
    for (std::size_t place = guess; place < std::min(names_.size(), guess + kLeftOut); ++place) {
      if (names_[place] == name) return place;
    }
    const auto found = places_.find(lower_ascii(name));
    return found == places_.end() ? kUnknown : found->second;
  }
  void add(std::string_view name) {
    if (places_.emplace(lower_ascii(name), names_.size()).second) names_.emplace_back(name);
  }

 private:
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::size_t> places_;
};

// The records of a text, each parsed and judged.
class JsonRecords {
 public:
  enum class Outcome : std::uint8_t { kGood, kBad, kEnd };

  JsonRecords(std::unique_ptr<JsonSplitter> splitter, std::string name, std::size_t limit)
      : splitter_(std::move(splitter)), name_(std::move(name)), limit_(limit) {}

  // Reads on; kBad says why in `reason`.
  Result<Outcome> next() {
    HILO_ASSIGN(const std::optional<JsonText> found, splitter_->next());
    if (!found) return Outcome::kEnd;
    text_ = *found;
    ++number_;
    if (text_.is_too_long) {
      reason_ =
          fmt::format("a record of more than {} bytes, the limit", with_separators(static_cast<std::int64_t>(limit_)));
      return Outcome::kBad;
    }
    JsonVerdict verdict = parse_json_record(text_.text, record_);
    reason_ = std::move(verdict.reason);
    switch (verdict.judgement) {
      case JsonJudgement::kRecord: return Outcome::kGood;
      case JsonJudgement::kUnfit: return Outcome::kBad;
      case JsonJudgement::kMalformed: break;
    }
    if (splitter_->survives_malformed()) return Outcome::kBad;
    return fail(ErrorCode::kInvalidInput,
                fmt::format("record {} of {} is not well-formed: {}", number_, name_, reason_),
                "write one JSON object per line, so that a bad one costs only itself");
  }

  [[nodiscard]] const JsonRecord& record() const { return record_; }
  [[nodiscard]] const JsonText& text() const { return text_; }
  [[nodiscard]] const std::string& reason() const { return reason_; }
  [[nodiscard]] std::int64_t number() const { return number_; }

 private:
  std::unique_ptr<JsonSplitter> splitter_;
  std::string name_;
  std::size_t limit_;
  JsonText text_;
  JsonRecord record_;
  std::string reason_;
  std::int64_t number_ = 0;
};

Result<JsonRecords> open_records(const TextOpener& open_text, const std::string& name, const JsonOptions& options) {
  HILO_ASSIGN(auto bytes, open_text());
  HILO_ASSIGN(auto splitter,
              split_json(TextWindow(std::move(bytes), options.chunk_bytes), name, options.max_record_bytes));
  return JsonRecords(std::move(splitter), name, options.max_record_bytes);
}

// Finds the column of every field of a record. Invariant: seen_ holds, per column, the number of the last record that
// had it, by this object's own count.
class FieldPlacer {
 public:
  enum class Outcome : std::uint8_t { kPlaced, kTwice, kUnknownKey };

  Outcome place(const JsonRecord& record, const ColumnIndex& columns) {
    ++stamp_;
    places_.resize(record.size());
    seen_.resize(columns.names().size());
    std::size_t guess = 0;
    for (std::size_t field = 0; field < record.size(); ++field) {
      const std::size_t column = columns.find(record.name(field), guess);
      if (column == ColumnIndex::kUnknown) return Outcome::kUnknownKey;
      twice_ = column;
      if (std::exchange(seen_[column], stamp_) == stamp_) return Outcome::kTwice;
      places_[field] = column;
      guess = column + 1;
    }
    return Outcome::kPlaced;
  }

  [[nodiscard]] const std::vector<std::size_t>& places() const { return places_; }
  [[nodiscard]] std::size_t twice() const { return twice_; }

 private:
  std::vector<std::size_t> places_;
  std::vector<std::int64_t> seen_;
  std::int64_t stamp_ = 0;
  std::size_t twice_ = 0;
};

// Reads the whole text for its keys.
Result<ColumnIndex> collect_columns(JsonRecords records, const std::string& name) {
  ColumnIndex columns;
  FieldPlacer placer;
  while (true) {
    HILO_ASSIGN(const JsonRecords::Outcome outcome, records.next());
    if (outcome == JsonRecords::Outcome::kEnd) return columns;
    if (outcome == JsonRecords::Outcome::kBad) continue;
    const JsonRecord& record = records.record();
    if (placer.place(record, columns) != FieldPlacer::Outcome::kUnknownKey) continue;
    // New keys: they count if the record has none twice, new ones among themselves included.
    ColumnIndex own;
    for (std::size_t field = 0; field < record.size(); ++field) own.add(record.name(field));
    if (own.names().size() < record.size()) continue;
    for (const std::string& key : own.names()) columns.add(key);
    if (columns.names().size() > kMostColumns) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("{} has more than {} different keys", name, with_separators(kMostColumns)),
                  "write values that vary as values, not as keys");
    }
  }
}

class JsonReader final : public RowReader {
 public:
  JsonReader(JsonRecords records, ColumnIndex columns, std::string name)
      : records_(std::move(records)), columns_(std::move(columns)), name_(std::move(name)) {}

  [[nodiscard]] const std::vector<std::string>& columns() const override { return columns_.names(); }

  Result<ReadOutcome> next(TextRow& row, RowFault& fault) override {
    if (ended_) return ReadOutcome::kEnd;
    HILO_ASSIGN(const JsonRecords::Outcome outcome, records_.next());
    switch (outcome) {
      case JsonRecords::Outcome::kGood: return take(row, fault);
      case JsonRecords::Outcome::kBad: return reject(fault, "", records_.reason());
      case JsonRecords::Outcome::kEnd: break;
    }
    ended_ = true;
    return ReadOutcome::kEnd;
  }

 private:
  ReadOutcome reject(RowFault& fault, std::string column, std::string reason) const {
    const JsonText& text = records_.text();
    fault = RowFault{records_.number(), text.line, std::move(column), fault_value(text.text), std::move(reason)};
    return ReadOutcome::kFault;
  }

  Result<ReadOutcome> take(TextRow& row, RowFault& fault) {
    const JsonRecord& record = records_.record();
    switch (placer_.place(record, columns_)) {
      case FieldPlacer::Outcome::kPlaced: break;
      case FieldPlacer::Outcome::kTwice: return reject(fault, columns_.names()[placer_.twice()], "the key comes twice");
      case FieldPlacer::Outcome::kUnknownKey: return take_unknown(fault);
    }
    row.record = records_.number();
    row.line = records_.text().line;
    row.cells.assign(columns_.names().size(), std::nullopt);
    for (std::size_t field = 0; field < record.size(); ++field) {
      if (!record.is_null(field)) row.cells[placer_.places()[field]] = record.value(field);
    }
    return ReadOutcome::kRow;
  }

  // A record whose new keys did not count, since one came twice; otherwise the file is another than before.
  Result<ReadOutcome> take_unknown(RowFault& fault) const {
    const JsonRecord& record = records_.record();
    ColumnIndex own;
    for (std::size_t field = 0; field < record.size(); ++field) own.add(record.name(field));
    if (own.names().size() < record.size()) return reject(fault, "", "a key comes twice");
    return fail(ErrorCode::kInvalidInput, fmt::format("{} changed while it was read", name_), "read it again");
  }

  JsonRecords records_;
  ColumnIndex columns_;
  std::string name_;
  FieldPlacer placer_;
  bool ended_ = false;
};

}  // namespace

Result<std::unique_ptr<RowReader>> open_json_rows(const TextOpener& open_text, std::string name,
                                                  const JsonOptions& options) {
  HILO_ASSIGN(auto first_reading, open_records(open_text, name, options));
  HILO_ASSIGN(auto columns, collect_columns(std::move(first_reading), name));
  HILO_ASSIGN(auto records, open_records(open_text, name, options));
  return std::make_unique<JsonReader>(std::move(records), std::move(columns), std::move(name));
}

}  // namespace hilo::ingest
