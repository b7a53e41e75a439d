#include "app/build_store.h"

#include <optional>
#include <set>

#include <fmt/format.h>

#include "app/build_passes.h"
#include "store/log_check.h"
#include "store/log_view.h"

namespace hilo::app {
namespace {

// A damaged file of the log shows as whatever the engine stumbles over, often without its name: it is looked for.
std::optional<Error> damage_of(const store::Log& log, const Error& error, int threads) {
  const bool told = error.code == ErrorCode::kIo && !error.advice.empty();
  if (told || (error.code != ErrorCode::kInvalidInput && error.code != ErrorCode::kIo)) return std::nullopt;
  const auto checked = store::check_log(log, store::CheckDepth::kContent, threads);
  if (!checked || checked->faults.empty()) return std::nullopt;
  const store::LogFault& fault = checked->faults.front();
  return Error{.code = error.code,
               .message = fmt::format("{} {}", fault.file, fault.what),
               .advice = std::string(store::kRestoreLog)};
}

// Deliveries that become void with an entry; one that reads a file of several earlier queries names the void ones
// again.
bool voids_deliveries(const store::Log& log) {
  std::set<std::int64_t> replaced;
  for (const store::LogEntry& entry : log.entries()) {
    for (const store::Delivery& delivery : entry.deliveries) {
      for (const std::int64_t number : delivery.replaces) {
        if (replaced.insert(number).second && &entry == &log.entries().back()) return true;
      }
    }
  }
  return false;
}

// A store may be extended where the run added rows and nothing else, by the rules that built it, from the log that it
// was built from.
bool can_extend(const store::Log& log, const store::GenerationStore& generations) {
  if (!log.is_prepared() || log.entries().size() < 2) return false;
  const store::LogEntry& entry = log.entries().back();
  if (entry.definitions || is_large_part(entry.rows, log) || voids_deliveries(log)) return false;
  if (store::log_columns_until(log, entry.run - 1) != store::log_columns(log)) return false;
  Result<store::Database> database = generations.open_newest({});
  if (!database) return false;
  Result<store::Connection> connection = database->connect();
  if (!connection) return false;
  const Result<std::optional<std::string>> origin = connection->query_text("select built_from from meta");
  return origin && *origin == built_from(log, entry.run - 1);
}

// Makes the next generation of the last one. What is wrong with that one does not stand in the way of one made of the
// log alone: then it is given up.
Result<StoreBuild> extend(store::Log& log, const CheckedWorkspace& checked, const store::GenerationStore& generations,
                          const store::DatabaseOptions& options, PassRunner& passes) {
  const std::size_t before = passes.reports().size();
  const auto extended = [&]() -> Result<bool> {
    HILO_ASSIGN(store::Database database, generations.begin_from_newest(options));
    HILO_ASSIGN(store::Connection connection, database.connect());
    HILO_ASSIGN(const bool made, extend_store(connection, log, checked, passes));
    if (made) HILO_TRY(connection.execute("checkpoint"));
    return made;
  }();
  if (extended && *extended) return StoreBuild{.extended = true};
  // A definition at fault will be so again.
  if (!extended && extended.error().code == ErrorCode::kInvalidDefinition) return std::unexpected(extended.error());
  generations.abandon();
  passes.forget_after(before);
  HILO_TRY(log.drop_memberships());
  StoreBuild build;
  if (!extended) build.given_up = extended.error();
  return build;
}

}  // namespace

Result<StoreBuild> build_store(store::Log& log, const CheckedWorkspace& checked,
                               const store::GenerationStore& generations, PassRunner& passes) {
  const Settings& settings = checked.definitions.settings;
  const store::DatabaseOptions options{
      .read_only = false, .threads = settings.threads, .memory_limit = settings.memory_limit, .temp_directory = {}};
  const auto made = [&]() -> Result<StoreBuild> {
    StoreBuild build;
    if (can_extend(log, generations)) {
      HILO_ASSIGN(build, extend(log, checked, generations, options, passes));
    }
    if (build.extended) return build;
    HILO_ASSIGN(store::Database database, generations.begin(options));
    HILO_ASSIGN(store::Connection connection, database.connect());
    HILO_TRY(build_whole(connection, log, checked, passes));
    HILO_TRY(connection.execute("checkpoint"));
    return build;
  }();
  if (made) return made;
  generations.abandon();
  Error error = made.error();
  if (auto damaged = damage_of(log, error, settings.threads)) return std::unexpected(std::move(*damaged));
  // The engine does not name the file where it tells of the disk alone.
  if (error.code == ErrorCode::kIo) error.message = "the store cannot be built: " + error.message;
  return std::unexpected(std::move(error));
}

Status publish_store(const store::GenerationStore& generations, PassRunner& passes) {
  return passes.run("publish", "generations", [&](PassContext& context) {
    context.rows = 1;
    return generations.publish();
  });
}

bool is_current(const store::Log& log, const store::GenerationStore& generations) {
  Result<store::Database> database = generations.open_newest({});
  if (!database) return false;
  Result<store::Connection> connection = database->connect();
  if (!connection) return false;
  const Result<std::int64_t> run = connection->query_integer("select log_run from meta");
  return run && *run == log.last_run();
}

Status describe_store(const store::GenerationStore& generations, RunReport& report) {
  HILO_ASSIGN(store::Database database, generations.open_newest({}));
  HILO_ASSIGN(store::Connection connection, database.connect());
  struct Figure {
    std::int64_t RunReport::* field;
    const char* sql;
  };
  constexpr Figure kFigures[] = {
      {&RunReport::customers, "select count(*) from customers"},
      {&RunReport::later_customers, "select count(*) from customer_spans, meta where customer_since > day"},
      {&RunReport::visitors, "select count(distinct visitor_id) from identity"},
      {&RunReport::records, "select count(*) from records"},
      {&RunReport::events, "select count(*) from events"},
      {&RunReport::items, "select count(*) from items"},
      {&RunReport::anonymous_events, "select count(*) from events where customer_id is null and visitor_id is null"},
      {&RunReport::rejects, "select count(*) from rejects"},
      {&RunReport::shared_identifiers, "select count(*) from shared_identifiers"},
  };
  for (const Figure& figure : kFigures) {
    HILO_ASSIGN(report.*figure.field, connection.query_integer(figure.sql));
  }
  HILO_ASSIGN(const std::int64_t day, connection.query_integer("select day from meta"));
  report.day = Date{static_cast<std::int32_t>(day)};
  HILO_ASSIGN(const std::int64_t run, connection.query_integer("select log_run from meta"));
  report.run = static_cast<int>(run);
  return {};
}

}  // namespace hilo::app
