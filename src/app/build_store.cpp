#include "app/build_store.h"

#include <optional>

#include <fmt/format.h>

#include "app/time_limit.h"
#include "identity/identity_job.h"
#include "ingest/records_job.h"
#include "segment/record_job.h"
#include "store/log_check.h"
#include "store/log_view.h"
#include "timeline/flat_table.h"
#include "timeline/history_job.h"

namespace hilo::app {
namespace {

constexpr std::int64_t kMicrosPerDay = 86'400'000'000;

// Nobody in the log can be born after the last of its runs.
Date latest_birth(const store::Log& log) {
  const Instant last = log.entries().back().at;
  return Date{static_cast<std::int32_t>(last.micros / kMicrosPerDay)};
}

std::vector<Source> headers_of(const Definitions& definitions) {
  std::vector<Source> headers;
  for (const ingest::SourceDefinition& definition : definitions.sources) headers.push_back(definition.source);
  return headers;
}

Status write_meta(store::Connection& connection, const store::Log& log, const CheckedWorkspace& checked, Date day) {
  const Settings& settings = checked.definitions.settings;
  HILO_ASSIGN(const auto flat, connection.describe("select * from customers"));
  std::size_t attributes = 0;
  for (const expr::AttributeSet& set : checked.program.sets) attributes += set.columns.size();
  const auto golden = static_cast<std::int64_t>(flat.size() - attributes);
  HILO_TRY(connection.execute(
      "create table meta(store_format integer, log_run integer, day date, name varchar, currency varchar, "
      "time_zone varchar, region varchar, golden_columns integer)"));
  HILO_ASSIGN(
      const store::Rows rows,
      connection.query("insert into meta values ($format, $run, $day, $name, $currency, $zone, $region, $golden)",
                       {{"format", std::int64_t{store::kStoreFormat}},
                        {"run", std::int64_t{log.last_run()}},
                        {"day", day},
                        {"name", settings.name},
                        {"currency", settings.currency},
                        {"zone", settings.time_zone},
                        {"region", settings.region},
                        {"golden", golden}}));
  static_cast<void>(rows);
  return {};
}

// The build's own checks: what must hold of any store, whatever the input.
Status verify(store::Connection& connection) {
  struct Invariant {
    const char* what;
    const char* violations;
  };
  constexpr Invariant kInvariants[] = {
      {"every record has one place in identity",
       "select abs((select count(*) from records) - (select count(*) from identity))"},
      {"seq names one event", "select count(*) - count(distinct seq) from events"},
      {"every item belongs to an event", "select count(*) from items anti join events using (seq)"},
      {"one flat row per customer that exists", "select count(*) - count(distinct customer_id) from customers"},
      {"a customer's id is its earliest record",
       "select count(*) from (select customer_id, min(record_id) as first from identity where customer_id is not null "
       "group by customer_id) where first <> customer_id"},
  };
  for (const Invariant& invariant : kInvariants) {
    HILO_ASSIGN(const std::int64_t violations,
                connection.query_integer(fmt::format("select ({})::bigint", invariant.violations)));
    if (violations != 0) {
      return fail(ErrorCode::kInternal,
                  fmt::format("the built store breaks a rule ({} times): {}", violations, invariant.what),
                  "Nothing was published. Please report this with the program's version.");
    }
  }
  return {};
}

// A run records what it knows of segments; a rebuild, which knows nothing new, only loads what runs recorded.
Status write_segments(store::Connection& connection, store::Log& log, const CheckedWorkspace& checked, Date day) {
  HILO_TRY(segment::load_records(connection, log, checked.segments));
  if (!log.is_prepared() || checked.segments.rules.empty()) return {};
  constexpr const char* kMembersFile = "members.parquet";
  const store::LogEntry& entry = log.entries().back();
  const segment::Recording recording{.run = entry.run,
                                     .at = entry.at,
                                     .day = day,
                                     .as_of_day = timeline::day_parameters(day),
                                     .file = log.folder_of(entry.run) / kMembersFile};
  const TimeLimit limit(connection, rule_limit(checked.definitions.settings, "the segments"));
  auto records = segment::record_members(connection, checked.segments, recording);
  if (!records) return std::unexpected(limit.told(std::move(records).error()));
  return log.add_memberships(std::move(*records), std::filesystem::exists(recording.file) ? kMembersFile : "");
}

Status build(store::Connection& connection, store::Log& log, const CheckedWorkspace& checked, PassRunner& passes) {
  const Settings& settings = checked.definitions.settings;
  store::LogColumns columns;
  Date day;
  HILO_TRY(passes.run("standardise", "records", [&](PassContext& context) -> Status {
    HILO_ASSIGN(columns, store::open_log_views(connection, log, headers_of(checked.definitions)));
    HILO_TRY(ingest::write_dimensions(connection, columns));
    return ingest::write_records(connection, columns, settings, latest_birth(log), context);
  }));
  HILO_TRY(passes.run("identity", "customers",
                      [&](PassContext& context) { return identity::resolve_identity(connection, settings, context); }));
  HILO_TRY(passes.run("timeline", "events", [&](PassContext& context) -> Status {
    HILO_TRY(timeline::write_history(connection, columns, settings, context));
    PassContext rejects = context;
    return ingest::write_rejects(connection, settings, rejects);
  }));
  HILO_TRY(passes.run("attributes", "customers", [&](PassContext& context) -> Status {
    HILO_ASSIGN(day, timeline::default_day(connection));
    return timeline::write_customers(connection, columns, checked.program, day, context);
  }));
  HILO_TRY(passes.run("segments", "segments", [&](PassContext& context) -> Status {
    context.rows = static_cast<std::int64_t>(checked.segments.rules.size());
    return write_segments(connection, log, checked, day);
  }));
  HILO_TRY(write_meta(connection, log, checked, day));
  return verify(connection);
}

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

}  // namespace

Status build_store(store::Log& log, const CheckedWorkspace& checked, const store::GenerationStore& generations,
                   PassRunner& passes) {
  const Settings& settings = checked.definitions.settings;
  const auto made = [&]() -> Status {
    HILO_ASSIGN(store::Database database, generations.begin({.read_only = false,
                                                             .threads = settings.threads,
                                                             .memory_limit = settings.memory_limit,
                                                             .temp_directory = {}}));
    HILO_ASSIGN(store::Connection connection, database.connect());
    HILO_TRY(build(connection, log, checked, passes));
    return connection.execute("checkpoint");
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
