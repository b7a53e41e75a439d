#include "app/erase.h"

#include <algorithm>
#include <chrono>
#include <set>

#include <fmt/format.h>

#include "app/build_store.h"
#include "app/byte_scan.h"
#include "app/check.h"
#include "app/customer.h"
#include "app/reader.h"
#include "app/run_history.h"
#include "app/time_limit.h"
#include "app/version.h"
#include "base/text.h"
#include "ingest/erasure.h"
#include "segment/record_job.h"
#include "store/log_rewrite.h"

namespace hilo::app {
namespace {

template <class T>
using Outcome = expr::Checked<T>;

// Shorter texts stand by chance in files that have nothing to do with the person.
constexpr std::size_t kSpellingBytesMin = 8;

// Returns the log's own salt. Its first entry names its files by their content and its instant to the microsecond, so
// that no two logs share one; and who erases the same of the same log ends with the same bytes.
Result<std::string> salt_of(const store::Log& log) {
  if (store::Erasure before = log.erased(); !before.salt.empty()) return std::move(before.salt);
  HILO_ASSIGN(const std::string first, store::render_entry(log.entries().front()));
  constexpr std::size_t kSaltDigits = 32;
  return sha256_hex("erasure\n" + first).substr(0, kSaltDigits);
}

// Returns the settings of the last run: those on the disk may be at fault, and no erasure is to wait for that.
Result<Settings> settings_of(const store::Log& log) {
  HILO_ASSIGN(store::Database database, store::Database::open(""));
  HILO_ASSIGN(store::Connection connection, database.connect());
  auto definitions = read_definitions(log.definitions(), connection);
  if (!definitions) return std::unexpected(definitions.error().front());
  return std::move(definitions->settings);
}

// One erasure on its way. All is prepared beside log and store; then the log changes, then the store.
class Job {
 public:
  Job(const Workspace& workspace, ProgressListener& listener)
      : workspace_(workspace), generations_(workspace.store_folder()), limited_(listener), passes_(limited_) {}

  Outcome<EraseReport> preview(const std::vector<std::string>& who) {
    auto log = store::Log::open(workspace_.log_folder());
    if (!log) return one_error(log.error());
    if (const Status found = find(*log, who); !found) return one_error(found.error());
    if (const Status searched = search(Searched::kBesideLogAndStore); !searched) return one_error(searched.error());
    return finish();
  }

  Outcome<EraseReport> erase(const std::vector<std::string>& who, const Clock& clock) {
    auto lock = store::WriterLock::take(workspace_.lock_file());
    if (!lock) return one_error(lock.error());
    auto log = store::Log::open(workspace_.log_folder());
    if (!log) return one_error(log.error());
    generations_.tidy();
    if (const Status tidied = log->tidy(); !tidied) return one_error(tidied.error());
    if (const Status found = find(*log, who); !found) return one_error(found.error());
    auto rewrite = store::LogRewrite::begin(*log);
    if (!rewrite) return one_error(rewrite.error());
    if (auto built = rebuild_without(*log, *rewrite, clock); !built) {
      generations_.abandon();
      if (const Status dropped = rewrite->discard(); !dropped) built.error().push_back(dropped.error());
      return std::unexpected(built.error());
    }
    const Status committed = passes_.run("log", "rows", [&](PassContext& context) {
      context.rows = report_.rows;
      return rewrite->commit();
    });
    if (!committed) {
      generations_.abandon();
      std::vector<Error> errors = {committed.error()};
      if (const Status dropped = rewrite->discard(); !dropped) errors.push_back(dropped.error());
      return std::unexpected(std::move(errors));
    }
    if (const Status published = publish_store(generations_, passes_); !published) return one_error(published.error());
    if (const Status searched = search(Searched::kEverything); !searched) return one_error(searched.error());
    return finish();
  }

 private:
  // Fills in who is meant and what the log holds of them.
  Status find(const store::Log& log, const std::vector<std::string>& who) {
    return passes_.run("find", "rows", [&](PassContext& context) -> Status {
      HILO_TRY(find_records(log, who));
      HILO_ASSIGN(const Settings settings, settings_of(log));
      limited_.limit(settings);
      HILO_ASSIGN(scratch_, store::Database::open("", {.read_only = false,
                                                       .threads = settings.threads,
                                                       .memory_limit = settings.memory_limit,
                                                       .temp_directory = generations_.spill_folder().string()}));
      HILO_ASSIGN(connection_, scratch_->connect());
      HILO_ASSIGN(traces_, ingest::find_traces(*connection_, log, records_));
      report_.rows = context.rows = traces_.rows;
      for (const ingest::TracesOfFile& file : traces_.files) add_outside(file);
      std::erase_if(traces_.spellings, [](const std::string& text) { return text.size() < kSpellingBytesMin; });
      return {};
    });
  }

  Status find_records(const store::Log& log, const std::vector<std::string>& who) {
    if (!is_current(log, generations_)) {
      return fail(ErrorCode::kNotFound, "the store does not hold what the log holds",
                  "Run `hilo run` or `hilo rebuild` first: who is meant is looked up in the store.");
    }
    HILO_ASSIGN(Reader reader, Reader::open(workspace_));
    std::set<std::int64_t> customers;
    for (const std::string& text : who) {
      HILO_ASSIGN(const std::int64_t id, find_customer(reader, text));
      customers.insert(id);
    }
    report_.customers.assign(customers.begin(), customers.end());
    for (const std::int64_t id : customers) {
      HILO_ASSIGN(store::Rows rows,
                  reader.connection().query("select record_id from identity where customer_id = $id order by record_id",
                                            {{"id", id}}));
      HILO_TRY(rows.for_each(
          [&](const store::Chunk& chunk, std::size_t row) { records_.push_back(chunk.integer(0, row)); }));
      HILO_ASSIGN(const std::int64_t events, reader.connection().query_integer(
                                                 "select count(*) from events where customer_id = $id", {{"id", id}}));
      report_.events += events;
    }
    report_.records = static_cast<std::int64_t>(records_.size());
    return {};
  }

  // A file that was delivered several times is told once.
  void add_outside(const ingest::TracesOfFile& traces) {
    std::error_code missing;
    if (!std::filesystem::exists(workspace_.root() / traces.file, missing)) return;
    const auto known = std::ranges::find_if(report_.outside, [&](const OutsideFile& file) {
      return file.file == traces.file && file.source == traces.source;
    });
    if (known == report_.outside.end()) {
      report_.outside.push_back({.file = traces.file, .source = traces.source, .rows = traces.rows});
    } else {
      known->rows = std::max(known->rows, traces.rows);
    }
  }

  // Prepares the log without them and builds the store of it.
  Outcome<void> rebuild_without(const store::Log& log, store::LogRewrite& rewrite, const Clock& clock) {
    const Status prepared = passes_.run("remove", "rows", [&](PassContext& context) -> Status {
      HILO_ASSIGN(report_.rejected_values, ingest::remove_traces(*connection_, log, rewrite));
      HILO_ASSIGN(report_.memberships, segment::erase_members(*connection_, log, rewrite, records_));
      store::LogEntry entry;
      entry.at = std::max(clock.now(), log.entries().back().at);  // the log's time does not go back
      entry.program = std::string(kVersion);
      HILO_ASSIGN(const std::string salt, salt_of(log));
      HILO_ASSIGN(entry.erasure, ingest::hash_traces(*connection_, salt));
      context.rows = report_.rows;
      return rewrite.finish(std::move(entry));
    });
    connection_.reset();
    scratch_.reset();
    if (!prepared) return one_error(prepared.error());
    auto view = rewrite.view();
    if (!view) return one_error(view.error());
    report_.run = view->last_run();
    auto checked = compile_log(*view);
    if (!checked) return std::unexpected(checked.error());
    if (const auto built = build_store(*view, *checked, generations_, passes_); !built) return one_error(built.error());
    return {};
  }

  // What stands in log and store before an erasure is what will go.
  enum class Searched : std::uint8_t { kEverything, kBesideLogAndStore };

  // Looks for what nobody else is known by in every file of the workspace.
  Status search(Searched searched) {
    return passes_.run("search", "files", [&](PassContext& context) -> Status {
      const BytesFound found = find_bytes(workspace_.root(), traces_.spellings);
      for (const std::filesystem::path& path : found.files) {
        const std::string name = path.lexically_relative(workspace_.root()).string();
        const bool goes = name.starts_with("log/") || name.starts_with("store/");
        if (goes && searched == Searched::kBesideLogAndStore) continue;
        if (std::ranges::find(report_.outside, name, &OutsideFile::file) != report_.outside.end()) continue;
        report_.outside.push_back({.file = name, .source = {}, .rows = 0});
      }
      for (const std::filesystem::path& path : found.unread) {
        report_.unread.push_back(path.lexically_relative(workspace_.root()).string());
      }
      context.rows = static_cast<std::int64_t>(found.files.size());
      return {};
    });
  }

  EraseReport finish() {
    report_.passes = passes_.reports();
    report_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    return std::move(report_);
  }

  const Workspace& workspace_;
  store::GenerationStore generations_;
  LimitedPasses limited_;
  PassRunner passes_;
  EraseReport report_;
  std::vector<std::int64_t> records_;
  std::optional<store::Database> scratch_;
  std::optional<store::Connection> connection_;
  ingest::Traces traces_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

Outcome<EraseReport> preview_erasure(const Workspace& workspace, const std::vector<std::string>& who,
                                     ProgressListener& listener) {
  return Job(workspace, listener).preview(who);
}

Outcome<EraseReport> erase(const Workspace& workspace, const std::vector<std::string>& who, const Clock& clock,
                           ProgressListener& listener) {
  const RunRecorder recorder(workspace, "erase");
  Outcome<EraseReport> outcome = Job(workspace, listener).erase(who, clock);
  if (!outcome) {
    recorder.failed(outcome.error());
  } else {
    recorder.succeeded({.started_at = {},
                        .command = {},
                        .run = outcome->run,
                        .rows = outcome->rows,
                        .seconds = outcome->seconds,
                        .error = {},
                        .passes = outcome->passes});
  }
  return outcome;
}

}  // namespace hilo::app
