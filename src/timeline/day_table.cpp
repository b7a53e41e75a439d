#include "timeline/day_table.h"

#include <fmt/format.h>

#include "expr/attributes_text.h"
#include "timeline/fold/fold_job.h"

namespace hilo::timeline {

Status write_programs(store::Connection& connection, const FlatTable& table) {
  HILO_TRY(connection.execute(
      "create table programs(name varchar, sql varchar); create table flat_table(traits varchar[], attributes "
      "varchar)"));
  HILO_TRY(connection.query("insert into programs values ('customers', $customers), ('contact', $contact)",
                            {{"customers", flat_table_sql(table)}, {"contact", contact_table_sql()}}));
  HILO_TRY(
      connection.query(fmt::format("insert into flat_table values ({}, $attributes)", store::quote_list(table.traits)),
                       {{"attributes", expr::to_text(table.program)}}));
  return {};
}

namespace {

Result<FlatTable> read_flat_table(store::Connection& connection) {
  HILO_ASSIGN(const auto attributes, connection.query_text("select attributes from flat_table"));
  FlatTable table;
  HILO_ASSIGN(table.program, expr::parse_attributes(attributes.value_or("")));
  HILO_ASSIGN(store::Rows traits, connection.query("select unnest(traits) from flat_table"));
  HILO_TRY(traits.for_each(
      [&](const store::Chunk& chunk, std::size_t row) { table.traits.emplace_back(chunk.text(0, row)); }));
  return table;
}

// A day's columns that were asked for, as a temporary table.
Status write_part(store::Connection& connection, const FlatTable& table, const DayPart& part, Histories& histories,
                  const std::string& name) {
  return write_day(connection, table, part, histories,
                   fmt::format("create or replace temp table {} as", store::quote_name(name)));
}

// A day on which nobody existed: what lies after the day asked about is not known.
constexpr Date kNever{-700'000};

// The relations of other days: temporary tables, as whoever makes the flat table sees them.
Status write_other_days(store::Connection& connection, const FlatTable& table, const std::vector<OtherDay>& others,
                        Date day, Histories& histories) {
  if (!others.empty()) histories.expect_more();
  for (const OtherDay& other : others) {
    HILO_ASSIGN(const std::int64_t number,
                connection.query_integer(fmt::format("select coalesce((select {0} - date '1970-01-01' where {0} <= "
                                                     "$day::date), {1})::bigint",
                                                     other.day, kNever.days),
                                         day_parameters(day)));
    const Date of_day{static_cast<std::int32_t>(number)};
    constexpr const char* kTable = "customers_of_other_day";
    HILO_TRY(write_day(connection, without_past(table), {.day = of_day, .columns = other.columns}, histories,
                       fmt::format("create or replace temp table {} as", kTable)));
    HILO_TRY(connection.execute(fmt::format("create or replace temp table {} as {}; drop table temp.{}",
                                            store::quote_name(expr::past_relation(other.day)),
                                            other_day_sql(other, fmt::format("temp.{}", kTable)), kTable)));
  }
  return {};
}

Status drop_other_days(store::Connection& connection, const std::vector<OtherDay>& others) {
  for (const OtherDay& other : others)
    HILO_TRY(connection.execute("drop table temp." + store::quote_name(expr::past_relation(other.day))));
  return {};
}

}  // namespace

Status write_day(store::Connection& connection, const FlatTable& whole, const DayPart& part, Histories& histories,
                 const std::string& create) {
  const FlatTable table = part.columns.empty() ? whole : part_of(whole, part.columns);
  const std::vector<OtherDay> others = other_days(table);
  HILO_TRY(write_other_days(connection, whole, others, part.day, histories));
  const store::Parameters at_day = day_parameters(part.day);
  HILO_TRY(connection.query(
      "create or replace temp table golden as " + golden_rows_sql(table, part.golden, part.columns), at_day));
  HILO_ASSIGN(store::Rows rows, connection.query("select customer_id from temp.golden"));
  std::vector<std::int64_t> customers;
  HILO_TRY(
      rows.for_each([&](const store::Chunk& chunk, std::size_t row) { customers.push_back(chunk.integer(0, row)); }));
  HILO_TRY(write_folds(connection, table.program, {.day = part.day, .customers = customers}, histories));
  HILO_TRY(connection.query(create + " " + folded_table_sql(table, part.columns), at_day));
  HILO_TRY(connection.execute("drop table temp.golden"));
  HILO_TRY(drop_other_days(connection, others));
  return drop_folds(connection, table.program);
}

Result<DaysInMaking> DaysInMaking::of(store::Connection& connection) {
  HILO_ASSIGN(FlatTable table, read_flat_table(connection));
  HILO_ASSIGN(std::unique_ptr<Histories> histories, Histories::beside(connection));
  return DaysInMaking(connection, std::move(table), std::move(histories));
}

Status DaysInMaking::write(Date day, const std::vector<std::string>& columns, const std::string& name) {
  return write_part(connection_, table_, {.day = day, .columns = columns}, *histories_, name);
}

Result<PastDays> PastDays::open(store::Connection& connection) {
  PastDays past;
  HILO_ASSIGN(FlatTable table, read_flat_table(connection));
  past.table_ = std::make_shared<const FlatTable>(std::move(table));
  HILO_ASSIGN(const std::int64_t threads, connection.query_integer("select current_setting('threads')::bigint"));
  past.threads_ = static_cast<int>(threads);
  HILO_ASSIGN(const auto path,
              connection.query_text("select path from duckdb_databases() where database_name = current_database()"));
  past.file_.reset(std::fopen(path.value_or("").c_str(), "rbe"), [](std::FILE* file) {
    if (file != nullptr) std::fclose(file);
  });
  if (past.file_ == nullptr) return fail(ErrorCode::kIo, "the store was replaced while it was opened", "Ask again.");
  return past;
}

Result<store::Database> PastDays::open_again() const {
  constexpr const char* kEngineMemory = "1GB";
  // Under this name it can be opened even when a run has removed it meanwhile.
  auto database = store::Database::open(fmt::format("/proc/self/fd/{}", fileno(file_.get())),
                                        {.read_only = true, .threads = 1, .memory_limit = kEngineMemory});
  if (!database)
    return fail(ErrorCode::kIo, "the store cannot be opened a second time, as a past day needs it",
                "See that /proc is there, and how many files the program may open (`ulimit -n`).");
  HILO_TRY(database->lock_down());
  return std::move(*database);
}

Result<std::unique_ptr<Histories>> PastDays::histories(Date last_day) const {
  HILO_ASSIGN(store::Database database, open_again());
  return Histories::of(std::move(database), threads_, last_day);
}

Status DaySeries::write(store::Connection& connection, Date day, const std::vector<std::string>& columns,
                        const std::string& name) {
  const std::lock_guard lock(past_.one_at_a_time());
  if (histories_ == nullptr) {
    HILO_ASSIGN(histories_, past_.histories(last_day_));
  }
  if (is_series_) histories_->expect_more();
  is_series_ = true;
  return write_part(connection, past_.table(), {.day = day, .columns = columns}, *histories_, name);
}

}  // namespace hilo::timeline
