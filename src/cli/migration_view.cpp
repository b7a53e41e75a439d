#include "cli/migration_view.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "app/text_table.h"
#include "base/text.h"
#include "cli/table_view.h"

namespace hilo::cli {
namespace {

constexpr int kNameWidthMax = 24;

// A value as a name of a row or column. What is not a value stands in brackets, so a text that does stands in quotes.
std::string value_name(const app::Migration& migration, const std::optional<std::string>& value) {
  if (!value) return "(none)";
  const bool quoted = migration.column.type == "VARCHAR" && (value->empty() || value->starts_with('('));
  return fit(quoted ? "'" + *value + "'" : *value, kNameWidthMax);
}

std::string start_name(const app::Migration& migration, const app::Move& move) {
  return move.is_new ? "(new)" : value_name(migration, move.from);
}

double share(const app::Move& move) { return static_cast<double>(move.customers) / static_cast<double>(move.started); }

std::string revenue_name(const app::Migration& migration) {
  return "revenue gained" + (migration.currency.empty() ? "" : ", " + migration.currency);
}

app::TextTable matrix(const app::Migration& migration) {
  const std::vector<std::optional<std::string>>& values = migration.ends;
  app::TextTable table;
  table.columns = {{to_string(migration.from), "VARCHAR"}, {"customers", "BIGINT"}};
  for (const auto& value : values) table.columns.push_back({value_name(migration, value), "BIGINT"});
  std::vector<std::int64_t> sums(values.size());
  std::optional<app::Move> start;
  for (const app::Move& move : migration.moves) {
    if (!start || start->is_new != move.is_new || start->from != move.from) {
      table.rows.push_back({start_name(migration, move), std::to_string(move.started)});
      table.rows.back().resize(table.columns.size());
      start = move;
    }
    const auto place = static_cast<std::size_t>(std::ranges::find(values, move.to) - values.begin());
    table.rows.back()[place + 2] = std::to_string(move.customers);
    sums[place] += move.customers;
  }
  app::TextRow& last = table.rows.emplace_back();
  last = {to_string(migration.to), std::to_string(migration.customers)};
  for (const std::int64_t sum : sums) last.emplace_back(std::to_string(sum));
  return table;
}

app::TextTable moved(const app::Migration& migration) {
  std::vector<const app::Move*> moves;
  for (const app::Move& move : migration.moves) {
    if (move.moved()) moves.push_back(&move);
  }
  // Of as many, those that come first by their values.
  std::ranges::sort(moves, [](const app::Move* one, const app::Move* other) {
    return one->customers == other->customers ? one < other : one->customers > other->customers;
  });
  app::TextTable table;
  table.columns = {{"from", "VARCHAR"}, {"to", "VARCHAR"}, {"customers", "BIGINT"}, {"share of from", "SHARE"}};
  if (migration.revenue_type) table.columns.push_back({revenue_name(migration), "DECIMAL(38,4)"});
  for (const app::Move* move : moves) {
    app::TextRow row = {start_name(migration, *move), value_name(migration, move->to), std::to_string(move->customers),
                        fmt::format("{:.1f} %", 100 * share(*move))};
    if (migration.revenue_type) row.push_back(move->revenue);
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::string cell_json(const app::Migration& migration, const std::optional<std::string>& value) {
  return app::json_value(migration.column, value);
}

}  // namespace

std::string render_migration(const app::Migration& migration, const Terminal& terminal) {
  std::string out =
      terminal.bold(fmt::format("{} on {}, by what it was on {}", fit(migration.column.name, kNameWidthMax),
                                to_string(migration.to), to_string(migration.from))) +
      "\n";
  if (migration.moves.empty()) return out + fmt::format("Nobody is known on {}.\n", to_string(migration.to));
  out += render_table(matrix(migration), terminal, {.rows = {}, .columns = "--csv gives all"});
  std::int64_t stayed = 0;
  std::int64_t existed = 0;
  for (const app::Move& move : migration.moves) {
    if (!move.is_new) existed += move.customers;
    if (!move.moved()) stayed += move.customers;
  }
  const app::TextTable moves = moved(migration);
  if (!moves.rows.empty()) out += "\n" + terminal.bold("Who moved") + "\n" + render_table(moves, terminal);
  const std::string known = fmt::format("Of {} known on {}, {} had the same value on {}.", counted(existed, "customer"),
                                        to_string(migration.from), with_separators(stayed), to_string(migration.to));
  const std::string revenue =
      migration.revenue_type
          ? fmt::format("Revenue gained: that of the later day less that of the earlier, in {}.", migration.currency)
          : "No revenue: the flat table has no numeric column of that name.";
  return out + "\n" + terminal.dim(known) + "\n" + terminal.dim(revenue) + "\n";
}

std::string migration_json(const app::Migration& migration) {
  std::string list;
  for (const app::Move& move : migration.moves) {
    list += fmt::format("{}{{\"from\": {}, \"new\": {}, \"to\": {}, \"customers\": {}, \"share\": {:.6f}",
                        list.empty() ? "" : ", ", cell_json(migration, move.from), move.is_new,
                        cell_json(migration, move.to), move.customers, share(move));
    if (migration.revenue_type)
      list +=
          fmt::format(", \"revenue_gained\": {}", app::json_value({"revenue", *migration.revenue_type}, move.revenue));
    list += "}";
  }
  return fmt::format(
      "{{\"column\": {}, \"from\": \"{}\", \"to\": \"{}\", \"customers\": {}, \"currency\": {}, \"moves\": [{}]}}\n",
      app::json_text(migration.column.name), to_string(migration.from), to_string(migration.to), migration.customers,
      migration.revenue_type ? app::json_text(migration.currency) : "null", list);
}

std::string migration_csv(const app::Migration& migration) {
  app::TextRow header = {"from", "new", "to", "customers", "share"};
  if (migration.revenue_type) header.emplace_back("revenue_gained_" + lower_ascii(migration.currency));
  std::string out = app::csv_record(header) + "\n";
  for (const app::Move& move : migration.moves) {
    app::TextRow row = {move.from, move.is_new ? "true" : "false", move.to, std::to_string(move.customers),
                        fmt::format("{:.6f}", share(move))};
    if (migration.revenue_type) row.push_back(move.revenue);
    out += app::csv_record(row) + "\n";
  }
  return out;
}

}  // namespace hilo::cli
