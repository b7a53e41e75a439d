#include "store/log_entry.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "model/column.h"

namespace hilo::store {
namespace {

using Json = nlohmann::ordered_json;

// A number too large for an int becomes the largest, which no entry holds, instead of some other number.
int integer_of(const Json& json) {
  return static_cast<int>(std::clamp<std::int64_t>(json.get<std::int64_t>(), std::numeric_limits<int>::min(),
                                                   std::numeric_limits<int>::max()));
}

Json to_json(const Delivery& delivery) {
  return {{"number", delivery.number},
          {"source", delivery.source},
          {"file", delivery.file},
          {"bytes", delivery.bytes},
          {"modified_at", delivery.modified_at.micros},
          {"sha256", delivery.sha256},
          {"definition", delivery.definition},
          {"delivered_at", delivery.delivered_at.micros},
          {"first", delivery.first},
          {"rows", delivery.rows},
          {"rejects", delivery.rejects},
          {"replaces", delivery.replaces}};
}

Delivery delivery_from(const Json& json) {
  Delivery delivery;
  delivery.number = json.at("number");
  delivery.source = json.at("source");
  delivery.file = json.at("file");
  delivery.bytes = json.at("bytes");
  delivery.modified_at.micros = json.at("modified_at");
  delivery.sha256 = json.at("sha256");
  delivery.definition = json.at("definition");
  delivery.delivered_at.micros = json.at("delivered_at");
  delivery.first = json.at("first");
  delivery.rows = json.at("rows");
  delivery.rejects = json.at("rejects");
  delivery.replaces = json.at("replaces").get<std::vector<std::int64_t>>();
  return delivery;
}

Json to_json(const SourceSegment& segment) {
  Json extras = Json::array();
  for (const Column& column : segment.extras) extras.push_back({{"name", column.name}, {"type", column.type}});
  const Source& source = segment.source;
  return {{"source", source.name},
          {"kind", kind_name(source.kind)},
          {"order_space", source.order_space},
          {"delivery", mode_name(source.delivery)},
          {"rank", source.rank},
          {"region", source.region},
          {"time_zone", source.time_zone},
          {"carries_events", segment.carries_events},
          {"definition", segment.definition},
          {"columns", segment.columns},
          {"extras", extras},
          {"types", segment.types},
          {"rows_files", segment.rows_files},
          {"rejects_file", segment.rejects_file}};
}

std::vector<std::string> columns_of_format_1() {
  std::vector<std::string> names;
  for (const CanonicalColumn& column : canonical_columns()) {
    if (column.name != "known_at") names.emplace_back(column.name);
  }
  return names;
}

SourceSegment segment_from(const Json& json) {
  SourceSegment segment;
  segment.source.name = json.at("source");
  segment.source.kind = parse_kind(json.at("kind").get<std::string>()).value_or(SourceKind::kOther);
  segment.source.order_space = json.at("order_space");
  segment.source.delivery = parse_mode(json.at("delivery").get<std::string>()).value_or(DeliveryMode::kFull);
  segment.source.rank = integer_of(json.at("rank"));
  segment.source.region = json.at("region");
  segment.source.time_zone = json.at("time_zone");
  segment.carries_events = json.at("carries_events");
  segment.definition = json.at("definition");
  for (const Json& column : json.at("extras")) segment.extras.push_back({column.at("name"), column.at("type")});
  segment.types = json.at("types").get<std::map<std::string, std::string>>();
  if (json.contains("rows_files")) {
    segment.columns = json.at("columns").get<std::vector<std::string>>();
    segment.rows_files = json.at("rows_files").get<std::vector<std::string>>();
  } else {  // format 1: one file with every canonical column of that time
    segment.columns = columns_of_format_1();
    if (const std::string file = json.at("rows_file"); !file.empty()) segment.rows_files = {file};
  }
  segment.rejects_file = json.at("rejects_file");
  return segment;
}

Json to_json(const MembershipRecord& record) {
  return {{"segment", record.segment}, {"version", record.version}, {"day", to_string(record.day)},
          {"members", record.members}, {"entered", record.entered}, {"left", record.left}};
}

Result<MembershipRecord> record_from(const Json& json) {
  MembershipRecord record;
  record.segment = json.at("segment");
  record.version = json.at("version");
  HILO_ASSIGN(record.day, parse_date(json.at("day").get<std::string>()));
  record.members = json.at("members");
  record.entered = json.at("entered");
  record.left = json.at("left");
  return record;
}

// Entries of before there were records have none of the two fields, and an entry without segments gets none.
Status read_memberships(const Json& json, LogEntry& entry) {
  if (!json.contains("memberships")) return {};
  for (const Json& record : json.at("memberships")) {
    HILO_ASSIGN(MembershipRecord read, record_from(record));
    entry.memberships.push_back(std::move(read));
  }
  entry.members_file = json.at("members_file");
  return {};
}

Json to_json(const Erasure& erasure) {
  return {{"salt", erasure.salt}, {"people", erasure.people}, {"orders", erasure.orders}};
}

Erasure erasure_from(const Json& json) {
  using Hashes = std::map<std::string, std::vector<std::string>>;
  return {
      .salt = json.at("salt"), .people = json.at("people").get<Hashes>(), .orders = json.at("orders").get<Hashes>()};
}

// Whether a file of an entry stands in the entry's own folder.
bool is_plain_name(const std::string& file) {
  return !file.empty() && file != "." && file != ".." &&
         file.find_first_of(std::string_view("/\0", 2)) == std::string::npos;
}

// Returns what a well-formed entry says that cannot be, or "".
std::string_view impossible(const LogEntry& entry) {
  const auto is_elsewhere = [](const std::string& file) { return !file.empty() && !is_plain_name(file); };
  if (entry.run < 1 || entry.rows < 0 || entry.rows_before < 0) return "a count is negative";
  for (const SourceSegment& segment : entry.segments) {
    if (is_elsewhere(segment.rejects_file) || !std::ranges::all_of(segment.rows_files, is_plain_name)) {
      return "a file is named that is not in its folder";
    }
  }
  if (is_elsewhere(entry.members_file)) return "a file is named that is not in its folder";
  for (const Delivery& delivery : entry.deliveries) {
    if (delivery.number < 1 || delivery.bytes < 0 || delivery.rows < 0 || delivery.rejects < 0) {
      return "a count is negative";
    }
  }
  for (const MembershipRecord& record : entry.memberships) {
    if (record.members < 0 || record.entered < 0 || record.left < 0) return "a count is negative";
  }
  return {};
}

std::unexpected<Error> damaged(const std::string& name, std::string_view what) {
  return fail(ErrorCode::kInvalidInput, fmt::format("{} is damaged: {}", name, what),
              "Restore the log/ folder from a backup: it is the truth that everything else is computed from.");
}

// Parses JSON whose numbers are all integers of 64 bits: the library would cut others to fit.
Json parse_integers(const std::string& text, bool& has_other_number) {
  has_other_number = false;
  return Json::parse(text, [&](int /*depth*/, Json::parse_event_t /*event*/, const Json& value) {
    constexpr auto kLargest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    has_other_number = has_other_number || value.is_number_float() ||
                       (value.is_number_unsigned() && value.get<std::uint64_t>() > kLargest);
    return true;
  });
}

}  // namespace

Result<std::string> render_entry(const LogEntry& entry) {
  Json json = {{"format", kLogFormat},
               {"run", entry.run},
               {"at", entry.at.micros},
               {"program", entry.program},
               {"rows_before", entry.rows_before},
               {"rows", entry.rows},
               {"segments", Json::array()},
               {"deliveries", Json::array()}};
  for (const SourceSegment& segment : entry.segments) json["segments"].push_back(to_json(segment));
  for (const Delivery& delivery : entry.deliveries) json["deliveries"].push_back(to_json(delivery));
  if (entry.definitions) json["definitions"] = *entry.definitions;
  if (!entry.memberships.empty()) {
    for (const MembershipRecord& record : entry.memberships) json["memberships"].push_back(to_json(record));
    json["members_file"] = entry.members_file;
  }
  if (entry.erasure) json["erasure"] = to_json(*entry.erasure);
  try {
    return json.dump(1) + "\n";
  } catch (const Json::exception&) {  // JSON holds text only; what the exception says holds the bytes
    return fail(ErrorCode::kInvalidInput, "a file's name or a definition is not UTF-8, so the log cannot hold it",
                "Rename the file, or save the definition as UTF-8.");
  }
}

Result<LogEntry> parse_entry(const std::string& text, const std::string& name) {
  try {
    bool has_other_number = false;
    const Json json = parse_integers(text, has_other_number);
    if (has_other_number) return damaged(name, "a number is no integer of 64 bits");
    const int format = integer_of(json.at("format"));
    if (format > kLogFormat) {
      return fail(ErrorCode::kVersion,
                  fmt::format("{} was written by a newer hilo (log format {}, this program knows {})", name, format,
                              kLogFormat),
                  "Install the newer hilo; nothing was changed.");
    }
    LogEntry entry;
    entry.run = integer_of(json.at("run"));
    entry.at.micros = json.at("at");
    entry.program = json.at("program");
    entry.rows_before = json.at("rows_before");
    entry.rows = json.at("rows");
    for (const Json& segment : json.at("segments")) entry.segments.push_back(segment_from(segment));
    for (const Json& delivery : json.at("deliveries")) entry.deliveries.push_back(delivery_from(delivery));
    if (json.contains("definitions")) {
      entry.definitions = json.at("definitions").get<std::map<std::string, std::string>>();
    }
    HILO_TRY(read_memberships(json, entry));
    if (json.contains("erasure")) entry.erasure = erasure_from(json.at("erasure"));
    if (const std::string_view what = impossible(entry); !what.empty()) return damaged(name, what);
    return entry;
  } catch (const Json::exception& failure) {
    return damaged(name, failure.what());
  }
}

}  // namespace hilo::store
