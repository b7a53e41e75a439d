#include "ingest/erasure.h"

#include <map>
#include <set>

#include <fmt/format.h>

#include "ingest/sql/statements.h"
#include "store/log_view.h"

namespace hilo::ingest {
namespace {

using store::quote_text;

// Values of rejects that are theirs: the whole of it, or an address or a number within it.
constexpr std::string_view kTheirs =
    "value is not null and (lower(trim(value)) in (select value from erased_values) or exists (select 1 from "
    "exclusive_values e where e.kind in ('email', 'phone') and contains(lower(r.value), e.value)))";

std::string hash_sql(const std::string& salt, std::string_view what, const std::string& scope, const std::string& key) {
  return fmt::format("sha256({} || chr(31) || {} || chr(31) || {} || chr(31) || {})", quote_text(salt),
                     quote_text(std::string(what)), scope, key);
}

std::string person_hash(const std::string& salt, const std::string& source, const std::string& key) {
  return hash_sql(salt, "person", source, key);
}

std::string order_hash(const std::string& salt, const std::string& space, const std::string& order) {
  return hash_sql(salt, "order", space, order);
}

Status load_records(store::Connection& connection, const std::vector<std::int64_t>& record_ids) {
  HILO_TRY(connection.execute("create table erased_records(record_id bigint)"));
  HILO_ASSIGN(store::TableWriter writer, store::TableWriter::open(connection, "", "erased_records"));
  for (const std::int64_t id : record_ids) {
    writer.integer(0, id);
    HILO_TRY(writer.end_row());
  }
  return writer.close();
}

Result<std::vector<std::string>> texts(store::Connection& connection, const std::string& query) {
  std::vector<std::string> found;
  HILO_ASSIGN(store::Rows rows, connection.query(query));
  HILO_TRY(rows.for_each([&](const store::Chunk& chunk, std::size_t row) { found.emplace_back(chunk.text(0, row)); }));
  return found;
}

// Writes the rows of one file again without those found. A file that keeps none has no place in the entry.
Status remove_rows(store::Connection& connection, const store::Log& log, store::LogRewrite& rewrite, int run,
                   const std::string& source) {
  HILO_ASSIGN(store::LogEntry * entry, rewrite.change(run));
  for (store::SourceSegment& segment : entry->segments) {
    if (segment.source.name != source) continue;
    std::vector<std::string> kept_files;
    for (const std::string& file : segment.rows_files) {
      const std::string from = quote_text((log.folder_of(run) / file).string());
      const std::string kept =
          fmt::format("from read_parquet({}) where row not in (select row from erased_rows)", from);
      HILO_ASSIGN(const std::int64_t left, connection.query_integer("select count(*) " + kept));
      if (left > 0) kept_files.push_back(file);
      HILO_ASSIGN(const std::int64_t before,
                  connection.query_integer(fmt::format("select count(*) from read_parquet({})", from)));
      if (left == 0 || left == before) continue;
      HILO_TRY(connection.execute(fmt::format("copy (select * {}) to {} (format parquet, compression zstd)", kept,
                                              quote_text(rewrite.new_file(run, file).string()))));
    }
    segment.rows_files = std::move(kept_files);
  }
  return {};
}

Result<std::int64_t> remove_rejected_values(store::Connection& connection, const store::Log& log,
                                            store::LogRewrite& rewrite) {
  std::int64_t removed = 0;
  for (const store::LogEntry& entry : log.entries()) {
    for (const store::SourceSegment& segment : entry.segments) {
      if (segment.rejects_file.empty()) continue;
      const std::string from = quote_text((log.folder_of(entry.run) / segment.rejects_file).string());
      HILO_ASSIGN(const std::int64_t theirs, connection.query_integer(fmt::format(
                                                 "select count(*) from read_parquet({}) r where {}", from, kTheirs)));
      if (theirs == 0) continue;
      removed += theirs;
      HILO_ASSIGN(store::LogEntry * changed, rewrite.change(entry.run));
      static_cast<void>(changed);
      HILO_TRY(connection.execute(
          fmt::format("copy (select * replace (case when {} then null else value end as value) from read_parquet({}) "
                      "r) to {} (format parquet, compression zstd)",
                      kTheirs, from, quote_text(rewrite.new_file(entry.run, segment.rejects_file).string()))));
    }
  }
  return removed;
}

}  // namespace

Result<Traces> find_traces(store::Connection& connection, const store::Log& log,
                           const std::vector<std::int64_t>& record_ids) {
  HILO_ASSIGN(const store::LogColumns columns, store::open_log_views(connection, log, {}));
  static_cast<void>(columns);
  HILO_TRY(load_records(connection, record_ids));
  HILO_TRY(connection.execute(std::string(sql::erased)));
  Traces traces;
  HILO_ASSIGN(store::Rows rows, connection.query("select d.run::bigint, d.source, d.file, count(*) from erased_rows r "
                                                 "join deliveries d using (delivery) group by d.delivery, "
                                                 "d.run, d.source, d.file order by d.delivery"));
  HILO_TRY(rows.for_each([&](const store::Chunk& chunk, std::size_t row) {
    traces.files.push_back({.run = static_cast<int>(chunk.integer(0, row)),
                            .source = std::string(chunk.text(1, row)),
                            .file = std::string(chunk.text(2, row)),
                            .rows = chunk.integer(3, row)});
    traces.rows += traces.files.back().rows;
  }));
  HILO_ASSIGN(traces.spellings, texts(connection, "select distinct value from exclusive_values order by value"));
  return traces;
}

Result<std::int64_t> remove_traces(store::Connection& connection, const store::Log& log, store::LogRewrite& rewrite) {
  std::map<std::int64_t, std::int64_t> rows_of;  // by delivery
  std::set<std::pair<int, std::string>> touched;
  HILO_ASSIGN(store::Rows rows,
              connection.query("select d.run::bigint, d.source, d.delivery, count(*) from erased_rows r join "
                               "deliveries d using (delivery) group by all order by all"));
  HILO_TRY(rows.for_each([&](const store::Chunk& chunk, std::size_t row) {
    touched.emplace(static_cast<int>(chunk.integer(0, row)), chunk.text(1, row));
    rows_of[chunk.integer(2, row)] = chunk.integer(3, row);
  }));
  for (const auto& [run, source] : touched) {
    HILO_TRY(remove_rows(connection, log, rewrite, run, source));
    HILO_ASSIGN(store::LogEntry * entry, rewrite.change(run));
    for (store::Delivery& delivery : entry->deliveries) {
      if (delivery.source == source && rows_of.contains(delivery.number)) delivery.rows -= rows_of[delivery.number];
    }
  }
  return remove_rejected_values(connection, log, rewrite);
}

Result<store::Erasure> hash_traces(store::Connection& connection, const std::string& salt) {
  store::Erasure erasure{.salt = salt, .people = {}, .orders = {}};
  HILO_ASSIGN(store::Rows people,
              connection.query(fmt::format("select source, {} as hash from erased_keys order by all",
                                           person_hash(salt, "source", "record_key"))));
  HILO_TRY(people.for_each([&](const store::Chunk& chunk, std::size_t row) {
    erasure.people[std::string(chunk.text(0, row))].emplace_back(chunk.text(1, row));
  }));
  HILO_ASSIGN(store::Rows orders,
              connection.query(fmt::format("select order_space, {} as hash from erased_orders order by all",
                                           order_hash(salt, "order_space", "order_id"))));
  HILO_TRY(orders.for_each([&](const store::Chunk& chunk, std::size_t row) {
    erasure.orders[std::string(chunk.text(0, row))].emplace_back(chunk.text(1, row));
  }));
  return erasure;
}

std::string erased_condition(const store::Erasure& erased, const std::string& source, const std::string& record_key,
                             const std::string& order_space) {
  constexpr std::string_view kAmong = "{} in (select hash from erased)";
  std::string condition;
  if (erased.people.contains(source)) {
    condition = fmt::format(kAmong, person_hash(erased.salt, quote_text(source), fmt::format("({})", record_key)));
  }
  if (!erased.orders.empty() && !order_space.empty()) {
    condition += fmt::format("{}({}) is null and {}", condition.empty() ? "" : " or ", record_key,
                             fmt::format(kAmong, order_hash(erased.salt, order_space, "order_id")));
  }
  return condition;
}

}  // namespace hilo::ingest
