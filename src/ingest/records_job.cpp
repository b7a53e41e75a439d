#include "ingest/records_job.h"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "ingest/sql/statements.h"
#include "ingest/standard_values.h"
#include "model/column.h"

namespace hilo::ingest {
namespace {

using store::quote_name;
using store::quote_text;

// What is said of a person: canonical columns, then consents and traits.
std::vector<std::string> person_columns(const store::LogColumns& columns) {
  std::vector<std::string> names;
  for (const CanonicalColumn& column : canonical_columns()) {
    if (column.role == ColumnRole::kIdentifier || column.role == ColumnRole::kPerson) names.emplace_back(column.name);
  }
  for (const store::Column& trait : columns.traits) names.push_back(trait.name);
  return names;
}

std::string name_list(const std::vector<std::string>& names, const std::string& prefix) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + prefix + quote_name(name);
  return list;
}

Status standardise_all(store::Connection& connection, const Settings& settings, Date latest, PassContext& progress) {
  const int threads =
      settings.threads > 0 ? settings.threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  for (const StandardisedColumn& column : standardised_columns()) {
    HILO_TRY(standardise_column(connection, column, latest, threads, progress));
    if (column.name != "country") continue;
    HILO_TRY(
        connection.execute(fmt::format("update raw_versions v set region = coalesce((select value from standard s "
                                       "where s.kind = 'country' and s.raw = v.country), "
                                       "(select nullif(region, '') from sources s where s.source = v.source), {})",
                                       quote_text(settings.region))));
  }
  return {};
}

// The standard form of a column of raw_versions, as an expression over its join `s_<column>`.
std::string standard_joins() {
  std::string joins;
  for (const StandardisedColumn& column : standardised_columns()) {
    joins +=
        fmt::format(" left join standard s_{0} on s_{0}.kind = '{0}' and s_{0}.raw = v.{0} and s_{0}.context = {1}",
                    column.name, column.by_region ? "v.region" : "''");
  }
  return joins;
}

std::string wall_time(const std::string& utc, const Settings& settings) {
  if (settings.time_zone == "UTC") return utc;
  return fmt::format("timezone({}, timezone('UTC', {}))", quote_text(settings.time_zone), utc);
}

Status write_versions(store::Connection& connection, const store::LogColumns& columns, const Settings& settings) {
  std::string traits;
  for (const store::Column& trait : columns.traits) traits += ", v." + quote_name(trait.name);
  return connection.execute(store::fill(
      sql::versions,
      {{"joins", standard_joins()}, {"traits", traits}, {"valid_from", wall_time("v.valid_utc", settings)}}));
}

std::string key_list(SourceKind kind) {
  std::string list;
  for (const std::string_view key : dimension_table(kind).keys) list += (list.empty() ? "" : ", ") + quote_name(key);
  return list;
}

// The columns that a keyed table always has; sources may give more.
struct Dimension {
  SourceKind kind;
  std::vector<store::Column> columns;
};

const std::vector<Dimension> kDimensions = {
    {SourceKind::kProduct,
     {{"sku", "VARCHAR"},
      {"category", "VARCHAR"},
      {"brand", "VARCHAR"},
      {"unit_cost", "DECIMAL(18,4)"},
      {"price", "DECIMAL(18,4)"}}},
    {SourceKind::kStore, {{"store_id", "VARCHAR"}, {"city", "VARCHAR"}, {"country", "VARCHAR"}, {"brand", "VARCHAR"}}},
    {SourceKind::kCampaign, {{"campaign_id", "VARCHAR"}, {"channel", "VARCHAR"}, {"brand", "VARCHAR"}}},
    {SourceKind::kContactCost, {{"channel", "VARCHAR"}, {"amount", "DECIMAL(18,4)"}, {"currency", "VARCHAR"}}},
    {SourceKind::kFxRate, {{"currency", "VARCHAR"}, {"day", "DATE"}, {"rate", "DECIMAL(18,8)"}}},
};

}  // namespace

Status write_records(store::Connection& connection, const store::LogColumns& columns, const Settings& settings,
                     Date latest, PassContext& progress) {
  const std::vector<std::string> names = person_columns(columns);
  HILO_TRY(connection.execute(store::fill(
      sql::raw_versions, {{"person_columns", name_list(names, "")}, {"qualified_columns", name_list(names, "r.")}})));
  HILO_TRY(standardise_all(connection, settings, latest, progress));
  HILO_TRY(connection.execute("create schema if not exists contact"));
  HILO_TRY(write_versions(connection, columns, settings));
  HILO_TRY(connection.execute(std::string(sql::records)));
  HILO_ASSIGN(progress.rows, connection.query_integer("select count(*) from records"));
  return {};
}

Status write_dimensions(store::Connection& connection, const store::LogColumns& columns) {
  for (const Dimension& dimension : kDimensions) {
    const std::string table(dimension_table(dimension.kind).table);
    const auto held = std::ranges::find(columns.dimensions, dimension.kind,
                                        &std::pair<SourceKind, std::vector<store::Column>>::first);
    const bool empty = held == columns.dimensions.end();
    std::string select;
    for (const store::Column& column : dimension.columns) {
      select +=
          fmt::format("{}::{} as {}, ", empty ? "null" : quote_name(column.name), column.type, quote_name(column.name));
    }
    if (empty) {
      HILO_TRY(connection.execute(
          fmt::format("create table {} as select {}null::varchar as source where false", table, select)));
      continue;
    }
    for (const store::Column& extra : held->second) {
      if (std::ranges::count(dimension.columns, extra.name, &store::Column::name) == 0)
        select += quote_name(extra.name) + ", ";
    }
    HILO_TRY(
        connection.execute(fmt::format("create table {0} as select {1}source from log_{0} qualify row_number() over "
                                       "(partition by {2} order by row desc) = 1 order by {2}",
                                       table, select, key_list(dimension.kind))));
  }
  return {};
}

Status write_rejects(store::Connection& connection, PassContext& progress) {
  HILO_TRY(connection.execute(std::string(sql::rejects)));
  HILO_ASSIGN(progress.rows, connection.query_integer("select count(*) from rejects"));
  return {};
}

}  // namespace hilo::ingest
