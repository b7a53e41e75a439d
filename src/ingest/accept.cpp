#include "ingest/accept.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"
#include "ingest/row_functions.h"
#include "ingest/row_rules.h"
#include "ingest/sql/statements.h"
#include "model/column.h"

namespace hilo::ingest {
namespace {

// Readers of the log take turns by groups of rows: of a source in one file there should be enough for all of them.
constexpr int kRowsPerGroup = 40'960;

using store::quote_name;
using store::quote_text;

std::vector<std::string> names_of(const std::vector<store::Column>& columns) {
  std::vector<std::string> names;
  for (const store::Column& column : columns) names.push_back(column.name);
  return names;
}

bool has_column(const std::vector<store::Column>& columns, std::string_view name) {
  const std::string folded = lower_ascii(name);
  return std::ranges::any_of(columns, [&](const store::Column& column) { return lower_ascii(column.name) == folded; });
}

// Returns what to say of a file's columns: nothing of them where its first line seems to hold values, not names.
std::string columns_advice(const SourceDefinition& definition, const StagedFile& staged) {
  const bool none = std::ranges::none_of(
      definition.query.columns, [&](const expr::ColumnUse& use) { return has_column(staged.columns, use.name); });
  if (none || std::ranges::any_of(names_of(staged.columns), looks_like_value)) return {};
  return fmt::format("Its columns are: {}. If a column was renamed, name the new one here.",
                     join(names_of(staged.columns), ", "));
}

Status check_columns(const SourceDefinition& definition, const StagedFile& staged) {
  for (const expr::ColumnUse& use : definition.query.columns) {
    if (use.may_be_alias || has_column(staged.columns, use.name) || use.name == "_file" || use.name == "_record" ||
        use.name == "_line" || use.name == "filename") {
      continue;
    }
    const std::string advice = columns_advice(definition, staged);
    return std::unexpected(Error{
        .code = ErrorCode::kInvalidInput,
        .message = fmt::format("{} has no column '{}'{}", staged.file.name, use.name,
                               advice.empty() ? "" : did_you_mean(use.name, names_of(staged.columns))),
        .advice = advice.empty() ? "Its first line seems to hold no names of columns: was it delivered without them?"
                                 : advice,
        .position = use.position});
  }
  return {};
}

// The query's rows, each with its delivery and the rows before that.
std::string with_delivery(const std::string& sql, const DeliveryFacts& delivery) {
  return fmt::format("select *, {}::bigint as {}, {}::bigint as {} from ({})", delivery.number, kDeliveryColumn,
                     delivery.rows_before, kRowsBeforeColumn, sql);
}

// Every row by itself: a cell on which an expression fails becomes a fault, the others go on.
Status select_guarded(store::Connection& scratch, const SourceDefinition& definition, const StagedDelivery& file) {
  const StagedFile& staged = file.staged;
  HILO_ASSIGN(const std::string sql,
              expr::guarded_staged_sql(definition.query, "typed" + staged.tag, names_of(staged.columns), scratch));
  HILO_TRY(scratch.execute("create or replace temp table guarded as " + sql));
  HILO_ASSIGN(const std::vector<store::Column> columns, scratch.describe("select * from guarded"));
  std::string outputs;
  std::string fault = "case when _where_failed then struct_pack(column_name := 'where', sensitive := false)";
  for (const store::Column& column : columns) {
    if (column.name == "_where_failed") continue;
    const std::string quoted = quote_name(column.name);
    const bool wrapped = column.type == "STRUCT" && std::ranges::count(definition.query.output_names, column.name) > 0;
    outputs += wrapped ? fmt::format("{0}.v as {0}, ", quoted) : quoted + ", ";
    if (wrapped) {
      fault += fmt::format(" when {} is null then struct_pack(column_name := {}, sensitive := false)", quoted,
                           quote_text(column.name));
    }
  }
  fault += " end";
  const std::string good =
      fmt::format("select {} from guarded where ({}) is null", outputs.substr(0, outputs.size() - 2), fault);
  HILO_TRY(scratch.execute("create or replace temp table selected as " + with_delivery(good, file.delivery)));
  HILO_TRY(
      scratch.execute(fmt::format("insert into faults{} select _record, _line, f.column_name, null, f.sensitive, "
                                  "'the query cannot compute this from the row' from "
                                  "(select _record, _line, {} as f from guarded) where f is not null",
                                  staged.tag, fault)));
  return scratch.execute("drop table guarded");
}

Result<std::string> selected_sql(store::Connection& scratch, const SourceDefinition& definition,
                                 const StagedDelivery& file) {
  HILO_ASSIGN(const std::string sql, expr::staged_sql(definition.query, "typed" + file.staged.tag, scratch));
  return with_delivery(sql, file.delivery);
}

Status select_rows(store::Connection& scratch, const SourceDefinition& definition, const StagedDelivery& file) {
  HILO_ASSIGN(const std::string sql, selected_sql(scratch, definition, file));
  const Status plain = scratch.execute("create or replace temp table selected as " + sql);
  if (plain || plain.error().code != ErrorCode::kInvalidInput) return plain;
  const Status guarded = select_guarded(scratch, definition, file);
  if (guarded) return {};
  return std::unexpected(Error{
      .code = ErrorCode::kInvalidDefinition,
      .message =
          fmt::format("the query cannot run: {}", plain.error().message.substr(0, plain.error().message.find('\n'))),
      .position = {definition.path, 1, 1}});
}

struct Judged {
  RowRules rules;
  bool carries_events = false;
  std::vector<store::Column> log_columns;
  std::map<std::int64_t, std::int64_t> passed;  // rows without a fault, by delivery
};

// The rules for the rows of `selected`, a table or a query.
Result<Judged> make_rules(Scratch& scratch, const SourceDefinition& definition,
                          const std::vector<StagedDelivery>& batch, const Settings& settings,
                          const std::string& selected) {
  store::Connection& connection = scratch.connection;
  HILO_ASSIGN(const auto outputs,
              connection.describe(fmt::format("select * exclude (_file, _record, _line, {}, {}) from {}",
                                              kDeliveryColumn, kRowsBeforeColumn, selected)));
  HILO_TRY(check_outputs(definition, names_of(outputs)));
  HILO_ASSIGN(RowRules rules, make_row_rules(definition, outputs, batch.front().delivery, settings, scratch.erased));
  HILO_ASSIGN(auto log_columns, connection.describe(rules.log_sql(selected)));
  return Judged{.rules = std::move(rules),
                .carries_events = carries_events(definition, names_of(outputs)),
                .log_columns = std::move(log_columns),
                .passed = {}};
}

// Judges the rows of `selected`, a table or a query: the good ones become the file `rows`, or are dropped where there
// is none; the faults of the others are sifted.
Result<Judged> sift(Scratch& scratch, const SourceDefinition& definition, const std::vector<StagedDelivery>& batch,
                    const Settings& settings, const std::string& selected, const std::filesystem::path& rows) {
  store::Connection& connection = scratch.connection;
  HILO_ASSIGN(Judged result, make_rules(scratch, definition, batch, settings, selected));
  const std::string good = fmt::format("{} where {}", result.rules.log_sql(selected), scratch.sieve.condition());
  HILO_TRY(scratch.sieve.start());
  if (rows.empty()) {
    HILO_TRY(connection.execute("create or replace temp table passed as " + good + "; drop table passed"));
  } else {
    HILO_TRY(connection.execute(
        fmt::format("copy ({}) to {} (format parquet, compression zstd, compression_level 1, row_group_size {})", good,
                    quote_text(rows.string()), kRowsPerGroup)));
  }
  HILO_ASSIGN(result.passed, scratch.sieve.finish());
  return result;
}

// Judges one file step by step, so that a fault in a step can be told and, in the query's own, be overcome.
Result<Judged> judge_file(Scratch& scratch, const SourceDefinition& definition, const std::vector<StagedDelivery>& file,
                          const Settings& settings, const std::filesystem::path& rows) {
  HILO_TRY(check_columns(definition, file.front().staged));
  HILO_TRY(select_rows(scratch.connection, definition, file.front()));
  HILO_ASSIGN(Judged result, sift(scratch, definition, file, settings, "selected", rows));
  HILO_TRY(scratch.connection.execute("drop table selected"));
  return result;
}

// Judges files in one pass. Any fault of a query's own expressions ends it.
Result<Judged> judge_together(Scratch& scratch, const SourceDefinition& definition,
                              const std::vector<StagedDelivery>& batch, const Settings& settings,
                              const std::filesystem::path& rows) {
  HILO_TRY(check_columns(definition, batch.front().staged));
  std::string selected;
  for (const StagedDelivery& file : batch) {
    HILO_ASSIGN(const std::string sql, selected_sql(scratch.connection, definition, file));
    selected += (selected.empty() ? "(" : " union all ") + sql;
  }
  selected += ")";
  return sift(scratch, definition, batch, settings, selected, rows);
}

// The faults of the rows and those of the cells. A row of which a cell cannot be read has no key yet: where somebody of
// its source was erased, it may be theirs, so what may be contact data is not kept.
std::string faults_sql(const RowSieve& sieve, const std::vector<StagedDelivery>& batch, bool may_be_erased) {
  const std::string columns = may_be_erased ? "* replace (case when not sensitive then value end as value)" : "*";
  std::string sql =
      fmt::format("select delivery, record, line, column_name, left(value, 200) as value, sensitive, reason from {}",
                  sieve.table());
  for (const StagedDelivery& file : batch) {
    sql += fmt::format(" union all select {}, {} from faults{}", file.delivery.number, columns, file.staged.tag);
  }
  return sql;
}

Result<std::map<std::int64_t, std::int64_t>> count_rejects(store::Connection& connection,
                                                           const SourceDefinition& definition) {
  std::map<std::int64_t, std::int64_t> counts;
  HILO_ASSIGN(store::Rows rows, connection.query(fmt::format(
                                    "select delivery, count(*) from rejected where source = {} group by delivery",
                                    quote_text(definition.source.name))));
  HILO_TRY(rows.for_each(
      [&](const store::Chunk& chunk, std::size_t row) { counts[chunk.integer(0, row)] = chunk.integer(1, row); }));
  return counts;
}

}  // namespace

Status check_layout(const SourceDefinition& definition, const SourceFile& file,
                    const std::vector<store::Column>& before, const std::vector<store::Column>& now) {
  for (std::size_t column = 0; column < std::max(before.size(), now.size()); ++column) {
    if (column < before.size() && column < now.size() && before[column].name == now[column].name &&
        before[column].type == now[column].type) {
      continue;
    }
    const std::string name = column < now.size() ? now[column].name : before[column].name;
    return std::unexpected(Error{
        .code = ErrorCode::kInvalidInput,
        .message =
            fmt::format("{}: the column '{}' is of another type than in the source's other files", file.name, name),
        .advice = "Cast it in the query, for example `x::varchar as x`.",
        .position = {definition.path, 1, 1}});
  }
  return {};
}

Result<Scratch> Scratch::open(store::Database& database) {
  HILO_ASSIGN(store::Connection connection, database.connect());
  HILO_TRY(make_macros(connection));
  HILO_TRY(add_row_functions(connection));
  HILO_TRY(connection.execute(
      "create table rejected(source varchar, delivery bigint, record bigint, line bigint, column_name varchar, "
      "value varchar, sensitive boolean, reason varchar)"));
  HILO_ASSIGN(RowSieve sieve, RowSieve::open(database, ""));
  HILO_ASSIGN(auto zones, KnownZones::open(connection));
  return Scratch{
      .connection = std::move(connection), .sieve = std::move(sieve), .zones = std::move(zones), .erased = {}};
}

Result<Scratch> Scratch::beside(store::Database& database, const std::string& name) const {
  HILO_ASSIGN(store::Connection other, database.connect());
  HILO_TRY(make_macros(other));
  HILO_ASSIGN(RowSieve other_sieve, RowSieve::open(database, "_" + name));
  return Scratch{.connection = std::move(other), .sieve = std::move(other_sieve), .zones = zones, .erased = erased};
}

Status Scratch::keep_out(store::Erasure people) {
  HILO_TRY(connection.execute("create table erased(hash varchar)"));
  HILO_ASSIGN(store::TableWriter writer, store::TableWriter::open(connection, "", "erased"));
  for (const auto* scopes : {&people.people, &people.orders}) {
    for (const auto& [scope, hashes] : *scopes) {
      for (const std::string& hash : hashes) {
        writer.text(0, hash);
        HILO_TRY(writer.end_row());
      }
    }
  }
  erased = std::move(people);
  return writer.close();
}

Status make_macros(store::Connection& connection) { return connection.execute(std::string(sql::macros)); }

Result<Preview> preview_rows(Scratch& scratch, const SourceDefinition& definition, const StagedFile& staged,
                             const Settings& settings) {
  // Whether a time lies in the future is for the delivery to say.
  constexpr Instant kNever{.micros = 250'000'000'000'000'000};
  const std::vector<StagedDelivery> any = {
      {.staged = staged, .delivery = {.number = 0, .rows_before = 0, .first = false, .delivered_at = kNever}}};
  HILO_ASSIGN(const Judged judged, judge_file(scratch, definition, any, settings, {}));
  Preview preview{.extras = judged.rules.extras,
                  .carries_events = judged.carries_events,
                  .rows = judged.passed.contains(0) ? judged.passed.at(0) : 0,
                  .first_fault = {}};
  const std::string faults = faults_sql(scratch.sieve, any, false);
  HILO_ASSIGN(preview.rejects, scratch.connection.query_integer(fmt::format("select count(*) from ({})", faults)));
  HILO_ASSIGN(const auto fault,
              scratch.connection.query_text(fmt::format("select concat_ws(' ', column_name, reason) from ({}) "
                                                        "order by record, column_name limit 1",
                                                        faults)));
  preview.first_fault = fault.value_or("");
  HILO_TRY(drop_staged(scratch.connection, staged.tag));
  return preview;
}

Result<Accepted> accept_rows(Scratch& scratch, const SourceDefinition& definition,
                             const std::vector<StagedDelivery>& batch, const Settings& settings,
                             const std::filesystem::path& rows) {
  Result<Judged> judged = judge_together(scratch, definition, batch, settings, rows);
  if (!judged && batch.size() == 1) judged = judge_file(scratch, definition, batch, settings, rows);
  if (!judged) return std::unexpected(judged.error());
  Accepted accepted;
  accepted.columns = judged->rules.columns;
  accepted.extras = judged->rules.extras;
  accepted.carries_events = judged->carries_events;
  accepted.log_columns = judged->log_columns;
  const std::string faults = faults_sql(scratch.sieve, batch, scratch.erased.people.contains(definition.source.name));
  HILO_TRY(scratch.connection.execute(
      fmt::format("insert into rejected select {}, * from ({})", quote_text(definition.source.name), faults)));
  HILO_ASSIGN(auto rejects, count_rejects(scratch.connection, definition));
  for (const StagedDelivery& file : batch) {
    const std::int64_t number = file.delivery.number;
    accepted.counts.push_back({.rows = judged->passed[number], .rejects = rejects[number]});
    HILO_TRY(drop_staged(scratch.connection, file.staged.tag));
  }
  return accepted;
}

}  // namespace hilo::ingest
