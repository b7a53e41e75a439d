#include "ingest/ingest_job.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "ingest/accept.h"
#include "ingest/read/file_facts.h"
#include "ingest/staging.h"

namespace hilo::ingest {
namespace {

using store::Delivery;
using store::quote_text;

// The content hashes that stand as the latest of their own file: a second file with one of them says nothing new.
std::set<std::string> standing_contents(const store::Log& log, const SourceDefinition& definition) {
  std::set<std::string> contents;
  for (const store::LogEntry& entry : log.entries()) {
    for (const Delivery& delivery : entry.deliveries) {
      if (delivery.source != definition.source.name || delivery.definition != definition.digest) continue;
      if (log.latest(delivery.source, delivery.file)->number == delivery.number) contents.insert(delivery.sha256);
    }
  }
  return contents;
}

// The deliveries of a file that a new reading of it makes void: those that another version of the query read.
std::vector<std::int64_t> outdated(const store::Log& log, const SourceDefinition& definition, const std::string& file) {
  std::vector<std::int64_t> numbers;
  for (const store::LogEntry& entry : log.entries()) {
    for (const Delivery& delivery : entry.deliveries) {
      if (delivery.source == definition.source.name && delivery.file == file &&
          delivery.definition != definition.digest) {
        numbers.push_back(delivery.number);
      }
    }
  }
  return numbers;
}

// A new reading of what was delivered before is no new delivery: its rows stay known since then.
void note_first_coming(const store::Log& log, PlannedFile& planned) {
  for (const store::LogEntry& entry : log.entries()) {
    for (const Delivery& delivery : entry.deliveries) {
      if (delivery.sha256 != planned.sha256 || std::ranges::count(planned.replaces, delivery.number) == 0) continue;
      planned.came_at = delivery.delivered_at;
      planned.came_first = delivery.first;
      return;
    }
  }
}

Result<PlannedSource> plan_source(const store::Log& log, const SourceDefinition& definition,
                                  const std::filesystem::path& workspace) {
  PlannedSource plan;
  plan.definition = &definition;
  plan.first_run = log.latest_segment(definition.source.name) == nullptr;
  std::set<std::string> contents = standing_contents(log, definition);
  HILO_ASSIGN(const std::vector<SourceFile> files, find_files(definition.query, workspace));
  for (const SourceFile& file : files) {
    HILO_ASSIGN(const FileFacts facts, stat_facts(file.path));
    const Delivery* before = log.latest(definition.source.name, file.name);
    const bool same_query = before != nullptr && before->definition == definition.digest;
    if (same_query && before->bytes == facts.bytes && before->modified_at == facts.modified_at) {
      ++plan.unchanged;
      continue;
    }
    HILO_ASSIGN(std::string sha256, hash_file(file.path));
    if (same_query && before->sha256 == sha256) {
      ++plan.unchanged;
      continue;
    }
    if (!contents.insert(sha256).second) {
      plan.repeated.push_back(file.name);
      continue;
    }
    PlannedFile planned{.file = file,
                        .bytes = facts.bytes,
                        .modified_at = facts.modified_at,
                        .sha256 = std::move(sha256),
                        .replaces = outdated(log, definition, file.name),
                        .came_at = {},
                        .came_first = plan.first_run};
    note_first_coming(log, planned);
    plan.files.push_back(std::move(planned));
  }
  return plan;
}

// One source on its way through a run.
class SourceIngest {
 public:
  SourceIngest(const PlannedSource& plan, const IngestRun& run, store::Connection& scratch, PassContext& progress)
      : plan_(plan),
        definition_(*plan.definition),
        settings_(run.settings),
        now_(run.now),
        scratch_(scratch),
        progress_(progress) {
    const store::SourceSegment* known = run.log.latest_segment(definition_.source.name);
    if (known != nullptr && known->definition == definition_.digest) {
      types_ = known->types;
      carries_events_ = known->carries_events;
      policy_ = TypePolicy::kKeep;
    }
  }

  // Reads all files; where a later one needs wider types than the first ones had, all are read again with those.
  Status read_all(std::int64_t first_delivery, std::int64_t rows_before) {
    while (true) {
      HILO_ASSIGN(const bool settled, read_once(first_delivery, rows_before));
      if (settled) return {};
      HILO_TRY(scratch_.execute(fmt::format("drop table if exists {}; delete from rejected where source = {}",
                                            accepted_table(definition_.source), quote_text(definition_.source.name))));
    }
  }

  Status write(const std::filesystem::path& prepared, store::LogEntry& entry) {
    store::SourceSegment segment{.source = definition_.source,
                                 .carries_events = carries_events_,
                                 .definition = definition_.digest,
                                 .extras = extras_,
                                 .types = types_,
                                 .rows_file = {},
                                 .rejects_file = {}};
    if (total(&Delivery::rows) > 0) {
      segment.rows_file = definition_.source.name + ".rows.parquet";
      HILO_TRY(copy_out("from " + accepted_table(definition_.source), prepared / segment.rows_file));
    }
    if (total(&Delivery::rejects) > 0) {
      segment.rejects_file = definition_.source.name + ".rejects.parquet";
      HILO_TRY(copy_out(fmt::format("select * exclude (source) from rejected where source = {} order by delivery, "
                                    "record, column_name, reason",
                                    quote_text(definition_.source.name)),
                        prepared / segment.rejects_file));
    }
    HILO_TRY(scratch_.execute("drop table if exists " + accepted_table(definition_.source)));
    entry.segments.push_back(std::move(segment));
    std::ranges::move(deliveries_, std::back_inserter(entry.deliveries));
    return {};
  }

  [[nodiscard]] std::int64_t records() const { return records_; }

 private:
  [[nodiscard]] std::int64_t total(std::int64_t Delivery::* what) const {
    std::int64_t sum = 0;
    for (const Delivery& delivery : deliveries_) sum += delivery.*what;
    return sum;
  }

  Result<bool> read_once(std::int64_t first_delivery, std::int64_t rows_before) {
    deliveries_.clear();
    records_ = 0;
    for (const PlannedFile& planned : plan_.files) {
      const auto number = first_delivery + static_cast<std::int64_t>(deliveries_.size());
      Delivery delivery{.number = number,
                        .source = definition_.source.name,
                        .file = planned.file.name,
                        .bytes = planned.bytes,
                        .modified_at = planned.modified_at,
                        .sha256 = planned.sha256,
                        .definition = definition_.digest,
                        .delivered_at = planned.came_at.value_or(now_),
                        .first = planned.came_first,
                        .rows = 0,
                        .rejects = 0,
                        .replaces = planned.replaces};
      if (planned.bytes == 0) {
        HILO_TRY(note_empty(delivery));
      } else {
        HILO_ASSIGN(const bool settled, read_file(planned, delivery, rows_before + records_));
        if (!settled && !deliveries_.empty()) return false;
      }
      deliveries_.push_back(std::move(delivery));
    }
    return true;
  }

  // An empty file holds nothing to lose, but somebody should know of it.
  Status note_empty(Delivery& delivery) {
    delivery.rejects = 1;
    return scratch_.execute(
        fmt::format("insert into rejected values ({}, {}, 0, 0, null, null, false, 'the file is empty')",
                    quote_text(delivery.source), delivery.number));
  }

  // Returns whether the types that earlier files were read with hold for this one too.
  Result<bool> read_file(const PlannedFile& planned, Delivery& delivery, std::int64_t rows_before) {
    const std::int64_t done = progress_.rows;
    HILO_ASSIGN(const StagedFile staged,
                stage_file(scratch_, definition_.query, planned.file, types_, policy_,
                           {.progress = [&](std::int64_t records) { progress_.advance(done + records, 0); }}));
    types_ = staged.types;
    if (staged.widened && !deliveries_.empty()) return false;
    const DeliveryFacts facts{.number = delivery.number,
                              .rows_before = rows_before,
                              .first = delivery.first,
                              .delivered_at = delivery.delivered_at};
    HILO_ASSIGN(const Accepted accepted, accept_rows(scratch_, definition_, staged, planned.file, facts, settings_));
    HILO_TRY(check_unmoved(planned));
    delivery.rows = accepted.rows;
    delivery.rejects = accepted.rejects;
    extras_ = accepted.extras;
    carries_events_ = accepted.carries_events;
    records_ += staged.records;
    progress_.rows = done + staged.records;
    return true;
  }

  // A file that grew while it was read would be logged under a hash that it never had.
  static Status check_unmoved(const PlannedFile& planned) {
    HILO_ASSIGN(const FileFacts facts, stat_facts(planned.file.path));
    if (facts.bytes == planned.bytes && facts.modified_at == planned.modified_at) return {};
    return fail(ErrorCode::kInvalidInput, fmt::format("{} changed while it was read", planned.file.name),
                "Run again when it is complete; writers should write to another name and rename.");
  }

  Status copy_out(const std::string& query, const std::filesystem::path& path) {
    return scratch_.execute(
        fmt::format("copy ({}) to {} (format parquet, compression zstd)", query, quote_text(path.string())));
  }

  const PlannedSource& plan_;
  const SourceDefinition& definition_;
  const Settings& settings_;
  Instant now_;
  store::Connection& scratch_;
  PassContext& progress_;
  ColumnTypes types_;
  TypePolicy policy_ = TypePolicy::kSniff;
  std::vector<store::Column> extras_;
  bool carries_events_ = false;
  std::vector<Delivery> deliveries_;
  std::int64_t records_ = 0;
};

}  // namespace

bool IngestPlan::empty() const {
  return std::ranges::all_of(sources, [](const PlannedSource& source) { return source.files.empty(); });
}

Result<IngestPlan> plan_ingest(const store::Log& log, const std::vector<SourceDefinition>& sources,
                               const std::filesystem::path& workspace) {
  IngestPlan plan;
  for (const SourceDefinition& definition : sources) {
    HILO_ASSIGN(PlannedSource source, plan_source(log, definition, workspace));
    plan.sources.push_back(std::move(source));
  }
  return plan;
}

Result<store::LogEntry> ingest(const IngestPlan& plan, const IngestRun& run, store::Database& scratch_database,
                               PassContext& progress) {
  HILO_ASSIGN(store::Connection scratch, scratch_database.connect());
  HILO_TRY(prepare_acceptance(scratch));
  store::LogEntry entry;
  entry.at = run.now;
  std::int64_t delivery = run.log.last_delivery() + 1;
  for (const PlannedSource& source : plan.sources) {
    if (source.files.empty()) continue;
    SourceIngest job(source, run, scratch, progress);
    HILO_TRY(job.read_all(delivery, run.log.rows() + entry.rows));
    HILO_TRY(job.write(run.prepared, entry));
    entry.rows += job.records();
    delivery += static_cast<std::int64_t>(source.files.size());
  }
  return entry;
}

}  // namespace hilo::ingest
