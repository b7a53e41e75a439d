#include "ingest/records_job.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "ingest/sql/statements.h"
#include "ingest/standard_values.h"
#include "ingest/version_rows.h"
#include "model/column.h"
#include "store/wall_clock.h"

namespace hilo::ingest {
namespace {

using store::quote_name;
using store::quote_text;

// What may be said of a person: canonical columns, then consents and traits.
std::vector<store::Column> person_columns(const store::LogColumns& columns) {
  std::vector<store::Column> person;
  for (const CanonicalColumn& column : canonical_columns()) {
    if (column.role != ColumnRole::kIdentifier && column.role != ColumnRole::kPerson) continue;
    person.push_back({std::string(column.name), std::string(column.type)});
  }
  person.insert(person.end(), columns.traits.begin(), columns.traits.end());
  return person;
}

std::string wall_time(const std::string& utc, const Settings& settings) {
  if (settings.time_zone == "UTC") return utc;
  return store::wall_time_sql(utc, settings.time_zone);
}

// Finds the records of one source and the rows that are versions of them. Nothing where it says nothing of persons.
Status write_heads(store::Connection& connection, const store::SourceRows& source,
                   const std::vector<store::Column>& person, const std::string& known) {
  std::string said;
  for (const store::Column& column : person) {
    if (source.gives(column.name)) said += (said.empty() ? "r." : ", r.") + quote_name(column.name);
  }
  if (said.empty()) return {};
  // Few deliveries ever become void; where none did, and all is known, all rows count.
  HILO_ASSIGN(const std::int64_t voided,
              connection.query_integer("select count(*) from deliveries where void and source = $source",
                                       {{"source", source.source}}));
  const bool all_count = voided == 0 && known == store::LogColumns{}.known;
  return connection.execute(store::fill(sql::said, {{"rows", source.view},
                                                    {"source", quote_text(source.source)},
                                                    {"person_columns", said},
                                                    {"known", known},
                                                    {"counted", all_count ? "" : "filter (counts)"}}));
}

// The versions of one source as they were delivered, with null for what it does not say.
Result<std::string> source_versions(store::Connection& connection, const store::SourceRows& source,
                                    const std::vector<store::Column>& person, const Settings& settings) {
  std::string all;
  for (const store::Column& column : person) {
    const std::string name = quote_name(column.name);
    const std::string said = source.gives(column.name) ? "r." : "null::" + column.type + " as ";
    all += (all.empty() ? "" : ", ") + said + name;
  }
  HILO_ASSIGN(const std::optional<std::string> region,
              connection.query_text("select nullif(region, '') from sources where source = $source",
                                    {{"source", source.source}}));
  return store::fill(sql::source_versions, {{"rows", source.view},
                                            {"source", quote_text(source.source)},
                                            {"columns", all},
                                            {"region", quote_text(region.value_or(settings.region))}});
}

// The versions of no source: a log may hold no rows of persons.
std::string no_versions(const std::vector<store::Column>& person) {
  std::string sql =
      "select null::bigint as _record_id, ''::varchar as _source, null::bigint as _row, null::timestamp as _valid_utc, "
      "''::varchar as _source_region";
  for (const store::Column& column : person)
    sql += fmt::format(", null::{} as {}", column.type, quote_name(column.name));
  return sql + " where false";
}

Status write_versions(store::Connection& connection, const store::LogColumns& columns,
                      const std::vector<store::Column>& person, const Settings& settings) {
  std::string traits;
  for (const store::Column& trait : columns.traits) traits += ", v." + quote_name(trait.name);
  const auto versions = [&](const std::string& said) {
    return store::fill(sql::versions,
                       {{"said", said}, {"traits", traits}, {"valid_from", wall_time("v._valid_utc", settings)}});
  };
  HILO_TRY(connection.execute("create table contact.versions as " + versions(no_versions(person))));
  HILO_ASSIGN(VersionRows rows, VersionRows::open(connection));
  for (const store::SourceRows& source : columns.sources) {
    HILO_ASSIGN(const std::size_t count, rows.read(connection, source.source));
    if (count == 0) continue;
    HILO_ASSIGN(const std::string said, source_versions(connection, source, person, settings));
    HILO_TRY(connection.execute("insert into contact.versions " + versions(said)));
  }
  return {};
}

// The identifiers kind by kind, as they are to stand: each kind is sorted by itself, by values that differ early.
std::string identifiers_sql() {
  std::string sql;
  for (const char* kind : {"device_id", "email", "loyalty_id", "phone"}) {
    sql += (sql.empty() ? "" : " union all ") + store::fill(sql::identifiers, {{"kind", kind}});
  }
  return sql;
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

Status place_undated(store::Connection& connection) { return connection.execute(std::string(sql::undated)); }

Status write_records(store::Connection& connection, const store::LogColumns& columns, const Settings& settings,
                     Date latest, PassContext& progress) {
  HILO_TRY(add_standard_functions(connection, latest));
  HILO_TRY(connection.execute("create schema if not exists contact"));
  HILO_TRY(connection.execute(std::string(sql::record_tables)));
  const std::vector<store::Column> person = person_columns(columns);
  for (const store::SourceRows& source : columns.sources) {
    HILO_TRY(write_heads(connection, source, person, columns.known));
    HILO_ASSIGN(progress.rows, connection.query_integer("select count(*) from record_keys"));
    progress.advance(progress.rows, 0);
  }
  HILO_TRY(write_versions(connection, columns, person, settings));
  HILO_TRY(connection.execute(store::fill(sql::records, {{"identifiers", identifiers_sql()}})));
  HILO_ASSIGN(progress.rows, connection.query_integer("select count(*) from records"));
  return {};
}

Status replace_records(store::Connection& connection, const std::string& told, const Settings& settings) {
  return connection.execute(
      store::fill(sql::replace_records, {{"told", told}, {"region", quote_text(settings.region)}}));
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

namespace {

// Relations of sql/rejects.sql.
struct RejectSources {
  std::string versions;
  std::string ingest_rejects;
  std::string rows;
  std::string kept;
};

Status write_rejects_of(store::Connection& connection, const RejectSources& from, const Settings& settings,
                        PassContext& progress) {
  HILO_TRY(connection.execute(store::fill(sql::rejects, {{"region", quote_text(settings.region)},
                                                         {"versions", from.versions},
                                                         {"ingest_rejects", from.ingest_rejects},
                                                         {"rows", from.rows},
                                                         {"kept", from.kept}})));
  HILO_ASSIGN(progress.rows, connection.query_integer("select count(*) from rejects"));
  return {};
}

}  // namespace

Status write_rejects(store::Connection& connection, const Settings& settings, PassContext& progress) {
  const RejectSources all{.versions = "contact.versions",
                          .ingest_rejects = "log_rejects",
                          .rows = "log_rows",
                          .kept = "(select 0 as delivery where false)"};
  return write_rejects_of(connection, all, settings, progress);
}

Status renew_rejects(store::Connection& connection, const Settings& settings, PassContext& progress) {
  HILO_TRY(connection.execute(std::string(sql::former_rejects)));
  const RejectSources retold{.versions = "versions_to_judge",
                             .ingest_rejects = "(from log_rejects anti join former_deliveries using (delivery))",
                             .rows = "rows_to_judge",
                             .kept = "kept_rejects"};
  HILO_TRY(write_rejects_of(connection, retold, settings, progress));
  return connection.execute(
      "drop view versions_to_judge; drop view rows_to_judge; drop table kept_rejects; drop table turned_births; drop "
      "table retold_people; drop table retold_facts");
}

}  // namespace hilo::ingest
