#include "ingest/accept.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"
#include "ingest/row_rules.h"
#include "ingest/sql/statements.h"
#include "model/column.h"

namespace hilo::ingest {
namespace {

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

Status check_columns(const SourceDefinition& definition, const StagedFile& staged, const SourceFile& file) {
  for (const expr::ColumnUse& use : definition.query.columns) {
    if (use.may_be_alias || has_column(staged.columns, use.name) || use.name == "_file" || use.name == "_record" ||
        use.name == "_line" || use.name == "filename") {
      continue;
    }
    const std::string advice = columns_advice(definition, staged);
    return std::unexpected(Error{
        .code = ErrorCode::kInvalidInput,
        .message = fmt::format("{} has no column '{}'{}", file.name, use.name,
                               advice.empty() ? "" : did_you_mean(use.name, names_of(staged.columns))),
        .advice = advice.empty() ? "Its first line seems to hold no names of columns: was it delivered without them?"
                                 : advice,
        .position = use.position});
  }
  return {};
}

// Every row by itself: a cell on which an expression fails becomes a fault, the others go on.
Status select_guarded(store::Connection& scratch, const SourceDefinition& definition, const StagedFile& staged) {
  HILO_ASSIGN(const std::string sql,
              expr::guarded_staged_sql(definition.query, "typed", names_of(staged.columns), scratch));
  HILO_TRY(scratch.execute("create or replace table guarded as " + sql));
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
  HILO_TRY(scratch.execute(fmt::format("create or replace table selected as select {} from guarded where ({}) is null",
                                       outputs.substr(0, outputs.size() - 2), fault)));
  HILO_TRY(
      scratch.execute(fmt::format("insert into faults select _record, _line, f.column_name, null, f.sensitive, "
                                  "'the query cannot compute this from the row' from "
                                  "(select _record, _line, {} as f from guarded) where f is not null",
                                  fault)));
  return scratch.execute("drop table guarded");
}

Status select_rows(store::Connection& scratch, const SourceDefinition& definition, const StagedFile& staged) {
  HILO_ASSIGN(const std::string sql, expr::staged_sql(definition.query, "typed", scratch));
  const Status plain = scratch.execute("create or replace table selected as " + sql);
  if (plain || plain.error().code != ErrorCode::kInvalidInput) return plain;
  const Status guarded = select_guarded(scratch, definition, staged);
  if (guarded) return {};
  return std::unexpected(Error{
      .code = ErrorCode::kInvalidDefinition,
      .message =
          fmt::format("the query cannot run: {}", plain.error().message.substr(0, plain.error().message.find('\n'))),
      .position = {definition.path, 1, 1}});
}

// Creates the source's collecting table, or checks that this file's columns have the types of the earlier ones.
Status match_accepted(store::Connection& scratch, const SourceDefinition& definition, const SourceFile& file,
                      const std::string& rows_sql) {
  const std::string table = accepted_table(definition.source);
  HILO_TRY(
      scratch.execute(fmt::format("create table if not exists {} as select * from ({}) limit 0", table, rows_sql)));
  HILO_ASSIGN(const auto before, scratch.describe("select * from " + table));
  HILO_ASSIGN(const auto now, scratch.describe(rows_sql));
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

Status check_currencies(store::Connection& scratch, const std::vector<store::Column>& outputs) {
  HILO_TRY(scratch.execute("create or replace table bad_currency(code varchar)"));
  if (!has_column(outputs, "currency")) return {};
  std::vector<std::string> bad;
  HILO_ASSIGN(store::Rows rows,
              scratch.query("select distinct currency::varchar from selected where currency is not null"));
  HILO_TRY(rows.for_each([&](const store::Chunk& chunk, std::size_t row) {
    const std::string code(chunk.text(0, row));
    if (!is_currency(code)) bad.push_back(code);
  }));
  if (bad.empty()) return {};
  return scratch.execute(fmt::format("insert into bad_currency select unnest({})", store::quote_list(bad)));
}

constexpr const char* kDropJudged =
    "drop table judged; drop table converted; drop view typed; drop table if exists staged";

struct Judged {
  RowRules rules;
  bool carries_events = false;
};

// Leaves the tables `judged` and `faults`. Each row is judged once: the rules are costly to plan and to compute.
Result<Judged> judge(store::Connection& scratch, const SourceDefinition& definition, const StagedFile& staged,
                     const SourceFile& file, const DeliveryFacts& delivery, const Settings& settings) {
  HILO_TRY(check_columns(definition, staged, file));
  HILO_TRY(select_rows(scratch, definition, staged));
  HILO_ASSIGN(const auto outputs, scratch.describe("select * exclude (_file, _record, _line) from selected"));
  HILO_TRY(check_outputs(definition, names_of(outputs)));
  HILO_TRY(check_currencies(scratch, outputs));
  HILO_ASSIGN(RowRules rules, make_row_rules(definition, outputs, delivery, settings));
  HILO_TRY(scratch.execute("create or replace table converted as " + rules.converted_sql + "; drop table selected"));
  HILO_TRY(scratch.execute("create or replace table judged as " + rules.judged_sql));
  HILO_TRY(
      scratch.execute("insert into faults select record, line, fault.column_name, left(fault.value, 200), "
                      "fault.sensitive, fault.reason from judged where fault is not null"));
  return Judged{.rules = std::move(rules), .carries_events = carries_events(definition, names_of(outputs))};
}

}  // namespace

std::string accepted_table(const Source& source) { return quote_name("accepted_" + source.name); }

Status prepare_acceptance(store::Connection& scratch) {
  HILO_TRY(scratch.execute(std::string(sql::macros)));
  return scratch.execute(
      "create table rejected(source varchar, delivery bigint, record bigint, line bigint, column_name varchar, "
      "value varchar, sensitive boolean, reason varchar)");
}

Result<Preview> preview_rows(store::Connection& scratch, const SourceDefinition& definition, const StagedFile& staged,
                             const SourceFile& file, const Settings& settings) {
  // Whether a time lies in the future is for the delivery to say.
  constexpr Instant kNever{.micros = 250'000'000'000'000'000};
  const DeliveryFacts any{.number = 0, .rows_before = 0, .first = false, .delivered_at = kNever};
  HILO_ASSIGN(const Judged judged, judge(scratch, definition, staged, file, any, settings));
  Preview preview{.extras = judged.rules.extras, .carries_events = judged.carries_events, .first_fault = {}};
  HILO_ASSIGN(preview.rows, scratch.query_integer("select count(*) from judged where fault is null"));
  HILO_ASSIGN(preview.rejects, scratch.query_integer("select count(*) from faults"));
  HILO_ASSIGN(const auto fault, scratch.query_text("select concat_ws(' ', column_name, reason) from faults order by "
                                                   "record, column_name limit 1"));
  preview.first_fault = fault.value_or("");
  HILO_TRY(scratch.execute(kDropJudged));
  return preview;
}

Result<Accepted> accept_rows(store::Connection& scratch, const SourceDefinition& definition, const StagedFile& staged,
                             const SourceFile& file, const DeliveryFacts& delivery, const Settings& settings) {
  HILO_ASSIGN(const Judged judged, judge(scratch, definition, staged, file, delivery, settings));
  const RowRules& rules = judged.rules;
  const std::string rows_sql = fmt::format("select {} from judged where fault is null", rules.log_columns);
  HILO_TRY(match_accepted(scratch, definition, file, rows_sql));
  Accepted accepted;
  accepted.extras = rules.extras;
  accepted.carries_events = judged.carries_events;
  HILO_ASSIGN(accepted.rows, scratch.query_integer("select count(*) from judged where fault is null"));
  HILO_ASSIGN(accepted.rejects, scratch.query_integer("select count(*) from faults"));
  HILO_TRY(scratch.execute(fmt::format("insert into {} {}", accepted_table(definition.source), rows_sql)));
  HILO_TRY(scratch.execute(fmt::format("insert into rejected select {}, {}, * from faults order by record, column_name",
                                       quote_text(definition.source.name), delivery.number)));
  HILO_TRY(scratch.execute(kDropJudged));
  return accepted;
}

}  // namespace hilo::ingest
