#include "app/timeline_stats.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "app/reader.h"
#include "expr/attributes.h"
#include "store/column_bytes.h"
#include "store/generation.h"
#include "store/nameless_file.h"
#include "timeline/flat_table.h"

namespace hilo::app {
namespace {

// What the flat table of a past day is computed from: see timeline/flat_table.cpp. Of the rest of the store nothing is
// needed for it.
struct Needed {
  std::string table;
  std::vector<std::string> columns = {};  // none = all
  std::vector<std::string> read = {};     // of these by definitions; none = all
};

bool is_among(const std::string& column, const std::vector<std::string>& columns) {
  return columns.empty() || std::ranges::find(columns, column) != columns.end();
}

// The column that a fold reads as it stands; nothing where the engine computes it of others.
std::optional<std::string> bare_column(const expr::FoldColumn& read, const std::vector<store::Column>& columns) {
  for (const store::Column& column : columns) {
    if (read.sql == store::quote_name(column.name)) return column.name;
  }
  return std::nullopt;
}

// The columns of a table that folds read; none where the engine scans it, or computes what they read: it may read any.
std::vector<std::string> columns_folded(const expr::AttributeProgram& program, const std::string& table,
                                        const std::vector<store::Column>& all) {
  std::vector<std::string> columns = {"customer_id", "time"};
  for (const expr::AttributeSet& set : program.sets) {
    if (timeline::is_population(set)) continue;
    if (set.folds.empty() || set.folds.size() != set.folded.sources.size()) return {};
    for (const expr::FoldScan& scan : set.folds) {
      if (scan.table != table) continue;
      columns.insert(columns.end(), scan.order.begin(), scan.order.end());
      for (const expr::FoldColumn& read : scan.columns) {
        std::optional<std::string> column = bare_column(read, all);
        if (!column) return {};
        columns.push_back(std::move(*column));
      }
    }
  }
  return columns;
}

// A version's columns but for those that only matching and contact data need.
Result<std::vector<std::string>> columns_of_versions(store::Connection& connection) {
  static const std::map<std::string, std::string> kNames = {
      {"seq", "version"}, {"time", "valid_from"}, {"time_utc", "valid_from_utc"}};
  HILO_ASSIGN(const std::vector<store::Column> shown, connection.describe("from versions"));
  std::vector<std::string> columns;
  for (const store::Column& column : shown) {
    const auto name = kNames.find(column.name);
    if (column.name != "customer_id") columns.push_back(name == kNames.end() ? column.name : name->second);
  }
  return columns;
}

Result<std::vector<Needed>> needed_tables(Reader& reader) {
  HILO_ASSIGN(std::vector<std::string> versions, columns_of_versions(reader.connection()));
  const expr::AttributeProgram& program = reader.past().table().program;
  HILO_ASSIGN(const std::vector<store::Column> events, reader.connection().describe("from events"));
  HILO_ASSIGN(const std::vector<store::Column> items, reader.connection().describe("from items"));
  return std::vector<Needed>{{"events", {}, columns_folded(program, "events", events)},
                             {"items", {}, columns_folded(program, "items", items)},
                             {"contact.versions", std::move(versions)},
                             {"customer_spans", {}},
                             {"identity", {"record_id", "customer_id"}},
                             {"records", {"record_id", "first_known_at"}},
                             {"sources", {}},
                             {"flat_table", {}},
                             {"programs", {}}};
}

Status measure_history(Reader& reader, TimelineStats& stats) {
  HILO_ASSIGN(const store::FileBytes bytes, store::bytes_of_file(reader.connection()));
  HILO_ASSIGN(const std::vector<Needed> tables, needed_tables(reader));
  stats.store_bytes = bytes.file;
  for (const Needed& needed : tables) {
    HistoryPart part{.table = needed.table};
    for (const store::ColumnBytes& column : bytes.columns) {
      if (column.table != needed.table || !is_among(column.column, needed.columns)) continue;
      part.bytes += column.bytes;
      if (is_among(column.column, needed.read)) part.bytes_read += column.bytes;
    }
    HILO_ASSIGN(part.rows, reader.connection().query_integer(fmt::format("select count(*) from {}", needed.table)));
    stats.history.push_back(std::move(part));
  }
  // All of it: what of the directory is of these tables cannot be told.
  stats.history.push_back({.table = "", .bytes = bytes.directory, .bytes_read = bytes.directory});
  for (const HistoryPart& part : stats.history) {
    stats.history_bytes += part.bytes;
    stats.history_bytes_read += part.bytes_read;
  }
  return {};
}

// How many customers exist at the end of each day.
Result<std::vector<std::int64_t>> customers_by_day(store::Connection& connection, TimelineStats& stats) {
  HILO_ASSIGN(store::Rows rows,
              connection.query("select greatest(exists_from::date, (select min(time)::date from events where "
                               "customer_id is not null)), count(*) from customer_spans where exists_from::date <= "
                               "$to::date group by all order by all",
                               {{"to", stats.to}}));
  std::vector<std::int64_t> by_day;
  HILO_TRY(rows.for_each([&](const store::Chunk& chunk, std::size_t row) {
    const Date day{static_cast<std::int32_t>(chunk.integer(0, row))};
    if (by_day.empty()) stats.from = day;
    by_day.resize(static_cast<std::size_t>(day.days - stats.from.days) + 1, stats.customers);
    by_day.back() = stats.customers += chunk.integer(1, row);
  }));
  if (by_day.empty())
    return fail(ErrorCode::kNotFound, "the store holds no customers yet", "Run `hilo run` with data.");
  by_day.resize(static_cast<std::size_t>(stats.to.days - stats.from.days) + 1, stats.customers);
  stats.days = static_cast<std::int64_t>(by_day.size());
  for (const std::int64_t customers : by_day) stats.customer_days += customers;
  return by_day;
}

// The middles of as many equal parts of the time.
std::vector<Date> sampled_days(const TimelineStats& stats, std::int64_t wanted) {
  const std::int64_t count = std::min(wanted, stats.days);
  std::vector<Date> days;
  for (std::int64_t number = 0; number < count; ++number)
    days.push_back({static_cast<std::int32_t>(stats.from.days + (2 * number + 1) * stats.days / (2 * count))});
  return days;
}

Result<DenseDay> measure_day(Reader& reader, Date day, const store::NamelessFile& file) {
  constexpr const char* kTable = "dense_day";
  HILO_TRY(reader.write_customers(day, {}, kTable));
  DenseDay measured{.day = day};
  HILO_ASSIGN(measured.customers,
              reader.connection().query_integer(
                  fmt::format("copy (from temp.{} order by customer_id) to {} (format parquet, compression zstd, "
                              "use_tmp_file false)",
                              kTable, store::quote_text(file.path()))));
  HILO_ASSIGN(measured.bytes, file.size());
  return measured;
}

double squared(double value) { return value * value; }

// Fits bytes = a + b * customers through the sample and sums the line over all days.
void estimate(const std::vector<std::int64_t>& by_day, TimelineStats& stats) {
  const auto count = static_cast<double>(stats.sample.size());
  const auto days = static_cast<double>(stats.days);
  double mean_customers = 0;
  double mean_bytes = 0;
  for (const DenseDay& day : stats.sample) {
    mean_customers += static_cast<double>(day.customers) / count;
    mean_bytes += static_cast<double>(day.bytes) / count;
  }
  double together = 0;
  double spread = 0;
  for (const DenseDay& day : stats.sample) {
    const double apart = static_cast<double>(day.customers) - mean_customers;
    together += apart * (static_cast<double>(day.bytes) - mean_bytes);
    spread += squared(apart);
  }
  const double slope = spread > 0 ? together / spread : 0;
  double residuals = 0;
  for (const DenseDay& day : stats.sample) {
    const double fitted = mean_bytes + slope * (static_cast<double>(day.customers) - mean_customers);
    residuals += squared(static_cast<double>(day.bytes) - fitted);
  }
  for (const std::int64_t customers : by_day)
    stats.dense_bytes += mean_bytes + slope * (static_cast<double>(customers) - mean_customers);
  constexpr std::size_t kFitted = 2;  // the line's place and slope
  if (stats.days == static_cast<std::int64_t>(stats.sample.size())) {
    stats.standard_error = 0;
  } else if (stats.sample.size() > kFitted + 1) {
    stats.standard_error =
        std::sqrt(days * (days - count) / count * residuals / (count - static_cast<double>(kFitted)));
  }
}

}  // namespace

Result<TimelineStats> timeline_stats(const Workspace& workspace, std::int64_t sample_days, ProgressListener& listener) {
  HILO_TRY(store::GenerationStore(workspace.store_folder()).newest_file());
  HILO_ASSIGN(const store::NamelessFile file, store::NamelessFile::in(workspace.store_folder()));
  HILO_ASSIGN(Reader reader, Reader::open(workspace, file.path()));
  TimelineStats stats;
  stats.to = reader.default_day();
  std::vector<std::int64_t> by_day;
  PassRunner passes(listener);
  HILO_TRY(passes.run("measure", "tables", [&](PassContext& context) -> Status {
    HILO_TRY(measure_history(reader, stats));
    HILO_ASSIGN(by_day, customers_by_day(reader.connection(), stats));
    HILO_ASSIGN(const auto columns, reader.connection().describe("from customers"));
    stats.columns = static_cast<std::int64_t>(columns.size());
    context.rows = static_cast<std::int64_t>(stats.history.size());
    return {};
  }));
  HILO_TRY(passes.run("sample", "days", [&](PassContext& context) -> Status {
    const std::vector<Date> days = sampled_days(stats, sample_days);
    for (const Date day : days) {
      context.advance(context.rows++, static_cast<std::int64_t>(days.size()));
      HILO_ASSIGN(const DenseDay measured, measure_day(reader, day, file));
      stats.sample.push_back(measured);
    }
    return {};
  }));
  estimate(by_day, stats);
  return stats;
}

}  // namespace hilo::app
