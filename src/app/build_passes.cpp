#include "app/build_passes.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/past_members.h"
#include "app/source_digest.h"
#include "app/time_limit.h"
#include "app/version.h"
#include "base/text.h"
#include "identity/identity_job.h"
#include "ingest/records_job.h"
#include "segment/membership.h"
#include "segment/record_job.h"
#include "store/generation.h"
#include "store/log_view.h"
#include "timeline/concerned.h"
#include "timeline/flat_table.h"
#include "timeline/history_job.h"

namespace hilo::app {
namespace {

constexpr std::int64_t kMicrosPerDay = 86'400'000'000;

// Nobody in the log can be born after the last of its runs, nor after what is known ends.
Date latest_birth(const store::Log& log) {
  Instant last = log.entries().back().at;
  if (log.knowledge()) last = std::min(last, Instant{log.knowledge()->before.micros - 1});
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
      "create or replace table meta(store_format integer, log_run integer, day date, name varchar, currency varchar, "
      "time_zone varchar, region varchar, golden_columns integer, built_from varchar)"));
  HILO_ASSIGN(
      const store::Rows rows,
      connection.query("insert into meta values ($format, $run, $day, $name, $currency, $zone, $region, $golden, "
                       "$built_from)",
                       {{"format", std::int64_t{store::kStoreFormat}},
                        {"run", std::int64_t{log.last_run()}},
                        {"day", day},
                        {"name", settings.name},
                        {"currency", settings.currency},
                        {"zone", settings.time_zone},
                        {"region", settings.region},
                        {"golden", golden},
                        {"built_from", built_from(log, log.last_run())}}));
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
      // Counted in bits, 2^24 numbers at a time: a hash table of all takes ten times as long.
      {"seq names one event",
       "select coalesce(sum(again), 0) from (select count(*) - bit_count(bitstring_agg((seq & 16777215)::integer, 0, "
       "16777215)) as again from events group by seq >> 24)"},
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
  const Limit seconds = rule_limit(checked.definitions.settings, "the segments");
  HILO_TRY(write_past_members(connection, checked.segments, {.day = day, .names = segment::names_of(checked.segments)},
                              customers_in_making(connection, "customers_of_day"), seconds));
  const TimeLimit limit(connection, seconds);
  auto records = segment::record_members(connection, checked.segments, recording);
  if (!records) return std::unexpected(limit.told(std::move(records).error()));
  return log.add_memberships(std::move(*records), std::filesystem::exists(recording.file) ? kMembersFile : "");
}

Status count_events(store::Connection& connection, PassContext& progress) {
  HILO_ASSIGN(progress.rows, connection.query_integer("select count(*) from events"));
  return {};
}

enum class Customers : std::uint8_t { kAnew, kRenewed };

// What the tables of a store are made of, whether whole or in part: all passes from the flat table on.
Status finish(store::Connection& connection, store::Log& log, const store::LogColumns& columns,
              const CheckedWorkspace& checked, PassRunner& passes, Customers customers) {
  Date day;
  HILO_TRY(passes.run("attributes", "customers", [&](PassContext& context) -> Status {
    HILO_ASSIGN(day, timeline::default_day(connection));
    return customers == Customers::kAnew
               ? timeline::write_customers(connection, columns, checked.program, day, context)
               : timeline::renew_customers(connection, columns, checked.program, day, context);
  }));
  HILO_TRY(passes.run("segments", "segments", [&](PassContext& context) -> Status {
    context.rows = static_cast<std::int64_t>(checked.segments.rules.size());
    return write_segments(connection, log, checked, day);
  }));
  HILO_TRY(write_meta(connection, log, checked, day));
  return verify(connection);
}

constexpr const char* kTold = "told";

// The tables of the log and of dimensions as they are now, and those before as temp tables former_...
Status renew_log_tables(store::Connection& connection, const store::Log& log, const CheckedWorkspace& checked,
                        store::LogColumns& columns) {
  for (const char* table : {"deliveries", "products", "fx_rates"})
    HILO_TRY(connection.execute(fmt::format("create temp table former_{0} as from {0}", table)));
  for (const char* table : {"sources", "deliveries", "products", "stores", "campaigns", "contact_costs", "fx_rates"})
    HILO_TRY(connection.execute(fmt::format("drop table {}", table)));
  HILO_ASSIGN(columns, store::open_log_views(connection, log, headers_of(checked.definitions)));
  HILO_TRY(ingest::write_dimensions(connection, columns));
  return ingest::place_undated(connection);
}

// Statements between `tell` and `keep` write to the database `told`, and read what that does not have in the store.
class ToldDatabase {
 public:
  explicit ToldDatabase(store::Connection& connection) : connection_(connection) {}

  Status open() {
    HILO_ASSIGN(const auto store, connection_.query_text("select current_database()"));
    store_ = store::quote_name(*store);
    return connection_.execute(fmt::format("attach ':memory:' as {}", kTold));
  }
  Status tell() {
    const std::string path = fmt::format("{}.main,{}.main", kTold, store_);
    return connection_.execute("set search_path = " + store::quote_text(path));
  }
  Status keep() { return connection_.execute(fmt::format("use {}.main", store_)); }
  Status close() { return connection_.execute(fmt::format("detach {}", kTold)); }

 private:
  store::Connection& connection_;
  std::string store_;
};

}  // namespace

std::string built_from(const store::Log& log, int last_run) {
  std::string digest = fmt::format("{} {}", kVersion, kSourceDigest);
  for (const store::LogEntry& entry : log.entries()) {
    if (entry.run > last_run) break;
    const Result<std::string> text = store::render_entry(entry);
    digest = sha256_hex(fmt::format("{}\n{}", digest, text ? *text : text.error().message));
  }
  return digest;
}

Status build_whole(store::Connection& connection, store::Log& log, const CheckedWorkspace& checked,
                   PassRunner& passes) {
  const Settings& settings = checked.definitions.settings;
  store::LogColumns columns;
  HILO_TRY(passes.run("standardise", "records", [&](PassContext& context) -> Status {
    HILO_ASSIGN(columns, store::open_log_views(connection, log, headers_of(checked.definitions)));
    HILO_TRY(ingest::write_dimensions(connection, columns));
    HILO_TRY(ingest::place_undated(connection));
    return ingest::write_records(connection, columns, settings, latest_birth(log), context);
  }));
  HILO_TRY(passes.run("identity", "customers",
                      [&](PassContext& context) { return identity::resolve_identity(connection, settings, context); }));
  HILO_TRY(passes.run("timeline", "events", [&](PassContext& context) -> Status {
    HILO_TRY(timeline::write_events(connection, columns, settings));
    HILO_TRY(timeline::write_spans(connection, columns));
    PassContext rejects = context;
    HILO_TRY(ingest::write_rejects(connection, settings, rejects));
    return count_events(connection, context);
  }));
  return finish(connection, log, columns, checked, passes, Customers::kAnew);
}

Result<bool> extend_store(store::Connection& connection, store::Log& log, const CheckedWorkspace& checked,
                          PassRunner& passes) {
  const Settings& settings = checked.definitions.settings;
  ToldDatabase told(connection);
  store::LogColumns columns;
  timeline::Concerned concerned;
  bool is_much = false;
  HILO_TRY(passes.run("standardise", "records", [&](PassContext& context) -> Status {
    HILO_TRY(told.open());
    HILO_TRY(renew_log_tables(connection, log, checked, columns));
    HILO_TRY(told.tell());
    HILO_ASSIGN(concerned, timeline::find_concerned(connection, columns, log.last_run()));
    HILO_ASSIGN(const std::int64_t rows, connection.query_integer("select count(*) from concerned_rows"));
    is_much = is_large_part(rows, log);
    if (is_much) return {};
    HILO_TRY(ingest::write_records(connection, concerned.people, settings, latest_birth(log), context));
    HILO_TRY(told.keep());
    return ingest::replace_records(connection, kTold, settings);
  }));
  if (is_much) return false;
  HILO_TRY(passes.run("identity", "customers",
                      [&](PassContext& context) { return identity::renew_identity(connection, settings, context); }));
  HILO_TRY(passes.run("timeline", "events", [&](PassContext& context) -> Status {
    HILO_TRY(told.tell());
    HILO_TRY(timeline::write_events(connection, concerned.facts, settings));
    HILO_TRY(told.keep());
    HILO_TRY(timeline::replace_events(connection, kTold));
    HILO_TRY(timeline::drop_concerned(connection, concerned));
    HILO_TRY(told.close());
    HILO_TRY(timeline::write_spans(connection, columns));
    // The log's views, which were cut down to what is concerned, are those of the whole log again.
    HILO_TRY(store::open_row_views(connection, log));
    PassContext rejects = context;
    HILO_TRY(ingest::renew_rejects(connection, settings, rejects));
    return count_events(connection, context);
  }));
  HILO_TRY(connection.execute(
      "drop view segment_members; drop table segments; drop table segment_records; drop table segment_changes"));
  HILO_TRY(finish(connection, log, columns, checked, passes, Customers::kRenewed));
  return true;
}

bool is_large_part(std::int64_t rows, const store::Log& log) {
  constexpr std::int64_t kFewRows = 1'000'000;
  constexpr std::int64_t kShare = 4;  // a quarter of the log
  return rows > kFewRows && rows > log.rows() / kShare;
}

}  // namespace hilo::app
