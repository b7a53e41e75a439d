#include "timeline/concerned.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/column.h"
#include "timeline/sql/statements.h"

namespace hilo::timeline {
namespace {

using store::Connection;
using store::LogColumns;
using store::quote_name;
using store::quote_text;
using store::SourceRows;

// Adds the rows of a source that a condition chooses to a table with some of the columns of `seeds`.
Status add_rows(Connection& connection, const SourceRows& source, const std::string& table,
                const std::vector<std::string>& columns, const std::string& condition) {
  std::string list = "r.row, r.delivery, " + quote_text(source.source) + ", r.record_key";
  for (const std::string& column : columns)
    list += source.gives(column) || column == "content_key" ? ", r." + column : ", null";
  return connection.execute(fmt::format("insert into {} select {} from {} r {}", table, list, source.view, condition));
}

Status add_seeds(Connection& connection, const LogColumns& columns) {
  HILO_ASSIGN(const std::int64_t products, connection.query_integer("select count(*) from concerned_products"));
  HILO_ASSIGN(const std::int64_t rates, connection.query_integer("select count(*) from concerned_rates"));
  const std::vector<std::string> rest = {"content_key", "type", "order_id", "event_id"};
  for (const SourceRows& source : columns.sources) {
    HILO_TRY(
        add_rows(connection, source, "seeds", rest, "semi join concerned_deliveries d on d.delivery = r.delivery"));
    if (products > 0 && source.gives("sku") && source.gives("type"))
      HILO_TRY(add_rows(connection, source, "seeds", rest, "semi join concerned_products p on p.sku = r.sku"));
    if (rates > 0 && source.gives("currency") && source.gives("type")) {
      HILO_TRY(add_rows(connection, source, "seeds", rest,
                        "join concerned_rates x on x.currency = r.currency and x.since <= r.time"));
    }
  }
  return {};
}

// Adds the rows that share a fact with a seed: the same order of any source, the same event or content of its own.
Status add_groups(Connection& connection, const LogColumns& columns) {
  HILO_TRY(connection.execute(std::string(sql::is_line)));
  HILO_TRY(connection.execute(std::string(sql::concerned_groups)));
  HILO_ASSIGN(const std::int64_t orders, connection.query_integer("select count(*) from seed_orders"));
  for (const SourceRows& source : columns.sources) {
    if (!source.gives("type")) continue;
    const std::string single = source.gives("order_id") ? "where not is_line(r.type, r.order_id)" : "where true";
    const auto has_seeds = [&](const char* table) {
      return connection.query_integer(fmt::format("select count(*) from {} where source = $source", table),
                                      {{"source", source.source}});
    };
    const auto add = [&](const std::string& condition) {
      return add_rows(connection, source, "concerned_facts", {}, condition);
    };
    if (orders > 0 && source.gives("order_id"))
      HILO_TRY(add("semi join seed_orders o on o.order_id = r.order_id where is_line(r.type, r.order_id)"));
    if (source.gives("event_id")) {
      HILO_ASSIGN(const std::int64_t events, has_seeds("seed_events"));
      if (events > 0) {
        HILO_TRY(
            add(fmt::format("semi join (select event_id from seed_events where source = {}) e on e.event_id = "
                            "r.event_id {}",
                            quote_text(source.source), single)));
      }
    }
    HILO_ASSIGN(const std::int64_t contents, has_seeds("seed_contents"));
    if (contents > 0) {
      HILO_TRY(add(
          fmt::format("semi join (select content_key from seed_contents where source = {}) c on c.content_key "
                      "= r.content_key {}{} and r.type is not null",
                      quote_text(source.source), single, source.gives("event_id") ? " and r.event_id is null" : "")));
    }
  }
  return connection.execute(std::string(sql::concerned_keys));
}

// What a source says of persons, beside the columns of Hilo's own.
std::vector<std::string> person_columns(const LogColumns& columns, const SourceRows& source) {
  std::vector<std::string> person;
  for (const std::string& name : source.columns) {
    const CanonicalColumn* canonical = find_canonical(name);
    const bool described =
        canonical != nullptr && (canonical->role == ColumnRole::kIdentifier || canonical->role == ColumnRole::kPerson);
    if (described || std::ranges::count(columns.traits, name, &store::Column::name) > 0) person.push_back(name);
  }
  return person;
}

Result<bool> has_rows(Connection& connection, const std::string& table) {
  HILO_ASSIGN(const std::int64_t rows, connection.query_integer(fmt::format("select count(*) from {}", table)));
  return rows > 0;
}

// Makes the tables of one source; adds it to either part that it has rows for.
Status cut_source(Connection& connection, const LogColumns& columns, const SourceRows& source, Concerned& concerned) {
  const std::string name = quote_text(source.source);
  SourceRows people{
      .source = source.source, .view = "people_of_" + source.view, .columns = person_columns(columns, source)};
  std::string list;
  for (const store::Column& own : store::own_columns()) list += own.name + ", ";
  for (const std::string& column : people.columns) list += quote_name(column) + ", ";
  HILO_TRY(
      connection.execute(fmt::format("create temp table {} as select {} from {} semi join (select record_key from "
                                     "concerned_keys where source = {}) k using (record_key)",
                                     people.view, list, source.view, name)));
  SourceRows facts{.source = source.source, .view = "facts_of_" + source.view, .columns = source.columns};
  HILO_TRY(
      connection.execute(fmt::format("create temp table {} as select r.* from {} r semi join concerned_deliveries "
                                     "using (delivery)",
                                     facts.view, source.view)));
  HILO_ASSIGN(const bool earlier, has_rows(connection, "earlier_facts where source = " + name));
  if (earlier) {
    HILO_TRY(
        connection.execute(fmt::format("insert into {} select r.* from {} r semi join (select row from "
                                       "earlier_facts where source = {}) e using (row)",
                                       facts.view, source.view, name)));
  }
  for (auto [rows, part] : {std::pair{&people, &concerned.people}, std::pair{&facts, &concerned.facts}}) {
    HILO_ASSIGN(const bool any, has_rows(connection, rows->view));
    if (any) {
      part->sources.push_back(std::move(*rows));
    } else {
      HILO_TRY(connection.execute("drop table " + rows->view));
    }
  }
  return {};
}

// The log's rows, those of facts that are concerned.
Status make_rows_view(Connection& connection, const LogColumns& facts) {
  std::string rows = "select * from log_rows_all where false";
  for (const SourceRows& source : facts.sources) rows += " union all by name select * from " + source.view;
  return connection.execute(
      fmt::format("create or replace temp view log_rows as select d.source, d.run, d.delivered_at, d.first as "
                  "first_delivery, r.* from ({}) r join deliveries d using (delivery) where not d.void",
                  rows));
}

// Where the rows of a part stand in their deliveries.
Status note_rows(Connection& connection, const std::string& table, const LogColumns& part) {
  HILO_TRY(connection.execute(
      fmt::format("create temp table {}(row bigint, delivery bigint, record bigint, line bigint)", table)));
  for (const SourceRows& source : part.sources) {
    HILO_TRY(connection.execute(
        fmt::format("insert into {} select row, delivery, record, line from {}", table, source.view)));
  }
  return {};
}

}  // namespace

Result<Concerned> find_concerned(Connection& connection, const LogColumns& columns, int run) {
  HILO_TRY(connection.execute(store::fill(sql::concerned_seeds, {{"run", std::to_string(run)}})));
  HILO_TRY(add_seeds(connection, columns));
  HILO_TRY(add_groups(connection, columns));
  Concerned concerned{.people = columns, .facts = columns};
  concerned.people.sources.clear();
  concerned.facts.sources.clear();
  for (const SourceRows& source : columns.sources) HILO_TRY(cut_source(connection, columns, source, concerned));
  HILO_TRY(note_rows(connection, "retold_people", concerned.people));
  HILO_TRY(note_rows(connection, "retold_facts", concerned.facts));
  HILO_TRY(make_rows_view(connection, concerned.facts));
  HILO_TRY(connection.execute("drop table concerned_deliveries; drop table concerned_keys; drop table earlier_facts"));
  return concerned;
}

Status drop_concerned(Connection& connection, const Concerned& concerned) {
  for (const LogColumns* part : {&concerned.people, &concerned.facts}) {
    for (const SourceRows& source : part->sources) HILO_TRY(connection.execute("drop table " + source.view));
  }
  return {};
}

}  // namespace hilo::timeline
