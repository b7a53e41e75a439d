#include "cli/attribute_view.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/profile_view.h"
#include "cli/segment_view.h"
#include "cli/table_view.h"

namespace hilo::cli {
namespace {

constexpr int kWidthWithUnits = 100;

std::string place_of(const app::Attribute& attribute) {
  return attribute.is_golden() ? "golden row" : fmt::format("{}:{}", attribute.path, attribute.line);
}

// The place without the folder that all definitions of attributes stand in.
std::string short_place(const app::Attribute& attribute) {
  constexpr std::string_view kFolder = "attributes/";
  std::string place = place_of(attribute);
  if (!attribute.is_golden() && place.starts_with(kFolder)) place.erase(0, kFolder.size());
  return place;
}

// Without the gaps that align the columns of a definition file; texts and quoted names keep theirs.
std::string without_gaps(const std::string& text) {
  std::string out;
  char quote = '\0';
  bool starts_line = true;
  for (const char c : text) {
    const bool is_gap = c == ' ' && quote == '\0' && !starts_line && out.ends_with(' ');
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '\'' || c == '"') {
      quote = c;
    }
    if (c == '\n') {
      starts_line = true;
    } else if (c != ' ') {
      starts_line = false;
    }
    if (!is_gap) out += c;
  }
  return out;
}

// A text of a file, line by line, without what would act on the terminal; what all lines but the first are indented by
// is taken off.
std::string indented(const std::string& text) {
  const std::string shown = without_gaps(text);
  const std::vector<std::string_view> lines = split(trim(shown), '\n');
  std::size_t common = std::string_view::npos;
  for (std::size_t at = 1; at < lines.size(); ++at) {
    const std::size_t start = lines[at].find_first_not_of(" \t");
    if (start != std::string_view::npos) common = std::min(common, start);
  }
  std::string out;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    std::string_view line = lines[at];
    if (at > 0 && common != std::string_view::npos) line.remove_prefix(std::min(common, line.size()));
    out += fmt::format("  {}{}\n", at == 0 || common == std::string_view::npos ? "" : "  ", harmless(line));
  }
  return out;
}

// Where the aggregates' rows are read from, each once.
std::string relations(const app::Attribute& attribute) {
  std::vector<std::string> names;
  for (const expr::CountedRows& rows : attribute.parts.counted) {
    const std::string text = rows.where.empty() ? rows.relation : rows.relation + " where " + rows.where;
    if (std::ranges::find(names, text) == names.end()) names.push_back(text);
  }
  return names.empty() ? std::string() : "  over " + join(names, "\n  and ") + "\n";
}

std::string names_json(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + app::json_text(name);
  return "[" + out + "]";
}

// The members of an attribute's JSON object that all answers share.
std::string definition_json(const app::Attribute& attribute) {
  return fmt::format(
      "\"attribute\": {}, \"type\": {}, \"unit\": {}, \"description\": {}, \"file\": {}, \"line\": {}, \"from\": {}",
      app::json_text(attribute.name), app::json_text(attribute.type),
      attribute.unit.empty() ? "null" : app::json_text(attribute.unit), app::json_text(attribute.description),
      attribute.is_golden() ? "null" : app::json_text(attribute.path),
      attribute.is_golden() ? "null" : std::to_string(attribute.line),
      attribute.is_golden() ? "null" : app::json_text(attribute.from));
}

std::string used_json(const app::Attribute& attribute) {
  return fmt::format("{{{}, \"definition\": {}}}", definition_json(attribute), app::json_text(attribute.text));
}

std::string value_of(const app::WhyStep& step) {
  return step.value ? harmless(shown_value(step.attribute->type, *step.value)) : "-";
}

std::string what_made(const app::WhyStep& step) {
  if (step.attribute->is_golden()) return step.attribute->text + ".";
  if (step.attribute->from == "customers")
    return "It is computed over all customers, from these values of theirs; this customer's are:";
  return step.attribute->parts.uses.empty() ? "" : "It is built of:";
}

std::string counted_line(const app::CountedView& view) {
  std::string noun = view.table;
  if (view.count == 1 && noun.ends_with('s')) noun.pop_back();
  const std::string verb = view.count == 1 ? "counts" : "count";
  std::string out = view.count == 0 ? fmt::format("No {} count", view.table)
                                    : fmt::format("{} {} {}", with_separators(view.count), noun, verb);
  if (!view.has_place)
    out = fmt::format("{} of the definition's subquery over {} {}", counted(view.count, "row"), view.table, verb);
  out += fmt::format(": {}", view.aggregate);
  if (!view.where.empty()) out += fmt::format(", where {}", view.where);
  return harmless(out);
}

// Leaves out what no row has: an order has no sku, a message no amount.
void drop_empty_columns(app::TextTable& table) {
  for (std::size_t at = table.columns.size(); at-- > 0;) {
    const auto is_empty = [&](const app::TextRow& row) { return !row[at].has_value(); };
    if (!std::ranges::all_of(table.rows, is_empty)) continue;
    const auto place = static_cast<std::ptrdiff_t>(at);
    table.columns.erase(table.columns.begin() + place);
    for (app::TextRow& row : table.rows) row.erase(row.begin() + place);
  }
}

// Yes, or nothing: a word that is rare is found more easily.
void mark_deciding(app::TextTable& table) {
  const auto decides = std::ranges::find(table.columns, "decides", &store::Column::name);
  if (decides == table.columns.end()) return;
  const auto column = static_cast<std::size_t>(decides - table.columns.begin());
  decides->type = "VARCHAR";
  for (app::TextRow& row : table.rows) row[column] = row[column] == "true" ? "yes" : "";
}

// What the rows show already is not shown again as the value that is taken of them.
app::TextTable without_repeated(const app::CountedView& view) {
  app::TextTable table = view.rows;
  drop_empty_columns(table);
  mark_deciding(table);
  std::string argument = view.argument;
  std::erase(argument, '"');
  const auto shown = std::ranges::find(table.columns, argument, &store::Column::name);
  const auto value = std::ranges::find(table.columns, "value", &store::Column::name);
  if (shown == table.columns.end() || value == table.columns.end() || !view.has_place) return table;
  const std::ptrdiff_t at = value - table.columns.begin();
  table.columns.erase(value);
  for (app::TextRow& row : table.rows) row.erase(row.begin() + at);
  return table;
}

std::string counted_json(const app::CountedView& view) {
  return fmt::format(
      "{{\"aggregate\": {}, \"table\": {}, \"where\": {}, \"argument\": {}, \"count\": {}, \"rows\": {}}}",
      app::json_text(view.aggregate), app::json_text(view.table),
      view.where.empty() ? "null" : app::json_text(view.where),
      view.argument.empty() ? "null" : app::json_text(view.argument), view.count, rows_json(view.rows));
}

std::string step_json(const app::WhyStep& step) {
  std::string counted;
  for (const app::CountedView& view : step.counted) counted += (counted.empty() ? "" : ", ") + counted_json(view);
  return fmt::format("{}, \"definition\": {}, \"value\": {}, \"built_of\": {}, \"counted\": [{}]",
                     definition_json(*step.attribute), app::json_text(step.attribute->text),
                     app::json_value({step.attribute->name, step.attribute->type}, step.value),
                     names_json(step.attribute->parts.uses), counted);
}

}  // namespace

std::string render_attributes(const std::vector<app::Attribute>& attributes, const Terminal& terminal) {
  // Names are to be read whole, so that a narrow terminal goes without the units.
  const bool with_units = !terminal.is_terminal || terminal.width >= kWidthWithUnits;
  app::TextTable table;
  table.columns = {{"attribute", "VARCHAR"}, {"type", "VARCHAR"}};
  if (with_units) table.columns.push_back({"unit", "VARCHAR"});
  table.columns.push_back({"defined in", "VARCHAR"});
  table.columns.push_back({"about", "VARCHAR"});
  for (const app::Attribute& attribute : attributes) {
    app::TextRow row = {attribute.name, attribute.type};
    if (with_units) row.emplace_back(attribute.unit);
    row.emplace_back(short_place(attribute));
    row.emplace_back(attribute.description);
    table.rows.push_back(std::move(row));
  }
  return render_table(table, terminal, {.rows = {}, .columns = "--json shows them"});
}

std::string attributes_json(const std::vector<app::Attribute>& attributes) {
  std::string list;
  for (const app::Attribute& attribute : attributes)
    list += fmt::format("{}{{{}}}", list.empty() ? "" : ", ", definition_json(attribute));
  return fmt::format("{{\"attributes\": [{}]}}\n", list);
}

std::string render_card(const AttributeCard& card, const Terminal& terminal) {
  const app::Attribute& attribute = *card.attribute;
  std::string out = terminal.bold(harmless(attribute.name)) + "  " + attribute.type;
  if (!attribute.unit.empty()) out += ", " + attribute.unit;
  out += "  " + harmless(place_of(attribute)) + "\n";
  if (!attribute.is_golden() && !attribute.description.empty()) out += harmless(attribute.description) + "\n";
  out += "\n" + indented(attribute.text);
  if (!attribute.read_from.empty()) out += indented(attribute.read_from);
  if (!attribute.parts.canonical.empty())
    out += "\n" + terminal.bold("As it is run") + "\n" + indented(attribute.parts.canonical) +
           harmless(relations(attribute));
  if (!card.uses.empty()) out += "\n" + terminal.bold("Built of") + "\n";
  for (const app::Attribute* used : card.uses) {
    out += fmt::format("  {}  {}\n{}", harmless(used->name), terminal.dim(harmless(place_of(*used))),
                       indented("  " + used->text));
  }
  if (card.profile) out += "\n" + render_figures(attribute, *card.profile, terminal);
  return out;
}

std::string card_json(const AttributeCard& card) {
  std::string uses;
  for (const app::Attribute* used : card.uses) uses += (uses.empty() ? "" : ", ") + used_json(*used);
  const app::Attribute& attribute = *card.attribute;
  return fmt::format(
      "{{{}, \"definition\": {}, \"read_from\": {}, \"canonical\": {}, \"uses\": [{}], \"profile\": {}}}\n",
      definition_json(attribute), app::json_text(attribute.text),
      attribute.is_golden() ? "null" : app::json_text(attribute.read_from),
      attribute.parts.canonical.empty() ? "null" : app::json_text(attribute.parts.canonical), uses,
      card.profile ? figures_json(attribute, *card.profile) : "null");
}

std::string render_why(const app::AttributeWhy& why, const Terminal& terminal) {
  Terminal inner = terminal;
  inner.width -= 2;
  std::string out;
  for (const app::WhyStep& step : why.steps) {
    const app::Attribute& attribute = *step.attribute;
    if (!out.empty()) out += "\n";
    out += terminal.bold(fmt::format("{} = {}", harmless(attribute.name), value_of(step)));
    if (&step == &why.steps.front()) out += fmt::format("  customer {} as of {}", why.customer_id, to_string(why.day));
    out += "  " + terminal.dim(harmless(place_of(attribute))) + "\n";
    if (!attribute.is_golden()) out += indented(attribute.text);
    if (const std::string words = what_made(step); !words.empty()) out += "  " + words + "\n";
    for (const std::string& name : attribute.parts.uses) {
      const auto used = std::ranges::find(why.steps, name,
                                          [](const app::WhyStep& each) { return lower_ascii(each.attribute->name); });
      if (used != why.steps.end())
        out += fmt::format("    {} = {}\n", harmless(used->attribute->name), value_of(*used));
    }
    for (const app::CountedView& view : step.counted) {
      out += "  " + counted_line(view) + "\n";
      if (view.rows.rows.empty()) continue;
      const std::string rows =
          render_table(without_repeated(view), inner, {.rows = "--all shows them", .columns = "--json shows them"});
      for (const std::string_view line : split(rows, '\n')) {
        if (!line.empty()) out += fmt::format("  {}\n", line);
      }
    }
    // What a value over all customers reads is told above.
    if (attribute.from == "customers" && &step == &why.steps.front()) break;
  }
  return out;
}

std::string why_json(const app::AttributeWhy& why) {
  std::string uses;
  for (std::size_t at = 1; at < why.steps.size(); ++at)
    uses += fmt::format("{}{{{}}}", uses.empty() ? "" : ", ", step_json(why.steps[at]));
  return fmt::format("{{\"customer_id\": {}, \"day\": \"{}\", {}, \"uses\": [{}]}}\n", why.customer_id,
                     to_string(why.day), step_json(why.steps.front()), uses);
}

}  // namespace hilo::cli
