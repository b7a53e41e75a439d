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
void remove_oldest(const fs::path& folder) {
  std::error_code ignored;
  std::vector<std::pair<fs::file_time_type, fs::path>> stores;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored))
    stores.emplace_back(entry.last_write_time(ignored), entry.path());
  if (stores.size() < kStoresKept) return;
  std::ranges::sort(stores);
  for (std::size_t at = 0; at + kStoresKept <= stores.size(); ++at) fs::remove_all(stores[at].second, ignored);
}

Status check_known(const store::GenerationStore& generations, Date day) {
  HILO_ASSIGN(store::Database database, generations.open_newest({}));
  HILO_ASSIGN(store::Connection connection, database.connect());
  HILO_ASSIGN(const std::int64_t known,
              connection.query_integer("select (select count(*) from events) + (select count(*) from records)"));
  if (known > 0) return {};
  return fail(ErrorCode::kNotFound, fmt::format("nothing was known by the end of {}", to_string(day)),
              "Ask about a later day: `hilo sql \"select min(known_at) from events\"` tells when the first fact came.");
}

}  // namespace

Result<Instant> end_of_day(Date day, const std::string& time_zone) {
  HILO_ASSIGN(store::Database database, store::Database::open(""));
  HILO_ASSIGN(store::Connection connection, database.connect());
  HILO_ASSIGN(const std::int64_t micros,
              connection.query_integer("select epoch_us(timezone($zone, ($day::date + 1)::timestamp))",
                                       {{"zone", time_zone}, {"day", day}}));
  return Instant{micros};
}

expr::Checked<Workspace> KnownThen::make(store::Log& log, const fs::path& target, ProgressListener& listener) {
  auto checked = compile_log(log);
  if (!checked) return std::unexpected(checked.error());
  const auto before = end_of_day(day_, checked->definitions.settings.time_zone);
  if (!before) return one_error(before.error());
  log.keep_known(*before);
  // Those of then may be others.
  checked = compile_log(log);
  if (!checked) return std::unexpected(checked.error());
  const Workspace then = workspace_.as_known(target, log.definitions());
  if (fs::exists(target)) return then;
  auto lock = store::WriterLock::take(workspace_.lock_file());
  if (!lock) return one_error(lock.error());
  remove_oldest(target.parent_path());
  if (const Status begun = folder_.begin(target); !begun) return one_error(begun.error());
  LimitedPasses limited(listener);
  limited.limit(checked->definitions.settings);
  PassRunner passes(limited);
  const store::GenerationStore unfinished(folder_.path());
  Status made = [&]() -> Status {
    HILO_TRY(build_store(log, *checked, unfinished, passes));
    HILO_TRY(unfinished.publish());
    return check_known(unfinished, day_);
  }();
  if (made) {
    made = folder_.publish();
  } else {
    folder_.discard();
  }
  if (!made) return one_error(made.error());
  return then;
}

expr::Checked<Workspace> KnownThen::open(ProgressListener& listener) {
  // Without a store there is nothing to compare with, and no folder to make another one in.
  const store::GenerationStore generations(workspace_.store_folder());
  if (const auto published = generations.newest_file(); !published) return one_error(published.error());
  auto log = store::Log::open(workspace_.log_folder());
  if (!log) return one_error(log.error());
  if (log->empty()) {
    return one_error(Error{.code = ErrorCode::kNotFound,
                           .message = "there is no log that tells what was known",
                           .advice = "Restore the log/ folder from a backup: all else is computed from it."});
  }
  return make(*log, folder_of(generations, *log, day_), listener);
}

}  // namespace hilo::app
