#include "app/verify.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "app/build_passes.h"
#include "app/build_store.h"
#include "app/check.h"
#include "app/tables.h"
#include "app/time_limit.h"

namespace hilo::app {
namespace {

namespace fs = std::filesystem;
using store::Content;

constexpr const char* kRebuild = "Run `hilo rebuild`: it makes the store again from the log.";
constexpr const char* kPublished = "published";
constexpr const char* kRebuilt = "rebuilt";

// `built_from` tells who made a store of what, and nothing of customers: it is told apart.
const std::vector<store::LeftOut>& left_out() {
  static const std::vector<store::LeftOut> kLeftOut = {{.table = "meta", .column = "built_from"}};
  return kLeftOut;
}

// Attaches a store that stays as it is.
Status attach(store::Connection& connection, const fs::path& file, const char* name) {
  return connection.execute(fmt::format("attach {} as {} (read_only)", store::quote_text(file.string()), name));
}

// The columns that keep two tables from being compared row by row.
std::vector<std::string> other_columns(const Content& one, const Content& other) {
  std::vector<std::string> names;
  for (std::size_t number = 0; number < std::max(one.columns.size(), other.columns.size()); ++number) {
    const bool same =
        number < one.columns.size() && number < other.columns.size() && one.columns[number] == other.columns[number];
    if (same) continue;
    for (const Content* each : {&one, &other}) {
      if (number >= each->columns.size()) continue;
      const std::string& name = each->columns[number].name;
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

ComparedContent compared(const Content* published, const Content* rebuilt) {
  const Content& either = published != nullptr ? *published : *rebuilt;
  ComparedContent result{.name = either.name, .kind = either.kind, .digest = {}, .rebuilt_digest = {}};
  if (published != nullptr) {
    result.rows = published->rows;
    result.digest = published->digest;
  }
  if (rebuilt != nullptr) {
    result.rebuilt_rows = rebuilt->rows;
    result.rebuilt_digest = rebuilt->digest;
  }
  if (published == nullptr || rebuilt == nullptr) {
    result.comparison = published == nullptr ? Comparison::kMissing : Comparison::kAdded;
  } else if (published->columns != rebuilt->columns) {
    result.comparison = Comparison::kColumns;
    result.other_columns = other_columns(*published, *rebuilt);
  } else if (published->digest != rebuilt->digest) {
    result.comparison = Comparison::kDiffers;
  }
  return result;
}

// By name, and kind: a table may be where a view should be.
std::vector<ComparedContent> pair_up(const std::vector<Content>& published, const std::vector<Content>& rebuilt) {
  using Name = std::pair<std::string, std::string>;
  std::map<Name, std::pair<const Content*, const Content*>> pairs;
  for (const Content& each : published) pairs[{each.name, each.kind}].first = &each;
  for (const Content& each : rebuilt) pairs[{each.name, each.kind}].second = &each;
  std::vector<ComparedContent> contents;
  for (const auto& [name, pair] : pairs) contents.push_back(compared(pair.first, pair.second));
  return contents;
}

// One comparison on its way, with the second store in a folder that somebody else removes.
class Job {
 public:
  Job(const Workspace& workspace, fs::path folder, ProgressListener& listener)
      : generations_(workspace.store_folder()),
        trial_(std::move(folder)),
        log_folder_(workspace.log_folder()),
        limited_(listener),
        passes_(limited_) {}

  expr::Checked<VerifyReport> run() {
    auto log = store::Log::open(log_folder_);
    if (!log) return one_error(log.error());
    if (log->empty()) {
      return one_error(Error{.code = ErrorCode::kNotFound,
                             .message = "there is no log to compare the store with",
                             .advice = "Restore the log/ folder from a backup: all else is computed from it."});
    }
    auto checked = compile_log(*log);
    if (!checked) return std::unexpected(checked.error());
    settings_ = checked->definitions.settings;
    limited_.limit(settings_);
    auto published = read_published(*log);
    if (!published) return one_error(published.error());
    if (const auto built = build_store(*log, *checked, trial_, passes_); !built) return one_error(built.error());
    if (const Status done = compare(*published); !done) return one_error(done.error());
    report_.passes = passes_.reports();
    return std::move(report_);
  }

 private:
  [[nodiscard]] store::DatabaseOptions options() const {
    return {.read_only = true,
            .threads = settings_.threads,
            .memory_limit = settings_.memory_limit,
            .temp_directory = trial_.spill_folder().string()};
  }

  // Before the build, which takes longer: a store that cannot be read is not worth one.
  Result<std::vector<Content>> read_published(const store::Log& log) {
    std::vector<Content> contents;
    HILO_TRY(passes_.run("read", "tables", [&](PassContext& context) -> Status {
      HILO_ASSIGN(store::Database database, generations_.open_newest(options()));
      HILO_ASSIGN(store::Connection connection, database.connect());
      HILO_ASSIGN(const std::int64_t run, connection.query_integer("select log_run from meta"));
      if (run != log.last_run()) {
        return fail(ErrorCode::kNotFound, "the store does not hold what the log holds",
                    fmt::format("It was made up to run {}, and the log has {}. Run `hilo run`, which brings it up to "
                                "date.",
                                run, log.last_run()));
      }
      report_.run = log.last_run();
      HILO_ASSIGN(const auto origin, connection.query_text("select built_from from meta"));
      report_.same_rules = origin == built_from(log, log.last_run());
      HILO_ASSIGN(contents, contents_of(connection, context));
      return {};
    }));
    return contents;
  }

  static Result<std::vector<Content>> contents_of(store::Connection& connection, PassContext& context) {
    auto contents = store::contents_of(connection, left_out(),
                                       [&](std::int64_t done, std::int64_t total) { context.advance(done, total); });
    if (!contents) {
      Error& error = contents.error();
      if (error.advice.empty()) error.advice = kRebuild;
      return std::unexpected(std::move(error));
    }
    context.rows = static_cast<std::int64_t>(contents->size());
    return contents;
  }

  Status compare(const std::vector<Content>& published) {
    return passes_.run("compare", "tables", [&](PassContext& context) -> Status {
      std::vector<Content> rebuilt;
      {
        HILO_ASSIGN(store::Database database, store::Database::open(trial_.building().string(), options()));
        HILO_ASSIGN(store::Connection connection, database.connect());
        HILO_ASSIGN(rebuilt, contents_of(connection, context));
      }
      report_.contents = pair_up(published, rebuilt);
      report_.differences = std::ranges::count_if(
          report_.contents, [](const ComparedContent& each) { return each.comparison != Comparison::kEqual; });
      return report_.differences == 0 ? Status{} : compare_rows(rebuilt);
    });
  }

  Status compare_rows(const std::vector<Content>& rebuilt) {
    store::DatabaseOptions beside = options();
    beside.read_only = false;
    HILO_ASSIGN(store::Database database, store::Database::open("", beside));
    HILO_ASSIGN(store::Connection connection, database.connect());
    HILO_ASSIGN(const fs::path file, generations_.newest_file());
    HILO_TRY(attach(connection, file, kPublished));
    HILO_TRY(attach(connection, trial_.building(), kRebuilt));
    for (ComparedContent& each : report_.contents) {
      if (each.comparison != Comparison::kDiffers || each.kind != "table") continue;
      const auto content = std::ranges::find_if(
          rebuilt, [&](const Content& one) { return one.name == each.name && one.kind == each.kind; });
      HILO_ASSIGN(each.difference, store::compare_rows(connection, {.first = kPublished,
                                                                    .second = kRebuilt,
                                                                    .table = each.name,
                                                                    .columns = content->columns,
                                                                    .key = key_of_table(each.name)}));
    }
    return {};
  }

  store::GenerationStore generations_;
  store::GenerationStore trial_;
  fs::path log_folder_;
  Settings settings_;
  LimitedPasses limited_;
  PassRunner passes_;
  VerifyReport report_;
};

}  // namespace

std::string_view comparison_name(Comparison comparison) {
  switch (comparison) {
    case Comparison::kEqual: return "equal";
    case Comparison::kDiffers: return "differs";
    case Comparison::kColumns: return "other columns";
    case Comparison::kMissing: return "missing";
    case Comparison::kAdded: return "not of a rebuild";
  }
  return "differs";
}

expr::Checked<VerifyReport> Verification::make(ProgressListener& listener) {
  const auto start = std::chrono::steady_clock::now();
  auto lock = store::WriterLock::take(workspace_.lock_file());
  if (!lock) return one_error(lock.error());
  const store::GenerationStore generations(workspace_.store_folder());
  // Without a store there is nothing to compare, and no folder to make another one in.
  if (const auto published = generations.newest_file(); !published) return one_error(published.error());
  if (const Status begun = folder_.begin(generations.trial_folder()); !begun) return one_error(begun.error());
  auto report = Job(workspace_, folder_.path(), listener).run();
  folder_.discard();
  if (report) report->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

}  // namespace hilo::app
