#include "store/log.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace hilo::store {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kEntryFile = "entry.json";
constexpr const char* kPrepared = ".next";

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
          {"extras", extras},
          {"types", segment.types},
          {"rows_file", segment.rows_file},
          {"rejects_file", segment.rejects_file}};
}

SourceSegment segment_from(const Json& json) {
  SourceSegment segment;
  segment.source.name = json.at("source");
  segment.source.kind = parse_kind(json.at("kind").get<std::string>()).value_or(SourceKind::kOther);
  segment.source.order_space = json.at("order_space");
  segment.source.delivery = parse_mode(json.at("delivery").get<std::string>()).value_or(DeliveryMode::kFull);
  segment.source.rank = json.at("rank");
  segment.source.region = json.at("region");
  segment.source.time_zone = json.at("time_zone");
  segment.carries_events = json.at("carries_events");
  segment.definition = json.at("definition");
  for (const Json& column : json.at("extras")) segment.extras.push_back({column.at("name"), column.at("type")});
  segment.types = json.at("types").get<std::map<std::string, std::string>>();
  segment.rows_file = json.at("rows_file");
  segment.rejects_file = json.at("rejects_file");
  return segment;
}

std::string render(const LogEntry& entry) {
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
  return json.dump(1) + "\n";
}

Result<LogEntry> parse_entry(const std::string& text, const std::string& name) {
  try {
    const Json json = Json::parse(text);
    const int format = json.at("format");
    if (format > kLogFormat) {
      return fail(ErrorCode::kVersion,
                  fmt::format("{} was written by a newer hilo (log format {}, this program knows {})", name, format,
                              kLogFormat),
                  "Install the newer hilo; nothing was changed.");
    }
    LogEntry entry;
    entry.run = json.at("run");
    entry.at.micros = json.at("at");
    entry.program = json.at("program");
    entry.rows_before = json.at("rows_before");
    entry.rows = json.at("rows");
    for (const Json& segment : json.at("segments")) entry.segments.push_back(segment_from(segment));
    for (const Json& delivery : json.at("deliveries")) entry.deliveries.push_back(delivery_from(delivery));
    if (json.contains("definitions")) {
      entry.definitions = json.at("definitions").get<std::map<std::string, std::string>>();
    }
    return entry;
  } catch (const Json::exception& failure) {
    return fail(ErrorCode::kInvalidInput, fmt::format("{} is damaged: {}", name, failure.what()),
                "Restore the log/ folder from a backup: it is the truth that everything else is computed from.");
  }
}

std::string folder_name(int run) { return fmt::format("{:06}", run); }

}  // namespace

Result<Log> Log::open(const fs::path& folder) {
  Log log;
  log.folder_ = folder;
  std::error_code missing;
  for (int run = 1; fs::exists(log.folder_of(run), missing); ++run) {
    HILO_ASSIGN(const std::string text, read_file(log.folder_of(run) / kEntryFile));
    HILO_ASSIGN(LogEntry entry, parse_entry(text, fmt::format("log/{}/{}", folder_name(run), kEntryFile)));
    if (entry.run != run) {
      return fail(ErrorCode::kInvalidInput, fmt::format("log/{} holds run {}", folder_name(run), entry.run),
                  "Restore the log/ folder from a backup.");
    }
    log.entries_.push_back(std::move(entry));
  }
  // A gap would silently drop the runs behind it.
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, missing)) {
    const std::string name = entry.path().filename();
    if (name.starts_with('.') || !entry.is_directory()) continue;
    if (name > folder_name(log.last_run())) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("log/{} stands there, but log/{} is missing", name, folder_name(log.last_run() + 1)),
                  "Restore the log/ folder from a backup.");
    }
  }
  return log;
}

int Log::last_run() const { return entries_.empty() ? 0 : entries_.back().run; }

std::int64_t Log::rows() const { return entries_.empty() ? 0 : entries_.back().rows_before + entries_.back().rows; }

std::int64_t Log::last_delivery() const {
  std::int64_t last = 0;
  for (const LogEntry& entry : entries_) {
    for (const Delivery& delivery : entry.deliveries) last = std::max(last, delivery.number);
  }
  return last;
}

std::map<std::string, std::string> Log::definitions() const {
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
    if (entry->definitions) return *entry->definitions;
  }
  return {};
}

const Delivery* Log::latest(const std::string& source, const std::string& file) const {
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
    for (auto delivery = entry->deliveries.rbegin(); delivery != entry->deliveries.rend(); ++delivery) {
      if (delivery->source == source && delivery->file == file) return &*delivery;
    }
  }
  return nullptr;
}

const SourceSegment* Log::latest_segment(const std::string& source) const {
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
    for (const SourceSegment& segment : entry->segments) {
      if (segment.source.name == source) return &segment;
    }
  }
  return nullptr;
}

fs::path Log::folder_of(int run) const {
  return prepared_ && run == last_run() ? *prepared_ : folder_ / folder_name(run);
}

Status Log::tidy() const { return remove_tree(folder_ / kPrepared); }

Result<fs::path> Log::prepare() const {
  fs::path prepared = folder_ / kPrepared;
  HILO_TRY(remove_tree(prepared));
  HILO_TRY(make_folder(prepared));
  HILO_TRY(sync(folder_.parent_path()));
  return prepared;
}

Status Log::add_prepared(const fs::path& prepared, LogEntry entry) {
  entry.run = last_run() + 1;
  entry.rows_before = rows();
  HILO_TRY(write_file(prepared / kEntryFile, render(entry)));
  entries_.push_back(std::move(entry));
  prepared_ = prepared;
  return {};
}

Status Log::commit() {
  if (!prepared_) return {};
  HILO_TRY(publish_folder(*prepared_, folder_ / folder_name(last_run())));
  prepared_.reset();
  return {};
}

Status Log::discard() {
  if (!prepared_) return {};
  entries_.pop_back();
  HILO_TRY(remove_tree(*prepared_));
  prepared_.reset();
  return {};
}

}  // namespace hilo::store
