#include "app/labels.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "app/sql/statements.h"
#include "base/text.h"
#include "store/log_view.h"
#include "store/wall_clock.h"

namespace hilo::app {
namespace {

namespace fs = std::filesystem;
using store::quote_name;
using store::quote_text;

constexpr const char* kMoments = "Write days as 2024-06-30, and moments as 2024-06-30 14:00:00.";

// What the engine says of a file may hold what stands in it.
std::unexpected<Error> unreadable(const fs::path& file, const Error& error) {
  if (error.code == ErrorCode::kIo) return std::unexpected(error);
  return bad_labels(file, "cannot be read as what its name says",
                    "Labels are CSV with a header and as many cells in each row, separated by commas, in UTF-8; or "
                    "Parquet where the name ends so.");
}

// A label's moment as UTC, null for what is none: a day stands for its beginning, a moment without an offset is one of
// the workspace's zone. Text is read in one form alone: 03/04 is a day in March to some and in April to others.
Result<std::string> utc_sql(const fs::path& labels, const std::string& type, const std::string& time_zone) {
  std::string of_zone =
      fmt::format("timezone('UTC', {})",
                  store::first_instant_sql(fmt::format("try_cast({} as timestamp)", Labels::kInstant), time_zone));
  std::string with_offset = fmt::format("timezone('UTC', try_cast({} as timestamptz))", Labels::kInstant);
  if (type == "TIMESTAMP WITH TIME ZONE") return with_offset;
  if (type == "DATE" || type.starts_with("TIMESTAMP")) return of_zone;
  if (type != "VARCHAR")
    return bad_labels(labels, fmt::format("has no moments in its column {}, but {}", Labels::kInstant, type), kMoments);
  constexpr std::string_view kDay = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
  constexpr std::string_view kTime = "[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?";
  constexpr std::string_view kOffset = " ?(Z|UTC|[+-][0-9]{2}(:[0-9]{2})?)";
  return fmt::format(
      "case when regexp_full_match({0}, '{1}({2})?') then {4} when regexp_full_match({0}, '{1}{2}{3}') then {5} end",
      Labels::kInstant, kDay, kTime, kOffset, of_zone, with_offset);
}

// The name of a file for the engine, which would look for others by a pattern.
std::string literal_name(const fs::path& file) {
  std::string name;
  for (const char c : file.string()) {
    const bool is_pattern = c == '*' || c == '?' || c == '[';
    name += is_pattern ? fmt::format("[{}]", c) : std::string(1, c);
  }
  return quote_text(name);
}

bool is_parquet(const fs::path& file) { return lower_ascii(file.extension().string()) == ".parquet"; }

std::string labels_sql(const fs::path& file) {
  if (is_parquet(file)) return fmt::format("read_parquet({}, hive_partitioning = false)", literal_name(file));
  return fmt::format(
      "read_csv({}, delim = ',', quote = '\"', escape = '\"', skip = 0, header = true, hive_partitioning = false, "
      "all_varchar = true)",
      literal_name(file));
}

// Forms of text that a type gives again as it stood, or as the same number.
struct PlainForm {
  const char* pattern;
  const char* type;
};
constexpr PlainForm kPlainForms[] = {
    {"true|false", "BOOLEAN"}, {"0|-?[1-9][0-9]{0,17}", "BIGINT"}, {"-?(0|[1-9][0-9]{0,8})([.][0-9]{1,6})?", "DOUBLE"}};

// The type whose plain form all cells of a column have, "" where none is.
Result<std::string> plain_type(store::Connection& connection, const std::string& column) {
  for (const PlainForm& form : kPlainForms) {
    HILO_ASSIGN(const std::int64_t fits,
                connection.query_integer(fmt::format("select (count({0}) > 0 and count(*) filter (where not "
                                                     "regexp_full_match({0}, '{1}')) = 0)::bigint from labels",
                                                     quote_name(column), form.pattern)));
    if (fits != 0) return form.type;
  }
  return "";
}

// Fails with the number of the first row of which a condition is not true.
Status check_all(store::Connection& connection, const fs::path& file, const std::string& condition,
                 const std::string& lacks, const std::string& advice) {
  HILO_ASSIGN(const std::int64_t row,
              connection.query_integer(fmt::format("select coalesce(min({}), 0) from labels where ({}) is not true",
                                                   Labels::kRow, condition)));
  if (row == 0) return {};
  return bad_labels(file, fmt::format("has {} in row {}, the header not counted", lacks, row), advice);
}

}  // namespace

std::unexpected<Error> bad_labels(const fs::path& file, const std::string& what, std::string advice) {
  return fail(ErrorCode::kInvalidInput, fmt::format("{} {}", file.string(), what), std::move(advice));
}

store::DatabaseOptions Labels::engine_options() const {
  return {.read_only = false,
          .threads = settings_.threads,
          .memory_limit = settings_.memory_limit,
          .temp_directory = path_.string() + ".spill"};
}

Result<store::Database> Labels::open() const { return store::Database::open(path_.string(), engine_options()); }

Status Labels::read(const fs::path& file) {
  HILO_ASSIGN(store::Database database, open());
  HILO_ASSIGN(store::Connection connection, database.connect());
  std::error_code missing;
  if (!fs::is_regular_file(file, missing)) return bad_labels(file, "is no file that can be read", "");
  const auto names = connection.describe("select * from " + labels_sql(file));
  if (!names) return unreadable(file, names.error());
  for (const char* needed : {kCustomer, kInstant}) {
    if (std::ranges::count(*names, needed, &store::Column::name) == 0)
      return bad_labels(
          file, fmt::format("has no column {}", needed),
          fmt::format(
              "Labels have the columns {} and {}, so written and separated by commas, and others that go along.",
              kCustomer, kInstant));
  }
  for (const store::Column& column : *names) columns_.push_back(column.name);
  is_text_ = !is_parquet(file);
  const auto instant = std::ranges::find(*names, kInstant, &store::Column::name);
  HILO_ASSIGN(const std::string utc, utc_sql(file, instant->type, settings_.time_zone));
  const Status held = connection.execute(fmt::format(
      "create table labels as select row_number() over () as {}, {} as {}, case when regexp_full_match({}::varchar, "
      "'[0-9]{{1,18}}([.]0)?') then regexp_replace({}::varchar, '[.]0$', '')::bigint end as {}, * from {}",
      kRow, utc, kUtc, kCustomer, kCustomer, kRecord, labels_sql(file)));
  if (!held) return unreadable(file, held.error());
  HILO_TRY(check_all(connection, file, fmt::format("{} is not null", kRecord), "no customer's number",
                     fmt::format("Every row needs a whole number as {}.", kCustomer)));
  return check_all(connection, file, fmt::format("{} between timestamp '0001-01-02' and timestamp '9999-12-30'", kUtc),
                   "no moment", kMoments);
}

// A record has the number of its first row. Of what came after an instant nothing may show, not even that a row
// before it in the log tells of the record, too: so any row's number stands for the record that the row tells of.
Status Labels::find_records(const store::Log& log, const fs::path& published) const {
  store::DatabaseOptions options = engine_options();
  options.temp_directory = path_.string() + ".records";
  HILO_ASSIGN(store::Database database, store::Database::open("", options));
  HILO_ASSIGN(store::Connection connection, database.connect());
  HILO_TRY(store::open_log_views(connection, log, {}));
  return connection.execute(store::fill(
      sql::label_records,
      {{"labels", quote_text(path_.string())}, {"published", quote_text(published.string())}, {"record", kRecord}}));
}

Result<std::string> Labels::select_list(store::Connection& connection, Cells cells) const {
  std::string list;
  for (const std::string& column : columns_) {
    std::string type;
    if (cells == Cells::kTyped && is_text_) {
      HILO_ASSIGN(type, plain_type(connection, column));
    }
    const std::string name = quote_name(column);
    list += fmt::format("{0}l.{1}{2} as {1}", list.empty() ? "" : ", ", name, type.empty() ? "" : "::" + type);
  }
  return list;
}

Result<std::vector<Instant>> Labels::instants() const {
  HILO_ASSIGN(store::Database database, open());
  HILO_ASSIGN(store::Connection connection, database.connect());
  HILO_ASSIGN(store::Rows rows, connection.query(fmt::format(
                                    "select distinct epoch_us({0}) as micros from labels order by micros", kUtc)));
  std::vector<Instant> instants;
  HILO_TRY(rows.for_each(
      [&](const store::Chunk& chunk, std::size_t row) { instants.push_back(Instant{chunk.integer(0, row)}); }));
  return instants;
}

}  // namespace hilo::app
