#include "ingest/ingest_job.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

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

bool is_as_delivered(const Delivery* before, const SourceDefinition& definition, const FileFacts& facts) {
  return before != nullptr && before->definition == definition.digest && before->bytes == facts.bytes &&
         before->modified_at == facts.modified_at;
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
    if (is_as_delivered(before, definition, facts)) {
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

// Files are read side by side and judged together up to so many bytes: what stands in memory meanwhile.
constexpr std::int64_t kWindowBytes = 64 << 20;

// One source on its way through a run.
class SourceIngest {
 public:
  SourceIngest(const PlannedSource& plan, const IngestRun& run, store::Database& database, Scratch& scratch,
               PassContext& progress)
      : plan_(plan),
        definition_(*plan.definition),
        settings_(run.settings),
        now_(run.now),
        prepared_(run.prepared),
        database_(database),
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
      HILO_TRY(forget());
      HILO_TRY(scratch_.connection.execute(
          fmt::format("delete from rejected where source = {}", quote_text(definition_.source.name))));
    }
  }

  // Adds what was read to the entry; the rows are in their files already.
  Status write(store::LogEntry& entry) {
    store::SourceSegment segment{.source = definition_.source,
                                 .carries_events = carries_events_,
                                 .definition = definition_.digest,
                                 .columns = columns_,
                                 .extras = extras_,
                                 .types = types_,
                                 .rows_files = rows_files_,
                                 .rejects_file = {}};
    if (total(&Delivery::rejects) > 0) {
      segment.rejects_file = definition_.source.name + ".rejects.parquet";
      HILO_TRY(scratch_.connection.execute(fmt::format(
          "copy (select * exclude (source) from rejected where source = {} order by delivery, record, column_name, "
          "reason) to {} (format parquet, compression zstd)",
          quote_text(definition_.source.name), quote_text((prepared_ / segment.rejects_file).string()))));
    }
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

  // Returns whether the types that earlier files were read with hold for the later ones too.
  Result<bool> read_once(std::int64_t first_delivery, std::int64_t rows_before) {
    deliveries_.clear();
    records_ = 0;
    for (std::size_t from = 0; from < plan_.files.size();) {
      const std::size_t until = end_of_window(from);
      const std::vector<Result<ReadFile>> read = read_window(from, until);
      HILO_ASSIGN(const bool settled, take_window(from, read, first_delivery, rows_before));
      if (!settled) return false;
      from = until;
    }
    return true;
  }

  [[nodiscard]] std::size_t end_of_window(std::size_t from) const {
    std::size_t until = from;
    std::int64_t bytes = 0;
    for (; until < plan_.files.size(); ++until) {
      bytes += plan_.files[until].bytes;
      if (until > from && bytes > kWindowBytes) break;
    }
    return until;
  }

  // Reads the cells of some files, on all processors. An empty file is left out.
  std::vector<Result<ReadFile>> read_window(std::size_t from, std::size_t until) {
    std::vector<Result<ReadFile>> read(until - from);
    std::atomic<std::size_t> next = 0;
    std::atomic<std::int64_t> done = progress_.rows;
    const auto work = [&](store::Connection& scratch, bool tells) {
      for (std::size_t at = next++; at < read.size(); at = next++) {
        if (plan_.files[from + at].bytes == 0) continue;
        std::int64_t told = 0;
        const auto progress = [&](std::int64_t records) {
          done += records - told;
          told = records;
          if (tells) progress_.advance(done, 0);
        };
        read[at] = read_cells(scratch, definition_.query, plan_.files[from + at].file, fmt::format("_{}", from + at),
                              {.progress = progress});
      }
    };
    const auto threads = static_cast<std::size_t>(
        settings_.threads > 0 ? settings_.threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
    std::vector<store::Connection> connections;
    while (connections.size() + 1 < std::min(threads, read.size())) {
      Result<store::Connection> more = database_.connect();
      if (!more) break;  // fewer readers do as well
      connections.push_back(std::move(*more));
    }
    std::vector<std::jthread> workers;
    for (store::Connection& connection : connections) {
      workers.emplace_back([&work, &connection] { work(connection, false); });
    }
    work(scratch_.connection, true);
    workers.clear();
    return read;
  }

  // Types and judges the files of a window in their order, those of one layout together.
  Result<bool> take_window(std::size_t from, const std::vector<Result<ReadFile>>& window, std::int64_t first_delivery,
                           std::int64_t rows_before) {
    std::vector<StagedDelivery> batch;
    for (std::size_t at = 0; at < window.size(); ++at) {
      const PlannedFile& planned = plan_.files[from + at];
      deliveries_.push_back(new_delivery(planned, first_delivery + static_cast<std::int64_t>(from + at)));
      if (planned.bytes == 0) {
        HILO_TRY(note_empty(deliveries_.back()));
        continue;
      }
      const Delivery& delivery = deliveries_.back();
      Result<StagedFile> staged =
          window[at] ? type_cells(scratch_.connection, definition_.query, *window[at], types_, policy_, {})
                     : std::unexpected(window[at].error());
      const bool first = from + at == 0;
      const bool stays = staged && (first || !staged->widened);
      if (!stays || (!batch.empty() && !fits(batch, *staged, delivery))) {
        // What comes before a file that cannot be taken is judged first: its own fault would be the one to tell.
        HILO_TRY(judge(batch, first_delivery));
        batch.clear();
      }
      if (!staged) return std::unexpected(staged.error());
      types_ = staged->types;
      if (!stays) {
        for (std::size_t rest = at; rest < window.size(); ++rest)
          HILO_TRY(drop_staged(scratch_.connection, fmt::format("_{}", from + rest)));
        return false;
      }
      const DeliveryFacts facts{.number = delivery.number,
                                .rows_before = rows_before + records_,
                                .first = delivery.first,
                                .delivered_at = delivery.delivered_at};
      records_ += staged->records;
      progress_.rows += staged->records;
      batch.push_back({std::move(*staged), facts});
    }
    HILO_TRY(judge(batch, first_delivery));
    return true;
  }

  [[nodiscard]] Delivery new_delivery(const PlannedFile& planned, std::int64_t number) const {
    return {.number = number,
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
  }

  // Returns whether a file can be judged with others: the same columns of the same types, and the same clocks.
  static bool fits(const std::vector<StagedDelivery>& batch, const StagedFile& staged, const Delivery& delivery) {
    const StagedDelivery& first = batch.front();
    return std::ranges::equal(
               first.staged.columns, staged.columns,
               [](const store::Column& a, const store::Column& b) { return a.name == b.name && a.type == b.type; }) &&
           first.delivery.first == delivery.first && first.delivery.delivered_at == delivery.delivered_at;
  }

  Status judge(const std::vector<StagedDelivery>& batch, std::int64_t first_delivery) {
    if (batch.empty()) return {};
    if (batch.size() > 1 && judge_batch(batch, first_delivery)) return {};
    // Whatever is wrong with the files together is found in the first one that has it.
    for (const StagedDelivery& file : batch) HILO_TRY(judge_batch({file}, first_delivery));
    return {};
  }

  Status judge_batch(const std::vector<StagedDelivery>& batch, std::int64_t first_delivery) {
    const std::string file = fmt::format("{}.rows-{:03}.parquet", definition_.source.name, batches_);
    HILO_ASSIGN(const Accepted accepted, accept_rows(scratch_, definition_, batch, settings_, prepared_ / file));
    if (batches_++ == 0) log_columns_ = accepted.log_columns;
    columns_ = accepted.columns;
    HILO_TRY(check_layout(definition_, batch.front().staged.file, log_columns_, accepted.log_columns));
    std::int64_t rows = 0;
    for (std::size_t at = 0; at < batch.size(); ++at) {
      const auto place = static_cast<std::size_t>(batch[at].delivery.number - first_delivery);
      HILO_TRY(check_unmoved(plan_.files[place]));
      deliveries_[place].rows = accepted.counts[at].rows;
      deliveries_[place].rejects = accepted.counts[at].rejects;
      rows += accepted.counts[at].rows;
    }
    if (rows > 0) {
      rows_files_.push_back(file);
    } else {
      HILO_TRY(store::remove_tree(prepared_ / file));
    }
    extras_ = accepted.extras;
    carries_events_ = accepted.carries_events;
    return {};
  }

  // Drops what was read: it is to be read again.
  Status forget() {
    for (const std::string& file : rows_files_) HILO_TRY(store::remove_tree(prepared_ / file));
    rows_files_.clear();
    batches_ = 0;
    return {};
  }

  // An empty file holds nothing to lose, but somebody should know of it.
  Status note_empty(Delivery& delivery) {
    delivery.rejects = 1;
    return scratch_.connection.execute(
        fmt::format("insert into rejected values ({}, {}, 0, 0, null, null, false, 'the file is empty')",
                    quote_text(delivery.source), delivery.number));
  }

  // A file that grew while it was read would be logged under a hash that it never had.
  static Status check_unmoved(const PlannedFile& planned) {
    HILO_ASSIGN(const FileFacts facts, stat_facts(planned.file.path));
    if (facts.bytes == planned.bytes && facts.modified_at == planned.modified_at) return {};
    return fail(ErrorCode::kInvalidInput, fmt::format("{} changed while it was read", planned.file.name),
                "Run again when it is complete; writers should write to another name and rename.");
  }

  const PlannedSource& plan_;
  const SourceDefinition& definition_;
  const Settings& settings_;
  Instant now_;
  const std::filesystem::path& prepared_;
  store::Database& database_;
  Scratch& scratch_;
  PassContext& progress_;
  int batches_ = 0;  // of files that were judged together
  std::vector<std::string> rows_files_;
  std::vector<store::Column> log_columns_;
  ColumnTypes types_;
  TypePolicy policy_ = TypePolicy::kSniff;
  std::vector<std::string> columns_;  // the canonical ones that the rows have
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

Result<std::int64_t> count_waiting(const store::Log& log, const SourceDefinition& source,
                                   const std::filesystem::path& workspace) {
  HILO_ASSIGN(const std::vector<SourceFile> files, find_files(source.query, workspace));
  std::int64_t waiting = 0;
  for (const SourceFile& file : files) {
    HILO_ASSIGN(const FileFacts facts, stat_facts(file.path));
    if (!is_as_delivered(log.latest(source.source.name, file.name), source, facts)) ++waiting;
  }
  return waiting;
}

Result<store::LogEntry> ingest(const IngestPlan& plan, const IngestRun& run, store::Database& scratch_database,
                               PassContext& progress) {
  HILO_ASSIGN(Scratch scratch, Scratch::open(scratch_database));
  if (store::Erasure erased = run.log.erased(); !erased.salt.empty()) HILO_TRY(scratch.keep_out(std::move(erased)));
  store::LogEntry entry;
  entry.at = run.now;
  std::int64_t delivery = run.log.last_delivery() + 1;
  for (const PlannedSource& source : plan.sources) {
    if (source.files.empty()) continue;
    SourceIngest job(source, run, scratch_database, scratch, progress);
    HILO_TRY(job.read_all(delivery, run.log.rows() + entry.rows));
    HILO_TRY(job.write(entry));
    entry.rows += job.records();
    delivery += static_cast<std::int64_t>(source.files.size());
  }
  return entry;
}

}  // namespace hilo::ingest
