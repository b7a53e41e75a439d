#include "timeline/facts.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "model/column.h"
#include "timeline/schema.h"
#include "timeline/sql/statements.h"

namespace hilo::timeline {
namespace {

using store::Column;
using store::quote_name;
using store::quote_text;
using store::SourceRows;

// Returns whether a source can tell anything of a column of facts. Most tell of it in a column of the same name.
bool tells_of(const SourceRows& source, const std::string& fact) {
  static const std::map<std::string, std::vector<std::string_view>, std::less<>> kInputs = {
      {"category", {"category", "sku"}},           {"brand", {"brand", "sku"}},
      {"unit_cost", {"unit_cost", "sku"}},         {"amount", {"amount", "quantity"}},
      {"original_amount", {"amount", "quantity"}}, {"rate_on", {"currency"}}};
  if (const auto inputs = kInputs.find(fact); inputs != kInputs.end())
    return std::ranges::any_of(inputs->second, [&](std::string_view input) { return source.gives(input); });
  const CanonicalColumn* canonical = find_canonical(fact);
  const bool always = canonical != nullptr && (canonical->role == ColumnRole::kClock || fact == "order_space");
  return always || canonical == nullptr || source.gives(fact);
}

// The source's rows with nulls for the canonical columns that it does not give, as SQL.
std::string padded(const SourceRows& source) {
  std::string nulls;
  for (const CanonicalColumn& column : canonical_columns()) {
    if (column.role == ColumnRole::kClock || source.gives(column.name)) continue;
    nulls += fmt::format(", null::{} as {}", column.type, quote_name(column.name));
  }
  return fmt::format("(select r.*, d.source{} from {} r join deliveries d using (delivery) where not d.void)", nulls,
                     source.view);
}

std::vector<Column> properties_of(const store::LogColumns& columns, const SourceRows& source) {
  std::vector<Column> properties;
  std::ranges::copy_if(columns.properties, std::back_inserter(properties),
                       [&](const Column& column) { return source.gives(column.name); });
  return properties;
}

Status make_facts_view(store::Connection& connection, const store::LogColumns& columns, const SourceRows& source,
                       const Settings& settings) {
  std::string properties;
  for (const Column& column : properties_of(columns, source)) properties += ", r." + quote_name(column.name);
  return connection.execute(store::fill(sql::facts, {{"rows", padded(source)},
                                                     {"source", quote_text(source.source)},
                                                     {"currency", quote_text(settings.currency)},
                                                     {"properties", properties}}));
}

// Those of `wanted` that the source can tell of, as a list of columns of the view `facts`.
std::string told_columns(const store::LogColumns& columns, const SourceRows& source,
                         const std::vector<Column>& wanted) {
  constexpr std::string_view kOwn[] = {"seq", "line", "items"};  // not the row's to tell
  const std::vector<Column> properties = properties_of(columns, source);
  std::string list;
  for (const Column& column : wanted) {
    const bool property = std::ranges::count(columns.properties, column.name, &Column::name) > 0;
    const bool told = property ? std::ranges::count(properties, column.name, &Column::name) > 0
                               : std::ranges::count(kOwn, column.name) == 0 && tells_of(source, column.name);
    if (told) list += ", f." + quote_name(column.name);
  }
  return list;
}

std::vector<Column> line_columns(const store::LogColumns& columns) {
  std::vector<Column> all = {{"row", "BIGINT"}, {"line", "BIGINT"}, {"_moment", "HUGEINT"}};
  const std::vector<Column> properties = line_properties(columns);
  for (const std::vector<Column>& more : {event_columns({}), item_columns(properties)}) {
    for (const Column& column : more) {
      if (column.name != "items" && std::ranges::count(all, column.name, &Column::name) == 0) all.push_back(column);
    }
  }
  return all;
}

}  // namespace

std::vector<Column> line_properties(const store::LogColumns& columns) {
  std::vector<Column> properties;
  for (const Column& column : columns.properties) {
    const bool given = std::ranges::any_of(columns.sources, [&](const SourceRows& source) {
      return source.gives("order_id") && source.gives(column.name);
    });
    if (given) properties.push_back(column);
  }
  return properties;
}

Status write_facts(store::Connection& connection, const store::LogColumns& columns, const Settings& settings,
                   const std::vector<Column>& events) {
  const std::vector<Column> lines = line_columns(columns);
  HILO_TRY(connection.execute(fmt::format("create temp table line_facts({})", store::column_definitions(lines))));
  for (const SourceRows& source : columns.sources) {
    if (!source.gives("type")) continue;
    HILO_TRY(make_facts_view(connection, columns, source, settings));
    HILO_TRY(connection.execute(
        fmt::format("insert into events by name select f.seq, 0::bigint as items{} from facts f anti join dropped_rows "
                    "d on d.row = f.row where not is_line(f.type, f.order_id) order by customer_id, time_utc, seq",
                    told_columns(columns, source, events))));
    if (!source.gives("order_id")) continue;
    HILO_TRY(connection.execute(fmt::format(
        "insert into line_facts by name select l.seq, l.line{} from facts f join line_rows l on l.row = f.row "
        "where is_line(f.type, f.order_id)",
        told_columns(columns, source, lines))));
  }
  return connection.execute("drop view if exists facts");
}

}  // namespace hilo::timeline
