// How long a published store takes for past days, beside the engine alone. Prints one JSON object; what it means stands
// in bench/scenario/timeline.py.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/segment_series.h"
#include "app/segments.h"
#include "timeline/flat_table.h"
#include "timeline/fold/stretches.h"

namespace hilo {
namespace {

using Json = nlohmann::json;
using store::quote_name;

constexpr int kRounds = 3;
constexpr int kSegmentDays = 365;

template <class Work>
Result<double> seconds_of(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  HILO_TRY(work());
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

template <class Work>
Result<double> median_seconds(const Work& work) {
  std::vector<double> all;
  for (int round = 0; round < kRounds; ++round) {
    HILO_ASSIGN(const double seconds, seconds_of(work));
    all.push_back(seconds);
  }
  std::ranges::nth_element(all, all.begin() + kRounds / 2);
  return all[kRounds / 2];
}

// The attributes of one customer's rows, as the engine computes them alone.
std::string attributes_by_engine(const timeline::FlatTable& table) {
  std::string sql =
      "with existing as (select customer_id from customer_spans where exists_from < $as_of::timestamp and $day::date "
      "is not null)";
  for (const char* name : {"events", "items", "versions"})
    sql += fmt::format(
        ", {0} as not materialized (from main.{0} where customer_id is not null and time < $as_of::timestamp)", name);
  std::string list = "customer_id";
  std::string joins;
  for (const expr::AttributeSet& set : table.program.sets) {
    sql += fmt::format(", {} as ({})", quote_name(set.name), set.sql);
    joins += fmt::format(" join {} using (customer_id)", quote_name(set.name));
    for (const store::Column& column : set.columns) list += ", " + quote_name(column.name);
  }
  return fmt::format("{} select {} from existing{} order by customer_id", sql, list, joins);
}

timeline::FlatTable without_populations(timeline::FlatTable table) {
  std::erase_if(table.program.sets, timeline::is_population);
  return table;
}

Result<Json> flat_day(app::Reader& reader, Date day) {
  const timeline::FlatTable table = without_populations(reader.past().table());
  std::vector<std::string> columns = {"customer_id"};
  for (const expr::AttributeSet& set : table.program.sets) {
    for (const store::Column& column : set.columns) columns.push_back(column.name);
  }
  Json figures = {{"columns", columns.size()}};
  const auto by_fold = [&] { return reader.write_customers(day, columns, "by_fold"); };
  HILO_ASSIGN(figures["first_seconds"], seconds_of(by_fold));
  HILO_ASSIGN(figures["seconds"], median_seconds(by_fold));
  const std::string sql = "create or replace temp table by_engine as " + attributes_by_engine(table);
  const auto by_engine = [&]() -> Status {
    HILO_TRY(reader.connection().query(sql, timeline::day_parameters(day)));
    return {};
  };
  HILO_TRY(by_engine());
  HILO_ASSIGN(figures["peer_seconds"], median_seconds(by_engine));
  HILO_ASSIGN(figures["rows"], reader.connection().query_integer("select count(*) from temp.by_fold"));
  HILO_ASSIGN(figures["different_rows"],
              reader.connection().query_integer(
                  "select count(*) from ((from temp.by_fold except all from temp.by_engine) union all (from "
                  "temp.by_engine except all from temp.by_fold))"));
  return figures;
}

// The scans over a table that folds do.
std::vector<const expr::FoldScan*> scans_of(const timeline::FlatTable& flat, const std::string& table) {
  std::vector<const expr::FoldScan*> scans;
  for (const expr::AttributeSet& set : flat.program.sets) {
    for (const expr::FoldScan& scan : set.folds) {
      if (scan.table == table) scans.push_back(&scan);
    }
  }
  return scans;
}

// Reads all that folds need of the events into memory, in the order of customers and time.
Result<std::int64_t> load_events(app::Reader& reader, const timeline::HistoryPlan& plan, Date last) {
  HILO_ASSIGN(const auto histories, reader.past().histories(last));
  HILO_ASSIGN(const std::size_t ranges, histories->open(plan, timeline::kRowsPerRange));
  std::vector<Result<std::shared_ptr<const timeline::History>>> read(ranges);
  {
    std::atomic<std::size_t> next = 0;
    std::vector<std::jthread> threads;
    for (store::Connection& session : histories->sessions())
      threads.emplace_back([&] {
        for (std::size_t range = next++; range < ranges; range = next++)
          read[range] = histories->read(range, last, session);
      });
  }
  std::int64_t rows = 0;
  for (const auto& history : read) {
    if (!history) return std::unexpected(history.error());
    rows += static_cast<std::int64_t>((*history)->first_rows.back());
  }
  return rows;
}

Result<Json> load(app::Reader& reader, Date last) {
  const timeline::HistoryPlan plan = timeline::plan_of(scans_of(reader.past().table(), "events"));
  std::int64_t rows = 0;
  const auto by_us = [&]() -> Status {
    HILO_ASSIGN(rows, load_events(reader, plan, last));
    return {};
  };
  std::string counts = "count(customer_id)";
  for (const std::string& name : plan.order) counts += fmt::format(", count({})", quote_name(name));
  for (const expr::FoldColumn& column : plan.columns) counts += fmt::format(", count({})", column.sql);
  const std::string sql = fmt::format(
      "select {} from main.events where customer_id is not null and time < $as_of::timestamp and $day::date "
      "is not null",
      counts);
  const auto by_engine = [&]() -> Status {
    HILO_TRY(reader.connection().query(sql, timeline::day_parameters(last)));
    return {};
  };
  HILO_TRY(by_engine());
  Json figures = {{"columns", plan.columns.size() + plan.order.size() + 1}};
  HILO_ASSIGN(figures["seconds"], median_seconds(by_us));
  HILO_ASSIGN(figures["peer_seconds"], median_seconds(by_engine));
  figures["rows"] = rows;
  return figures;
}

// All segments on every day of a year, in one process that opens the history anew.
Result<Json> segment_days(app::SegmentDesk& desk, const std::vector<std::string>& names, Date last) {
  std::vector<const expr::SegmentRule*> rules;
  for (const std::string& name : names) rules.push_back(desk.program().find(name));
  std::vector<Date> days;
  for (int before = kSegmentDays - 1; before >= 0; --before) days.push_back({last.days - before});
  Json figures = {{"segments", names.size()}, {"days", days.size()}};
  std::int64_t members = 0;
  std::map<std::string, app::SegmentHistory> histories;
  HILO_ASSIGN(figures["seconds"], seconds_of([&]() -> Status {
                HILO_ASSIGN(app::SegmentSeries series, app::SegmentSeries::open(desk, rules, days));
                for (const expr::SegmentRule* rule : rules) {
                  HILO_ASSIGN(auto history, series.history(*rule, false, [](std::int64_t, std::int64_t) {}));
                  if (!history) return fail(ErrorCode::kInternal, rule->name + " needs each day's flat table");
                  for (const app::HistoryPoint& point : history->points) members += point.members;
                  histories[rule->name] = std::move(*history);
                }
                return {};
              }));
  figures["members"] = members;
  int different = 0;
  for (const int place : {0, kSegmentDays / 3, kSegmentDays - 1}) {
    HILO_TRY(desk.write_members(days[static_cast<std::size_t>(place)], names, "members"));
    for (const std::string& name : names) {
      HILO_ASSIGN(const std::int64_t count,
                  desk.reader().connection().query_integer("select count(*) from members where segment = $segment",
                                                           {{"segment", name}}));
      if (histories[name].points[static_cast<std::size_t>(place)].members != count) ++different;
    }
  }
  figures["different"] = different;
  return figures;
}

Result<Json> measure(const std::string& folder) {
  HILO_ASSIGN(const app::Workspace workspace, app::Workspace::find(folder));
  auto desk = app::SegmentDesk::open(workspace);
  if (!desk) return std::unexpected(desk.error().front());
  constexpr int kHalfAYear = 182;
  const Date last = desk->default_day();
  Json figures;
  HILO_ASSIGN(figures["load"], load(desk->reader(), last));
  HILO_ASSIGN(figures["flat_day"], flat_day(desk->reader(), Date{last.days - kHalfAYear}));
  auto names = desk->all();
  if (!names) return std::unexpected(names.error().front());
  HILO_ASSIGN(figures["segment_days"], segment_days(*desk, *names, last));
  HILO_ASSIGN(figures["events"], desk->reader().connection().query_integer("select count(*) from events"));
  return figures;
}

}  // namespace
}  // namespace hilo

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: hilo_bench_timeline WORKSPACE\n", stderr);
    return 2;
  }
  const hilo::Result<nlohmann::json> figures = hilo::measure(argv[1]);
  if (!figures) {
    std::fputs((figures.error().text() + "\n").c_str(), stderr);
    return 1;
  }
  std::puts(figures->dump().c_str());
  return 0;
}
