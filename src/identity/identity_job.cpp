#include "identity/identity_job.h"

#include "identity/link.h"
#include "identity/sql/statements.h"

namespace hilo::identity {
namespace {

Result<LinkInput> read_input(store::Connection& connection) {
  LinkInput input;
  HILO_ASSIGN(
      store::Rows bearers,
      connection.query("select i.kind, i.value, i.record_id, i.first_run, r.first_run from contact.identifiers i "
                       "join records r using (record_id) semi join shared using (kind, value) "
                       "order by i.kind, i.value, i.record_id"));
  HILO_TRY(bearers.for_each([&](const store::Chunk& chunk, std::size_t row) {
    const std::string_view kind = chunk.text(0, row);
    const std::string_view value = chunk.text(1, row);
    if (input.identifiers.empty() || input.identifiers.back().kind != kind || input.identifiers.back().value != value) {
      input.identifiers.push_back({std::string(kind), std::string(value), {}});
    }
    input.identifiers.back().bearers.push_back({.record = chunk.integer(2, row),
                                                .run = static_cast<int>(chunk.integer(3, row)),
                                                .record_run = static_cast<int>(chunk.integer(4, row))});
  }));
  HILO_ASSIGN(
      store::Rows names,
      connection.query("select n.record_id, n.first_run, dense_rank() over (order by n.name_key) "
                       "from contact.names n where n.record_id in (select i.record_id from contact.identifiers i "
                       "semi join shared using (kind, value)) order by all"));
  HILO_TRY(names.for_each([&](const store::Chunk& chunk, std::size_t row) {
    input.names[chunk.integer(0, row)].push_back({chunk.integer(2, row), static_cast<int>(chunk.integer(1, row))});
  }));
  HILO_ASSIGN(const std::int64_t last,
              connection.query_integer("select coalesce(max(run), 0)::bigint from deliveries"));
  input.last_run = static_cast<int>(last);
  return input;
}

Status write_clusters(store::Connection& connection, const Linkage& linkage) {
  HILO_ASSIGN(store::TableWriter writer, store::TableWriter::open(connection, "", "cluster_of"));
  for (const auto& [record, cluster] : linkage.cluster_of) {
    writer.integer(0, record);
    writer.integer(1, cluster);
    HILO_TRY(writer.end_row());
  }
  return writer.close();
}

Status write_links(store::Connection& connection, const LinkInput& input, const Linkage& linkage) {
  HILO_ASSIGN(store::TableWriter writer, store::TableWriter::open(connection, "contact", "links"));
  for (const Link& link : linkage.links) {
    writer.integer(0, link.record);
    writer.integer(1, link.earlier_record);
    writer.text(2, input.identifiers[link.identifier].kind);
    writer.text(3, input.identifiers[link.identifier].value);
    HILO_TRY(writer.end_row());
  }
  return writer.close();
}

Status write_guarded(store::Connection& connection, const LinkInput& input, const Linkage& linkage,
                     const LinkLimits& limits) {
  HILO_ASSIGN(store::TableWriter writer, store::TableWriter::open(connection, "contact", "shared_identifiers"));
  for (const GuardedIdentifier& guarded : linkage.guarded) {
    writer.text(0, input.identifiers[guarded.identifier].kind);
    writer.text(1, input.identifiers[guarded.identifier].value);
    writer.integer(2, guarded.records);
    writer.integer(3, guarded.names);
    writer.text(4, guarded.names > limits.names_max ? "too many names" : "too many records");
    HILO_TRY(writer.end_row());
  }
  return writer.close();
}

Status write_redirects(store::Connection& connection, const Linkage& linkage) {
  HILO_ASSIGN(store::TableWriter writer, store::TableWriter::open(connection, "main", "redirects"));
  for (const Redirect& redirect : linkage.redirects) {
    writer.integer(0, redirect.from);
    writer.integer(1, redirect.to);
    writer.integer(2, redirect.run);
    writer.text(3, redirect.is_merge ? "merge" : "split");
    HILO_TRY(writer.end_row());
  }
  return writer.close();
}

}  // namespace

Status resolve_identity(store::Connection& connection, const Settings& settings, PassContext& progress) {
  HILO_TRY(connection.execute(std::string(sql::candidates)));
  HILO_ASSIGN(const LinkInput input, read_input(connection));
  const LinkLimits limits{.names_max = settings.names_per_identifier_max,
                          .records_max = settings.records_per_identifier_max};
  const Linkage linkage = link_records(input, limits);
  HILO_TRY(connection.execute(std::string(sql::tables)));
  HILO_TRY(write_clusters(connection, linkage));
  HILO_TRY(write_links(connection, input, linkage));
  HILO_TRY(write_guarded(connection, input, linkage, limits));
  HILO_TRY(write_redirects(connection, linkage));
  HILO_TRY(connection.execute(std::string(sql::identity)));
  HILO_ASSIGN(progress.rows, connection.query_integer("select count(distinct customer_id) from identity"));
  return {};
}

}  // namespace hilo::identity
