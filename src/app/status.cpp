#include "app/status.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "ingest/ingest_job.h"
#include "store/generation.h"
#include "store/log.h"

namespace hilo::app {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMicrosPerDay = 86'400'000'000;
constexpr int kLateFactor = 2;          // a delivery is late after so many times the longest gap before it
constexpr std::size_t kGapsSeen = 10;   // of the last deliveries
constexpr double kRejectsNoted = 0.05;  // of a source's last run

std::uint64_t bytes_below(const fs::path& folder) {
  std::uint64_t bytes = 0;
  std::error_code failure;
  for (fs::recursive_directory_iterator at(folder, failure), end; at != end && !failure; at.increment(failure)) {
    std::error_code unknown;
    const std::uintmax_t size = at->is_regular_file(unknown) ? at->file_size(unknown) : 0;
    if (!unknown) bytes += size;
  }
  return bytes;
}

// All that the log says of one source.
struct Deliveries {
  SourceStatus status;
  std::set<Instant> moments;
  std::int64_t last_rows = 0;     // of its last run
  std::int64_t last_rejects = 0;  // likewise
};

std::map<std::string, Deliveries> deliveries_of(const store::Log& log) {
  std::set<std::int64_t> replaced;
  for (const store::LogEntry& entry : log.entries()) {
    for (const store::Delivery& delivery : entry.deliveries)
      replaced.insert(delivery.replaces.begin(), delivery.replaces.end());
  }
  std::map<std::string, Deliveries> sources;
  for (const store::LogEntry& entry : log.entries()) {
    for (const store::SourceSegment& segment : entry.segments) {
      Deliveries& source = sources[segment.source.name];
      source.status.name = segment.source.name;
      source.status.kind = kind_name(segment.source.kind);
      source.last_rows = source.last_rejects = 0;
    }
    for (const store::Delivery& delivery : entry.deliveries) {
      Deliveries& source = sources[delivery.source];
      source.moments.insert(delivery.delivered_at);
      source.last_rows += delivery.rows;
      source.last_rejects += delivery.rejects;
      if (replaced.contains(delivery.number)) continue;
      ++source.status.files;
      source.status.rows += delivery.rows;
      source.status.rejects += delivery.rejects;
    }
  }
  for (auto& [name, source] : sources) {
    if (!source.moments.empty()) source.status.delivered_at = *source.moments.rbegin();
  }
  return sources;
}

std::string days_text(std::int64_t micros) {
  return counted(std::max<std::int64_t>(1, (micros + kMicrosPerDay / 2) / kMicrosPerDay), "day");
}

// A source is late by its own habit: some silos deliver each hour, some each month.
std::optional<std::string> lateness(const Deliveries& source, Instant now) {
  if (source.moments.size() < 3) return {};
  std::int64_t longest = kMicrosPerDay;
  std::size_t seen = 0;
  for (auto later = source.moments.rbegin(); std::next(later) != source.moments.rend() && seen < kGapsSeen; ++later) {
    longest = std::max(longest, later->micros - std::next(later)->micros);
    ++seen;
  }
  const std::int64_t since = now.micros - source.moments.rbegin()->micros;
  if (since <= kLateFactor * longest) return {};
  return fmt::format("{}: nothing was delivered for {}; before, at most {} went by", source.status.name,
                     days_text(since), days_text(longest));
}

class Survey {
 public:
  Survey(const Workspace& workspace, const Clock& clock) : workspace_(workspace) { status_.now = clock.now(); }

  Result<WorkspaceStatus> make(std::size_t runs_max) {
    status_.folder = workspace_.root().string();
    HILO_ASSIGN(const store::Log log, store::Log::open(workspace_.log_folder()));
    status_.log_entries = log.last_run();
    std::map<std::string, Deliveries> sources = deliveries_of(log);
    for (const auto& [name, source] : sources) note_source(source);
    add_definitions(log, sources);
    add_store(log, sources);
    for (auto& [name, source] : sources) status_.sources.push_back(std::move(source.status));
    status_.runs = past_runs(workspace_, runs_max);
    if (!status_.runs.empty() && !status_.runs.front().error.empty()) {
      warn(fmt::format("the last {} failed: {}", status_.runs.front().command, status_.runs.front().error));
    }
    add_disk();
    return std::move(status_);
  }

 private:
  void warn(std::string text) { status_.warnings.push_back(std::move(text)); }

  void note_source(const Deliveries& source) {
    if (auto late = lateness(source, status_.now)) warn(*late);
    const double judged = static_cast<double>(source.last_rows + source.last_rejects);
    if (judged > 0 && static_cast<double>(source.last_rejects) > kRejectsNoted * judged) {
      warn(fmt::format("{}: {:.0f} % of what it brought last was rejected, see `hilo rejects`", source.status.name,
                       100.0 * static_cast<double>(source.last_rejects) / judged));
    }
  }

  // What the definitions on the disk say: which files wait, which sources of the log nobody describes any more.
  void add_definitions(const store::Log& log, std::map<std::string, Deliveries>& sources) {
    auto database = store::Database::open("");
    if (!database) return warn(database.error().message);
    auto scratch = database->connect();
    if (!scratch) return warn(scratch.error().message);
    const auto texts = workspace_.read_definitions();
    if (!texts) return warn(texts.error().message);
    const auto definitions = read_definitions(*texts, *scratch);
    if (!definitions) {
      return warn(fmt::format("the definitions have {}, see `hilo check`",
                              counted(static_cast<std::int64_t>(definitions.error().size()), "fault")));
    }
    status_.name = definitions->settings.name;
    if (!log.empty() && log.definitions() != *texts) warn("definitions changed since the last run");
    std::set<std::string> described;
    for (const ingest::SourceDefinition& definition : definitions->sources) {
      described.insert(definition.source.name);
      SourceStatus& source = sources[definition.source.name].status;
      source.name = definition.source.name;
      source.kind = kind_name(definition.source.kind);
      const auto waiting =
          ingest::count_waiting(log, definition, {workspace_.root(), definitions->settings.source_folders});
      if (waiting) source.waiting = *waiting;
      if (!waiting) warn(fmt::format("{}: {}", source.name, waiting.error().message));
    }
    for (const auto& [name, source] : sources) {
      if (!described.contains(name)) warn(fmt::format("{}: the log has it, but no definition describes it", name));
    }
  }

  void add_store(const store::Log& log, std::map<std::string, Deliveries>& sources) {
    std::error_code missing;
    if (fs::exists(workspace_.log_folder() / ".rewrite", missing)) {
      warn("an erasure was cut short once it counted: the next `hilo run` ends it");
    }
    const Status read = read_store(sources);
    if (!read && read.error().code == ErrorCode::kNotFound) {
      if (!log.empty()) warn("there is no store: `hilo rebuild` makes it from the log");
      return;
    }
    if (!read) return warn(read.error().message + ". " + read.error().advice);
    if (read && status_.store_run != log.last_run()) {
      warn("the store does not know all of the log: `hilo run` builds it");
    }
  }

  // Of what a source brought last, a row may have lost several values: it counts once.
  Status read_rejects(store::Connection& connection, std::map<std::string, Deliveries>& sources) {
    HILO_ASSIGN(
        store::Rows rows,
        connection.query(
            "with last as (select source, max(run) as run from deliveries group by source), "
            "brought as (select source, sum(rows)::bigint as rows from deliveries join last using (source, run) "
            "group by source), "
            "lost as (select source, count(distinct (delivery, record)) filter (where scope = 'row') as rows, "
            "count(*) filter (where scope = 'value') as values from rejects group by source), "
            "dented as (select d.source, count(distinct (delivery, record)) as rows from rejects r "
            "join deliveries d using (delivery) join last l on l.source = d.source and l.run = d.run "
            "where r.scope = 'value' group by d.source) "
            "select source, coalesce(l.rows, 0), coalesce(l.values, 0), b.rows, coalesce(d.rows, 0) "
            "from brought b left join lost l using (source) left join dented d using (source) order by source"));
    return rows.for_each([&](const store::Chunk& chunk, std::size_t row) {
      const std::string name(chunk.text(0, row));
      sources[name].status.lost = LostOfSource{chunk.integer(1, row), chunk.integer(2, row)};
      const auto brought = static_cast<double>(chunk.integer(3, row));
      const auto dented = static_cast<double>(chunk.integer(4, row));
      if (brought > 0 && dented > kRejectsNoted * brought) {
        warn(fmt::format("{}: {:.0f} % of the rows that it brought last lost a value, see `hilo rejects`", name,
                         100.0 * dented / brought));
      }
    });
  }

  Status read_store(std::map<std::string, Deliveries>& sources) {
    HILO_ASSIGN(store::Database database, store::GenerationStore(workspace_.store_folder()).open_newest({}));
    HILO_ASSIGN(store::Connection connection, database.connect());
    HILO_ASSIGN(const std::int64_t day, connection.query_integer("select day from meta"));
    status_.day = Date{static_cast<std::int32_t>(day)};
    HILO_ASSIGN(const std::int64_t run, connection.query_integer("select log_run from meta"));
    status_.store_run = static_cast<int>(run);
    HILO_ASSIGN(status_.customers, connection.query_integer("select count(*) from customers"));
    HILO_TRY(read_rejects(connection, sources));
    HILO_ASSIGN(store::Rows rows, connection.query("select source, epoch_us(max(time_utc)) from events group by source "
                                                   "order by source"));
    return rows.for_each([&](const store::Chunk& chunk, std::size_t row) {
      sources[std::string(chunk.text(0, row))].status.latest_event = Instant{chunk.integer(1, row)};
    });
  }

  void add_disk() {
    status_.log_bytes = bytes_below(workspace_.log_folder());
    status_.store_bytes = bytes_below(workspace_.store_folder());
    std::error_code failure;
    const fs::space_info space = fs::space(workspace_.root(), failure);
    if (failure) return;
    status_.free_bytes = space.available;
    // A build stands beside the store that it replaces, and may spill as much again.
    if (space.available < 2 * status_.store_bytes + status_.log_bytes / 2) {
      warn(fmt::format("the disk has {} left, and the next run may need {}", human_bytes(space.available),
                       human_bytes(2 * status_.store_bytes + status_.log_bytes / 2)));
    }
  }

  const Workspace& workspace_;
  WorkspaceStatus status_;
};

}  // namespace

Result<WorkspaceStatus> describe_workspace(const Workspace& workspace, const Clock& clock, std::size_t runs_max) {
  return Survey(workspace, clock).make(runs_max);
}

}  // namespace hilo::app
