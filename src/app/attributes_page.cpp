#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "app/attributes.h"
#include "app/text_table.h"
#include "base/text.h"

namespace hilo::app {
namespace {

constexpr std::array<std::string_view, 6> kMoneyColumns = {"amount",   "price",     "tax",
                                                           "discount", "unit_cost", "original_amount"};
constexpr std::array<std::string_view, 10> kKeepsUnit = {"sum",   "avg",  "min",     "max",           "median",
                                                         "first", "last", "arg_min", "quantile_cont", "arg_max"};

bool is_part(std::string_view name, std::string_view word) {
  const std::vector<std::string_view> parts = split(name, '_');
  return std::ranges::find(parts, word) != parts.end();
}

bool is_money(const Attribute& attribute) {
  return attribute.from != "customers" && !attribute.parts.counted.empty() &&
         std::ranges::all_of(attribute.parts.counted, [](const expr::CountedRows& rows) {
           return std::ranges::find(kKeepsUnit, rows.function) != kKeepsUnit.end() &&
                  std::ranges::any_of(rows.measures, [](const std::string& column) {
                    return std::ranges::find(kMoneyColumns, column) != kMoneyColumns.end();
                  });
         });
}

// A cell of a Markdown table: on one line, without what would end it.
std::string cell(std::string_view text) {
  std::string out;
  bool space = false;
  for (const char c : text) {
    if (c == '\n' || c == ' ' || c == '\t' || c == '\r') {
      space = true;
      continue;
    }
    if (space && !out.empty()) out += ' ';
    space = false;
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string code(std::string_view text) {
  const std::string inner = cell(text);
  return inner.find('`') == std::string::npos ? "`" + inner + "`" : "`` " + inner + " ``";
}

std::string table_head() { return "| attribute | type | unit | definition |\n|---|---|---|---|\n"; }

std::string row(const Attribute& attribute) {
  std::string definition = attribute.is_golden() ? cell(attribute.text) : code(attribute.text);
  if (!attribute.comment.empty()) definition = cell(attribute.comment) + ": " + definition;
  return fmt::format("| {} | {} | {} | {} |\n", code(attribute.name), attribute.type, attribute.unit, definition);
}

// What holds of all attributes of a file.
std::string file_intro(const Attribute& attribute) {
  std::string out;
  if (!attribute.about.empty()) out += fmt::format("\n{}\n", cell(attribute.about));
  if (!attribute.read_from.empty())
    out += fmt::format("\nAll are computed over this:\n\n```sql\n{}\n```\n", attribute.read_from);
  return out;
}

constexpr std::string_view kUnitsTold =
    "The unit is told by the name where it says so (`_days`, `days_`: days; `_rate`, `_share`: a ratio), else by the "
    "type (dates and times), else by the\ndefinition: what counts rows is a count, what adds up or picks `amount`, "
    "`price`, `tax`, `discount` or `unit_cost` is money in the\nworkspace's currency. It is left out where none of "
    "these "
    "tells it.\n";

}  // namespace

std::string unit_of(const Attribute& attribute) {
  const std::string name = lower_ascii(attribute.name);
  const bool number = is_number(attribute.type);
  if (number && is_part(name, "days")) return "days";
  if (number && (is_part(name, "rate") || is_part(name, "share") || is_part(name, "ratio"))) return "ratio";
  if (attribute.type == "DATE") return "date";
  if (attribute.type.starts_with("TIMESTAMP")) return "local time";
  if (attribute.type == "BOOLEAN") return "yes or no";
  if (number && is_money(attribute)) return "currency";
  const bool counts = !attribute.parts.counted.empty() && attribute.from != "customers" &&
                      std::ranges::all_of(attribute.parts.counted, [](const expr::CountedRows& rows) {
                        return rows.function == "count" || rows.function == "count_star" || rows.function == "count_if";
                      });
  if (number && (counts || (attribute.is_golden() && name == "records"))) return "count";
  return "";
}

std::string attributes_page(const std::vector<Attribute>& attributes) {
  std::string out =
      "# Attributes\n\nEvery column of the flat table of a new workspace, as its definitions have it. Made by "
      "`hilo attribute list --markdown` in a folder that\n`hilo init` made; a test holds it to that.\n\n" +
      std::string(kUnitsTold) +
      "\n## The golden row\n\nWhat records say of the customer themself. Sources add columns: "
      "traits and consents.\n\n" +
      table_head();
  std::string path;
  std::string section;
  for (const Attribute& attribute : attributes) {
    const bool new_file = attribute.path != path;
    if (new_file) out += fmt::format("\n## {}\n", code(attribute.path)) + file_intro(attribute);
    if (new_file || attribute.section != section) {
      const std::string title = attribute.section.empty() ? "" : cell(attribute.section) + "\n\n";
      out += "\n" + title + table_head();
    }
    path = attribute.path;
    section = attribute.section;
    out += row(attribute);
  }
  return out;
}

}  // namespace hilo::app
