#include "store/log_view.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "model/column.h"
#include "store/wall_clock.h"

namespace hilo::store {
namespace {

// The columns of the views of rows, in order: a source's files have all of the first ones and some of the rest.
std::vector<Column> row_columns(const std::vector<Column>& extras) {
  std::vector<Column> columns = own_columns();
  for (const CanonicalColumn& column : canonical_columns()) {
    if (column.name != "known_at") columns.push_back({std::string(column.name), std::string(column.type)});
  }
  columns.insert(columns.end(), extras.begin(), extras.end());
  return columns;
}

using TypesByName = std::map<std::string, std::string>;

// One name, one type: where sources disagree, text holds them all.
void merge(TypesByName& types, const std::vector<Column>& extras) {
  for (const Column& column : extras) {
    const auto [held, added] = types.emplace(column.name, column.type);
    if (!added && held->second != column.type) held->second = "VARCHAR";
  }
}

std::vector<Column> columns_of(const TypesByName& types) {
  std::vector<Column> columns;
  for (const auto& [name, type] : types) columns.push_back({name, type});
  return columns;
}

// Files of one layout, read together.
struct FileGroup {
  std::set<std::string> columns;  // that the files have
  std::vector<std::string> files;
};

FileGroup layout_of(const SourceSegment& segment) {
  FileGroup group;
  for (const Column& column : own_columns()) group.columns.insert(column.name);
  group.columns.insert(segment.columns.begin(), segment.columns.end());
  for (const Column& column : segment.extras) group.columns.insert(column.name);
  return group;
}

std::string layout_key(const SourceSegment& segment) {
  std::string key = join(segment.columns, ",") + '\n';
  for (const Column& column : segment.extras) key += column.name + '\0' + column.type + '\n';
  return key;
}

// SELECT over all files of a group with the columns of the union: its own cast to the common type, missing ones null.
std::string group_sql(const FileGroup& group, const std::vector<Column>& all) {
  std::string select;
  for (const Column& column : all) {
    select += fmt::format("{}{}::{} as {}", select.empty() ? "" : ", ",
                          group.columns.contains(column.name) ? quote_name(column.name) : "null", column.type,
                          quote_name(column.name));
  }
  return fmt::format("select {} from read_parquet({})", select, quote_list(group.files));
}

std::string union_sql(const std::map<std::string, FileGroup>& groups, const std::vector<Column>& extras) {
  const std::vector<Column> all = row_columns(extras);
  std::string sql;
  for (const auto& [key, group] : groups) sql += (sql.empty() ? "" : " union all ") + group_sql(group, all);
  if (!sql.empty()) return sql;
  for (const Column& column : all) {
    sql += fmt::format("{}null::{} as {}", sql.empty() ? "select " : ", ", column.type, quote_name(column.name));
  }
  return sql + " where false";
}

std::string instant_literal(Instant instant) { return fmt::format("make_timestamp({})", instant.micros); }

Status write_sources(Connection& connection, const Log& log, const std::vector<Source>& current) {
  std::map<std::string, Source> sources;
  for (const LogEntry& entry : log.entries()) {
    for (const SourceSegment& segment : entry.segments) sources[segment.source.name] = segment.source;
  }
  for (const Source& source : current) sources[source.name] = source;
  HILO_TRY(
      connection.execute("create table sources(source varchar, kind varchar, order_space varchar, delivery varchar, "
                         "rank integer, region varchar, time_zone varchar)"));
  for (const auto& [name, source] : sources) {
    HILO_TRY(connection.execute(fmt::format("insert into sources values ({}, {}, {}, {}, {}, {}, {})", quote_text(name),
                                            quote_text(kind_name(source.kind)), quote_text(source.order_space),
                                            quote_text(mode_name(source.delivery)), source.rank,
                                            quote_text(source.region), quote_text(source.time_zone))));
  }
  return {};
}

// The zones in which sources tell their days, that of the workspace among them.
std::set<std::string> zones_of(const Log& log) {
  std::set<std::string> zones = {log.knowledge()->time_zone};
  for (const LogEntry& entry : log.entries()) {
    for (const SourceSegment& segment : entry.segments) {
      if (!segment.source.time_zone.empty()) zones.insert(segment.source.time_zone);
    }
  }
  return zones;
}

// Whether a moment of a row was over before an instant. One that is a day's beginning may be all that is told of the
// day: it is over when the day is. Zones take their time, so only rows of the last day are asked for theirs.
std::string is_over(const std::string& utc, Instant before, const std::string& time_zone) {
  constexpr std::int64_t kMicrosPerHour = 3'600'000'000;
  constexpr std::int64_t kLongestDay = 25;
  const std::string end = instant_literal(before);
  const std::string own_day = fmt::format("date_trunc('day', {})", wall_time_sql(utc, time_zone));
  // A day whose midnight the clocks leave out begins later.
  const std::string begins_day = fmt::format("({0} = {1} or {2} = timezone('UTC', timezone({3}, {1})))",
                                             wall_time_sql(utc, time_zone), own_day, utc, quote_text(time_zone));
  return fmt::format(
      "case when {0} is null or {0} < {1} then true when {0} >= {2} then false when {3} then {4} + interval 1 day <= "
      "{5} else true end",
      utc, instant_literal({before.micros - kLongestDay * kMicrosPerHour}), end, begins_day, own_day,
      wall_time_sql(end, time_zone));
}

// A condition on a row of the log as LogColumns has it. A day's beginning in any zone is taken for one.
std::string known_rows(const Log& log) {
  if (!log.knowledge()) return "true";
  std::string all;
  for (const char* utc : {"r.known_at", "r.time_utc", "r.updated_at_utc"}) {
    for (const std::string& zone : zones_of(log))
      all += (all.empty() ? "" : " and ") + is_over(utc, log.knowledge()->before, zone);
  }
  return all;
}

// The deliveries that another reading of their file took the place of. Of what was known before an instant, a later
// reading does not count; but where all are later, the last one of the same content does.
std::set<std::int64_t> void_deliveries(const Log& log) {
  std::set<std::int64_t> replaced;
  std::set<std::int64_t> read_before;  // files that had a reading before the instant, by the numbers of all readings
  std::map<std::int64_t, std::string> contents;
  for (const LogEntry& entry : log.entries()) {
    const bool is_before = !log.knowledge() || entry.at < log.knowledge()->before;
    for (const Delivery& delivery : entry.deliveries) {
      contents[delivery.number] = delivery.sha256;
      const bool has_earlier =
          std::ranges::any_of(delivery.replaces, [&](std::int64_t number) { return read_before.contains(number); });
      if (is_before || has_earlier) read_before.insert(delivery.number);
      if (!is_before && has_earlier) replaced.insert(delivery.number);
      for (const std::int64_t number : delivery.replaces) {
        if (is_before || (!has_earlier && contents[number] == delivery.sha256)) replaced.insert(number);
      }
    }
  }
  return replaced;
}

Status write_deliveries(Connection& connection, const Log& log) {
  const std::set<std::int64_t> replaced = void_deliveries(log);
  HILO_TRY(connection.execute(
      "create table deliveries(delivery bigint, run integer, source varchar, file varchar, bytes bigint, modified_at "
      "timestamp, "
      "sha256 varchar, delivered_at timestamp, first boolean, rows bigint, rejects bigint, void boolean, undated_from "
      "timestamp)"));
  std::string values;
  for (const LogEntry& entry : log.entries()) {
    for (const Delivery& delivery : entry.deliveries) {
      values += fmt::format("{}({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, null)", values.empty() ? "" : ", ",
                            delivery.number, entry.run, quote_text(delivery.source), quote_text(delivery.file),
                            delivery.bytes, instant_literal(delivery.modified_at), quote_text(delivery.sha256),
                            instant_literal(delivery.delivered_at), delivery.first, delivery.rows, delivery.rejects,
                            replaced.contains(delivery.number));
    }
  }
  return values.empty() ? Status{} : connection.execute("insert into deliveries values " + values);
}

// All segments, sorted into people and events on one hand and keyed tables on the other.
struct Segments {
  std::map<std::string, FileGroup> rows;
  std::map<std::string, std::map<std::string, FileGroup>> source_rows;  // the same by source
  std::map<SourceKind, std::map<std::string, FileGroup>> dimensions;
  std::vector<std::string> rejects;
  TypesByName properties;
  TypesByName traits;
  std::map<SourceKind, TypesByName> dimension_types;
};

void add_files(std::map<std::string, FileGroup>& groups, const SourceSegment& segment, const fs::path& folder) {
  const auto [held, added] = groups.try_emplace(layout_key(segment), layout_of(segment));
  for (const std::string& file : segment.rows_files) held->second.files.push_back((folder / file).string());
}

void add_segments(Segments& sorted, const LogEntry& entry, const fs::path& folder) {
  for (const SourceSegment& segment : entry.segments) {
    if (!segment.rejects_file.empty()) sorted.rejects.push_back((folder / segment.rejects_file).string());
    // A segment without rows still says which columns its source has.
    const bool dimension = is_dimension(segment.source.kind);
    auto& groups = dimension ? sorted.dimensions[segment.source.kind] : sorted.rows;
    if (!segment.rows_files.empty()) {
      add_files(groups, segment, folder);
      if (!dimension) add_files(sorted.source_rows[segment.source.name], segment, folder);
    }
    if (dimension) {
      merge(sorted.dimension_types[segment.source.kind], segment.extras);
      continue;
    }
    for (const Column& column : segment.extras) {
      const bool trait = !segment.carries_events || is_consent(column.name);
      merge(trait ? sorted.traits : sorted.properties, {column});
    }
  }
}

Segments sort_segments(const Log& log, int last_run, const LogEntry* pending) {
  Segments sorted;
  for (const LogEntry& entry : log.entries()) {
    if (entry.run <= last_run) add_segments(sorted, entry, log.folder_of(entry.run));
  }
  if (pending != nullptr) add_segments(sorted, *pending, {});
  // A name that is a property here and a trait there has one column in the log's view, so it has one type.
  for (auto& [name, type] : sorted.traits) {
    if (const auto other = sorted.properties.find(name); other != sorted.properties.end() && other->second != type) {
      type = other->second = "VARCHAR";
    }
  }
  return sorted;
}

Status make_row_views(Connection& connection, const Segments& segments, const std::string& known) {
  TypesByName all = segments.properties;
  all.insert(segments.traits.begin(), segments.traits.end());
  const std::string everything = union_sql(segments.rows, columns_of(all));
  HILO_TRY(connection.execute(
      fmt::format("create or replace temp view log_rows_all as from ({}) r where {}", everything, known)));
  return connection.execute(
      "create or replace temp view log_rows as select d.source, d.run, d.delivered_at, d.first as "
      "first_delivery, r.* from log_rows_all r join deliveries "
      "d using (delivery) where not d.void");
}

// The views of single sources, each with the columns that any of its layouts has.
Result<std::vector<SourceRows>> make_source_views(Connection& connection, const Segments& segments) {
  TypesByName extras = segments.properties;
  extras.insert(segments.traits.begin(), segments.traits.end());
  const std::vector<Column> all = row_columns(columns_of(extras));
  const std::size_t own = own_columns().size();
  std::vector<SourceRows> sources;
  for (const auto& [source, groups] : segments.source_rows) {
    SourceRows& rows = sources.emplace_back(source, fmt::format("log_source_{}", sources.size()));
    std::vector<Column> given(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(own));
    for (std::size_t at = own; at < all.size(); ++at) {
      const auto has = [&](const auto& group) { return group.second.columns.contains(all[at].name); };
      if (!std::ranges::any_of(groups, has)) continue;
      given.push_back(all[at]);
      rows.columns.push_back(all[at].name);
    }
    std::string sql;
    for (const auto& [key, group] : groups) sql += (sql.empty() ? "" : " union all ") + group_sql(group, given);
    HILO_TRY(connection.execute(fmt::format("create or replace temp view {} as {}", rows.view, sql)));
  }
  return sources;
}

LogColumns columns_of(const Segments& segments) {
  LogColumns columns;
  columns.properties = columns_of(segments.properties);
  columns.traits = columns_of(segments.traits);
  for (const auto& [kind, types] : segments.dimension_types) columns.dimensions.emplace_back(kind, columns_of(types));
  return columns;
}

}  // namespace

std::vector<Column> own_columns() {
  return {{"row", "BIGINT"},         {"delivery", "BIGINT"},
          {"record", "BIGINT"},      {"line", "BIGINT"},
          {"record_key", "VARCHAR"}, {"content_key", "UBIGINT"},
          {"known_at", "TIMESTAMP"}, {"known_at_assumed", "BOOLEAN"},
          {"time_utc", "TIMESTAMP"}, {"updated_at_utc", "TIMESTAMP"}};
}

LogColumns log_columns(const Log& log, const LogEntry* pending) {
  return columns_of(sort_segments(log, log.last_run(), pending));
}

LogColumns log_columns_until(const Log& log, int last_run) { return columns_of(sort_segments(log, last_run, nullptr)); }

Result<LogColumns> open_log_views(Connection& connection, const Log& log, const std::vector<Source>& current) {
  HILO_TRY(write_sources(connection, log, current));
  HILO_TRY(write_deliveries(connection, log));
  const Segments segments = sort_segments(log, log.last_run(), nullptr);
  LogColumns columns = columns_of(segments);
  columns.known = known_rows(log);
  HILO_TRY(make_row_views(connection, segments, columns.known));
  HILO_ASSIGN(columns.sources, make_source_views(connection, segments));
  for (const auto& [kind, extras] : columns.dimensions) {
    HILO_TRY(connection.execute(
        fmt::format("create or replace temp view log_{} as select d.source, r.* from ({}) r join "
                    "deliveries d using (delivery) where not d.void and {}",
                    dimension_table(kind).table, union_sql(segments.dimensions.at(kind), extras), columns.known)));
  }
  const std::string rejects =
      segments.rejects.empty()
          ? "select null::bigint as delivery, null::bigint as record, null::bigint as line, null::varchar as "
            "column_name, "
            "null::varchar as value, null::boolean as sensitive, null::varchar as reason where false"
          : fmt::format("select * from read_parquet({})", quote_list(segments.rejects));
  const std::string came =
      log.knowledge() ? fmt::format(" and d.delivered_at < {}", instant_literal(log.knowledge()->before)) : "";
  HILO_TRY(connection.execute(
      fmt::format("create or replace temp view log_rejects as select d.source, d.file, r.* from ({}) r join "
                  "deliveries d using (delivery) where not d.void{}",
                  rejects, came)));
  return columns;
}

Status open_row_views(Connection& connection, const Log& log) {
  return make_row_views(connection, sort_segments(log, log.last_run(), nullptr), known_rows(log));
}

std::string fill(std::string_view sql, const std::vector<std::pair<std::string, std::string>>& places) {
  std::string out;
  for (std::size_t at = 0; at < sql.size();) {
    // A place is a bare name in braces; SQL's own braces, of structs, hold more than that.
    const std::size_t end =
        sql[at] == '{' ? sql.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", at + 1) : std::string_view::npos;
    if (end == std::string_view::npos || sql[end] != '}') {
      out += sql[at++];
      continue;
    }
    const std::string_view name = sql.substr(at + 1, end - at - 1);
    const auto place = std::ranges::find(places, name, &std::pair<std::string, std::string>::first);
    HILO_CHECK(place != places.end());
    out += place->second;
    at = end + 1;
  }
  return out;
}

}  // namespace hilo::store
