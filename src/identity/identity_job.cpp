#include "identity/identity_job.h"

#include <functional>
#include <future>

#include <fmt/format.h>

#include "identity/link.h"
#include "identity/sql/statements.h"
#include "store/log_view.h"

namespace hilo::identity {
namespace {

// Identifiers by number. Contact data: their texts stand in one piece, as millions of small ones would take twice that.
class Identifiers {
 public:
  void add(std::string_view kind, std::string_view value) {
    if (kinds_.empty() || kinds_.back() != kind) kinds_.emplace_back(kind);
    kind_of_.push_back(static_cast<std::uint8_t>(kinds_.size() - 1));
    texts_ += value;
    ends_.push_back(texts_.size());
  }
  void remove_last() {
    kind_of_.pop_back();
    ends_.pop_back();
    texts_.resize(ends_.empty() ? 0 : ends_.back());
  }
  [[nodiscard]] std::string_view kind(std::size_t number) const { return kinds_[kind_of_[number]]; }
  [[nodiscard]] std::string_view value(std::size_t number) const {
    const std::size_t begin = number == 0 ? 0 : ends_[number - 1];
    return std::string_view(texts_).substr(begin, ends_[number] - begin);
  }

 private:
  std::vector<std::string> kinds_;
  std::vector<std::uint8_t> kind_of_;
  std::string texts_;
  std::vector<std::size_t> ends_;
};

enum class KnownBy : std::uint8_t { kPerson, kDevice, kNothing };

KnownBy known_by(std::string_view text) {
  if (text == "person") return KnownBy::kPerson;
  return text == "device" ? KnownBy::kDevice : KnownBy::kNothing;
}

struct Input {
  LinkInput link;
  Identifiers identifiers;
  std::vector<KnownBy> known_by;  // of link.records
};

Error out_of_order(std::string_view table) {
  return {.code = ErrorCode::kInternal, .message = std::string(table).append(" does not stand in its order")};
}

// Which records are linked: all, or those of the temp table concerned_records.
enum class Records : std::uint8_t { kAll, kConcerned };

constexpr std::string_view kIfConcerned = " semi join concerned_records using (record_id)";

// The rows of a table by `order`. A store made whole has all of them in that order.
std::string rows_sql(Records records, std::string_view columns, std::string_view table, std::string_view order) {
  std::string sql = fmt::format("select {} from {}", columns, table);
  if (records == Records::kConcerned) sql += fmt::format("{} order by {}", kIfConcerned, order);
  return sql;
}

// Reads identifiers in order, and drops those of one record: they link nobody.
Status read_identifiers(store::Connection& connection, Records records, Input& input) {
  std::string kind;
  std::string value;
  std::vector<Bearer>& bearers = input.link.bearers;
  std::size_t first = 0;
  bool in_order = true;
  const auto close = [&] {
    if (bearers.size() - first >= 2) {
      input.link.ends.push_back(bearers.size());
    } else if (bearers.size() > first) {
      bearers.resize(first);
      input.identifiers.remove_last();
    }
    first = bearers.size();
  };
  HILO_ASSIGN(store::Rows rows, connection.query(rows_sql(records, "kind, value, record_id, first_run",
                                                          "contact.identifiers", "kind, value, record_id")));
  HILO_TRY(rows.for_each([&](const store::Chunk& chunk, std::size_t row) {
    const std::string_view next_kind = chunk.text(0, row);
    const std::string_view next_value = chunk.text(1, row);
    const Bearer bearer{.record = chunk.integer(2, row), .run = static_cast<int>(chunk.integer(3, row))};
    if (bearers.size() == first || next_value != value || next_kind != kind) {
      in_order = in_order && (next_kind > kind || (next_kind == kind && next_value > value) || kind.empty());
      close();
      kind = next_kind;
      value = next_value;
      input.identifiers.add(kind, value);
    } else {
      in_order = in_order && bearers.back().record < bearer.record;
    }
    bearers.push_back(bearer);
  }));
  close();
  if (!in_order) return std::unexpected(out_of_order("contact.identifiers"));
  return {};
}

// Numbers the names, equal ones together.
Status read_names(store::Connection& connection, Records records, LinkInput& input) {
  std::string last;
  std::int64_t number = 0;
  bool in_order = true;
  HILO_ASSIGN(store::Rows rows, connection.query(rows_sql(records, "name_key, record_id, first_run", "contact.names",
                                                          "name_key, record_id")));
  HILO_TRY(rows.for_each([&](const store::Chunk& chunk, std::size_t row) {
    if (const std::string_view name = chunk.text(0, row); name != last) {
      in_order = in_order && name > last;
      last = name;
      ++number;
    }
    input.names.push_back({chunk.integer(1, row), number, static_cast<int>(chunk.integer(2, row))});
  }));
  if (!in_order) return std::unexpected(out_of_order("contact.names"));
  return {};
}

Status read_records(store::Connection& connection, Records records, Input& input) {
  HILO_ASSIGN(store::Rows rows,
              connection.query(rows_sql(records, "record_id, first_run, known_by", "records", "record_id")));
  return rows.for_each([&](const store::Chunk& chunk, std::size_t row) {
    input.link.records.push_back({chunk.integer(0, row), static_cast<int>(chunk.integer(1, row))});
    input.known_by.push_back(known_by(chunk.text(2, row)));
  });
}

// Does `first` and `second`, each with a session of its own and a thread; only that of `first` knows temporary tables.
Status do_both(store::Connection& connection, const std::function<Status(store::Connection&)>& first,
               const std::function<Status(store::Connection&)>& second) {
  HILO_ASSIGN(store::Connection session, connection.beside());
  std::future<Status> beside = std::async(std::launch::async, [&] { return second(session); });
  const Status done = first(connection);
  const Status done_beside = beside.get();
  return done ? done_beside : done;
}

Result<Input> read_input(store::Connection& connection, Records records) {
  Input input;
  const auto identifiers = [&](store::Connection& session) { return read_identifiers(session, records, input); };
  const auto bearers = [&](store::Connection& session) -> Status {
    HILO_TRY(read_names(session, records, input.link));
    return read_records(session, records, input);
  };
  if (records == Records::kAll) {
    HILO_TRY(do_both(connection, identifiers, bearers));
  } else {
    HILO_TRY(identifiers(connection));
    HILO_TRY(bearers(connection));
  }
  return input;
}

struct Cluster {
  bool is_customer = false;
  bool has_device = false;
};

// What is known of each cluster by all of its records, at its root's place.
Result<std::vector<Cluster>> know_clusters(const Input& input, const std::vector<Place>& places) {
  std::vector<Cluster> clusters(places.size());
  std::size_t at = 0;  // records and places both go by record
  for (std::size_t record = 0; record < input.known_by.size() && at < places.size(); ++record) {
    if (input.link.records[record].record != places[at].record) continue;
    Cluster& cluster = clusters[places[at++].root];
    cluster.is_customer = cluster.is_customer || input.known_by[record] == KnownBy::kPerson;
    cluster.has_device = cluster.has_device || input.known_by[record] == KnownBy::kDevice;
  }
  if (at < places.size()) return std::unexpected(out_of_order("records"));
  return clusters;
}

// Makes the temp table of records that share an identifier with others. `kind` is that of the first identifier that
// links the record.
Status write_clusters(store::Connection& connection, const Input& input, const Linkage& linkage) {
  HILO_TRY(connection.execute(
      "create temp table cluster_of(record_id bigint, cluster_id bigint, kind varchar, is_customer boolean, "
      "has_device boolean)"));
  HILO_ASSIGN(const std::vector<Cluster> clusters, know_clusters(input, linkage.places));
  HILO_ASSIGN(store::TableWriter writer, store::TableWriter::open(connection, "", "cluster_of"));
  for (const Place& place : linkage.places) {
    if (place.identifier == kNoIdentifier) continue;
    writer.integer(0, place.record);
    writer.integer(1, linkage.places[place.root].record);
    writer.text(2, input.identifiers.kind(place.identifier));
    writer.boolean(3, clusters[place.root].is_customer);
    writer.boolean(4, clusters[place.root].has_device);
    HILO_TRY(writer.end_row());
  }
  return writer.close();
}

Status write_components(store::Connection& connection, const Linkage& linkage) {
  HILO_ASSIGN(store::TableWriter writer, store::TableWriter::open(connection, "contact", "components"));
  for (const Place& place : linkage.places) {
    if (place.component == place.root) continue;
    writer.integer(0, place.record);
    writer.integer(1, linkage.places[place.component].record);
    HILO_TRY(writer.end_row());
  }
  return writer.close();
}

Status write_links(store::Connection& connection, const Identifiers& identifiers, const Linkage& linkage) {
  HILO_ASSIGN(store::TableWriter writer, store::TableWriter::open(connection, "contact", "links"));
  for (const Link& link : linkage.links) {
    writer.integer(0, link.record);
    writer.integer(1, link.earlier_record);
    writer.text(2, identifiers.kind(link.identifier));
    writer.text(3, identifiers.value(link.identifier));
    HILO_TRY(writer.end_row());
  }
  return writer.close();
}

Status write_guarded(store::Connection& connection, const Identifiers& identifiers, const Linkage& linkage,
                     const LinkLimits& limits) {
  HILO_ASSIGN(store::TableWriter writer, store::TableWriter::open(connection, "contact", "shared_identifiers"));
  for (const GuardedIdentifier& guarded : linkage.guarded) {
    writer.text(0, identifiers.kind(guarded.identifier));
    writer.text(1, identifiers.value(guarded.identifier));
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

// Links some records, and adds what comes of it to the tables.
Status link_and_write(store::Connection& connection, const Settings& settings, Records records) {
  HILO_ASSIGN(const Input input, read_input(connection, records));
  const LinkLimits limits{.names_max = settings.names_per_identifier_max,
                          .records_max = settings.records_per_identifier_max};
  const Linkage linkage = link_records(input.link, limits);
  return do_both(
      connection, [&](store::Connection& session) { return write_clusters(session, input, linkage); },
      [&](store::Connection& session) -> Status {
        HILO_TRY(write_components(session, linkage));
        HILO_TRY(write_links(session, input.identifiers, linkage));
        HILO_TRY(write_guarded(session, input.identifiers, linkage, limits));
        return write_redirects(session, linkage);
      });
}

Status write_identity(store::Connection& connection, const std::string& target, const std::string& records) {
  HILO_TRY(connection.execute(target + store::fill(sql::identity, {{"records", records}})));
  return connection.execute("drop table cluster_of");
}

Status count_customers(store::Connection& connection, PassContext& progress) {
  // A customer's id is one of its own records.
  HILO_ASSIGN(progress.rows, connection.query_integer("select count(*) from identity where customer_id = record_id"));
  return {};
}

}  // namespace

Status resolve_identity(store::Connection& connection, const Settings& settings, PassContext& progress) {
  HILO_TRY(connection.execute(std::string(sql::tables)));
  HILO_TRY(link_and_write(connection, settings, Records::kAll));
  HILO_TRY(write_identity(connection, "create table identity as ", "records"));
  return count_customers(connection, progress);
}

Status renew_identity(store::Connection& connection, const Settings& settings, PassContext& progress) {
  HILO_TRY(connection.execute(std::string(sql::concerned)));
  HILO_TRY(link_and_write(connection, settings, Records::kConcerned));
  HILO_TRY(write_identity(connection, "insert into identity ", fmt::format("(from records{})", kIfConcerned)));
  HILO_TRY(connection.execute(std::string(sql::moved_records)));
  return count_customers(connection, progress);
}

}  // namespace hilo::identity
