#include "app/known_then.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/build_passes.h"
#include "app/build_store.h"
#include "app/check.h"
#include "app/time_limit.h"
#include "store/durable.h"
#include "store/generation.h"
#include "store/wall_clock.h"

namespace hilo::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kStoresKept = 4;

// By what it holds: one made of another log, or by another program, has another name.
fs::path folder_of(const store::GenerationStore& generations, const store::Log& log, Date day) {
  constexpr std::size_t kDigits = 16;
  return generations.known_folder() /
         fmt::format("{}-{}", to_string(day), built_from(log, log.last_run()).substr(0, kDigits));
}

// Makes room for one more: those that were made first go.
Status remove_oldest(const fs::path& folder) {
  HILO_ASSIGN(const std::vector<fs::path> entries, store::list_folder(folder));
  std::error_code ignored;
  std::vector<std::pair<fs::file_time_type, fs::path>> made;
  for (const fs::path& entry : entries) {
    if (entry.extension() != ".unfinished") made.emplace_back(fs::last_write_time(entry, ignored), entry);
  }
  std::ranges::sort(made);
  for (std::size_t at = 0; at + kStoresKept <= made.size(); ++at) fs::remove_all(made[at].second, ignored);
  return {};
}

Status check_known(const store::GenerationStore& generations, Date day) {
  HILO_ASSIGN(store::Database database, generations.open_newest({}));
  HILO_ASSIGN(store::Connection connection, database.connect());
  HILO_ASSIGN(const std::int64_t known,
              connection.query_integer("select (select count(*) from events) + (select count(*) from records)"));
  if (known > 0) return {};
  return fail(
      ErrorCode::kNotFound, fmt::format("nothing was known by the end of {}", to_string(day)),
      "Ask about a later day: `hilo sql \"select min(first_known_at) from records\"` tells of the first record.");
}

}  // namespace

// What the log held then, and where the store of that stands once it is made.
struct KnownThen::Question {
  store::Log log;
  fs::path store;
};

expr::Checked<KnownThen::Question> KnownThen::ask() const {
  const store::GenerationStore generations(workspace_.store_folder());
  // Without a store there is no folder to make another one in.
  if (const auto published = generations.newest_file(); !published) return one_error(published.error());
  auto log = store::Log::open(workspace_.log_folder());
  if (!log) return one_error(log.error());
  if (log->empty()) {
    return one_error(Error{.code = ErrorCode::kNotFound,
                           .message = "there is no log that tells what was known",
                           .advice = "Restore the log/ folder from a backup: all else is computed from it."});
  }
  const fs::path folder = folder_of(generations, *log, day_);
  auto database = store::Database::open("");
  if (!database) return one_error(database.error());
  auto scratch = database->connect();
  if (!scratch) return one_error(scratch.error());
  const auto definitions = read_definitions(log->definitions(), *scratch);
  if (!definitions) return std::unexpected(definitions.error());
  const std::string& zone = definitions->settings.time_zone;
  const auto end = scratch->query_integer(
      fmt::format("select epoch_us({})", store::first_instant_sql("($day::date + 1)", zone)), {{"day", day_}});
  if (!end) return one_error(end.error());
  const Instant before{*end};
  log->forget_runs_from(before);
  // Before the first run there was no store: there would have been what it brought and was known by assumption.
  if (log->entries().front().at >= before) log->keep_known({.before = before, .time_zone = zone});
  return Question{.log = std::move(*log), .store = folder};
}

std::vector<Error> KnownThen::make(Question& question, ProgressListener& listener) {
  auto checked = compile_log(question.log);
  if (!checked) return checked.error();
  Status begun = remove_oldest(question.store.parent_path());
  if (begun) begun = folder_.begin(question.store);
  if (!begun) return {begun.error()};
  LimitedPasses limited(listener);
  limited.limit(checked->definitions.settings);
  PassRunner passes(limited);
  const store::GenerationStore unfinished(folder_.path());
  Status made = [&]() -> Status {
    HILO_TRY(build_store(question.log, *checked, unfinished, passes));
    HILO_TRY(unfinished.publish());
    return check_known(unfinished, day_);
  }();
  if (made) {
    made = folder_.publish();
  } else {
    folder_.discard();
  }
  return made ? std::vector<Error>{} : std::vector{made.error()};
}

expr::Checked<Workspace> KnownThen::open(ProgressListener& listener) {
  auto question = ask();
  if (!question) return std::unexpected(question.error());
  std::error_code unknown;
  if (!fs::exists(question->store, unknown)) {
    auto lock = store::WriterLock::take(workspace_.lock_file());
    if (!lock) return one_error(lock.error());
    // Another process may have made it meanwhile, or added to the log.
    question = ask();
    if (!question) return std::unexpected(question.error());
    if (!fs::exists(question->store, unknown)) {
      if (auto errors = make(*question, listener); !errors.empty()) return std::unexpected(std::move(errors));
    }
  }
  return workspace_.as_known(question->store, question->log.definitions());
}

}  // namespace hilo::app
