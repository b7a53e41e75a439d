#include "cli/profile_view.h"

#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "app/text_table.h"
#include "base/text.h"
#include "cli/attribute_view.h"
#include "cli/segment_view.h"
#include "cli/table_view.h"

namespace hilo::cli {
namespace {

using app::AttributeProfile;
using app::ProfileKind;

constexpr int kChartHeight = 6;
constexpr int kLabelWidth = 15;

std::string real_text(std::optional<double> number) {
  if (!number) return "-";
  if (!std::isfinite(*number)) return fmt::format("{}", *number);
  return grouped_number(fmt::format("{:.2f}", *number));
}

std::string real_json(std::optional<double> number) {
  return number && std::isfinite(*number) ? fmt::format("{}", *number) : "null";
}

std::string text_of(const app::Attribute& attribute, const std::optional<std::string>& value) {
  return value ? harmless(shown_value(attribute.type, *value)) : "-";
}

std::string line(std::string_view label, const std::string& text) {
  return fmt::format("  {:<{}} {}\n", label, kLabelWidth, text);
}

// A bound of a bin: whole numbers without a point.
std::string bound(double number) {
  if (number == std::floor(number) && std::fabs(number) < 1e15)
    return with_separators(static_cast<std::int64_t>(number));
  return fmt::format("{:.6g}", number);
}

std::string top_table(const AttributeProfile& profile, const Terminal& terminal) {
  if (profile.top.empty()) return "";
  app::TextTable table;
  table.columns = {{"value", "VARCHAR"}, {"customers", "BIGINT"}, {"share", "SHARE"}};
  for (const app::ValueCount& value : profile.top)
    table.rows.push_back(
        {value.value, std::to_string(value.customers), share_text(value.customers, profile.customers)});
  table.rows_left_out = profile.distinct - static_cast<std::int64_t>(profile.top.size());
  return render_table(table, terminal);
}

// Columns on a terminal, lines of numbers elsewhere.
std::string histogram(const AttributeProfile& profile, const Terminal& terminal) {
  if (profile.histogram.empty()) return "";
  if (terminal.is_terminal) {
    std::vector<ChartPoint> points;
    for (const app::HistogramBin& bin : profile.histogram)
      points.emplace_back(bin.until ? bound(bin.from) : bound(bin.from) + "+", bin.customers);
    const std::string chart = render_chart(points, terminal.width, kChartHeight);
    return chart.empty() ? "" : "\n" + terminal.bold("Customers by value") + "\n" + chart;
  }
  app::TextTable table;
  table.columns = {{"from", "VALUE"}, {"until", "VALUE"}, {"customers", "BIGINT"}, {"share", "SHARE"}};
  for (const app::HistogramBin& bin : profile.histogram) {
    table.rows.push_back({bound(bin.from), bin.until ? std::optional(bound(*bin.until)) : std::nullopt,
                          std::to_string(bin.customers), share_text(bin.customers, profile.customers)});
  }
  return "\n" + render_table(table, terminal);
}

std::string histogram_json(const AttributeProfile& profile) {
  std::string out;
  for (const app::HistogramBin& bin : profile.histogram) {
    out += fmt::format("{}{{\"from\": {}, \"until\": {}, \"customers\": {}}}", out.empty() ? "" : ", ",
                       real_json(bin.from), real_json(bin.until), bin.customers);
  }
  return "[" + out + "]";
}

std::string top_json(const AttributeProfile& profile) {
  std::string out;
  for (const app::ValueCount& value : profile.top) {
    out += fmt::format("{}{{\"value\": {}, \"customers\": {}, \"share\": {}}}", out.empty() ? "" : ", ",
                       app::json_text(value.value), value.customers, share_json(value.customers, profile.customers));
  }
  return "[" + out + "]";
}

// The same few figures of each day.
std::string days_table(const app::Attribute& attribute, const std::vector<AttributeProfile>& days,
                       const Terminal& terminal) {
  app::TextTable table;
  table.columns = {{"day", "DATE"}, {"customers", "BIGINT"}, {"missing", "SHARE"}};
  switch (days.front().kind) {
    case ProfileKind::kNumber:
      for (const char* name : {"median", "mean", "zeros"}) table.columns.push_back({name, "SHARE"});
      break;
    case ProfileKind::kTime:
      for (const char* name : {"first", "last"}) table.columns.push_back({name, "VARCHAR"});
      break;
    case ProfileKind::kValue:
      table.columns.push_back({"most frequent", "VARCHAR"});
      table.columns.push_back({"share", "SHARE"});
      break;
  }
  for (const AttributeProfile& day : days) {
    app::TextRow row = {to_string(day.day), std::to_string(day.customers), share_text(day.missing, day.customers)};
    switch (day.kind) {
      case ProfileKind::kNumber:
        row.insert(row.end(), {real_text(day.median), real_text(day.mean), share_text(day.zeros, day.customers)});
        break;
      case ProfileKind::kTime: row.insert(row.end(), {text_of(attribute, day.min), text_of(attribute, day.max)}); break;
      case ProfileKind::kValue:
        if (day.top.empty()) {
          row.insert(row.end(), {std::nullopt, std::nullopt});
        } else {
          row.insert(row.end(), {day.top.front().value, share_text(day.top.front().customers, day.customers)});
        }
        break;
    }
    table.rows.push_back(std::move(row));
  }
  return render_table(table, terminal);
}

}  // namespace

std::string render_figures(const app::Attribute& attribute, const AttributeProfile& profile, const Terminal& terminal) {
  std::string out =
      terminal.bold(fmt::format("Of {} as of {}", counted(profile.customers, "customer"), to_string(profile.day))) +
      "\n";
  out += line("missing",
              fmt::format("{} ({})", with_separators(profile.missing), share_text(profile.missing, profile.customers)));
  switch (profile.kind) {
    case ProfileKind::kNumber:
      out += line("zero",
                  fmt::format("{} ({})", with_separators(profile.zeros), share_text(profile.zeros, profile.customers)));
      out += line("smallest", text_of(attribute, profile.min));
      out += line("lower quartile", real_text(profile.lower_quartile));
      out += line("median", real_text(profile.median));
      out += line("upper quartile", real_text(profile.upper_quartile));
      out += line("largest", text_of(attribute, profile.max));
      out += line("mean", real_text(profile.mean));
      return out;
    case ProfileKind::kTime:
      out += line("first", text_of(attribute, profile.min));
      return out + line("last", text_of(attribute, profile.max));
    case ProfileKind::kValue:
      out += line("values", with_separators(profile.distinct));
      return profile.top.empty() ? out : out + "\n" + top_table(profile, terminal);
  }
  return out;
}

std::string figures_json(const app::Attribute& attribute, const AttributeProfile& profile) {
  std::string out =
      fmt::format("\"day\": \"{}\", \"customers\": {}, \"missing\": {}, \"missing_share\": {}", to_string(profile.day),
                  profile.customers, profile.missing, share_json(profile.missing, profile.customers));
  const store::Column column = {attribute.name, attribute.type};
  switch (profile.kind) {
    case ProfileKind::kNumber:
      out += fmt::format(
          ", \"min\": {}, \"lower_quartile\": {}, \"median\": {}, \"upper_quartile\": {}, \"max\": {}, \"mean\": {}, "
          "\"zeros\": {}, \"histogram\": {}",
          app::json_value(column, profile.min), real_json(profile.lower_quartile), real_json(profile.median),
          real_json(profile.upper_quartile), app::json_value(column, profile.max), real_json(profile.mean),
          profile.zeros, histogram_json(profile));
      break;
    case ProfileKind::kTime:
      out += fmt::format(", \"min\": {}, \"max\": {}", app::json_value(column, profile.min),
                         app::json_value(column, profile.max));
      break;
    case ProfileKind::kValue:
      out += fmt::format(", \"distinct\": {}, \"top\": {}", profile.distinct, top_json(profile));
      break;
  }
  return "{" + out + "}";
}

std::string render_profile(const app::Attribute& attribute, const AttributeProfile& now,
                           const std::vector<AttributeProfile>& days, const Terminal& terminal) {
  std::string out = terminal.bold(harmless(attribute.name)) + "  " + attribute.type +
                    (attribute.unit.empty() ? "" : ", " + attribute.unit) + "\n\n";
  out += render_figures(attribute, now, terminal) + histogram(now, terminal);
  if (!days.empty()) out += "\n" + terminal.bold("By month") + "\n" + days_table(attribute, days, terminal);
  return out;
}

std::string profile_json(const app::Attribute& attribute, const AttributeProfile& now,
                         const std::vector<AttributeProfile>& days) {
  std::string list;
  for (const AttributeProfile& day : days) list += (list.empty() ? "" : ", ") + figures_json(attribute, day);
  return fmt::format("{{\"attribute\": {}, \"type\": {}, \"unit\": {}, \"profile\": {}, \"months\": [{}]}}\n",
                     app::json_text(attribute.name), app::json_text(attribute.type),
                     attribute.unit.empty() ? "null" : app::json_text(attribute.unit), figures_json(attribute, now),
                     list);
}

}  // namespace hilo::cli
