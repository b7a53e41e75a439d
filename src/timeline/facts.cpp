#include "timeline/facts.h"

#include <algorithm>
#include <initializer_list>
#include <map>
#include <utility>

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

// The source's rows that count, with nulls for the canonical columns that it does not give, as SQL.
std::string padded(const SourceRows& source, const std::string& known) {
  std::string nulls;
  for (const CanonicalColumn& column : canonical_columns()) {
    if (column.role == ColumnRole::kClock || source.gives(column.name)) continue;
    nulls += fmt::format(", null::{} as {}", column.type, quote_name(column.name));
  }
  return fmt::format(
      "(select r.*{} from {} r semi join (select delivery from deliveries where not void) using (delivery) where {})",
      nulls, source.view, known);
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
  const auto joined = [&](const std::string& table, std::string_view column) {
    return source.gives(column) ? table : fmt::format("(select * from {} where false)", table);
  };
  return connection.execute(store::fill(sql::facts, {{"rows", padded(source, columns.known)},
                                                     {"rates", joined("foreign_rows", "currency")},
                                                     {"products", joined("products", "sku")},
                                                     {"source", quote_text(source.source)},
                                                     {"currency", quote_text(settings.currency)},
                                                     {"properties", properties}}));
}

// The properties that lines of orders have: those of the sources that know orders.
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

// What one source's rows tell of facts.
class Told {
 public:
  Told(const store::LogColumns& columns, const SourceRows& source, const Settings& settings)
      : source_(source), properties_(columns.properties), own_properties_(properties_of(columns, source)) {
    const std::string name = quote_text(source.source);
    alike_ = {{"source", name}};
    if (!source.gives("order_space"))
      alike_.emplace_back("order_space", fmt::format("(select order_space from sources where source = {})", name));
    if (!source.gives("currency")) alike_.emplace_back("original_currency", quote_text(settings.currency));
  }

  // Those of `wanted` of which its rows can say one thing or another, each in a form with {} for its name.
  [[nodiscard]] std::string list(const std::vector<Column>& wanted, std::string_view form) const {
    std::string out;
    for (const Column& column : wanted) {
      if (tells(column.name)) out += fmt::format(fmt::runtime(form), quote_name(column.name));
    }
    return out;
  }
  // What all its rows say alike, a comma behind each. It stands outside of sorts, which would carry it along.
  [[nodiscard]] std::string alike() const {
    std::string out;
    for (const auto& [name, value] : alike_) out += fmt::format("{} as {}, ", value, name);
    return out;
  }

 private:
  [[nodiscard]] bool tells(const std::string& name) const {
    constexpr std::string_view kPlaced[] = {"seq", "line", "items"};  // not a row's to tell
    if (std::ranges::count(kPlaced, name) > 0 || std::ranges::count(alike_, name, &Alike::first) > 0) return false;
    if (std::ranges::count(properties_, name, &Column::name) > 0)
      return std::ranges::count(own_properties_, name, &Column::name) > 0;
    return tells_of(source_, name);
  }

  using Alike = std::pair<std::string, std::string>;  // a column and its value as SQL
  const SourceRows& source_;
  const std::vector<Column>& properties_;
  std::vector<Column> own_properties_;
  std::vector<Alike> alike_;
};

// Those of the columns that have one of these names.
std::vector<Column> named(const std::vector<Column>& columns, std::initializer_list<std::string_view> names) {
  std::vector<Column> some;
  std::ranges::copy_if(columns, std::back_inserter(some),
                       [&](const Column& column) { return std::ranges::count(names, column.name) > 0; });
  return some;
}

std::vector<Column> but(const std::vector<Column>& columns, const std::vector<Column>& others) {
  std::vector<Column> rest;
  std::ranges::copy_if(columns, std::back_inserter(rest), [&](const Column& column) {
    return std::ranges::count(others, column.name, &Column::name) == 0;
  });
  return rest;
}

std::vector<Column> with(std::vector<Column> columns, const std::vector<Column>& more) {
  std::ranges::copy(but(more, columns), std::back_inserter(columns));
  return columns;
}

Status write_single_events(store::Connection& connection, const store::LogColumns& columns, const Told& told) {
  return connection.execute(fmt::format(
      "insert into events by name select 0::bigint as items, {}* from (select f.seq{} from facts f anti join "
      "dropped_rows d on d.row = f.row where not is_line(f.type, f.order_id) order by customer_id, time_utc, seq)",
      told.alike(), told.list(event_columns(columns.properties), ", f.{}")));
}

Status write_orders(store::Connection& connection, const store::LogColumns& columns, const Told& told) {
  const std::vector<Column> properties = line_properties(columns);
  const std::vector<Column> events = event_columns({});
  const std::vector<Column> items = item_columns({});
  const std::vector<Column> common = named(events, {"seq", "customer_id", "visitor_id", "record_id", "time", "time_utc",
                                                    "known_at", "known_at_assumed", "amount", "original_currency"});
  const std::vector<Column> sums = named(events, {"original_amount", "tax", "discount", "quantity"});
  // A single event can be of one product; an order's lines are.
  const std::vector<Column> head = but(but(but(events, common), sums), named(events, {"sku", "category", "price"}));
  const std::vector<Column> of_order = named(items, {"channel", "store_id", "associate_id"});
  const std::vector<Column> of_line = but(
      with(items, properties), with(of_order, named(common, {"seq", "customer_id", "visitor_id", "time", "time_utc"})));
  const std::string total = "try_cast(o.{0} as decimal(18,4))";
  const std::string unless_mixed = ", case when not o._mixed then {} end as {{0}}";
  return connection.execute(store::fill(
      sql::orders,
      {{"lines", told.list(but(with(with(events, items), properties), common), ", f.{}")},
       {"head", told.list(head, ", f.{}")},
       {"sums", told.list(sums, ", sum({0}) as {0}")},
       {"common", told.list(properties, ", case when min({0}) = max({0}) then min({0}) end as {0}")},
       {"constants", told.alike()},
       {"order", told.list(head, ", o.{}")},
       {"totals",
        told.list(named(events, {"amount", "tax", "discount", "quantity"}), ", " + total + " as {0}") +
            told.list(named(events, {"original_amount"}), fmt::format(fmt::runtime(unless_mixed), total)) +
            told.list(named(events, {"original_currency"}), fmt::format(fmt::runtime(unless_mixed), "o.{0}"))},
       {"common_columns", told.list(properties, ", o.{}")},
       {"item_order", told.list(of_order, ", o.{}")},
       {"item", told.list(of_line, ", f.{}")}}));
}

}  // namespace

Status write_facts(store::Connection& connection, const store::LogColumns& columns, const Settings& settings) {
  for (const SourceRows& source : columns.sources) {
    if (!source.gives("type")) continue;
    HILO_TRY(make_facts_view(connection, columns, source, settings));
    const Told told(columns, source, settings);
    HILO_TRY(write_single_events(connection, columns, told));
    if (source.gives("order_id")) HILO_TRY(write_orders(connection, columns, told));
  }
  return connection.execute("drop view if exists facts");
}

}  // namespace hilo::timeline
