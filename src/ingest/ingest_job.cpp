#include "ingest/ingest_job.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <future>
#include <thread>

#include <fmt/format.h>

#include "base/text.h"
#include "ingest/accept.h"
#include "ingest/read/file_facts.h"
#include "ingest/staging.h"
#include "ingest/workers.h"

namespace hilo::ingest {
namespace {

using store::Delivery;
using store::quote_text;

// Files are read side by side and judged together up to so many bytes: what stands in memory meanwhile.
constexpr std::int64_t kWindowBytes = 64 << 20;

std::size_t threads(const Settings& settings) {
  if (settings.threads > 0) return static_cast<std::size_t>(settings.threads);
  return std::max(1U, std::thread::hardware_concurrency());
}

// Rows that were judged in one pass, in a file of their own.
struct JudgedRows {
  std::string file;
  SourceFile first;  // of the files that they come from
  std::vector<std::int64_t> deliveries;
  Accepted accepted;
};

Result<JudgedRows> judge_batch(Scratch& scratch, const SourceDefinition& definition, const Settings& settings,
                               const std::filesystem::path& folder, std::string file,
                               const std::vector<StagedDelivery>& batch) {
  HILO_ASSIGN(Accepted accepted, accept_rows(scratch, definition, batch, settings, folder / file));
  JudgedRows judged{
      .file = std::move(file), .first = batch.front().staged.file, .deliveries = {}, .accepted = std::move(accepted)};
  for (const StagedDelivery& staged : batch) judged.deliveries.push_back(staged.delivery.number);
  return judged;
}

// Judges files together, or, where something is wrong with them, one by one: it is found in the first one that has it.
Result<std::vector<JudgedRows>> judge(Scratch& scratch, const SourceDefinition& definition, const Settings& settings,
                                      const std::filesystem::path& folder, int number,
                                      const std::vector<StagedDelivery>& batch) {
  const std::string name = fmt::format("{}.rows-{:03}", definition.source.name, number);
  std::vector<JudgedRows> all;
  if (batch.size() > 1) {
    Result<JudgedRows> together = judge_batch(scratch, definition, settings, folder, name + ".parquet", batch);
    if (together) {
      all.push_back(std::move(*together));
      return all;
    }
    HILO_TRY(store::remove_tree(folder / (name + ".parquet")));
  }
  for (std::size_t at = 0; at < batch.size(); ++at) {
    const std::string own = batch.size() == 1 ? name : fmt::format("{}-{:03}", name, at);
    HILO_ASSIGN(JudgedRows judged, judge_batch(scratch, definition, settings, folder, own + ".parquet", {batch[at]}));
    all.push_back(std::move(judged));
  }
  return all;
}

// One source on its way through a run. Its files are read and typed in their order; what is read is judged by workers
// meanwhile, and gathered in the order again.
class SourceIngest {
 public:
  SourceIngest(const PlannedSource& plan, const IngestRun& run, std::int64_t first_delivery, std::int64_t rows_before,
               Scratch& scratch, PassContext& progress)
      : plan_(plan),
        definition_(*plan.definition),
        settings_(run.settings),
        now_(run.now),
        prepared_(run.prepared),
        first_delivery_(first_delivery),
        rows_before_(rows_before),
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
  Status read_all(Workers& workers) {
    while (true) {
      HILO_ASSIGN(const bool settled, read_once(workers));
      if (settled) return {};
      HILO_TRY(gather());
      HILO_TRY(forget());
      HILO_TRY(scratch_.connection.execute(
          fmt::format("delete from rejected where source = {}", quote_text(definition_.source.name))));
    }
  }

  // Waits for all that is being judged. **Errors**: the first one, in the order of files.
  Status gather() {
    while (!judging_.empty()) {
      std::future<Result<std::vector<JudgedRows>>> task = std::move(judging_.front());
      judging_.pop_front();
      await(task);
      HILO_ASSIGN(const std::vector<JudgedRows> judged, task.get());
      for (const JudgedRows& rows : judged) HILO_TRY(take_judged(rows));
    }
    return {};
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
  Result<bool> read_once(Workers& workers) {
    deliveries_.clear();
    records_ = 0;
    for (std::size_t from = 0; from < plan_.files.size();) {
      const std::size_t until = end_of_window(from);
      // Of what is read and not yet judged, no more is in memory than keeps the workers busy.
      workers.wait_until_at_most(workers.count());
      const std::vector<Result<ReadFile>> read = read_window(workers, from, until);
      HILO_ASSIGN(const bool settled, take_window(workers, from, read));
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
  std::vector<Result<ReadFile>> read_window(Workers& workers, std::size_t from, std::size_t until) {
    std::vector<std::future<Result<ReadFile>>> reading;
    done_ = progress_.rows;
    for (std::size_t at = from; at < until; ++at) {
      reading.push_back(workers.start<Result<ReadFile>>([this, at](Scratch& scratch) -> Result<ReadFile> {
        if (plan_.files[at].bytes == 0) return ReadFile{};
        std::int64_t told = 0;
        const auto progress = [&](std::int64_t records) { done_ += records - std::exchange(told, records); };
        return read_cells(scratch.connection, definition_.query, plan_.files[at].file, tag(at), {.progress = progress});
      }));
    }
    std::vector<Result<ReadFile>> read;
    for (std::future<Result<ReadFile>>& file : reading) {
      await(file);
      read.push_back(file.get());
    }
    return read;
  }

  // Names a file's tables among those of all sources.
  [[nodiscard]] std::string tag(std::size_t at) const {
    return fmt::format("_{}", first_delivery_ + static_cast<std::int64_t>(at));
  }

  // Waits, and tells of the records read meanwhile.
  template <class T>
  void await(const std::future<T>& task) {
    constexpr auto kTellEvery = std::chrono::milliseconds(100);
    while (task.wait_for(kTellEvery) != std::future_status::ready) progress_.advance(done_, 0);
  }

  // Types the files of a window in their order, and has those of one layout judged together.
  Result<bool> take_window(Workers& workers, std::size_t from, const std::vector<Result<ReadFile>>& window) {
    std::vector<StagedDelivery> batch;
    for (std::size_t at = 0; at < window.size(); ++at) {
      const PlannedFile& planned = plan_.files[from + at];
      deliveries_.push_back(new_delivery(planned, first_delivery_ + static_cast<std::int64_t>(from + at)));
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
      if (!stays || (!batch.empty() && !fits(batch, *staged, delivery)))
        start_judging(workers, std::exchange(batch, {}));
      if (!staged) {
        // What comes before a file that cannot be taken is judged first: its own fault would be the one to tell.
        HILO_TRY(gather());
        return std::unexpected(staged.error());
      }
      types_ = staged->types;
      if (!stays) {
        for (std::size_t rest = at; rest < window.size(); ++rest)
          HILO_TRY(drop_staged(scratch_.connection, tag(from + rest)));
        return false;
      }
      const DeliveryFacts facts{.number = delivery.number,
                                .rows_before = rows_before_ + records_,
                                .first = delivery.first,
                                .delivered_at = delivery.delivered_at};
      records_ += staged->records;
      progress_.rows += staged->records;
      batch.push_back({std::move(*staged), facts});
    }
    start_judging(workers, std::move(batch));
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

  void start_judging(Workers& workers, std::vector<StagedDelivery> batch) {
    if (batch.empty()) return;
    judging_.push_back(workers.start<Result<std::vector<JudgedRows>>>(
        [this, number = batches_++, batch = std::move(batch)](Scratch& scratch) {
          return judge(scratch, definition_, settings_, prepared_, number, batch);
        }));
  }

  Status take_judged(const JudgedRows& judged) {
    const Accepted& accepted = judged.accepted;
    if (log_columns_.empty()) log_columns_ = accepted.log_columns;
    HILO_TRY(check_layout(definition_, judged.first, log_columns_, accepted.log_columns));
    std::int64_t rows = 0;
    for (std::size_t at = 0; at < judged.deliveries.size(); ++at) {
      const auto place = static_cast<std::size_t>(judged.deliveries[at] - first_delivery_);
      HILO_TRY(check_unmoved(plan_.files[place]));
      deliveries_[place].rows = accepted.counts[at].rows;
      deliveries_[place].rejects = accepted.counts[at].rejects;
      rows += accepted.counts[at].rows;
    }
    if (rows > 0) {
      rows_files_.push_back(judged.file);
    } else {
      HILO_TRY(store::remove_tree(prepared_ / judged.file));
    }
    columns_ = accepted.columns;
    extras_ = accepted.extras;
    carries_events_ = accepted.carries_events;
    return {};
  }

  // Drops what was read: it is to be read again.
  Status forget() {
    for (const std::string& file : rows_files_) HILO_TRY(store::remove_tree(prepared_ / file));
    rows_files_.clear();
    log_columns_.clear();
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
  std::int64_t first_delivery_;
  std::int64_t rows_before_;
  Scratch& scratch_;
  PassContext& progress_;
  std::atomic<std::int64_t> done_ = 0;  // records of the run that were read
  int batches_ = 0;                     // of files that are judged together
  std::deque<std::future<Result<std::vector<JudgedRows>>>> judging_;
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

// Learns the zones in which a source's times are told and shown, where there are rows enough for that to pay.
Status learn_zones(Scratch& scratch, const PlannedSource& source, const Settings& settings) {
  constexpr std::int64_t kManyBytes = 16 << 20;
  std::int64_t bytes = 0;
  for (const PlannedFile& file : source.files) bytes += file.bytes;
  if (bytes < kManyBytes) return {};
  for (const std::string& zone : {settings.time_zone, source.definition->source.time_zone}) {
    if (!zone.empty() && zone != "UTC") HILO_TRY(scratch.zones->add(scratch.connection, zone));
  }
  return {};
}

}  // namespace

Result<store::LogEntry> ingest(const IngestPlan& plan, const IngestRun& run, store::Database& scratch_database,
                               PassContext& progress) {
  HILO_ASSIGN(Scratch scratch, Scratch::open(scratch_database));
  if (store::Erasure erased = run.log.erased(); !erased.salt.empty()) HILO_TRY(scratch.keep_out(std::move(erased)));
  std::deque<SourceIngest> jobs;  // each stays where it is: the workers read of it
  HILO_ASSIGN(const std::unique_ptr<Workers> workers, Workers::open(scratch_database, scratch, threads(run.settings)));
  store::LogEntry entry;
  entry.at = run.now;
  std::int64_t delivery = run.log.last_delivery() + 1;
  for (const PlannedSource& source : plan.sources) {
    if (source.files.empty()) continue;
    HILO_TRY(learn_zones(scratch, source, run.settings));
    SourceIngest& job = jobs.emplace_back(source, run, delivery, run.log.rows() + entry.rows, scratch, progress);
    const Status read = job.read_all(*workers);
    if (!read) {
      for (SourceIngest& earlier : jobs) {
        if (&earlier != &job) HILO_TRY(earlier.gather());  // an earlier source's fault is the one to tell
      }
      return std::unexpected(read.error());
    }
    entry.rows += job.records();
    delivery += static_cast<std::int64_t>(source.files.size());
  }
  for (SourceIngest& job : jobs) {
    HILO_TRY(job.gather());
    HILO_TRY(job.write(entry));
  }
  return entry;
}

}  // namespace hilo::ingest
