#include "app/timeline_join.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "app/build_store.h"
#include "app/check.h"
#include "app/labels.h"
#include "app/past_members.h"
#include "app/time_limit.h"
#include "base/text.h"
#include "segment/membership.h"
#include "store/generation.h"
#include "store/log.h"
#include "timeline/day_table.h"

namespace hilo::app {
namespace {

namespace fs = std::filesystem;
using store::quote_name;
using store::quote_text;

constexpr const char* kKnown = "known";

std::string member_column(const std::string& segment) { return "in_" + segment; }

std::vector<std::string> without_repetitions(const std::vector<std::string>& names) {
  std::vector<std::string> distinct;
  for (const std::string& name : names) {
    if (std::ranges::find(distinct, name) == distinct.end()) distinct.push_back(name);
  }
  return distinct;
}

// The chosen columns of the flat table, all where none was.
Result<std::vector<std::string>> chosen_features(const std::vector<store::Column>& flat,
                                                 const std::vector<std::string>& chosen) {
  std::vector<std::string> known;
  for (const store::Column& column : flat) {
    if (column.name != Labels::kCustomer) known.push_back(column.name);
  }
  for (const std::string& name : chosen) {
    if (std::ranges::find(known, name) == known.end())
      return fail(ErrorCode::kUsage,
                  fmt::format("the flat table has no column '{}'{}", name, did_you_mean(name, known)),
                  "`hilo attribute list` names them.");
  }
  return without_repetitions(chosen.empty() ? known : chosen);
}

// No name may be there twice.
Status check_names(const fs::path& file, const std::vector<std::string>& labels, std::vector<std::string> added) {
  for (const char* own : {kKnown, Labels::kRow, Labels::kUtc, Labels::kRecord}) added.emplace_back(own);
  std::ranges::sort(added);
  if (const auto twice = std::ranges::adjacent_find(added); twice != added.end())
    return fail(ErrorCode::kUsage, fmt::format("the output would have two columns {}", *twice),
                "An attribute has that name: choose others with --columns.");
  for (const std::string& name : labels) {
    if (std::ranges::binary_search(added, lower_ascii(name)))
      return bad_labels(file, fmt::format("has a column {}, which the output needs for itself", name),
                        "Rename it in the labels, or choose other features with --columns.");
  }
  return {};
}

// Those named, or all of them for `all`.
Result<std::vector<std::string>> chosen_segments(const expr::SegmentProgram& program,
                                                 const std::vector<std::string>& named) {
  std::vector<std::string> known = segment::names_of(program);
  if (named == std::vector<std::string>{"all"}) return known;
  for (const std::string& name : named) {
    if (program.find(name) == nullptr)
      return fail(ErrorCode::kUsage, fmt::format("there is no segment '{}'{}", name, did_you_mean(name, known)),
                  "`hilo segment list` names them; `all` stands for all of them.");
  }
  return without_repetitions(named);
}

std::string list_of(const std::vector<std::string>& names, const char* of) {
  std::string list;
  for (const std::string& name : names) list += fmt::format("{}{}.{}", list.empty() ? "" : ", ", of, quote_name(name));
  return list;
}

// The day that holds the last moment before an instant, in the workspace's time zone.
Result<Date> day_before(store::Connection& connection, Instant instant, const std::string& time_zone) {
  HILO_ASSIGN(const std::int64_t day,
              connection.query_integer("select timezone($zone, make_timestamptz($micros))::date - date '1970-01-01'",
                                       {{"zone", time_zone}, {"micros", instant.micros - 1}}));
  return Date{static_cast<std::int32_t>(day)};
}

// One join on its way, in a folder that somebody else removes.
class Job {
 public:
  Job(const Workspace& workspace, const LabelJoin& asked, fs::path folder, ProgressListener& listener)
      : workspace_(workspace),
        asked_(asked),
        folder_(std::move(folder)),
        stores_(folder_ / "store"),
        passes_(listener) {}

  expr::Checked<JoinReport> run() {
    auto log = store::Log::open(workspace_.log_folder());
    if (!log) return one_error(log.error());
    auto checked = compile_log(*log);
    if (!checked) return std::unexpected(checked.error());
    const Status made = join(*log, *checked);
    if (!made) return one_error(made.error());
    return report_;
  }

 private:
  Status join(store::Log& log, const CheckedWorkspace& checked) {
    HILO_ASSIGN(const OutputFile output, OutputFile::at(workspace_, asked_.output));
    std::error_code missing;
    if (fs::equivalent(asked_.labels, asked_.output, missing))
      return bad_labels(asked_.labels, "would be overwritten", "Give the output another name.");
    Labels labels(folder_ / "labels.duckdb", checked.definitions.settings);
    HILO_TRY(labels.read(asked_.labels));
    HILO_ASSIGN(const std::vector<store::Column> flat, flat_columns());
    HILO_ASSIGN(segments_, chosen_segments(checked.segments, asked_.segments));
    HILO_ASSIGN(features_, chosen_features(flat, asked_.columns));
    HILO_TRY(check_names(asked_.labels, labels.columns(), found_columns()));
    HILO_ASSIGN(const fs::path published, store::GenerationStore(workspace_.store_folder()).newest_file());
    HILO_TRY(labels.find_records(log, published));
    HILO_ASSIGN(const std::vector<Instant> instants, labels.instants());
    if (instants.empty()) return bad_labels(asked_.labels, "has no rows", "");
    report_.instants = static_cast<std::int64_t>(instants.size());
    HILO_TRY(passes_.run("join", "instants", [&](PassContext& context) -> Status {
      context.rows = report_.instants;
      for (std::size_t at = 0; at < instants.size(); ++at) {
        context.advance(static_cast<std::int64_t>(at), report_.instants);
        log.keep_known({.before = instants[at], .time_zone = checked.definitions.settings.time_zone});
        HILO_TRY(add_features(log, checked, labels, instants[at]));
      }
      return {};
    }));
    return write(labels, output);
  }

  Result<std::vector<store::Column>> flat_columns() {
    HILO_ASSIGN(store::Database database, store::GenerationStore(workspace_.store_folder()).open_newest({}));
    HILO_ASSIGN(store::Connection connection, database.connect());
    return connection.describe("select * from customers");
  }

  // Makes the store of what was known before an instant, and takes from it what its labels need.
  Status add_features(store::Log& log, const CheckedWorkspace& checked, const Labels& labels, Instant instant) {
    SilentProgress silent;
    LimitedPasses limited(silent);
    limited.limit(checked.definitions.settings);
    PassRunner passes(limited);
    HILO_TRY(build_store(log, checked, stores_, passes));
    const Settings& settings = checked.definitions.settings;
    HILO_ASSIGN(store::Database database, store::Database::open(stores_.building().string(),
                                                                {.read_only = false,
                                                                 .threads = settings.threads,
                                                                 .memory_limit = settings.memory_limit,
                                                                 .temp_directory = stores_.spill_folder().string()}));
    HILO_ASSIGN(store::Connection connection, database.connect());
    HILO_ASSIGN(const Date day, day_before(connection, instant, settings.time_zone));
    HILO_ASSIGN(const std::string customers, customers_on(connection, checked.segments, day));
    HILO_TRY(write_members(connection, checked, customers, day));
    HILO_TRY(connection.execute(fmt::format("attach {} as joined", quote_text(labels.path().string()))));
    // Of today's customer the record that the label names comes first, else the one that was known longest.
    const std::string then = fmt::format(
        "select l.{0} as label, i.customer_id from joined.labels l join joined.candidates k using ({1}) join identity "
        "i "
        "on i.record_id = k.record_id join records r on r.record_id = k.record_id where i.customer_id is not null and "
        "epoch_us(l.{2}) = {3} qualify row_number() over (partition by l.{0} order by k.is_other, r.first_known_at, "
        "r.record_id) = 1",
        Labels::kRow, Labels::kRecord, Labels::kUtc, instant.micros);
    const std::string found =
        fmt::format("select t.label as {}, {}{} from ({}) t join {} c on c.customer_id = t.customer_id", Labels::kRow,
                    list_of(features_, "c"), member_columns(), then, customers);
    HILO_TRY(connection.execute(fmt::format("create table if not exists joined.features as {} limit 0", found)));
    return connection.execute(fmt::format("insert into joined.features {}; detach joined", found));
  }

  // The flat table of a day, with what is asked for and what the rules read.
  Result<std::string> customers_on(store::Connection& connection, const expr::SegmentProgram& segments, Date day) {
    HILO_ASSIGN(const std::int64_t own, connection.query_integer("select day from meta"));
    if (own == day.days) return "main.customers";
    std::vector<std::string> columns = segment::columns_needed(segments, segments_);
    std::ranges::copy_if(features_, std::back_inserter(columns),
                         [&](const std::string& name) { return std::ranges::find(columns, name) == columns.end(); });
    return customers_in_making(connection, "customers_then")(day, columns);
  }

  Status write_members(store::Connection& connection, const CheckedWorkspace& checked, const std::string& customers,
                       Date day) {
    if (segments_.empty()) return {};
    const Limit seconds = rule_limit(checked.definitions.settings, "the rules of the segments");
    HILO_TRY(write_past_members(connection, checked.segments, {.day = day, .names = segments_},
                                customers_in_making(connection, "customers_of_day"), seconds));
    const TimeLimit limit(connection, seconds);
    const auto written = connection.query(
        "create temp table members_then as " + segment::members_sql(checked.segments, segments_, customers),
        timeline::day_parameters(day));
    return written ? Status{} : std::unexpected(limit.told(written.error()));
  }

  // What each label gets, in order.
  [[nodiscard]] std::vector<std::string> found_columns() const {
    std::vector<std::string> columns = features_;
    for (const std::string& name : segments_) columns.push_back(member_column(name));
    return columns;
  }

  [[nodiscard]] std::string member_columns() const {
    std::string list;
    for (const std::string& name : segments_)
      list += fmt::format(", c.customer_id in (select customer_id from members_then where segment = {}) as {}",
                          quote_text(name), quote_name(member_column(name)));
    return list;
  }

  Status write(const Labels& labels, const OutputFile& output) {
    HILO_ASSIGN(store::Database database, labels.open());
    HILO_ASSIGN(store::Connection connection, database.connect());
    HILO_TRY(passes_.run("write", "rows", [&](PassContext& context) -> Status {
      const Cells cells = asked_.format == FileFormat::kCsv ? Cells::kAsTheyStand : Cells::kTyped;
      HILO_ASSIGN(const std::string own, labels.select_list(connection, cells));
      const std::string sql = fmt::format(
          "select {0}, f.{1} is not null as {2}, {3} from labels l left join features f using ({1}) order by l.{1}",
          own, Labels::kRow, kKnown, list_of(found_columns(), "f"));
      HILO_ASSIGN(report_.rows, output.write(connection, sql, asked_.format));
      context.rows = report_.rows;
      return {};
    }));
    const std::string is_nobody = fmt::format("from labels where {0} not in (select {0} from told)", Labels::kRecord);
    HILO_ASSIGN(report_.nobody, connection.query_integer("select count(*) " + is_nobody));
    HILO_ASSIGN(report_.unknown, connection.query_integer(fmt::format(
                                     "select count(*) from labels anti join features using ({})", Labels::kRow)));
    report_.unknown -= report_.nobody;
    return {};
  }

  const Workspace& workspace_;
  const LabelJoin& asked_;
  fs::path folder_;
  store::GenerationStore stores_;
  PassRunner passes_;
  std::vector<std::string> features_;
  std::vector<std::string> segments_;
  JoinReport report_;
};

}  // namespace

expr::Checked<JoinReport> TimelineJoin::make(ProgressListener& listener) {
  const auto start = std::chrono::steady_clock::now();
  const store::GenerationStore generations(workspace_.store_folder());
  if (const auto published = generations.newest_file(); !published) return one_error(published.error());
  auto lock = store::WriterLock::take(workspace_.lock_file());
  if (!lock) return one_error(lock.error());
  if (const Status begun = folder_.begin(generations.trial_folder()); !begun) return one_error(begun.error());
  auto report = Job(workspace_, asked_, folder_.path(), listener).run();
  folder_.discard();
  if (report) report->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

}  // namespace hilo::app
