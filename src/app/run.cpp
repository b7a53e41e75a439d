#include "app/run.h"

#include <chrono>

#include <fmt/format.h>

#include "app/build_store.h"
#include "app/check.h"
#include "app/run_history.h"
#include "app/time_limit.h"
#include "app/version.h"
#include "base/text.h"
#include "ingest/ingest_job.h"

namespace hilo::app {
namespace {

template <class T>
using Outcome = expr::Checked<T>;

// One run on its way. Everything is read and checked before anything is written.
class Job {
 public:
  Job(const Workspace& workspace, ProgressListener& listener)
      : workspace_(workspace), generations_(workspace.store_folder()), limited_(listener), passes_(limited_) {}

  Outcome<RunReport> run(const Clock& clock) {
    auto lock = store::WriterLock::take(workspace_.lock_file());
    if (!lock) return one_error(lock.error());
    auto log = store::Log::open(workspace_.log_folder());
    if (!log) return one_error(log.error());
    if (const Status readable = check_store(); !readable) return one_error(readable.error());
    generations_.tidy();
    if (const Status tidied = log->tidy(); !tidied) return one_error(tidied.error());
    auto texts = workspace_.read_definitions();
    if (!texts) return one_error(texts.error());
    auto checked = check(*texts, *log);
    if (!checked) return std::unexpected(checked.error());
    limited_.limit(checked->definitions.settings);
    auto plan = ingest::plan_ingest(*log, checked->definitions.sources,
                                    {workspace_.root(), checked->definitions.settings.source_folders});
    if (!plan) return one_error(plan.error());
    note_sources(*plan);
    const bool new_definitions = log->definitions() != *texts;
    if (plan->empty() && !new_definitions && is_current(*log, generations_)) {
      report_.up_to_date = true;
      return finish();
    }
    if (!plan->empty() || new_definitions) {
      auto taken = take(*plan, *log, *texts, clock, *checked);
      if (!taken) return std::unexpected(taken.error());
    }
    // The log takes the run only once its store is built: a run that fails leaves both as they were.
    const auto built = build_store(*log, *checked, generations_, passes_);
    if (!built) return discard(*log, {built.error()});
    note_build(*built);
    if (const Status committed = commit(*log); !committed) {
      generations_.abandon();
      return discard(*log, {committed.error()});
    }
    if (const Status published = publish_store(generations_, passes_); !published) return one_error(published.error());
    return finish();
  }

  Outcome<RunReport> rebuild() {
    auto lock = store::WriterLock::take(workspace_.lock_file());
    if (!lock) return one_error(lock.error());
    auto log = store::Log::open(workspace_.log_folder());
    if (!log) return one_error(log.error());
    if (const Status tidied = log->tidy(); !tidied) return one_error(tidied.error());
    if (log->empty()) {
      return one_error(Error{.code = ErrorCode::kNotFound,
                             .message = "there is no log to rebuild from",
                             .advice = "Run `hilo run` first."});
    }
    auto checked = compile_log(*log);
    if (!checked) return std::unexpected(checked.error());
    limited_.limit(checked->definitions.settings);
    if (const auto built = build_store(*log, *checked, generations_, passes_); !built) return one_error(built.error());
    if (const Status published = publish_store(generations_, passes_); !published) return one_error(published.error());
    return finish();
  }

 private:
  // A store of a newer program must not be replaced by one that knows less.
  [[nodiscard]] Status check_store() const {
    Result<store::Database> newest = generations_.open_newest({});
    if (!newest && newest.error().code == ErrorCode::kVersion) return std::unexpected(newest.error());
    return {};
  }

  Outcome<CheckedWorkspace> check(const DefinitionTexts& texts, const store::Log& log) {
    std::vector<Error> errors;
    CheckedWorkspace checked;
    const Status passed = passes_.run("check", "definitions", [&](PassContext& context) -> Status {
      auto result = check_workspace(workspace_, texts, log);
      if (!result) {
        errors = result.error();
        return std::unexpected(errors.front());
      }
      checked = std::move(*result);
      report_.warnings = checked.forgotten;
      context.rows = static_cast<std::int64_t>(texts.size());
      return {};
    });
    if (!passed) return std::unexpected(std::move(errors));
    return checked;
  }

  // Reads what is new and compiles the definitions against the columns as they then are; the log is not touched yet.
  Outcome<void> take(const ingest::IngestPlan& plan, store::Log& log, const DefinitionTexts& texts, const Clock& clock,
                     CheckedWorkspace& checked) {
    auto prepared = log.prepare();
    if (!prepared) return one_error(prepared.error());
    store::LogEntry entry;
    entry.at = instant_of_run(log, clock);
    const Instant instant = entry.at;
    const Settings settings = checked.definitions.settings;
    const Status read = passes_.run("ingest", "rows", [&](PassContext& context) -> Status {
      if (plan.empty()) return {};
      HILO_ASSIGN(store::Database scratch,
                  store::Database::open("", {.read_only = false,
                                             .threads = settings.threads,
                                             .memory_limit = settings.memory_limit,
                                             .temp_directory = generations_.spill_folder().string()}));
      HILO_ASSIGN(entry, ingest::ingest(plan, {.log = log, .settings = settings, .now = instant, .prepared = *prepared},
                                        scratch, context));
      return {};
    });
    if (!read) return discard(*prepared, {read.error()});
    entry.program = std::string(kVersion);
    if (log.definitions() != texts) entry.definitions = texts;
    auto database = store::Database::open("");
    if (!database) return discard(*prepared, {database.error()});
    auto scratch = database->connect();
    if (!scratch) return discard(*prepared, {scratch.error()});
    auto compiled = compile_definitions(std::move(checked.definitions), store::log_columns(log, &entry), *scratch);
    if (!compiled) return discard(*prepared, compiled.error());
    checked = std::move(*compiled);
    count_rows(entry);
    if (const Status added = log.add_prepared(*prepared, std::move(entry)); !added) {
      return discard(*prepared, {added.error()});
    }
    return {};
  }

  // The log's time never goes back. By a clock that does, rows that are known already would lie in the future, and what
  // was delivered later would be known earlier.
  Instant instant_of_run(const store::Log& log, const Clock& clock) {
    const Instant now = clock.now();
    if (log.empty() || log.entries().back().at <= now) return now;
    const Instant last = log.entries().back().at;
    report_.warnings.push_back(fmt::format(
        "the clock says {}, which lies before the last run; this run counts as of that one, {}: is the clock "
        "right?",
        to_string(now), to_string(last)));
    return last;
  }

  Status commit(store::Log& log) {
    return passes_.run("log", "deliveries", [&](PassContext& context) {
      context.rows = log.empty() ? 0 : static_cast<std::int64_t>(log.entries().back().deliveries.size());
      return log.commit();
    });
  }

  static std::unexpected<std::vector<Error>> discard(store::Log& log, std::vector<Error> errors) {
    if (const Status dropped = log.discard(); !dropped) errors.push_back(dropped.error());
    return std::unexpected(std::move(errors));
  }

  static std::unexpected<std::vector<Error>> discard(const std::filesystem::path& prepared, std::vector<Error> errors) {
    if (const Status removed = store::remove_tree(prepared); !removed) errors.push_back(removed.error());
    return std::unexpected(std::move(errors));
  }

  void note_build(const StoreBuild& build) {
    report_.extended = build.extended;
    if (!build.given_up) return;
    report_.warnings.push_back(
        fmt::format("the last store was of no use, so this one is made of the whole log, as `hilo rebuild` does: {}",
                    build.given_up->message));
  }

  void note_sources(const ingest::IngestPlan& plan) {
    for (const ingest::PlannedSource& source : plan.sources) {
      report_.sources.push_back({.name = source.definition->source.name,
                                 .files_read = static_cast<int>(source.files.size()),
                                 .files_unchanged = source.unchanged,
                                 .files_repeated = source.repeated,
                                 .rows = 0,
                                 .rejects = 0});
    }
  }

  void count_rows(const store::LogEntry& entry) {
    for (const store::Delivery& delivery : entry.deliveries) {
      for (SourceReport& source : report_.sources) {
        if (source.name != delivery.source) continue;
        source.rows += delivery.rows;
        source.rejects += delivery.rejects;
      }
    }
    for (const SourceReport& source : report_.sources) {
      if (source.rows > 0 || source.rejects == 0) continue;
      report_.warnings.push_back(fmt::format("{}: nothing of what is new could be taken: {}, see `hilo rejects`",
                                             source.name, counted(source.rejects, "fault")));
    }
  }

  Outcome<RunReport> finish() {
    if (const Status described = describe_store(generations_, report_); !described) return one_error(described.error());
    report_.passes = passes_.reports();
    report_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    return std::move(report_);
  }

  const Workspace& workspace_;
  store::GenerationStore generations_;
  LimitedPasses limited_;
  PassRunner passes_;
  RunReport report_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

Outcome<RunReport> recorded(const RunRecorder& recorder, Outcome<RunReport> outcome) {
  if (!outcome) {
    recorder.failed(outcome.error());
    return outcome;
  }
  PastRun facts{.started_at = {},
                .command = {},
                .run = outcome->run,
                .up_to_date = outcome->up_to_date,
                .seconds = outcome->seconds,
                .error = {},
                .passes = outcome->passes};
  for (const SourceReport& source : outcome->sources) {
    facts.rows += source.rows;
    facts.rejects += source.rejects;
  }
  recorder.succeeded(std::move(facts));
  return outcome;
}

}  // namespace

Outcome<RunReport> run(const Workspace& workspace, const Clock& clock, ProgressListener& listener) {
  const RunRecorder recorder(workspace, "run");
  return recorded(recorder, Job(workspace, listener).run(clock));
}

Outcome<RunReport> rebuild(const Workspace& workspace, ProgressListener& listener) {
  const RunRecorder recorder(workspace, "rebuild");
  return recorded(recorder, Job(workspace, listener).rebuild());
}

}  // namespace hilo::app
