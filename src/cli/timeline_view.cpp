#include "cli/timeline_view.h"

#include <optional>
#include <vector>

#include <fmt/format.h>

#include "app/text_table.h"
#include "base/text.h"
#include "cli/table_view.h"

namespace hilo::cli {
namespace {

constexpr int kValueWidthMax = 48;
constexpr std::string_view kMoney = "DECIMAL(38,4)";

std::string shown(const std::string& type, const std::optional<std::string>& value) {
  return value ? fit(shown_value(type, *value), kValueWidthMax) : "-";
}

std::string list_json(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + app::json_text(text);
  return "[" + out + "]";
}

std::string text_json(const std::optional<std::string>& text) { return text ? app::json_text(*text) : "null"; }

// 3 x message_opened, email, from mails: 12.50
std::string event_line(const app::EventsAlike& events) {
  std::string line = events.count > 1 ? fmt::format("{} x ", with_separators(events.count)) : "";
  line += shown("VARCHAR", events.type);
  if (events.channel && events.channel != events.type) line += ", " + shown("VARCHAR", events.channel);
  if (events.source && events.source != events.channel) line += ", from " + shown("VARCHAR", events.source);
  if (events.amount) line += ": " + shown(std::string(kMoney), events.amount);
  return line;
}

std::vector<std::string> lines_of(const app::TimelineDay& day) {
  std::vector<std::string> lines;
  if (day.first) lines.emplace_back("first known");
  for (const app::EventsAlike& events : day.events) lines.push_back(event_line(events));
  for (const app::ColumnChange& change : day.changes) {
    const std::string now = shown(change.column.type, change.after);
    lines.push_back(day.first ? fmt::format("{}: {}", fit(change.column.name, kValueWidthMax), now)
                              : fmt::format("{}: {} -> {}", fit(change.column.name, kValueWidthMax),
                                            shown(change.column.type, change.before), now));
  }
  if (!day.entered.empty()) lines.push_back("entered " + join(day.entered, ", "));
  if (!day.left.empty()) lines.push_back("left " + join(day.left, ", "));
  return lines;
}

std::vector<std::string> notes(const app::CustomerTimeline& timeline) {
  std::vector<std::string> lines;
  if (timeline.events_before > 0)
    lines.push_back(fmt::format("{} before {}: --from {} shows all.", counted(timeline.events_before, "event"),
                                to_string(timeline.from), to_string(timeline.known_since)));
  if (!timeline.columns_left_out.empty())
    lines.push_back(
        fmt::format("Left out, as they compare all customers: {}.", harmless(join(timeline.columns_left_out, ", "))));
  if (!timeline.segments_left_out.empty())
    lines.push_back(fmt::format("Left out, as they read what compares all customers: the segments {}.",
                                join(timeline.segments_left_out, ", ")));
  if (timeline.segments_at_fault)
    lines.emplace_back("Segments that are not right are left out: `hilo check` says what is wrong.");
  lines.emplace_back("By the definitions of today, with what is known now.");
  return lines;
}

std::string events_json(const std::vector<app::EventsAlike>& events) {
  std::string out;
  for (const app::EventsAlike& one : events) {
    out += fmt::format("{}{{\"type\": {}, \"channel\": {}, \"source\": {}, \"count\": {}, \"amount\": {}}}",
                       out.empty() ? "" : ", ", text_json(one.type), text_json(one.channel), text_json(one.source),
                       one.count, app::json_value({"amount", std::string(kMoney)}, one.amount));
  }
  return "[" + out + "]";
}

std::string changes_json(const std::vector<app::ColumnChange>& changes) {
  std::string out;
  for (const app::ColumnChange& change : changes) {
    out += fmt::format("{}{{\"column\": {}, \"before\": {}, \"after\": {}}}", out.empty() ? "" : ", ",
                       app::json_text(change.column.name), app::json_value(change.column, change.before),
                       app::json_value(change.column, change.after));
  }
  return "[" + out + "]";
}

}  // namespace

std::string render_timeline(const app::CustomerTimeline& timeline, const Terminal& terminal) {
  std::string out =
      terminal.bold(fmt::format("Customer {}", timeline.customer_id)) +
      fmt::format("  {} to {}, amounts in {}\n\n", to_string(timeline.from), to_string(timeline.to), timeline.currency);
  for (const app::TimelineDay& day : timeline.days) {
    std::string margin = terminal.bold(to_string(day.day));
    for (const std::string& line : lines_of(day)) {
      out += fmt::format("{}  {}\n", margin, line);
      margin = std::string(to_string(day.day).size(), ' ');
    }
  }
  if (timeline.days.empty()) out += "Nothing happened or changed in this time.\n";
  out += "\n";
  for (const std::string& note : notes(timeline)) out += terminal.dim(note) + "\n";
  return out;
}

std::string timeline_json(const app::CustomerTimeline& timeline) {
  std::string days;
  for (const app::TimelineDay& day : timeline.days) {
    days += fmt::format(
        "{}{{\"day\": \"{}\", \"first_known\": {}, \"events\": {}, \"changes\": {}, \"entered\": {}, \"left\": {}}}",
        days.empty() ? "" : ", ", to_string(day.day), day.first, events_json(day.events), changes_json(day.changes),
        list_json(day.entered), list_json(day.left));
  }
  return fmt::format(
      "{{\"customer_id\": {}, \"from\": \"{}\", \"to\": \"{}\", \"known_since\": \"{}\", \"currency\": {}, "
      "\"events_before\": {}, \"columns_left_out\": {}, \"segments_left_out\": {}, \"segments_at_fault\": {}, "
      "\"days\": [{}]}}\n",
      timeline.customer_id, to_string(timeline.from), to_string(timeline.to), to_string(timeline.known_since),
      app::json_text(timeline.currency), timeline.events_before, list_json(timeline.columns_left_out),
      list_json(timeline.segments_left_out), timeline.segments_at_fault, days);
}

std::string render_diff(const app::CustomerDiff& diff, const Terminal& terminal) {
  std::string out =
      terminal.bold(fmt::format("Customer {}", diff.customer_id)) +
      fmt::format("  {} against {}, amounts in {}\n", to_string(diff.to), to_string(diff.from), diff.currency);
  if (!diff.existed)
    out += fmt::format("The customer did not exist yet on {}: known since {}.\n", to_string(diff.from),
                       to_string(diff.known_since));
  app::TextTable table;
  table.columns = {{"column", "VARCHAR"}, {to_string(diff.from), "VALUE"}, {to_string(diff.to), "VALUE"}};
  for (const app::Difference& one : diff.differences) {
    const std::string& type = one.column.type;
    table.rows.push_back({one.column.name, shown(type, one.then), shown(type, one.now)});
  }
  if (!table.rows.empty()) out += "\n" + render_table(table, terminal);
  return out + "\n" +
         terminal.dim(fmt::format("{} of {} differ.", with_separators(static_cast<std::int64_t>(table.rows.size())),
                                  counted(diff.columns, "column"))) +
         "\n";
}

std::string diff_json(const app::CustomerDiff& diff) {
  std::string list;
  for (const app::Difference& one : diff.differences) {
    list += fmt::format("{}{{\"column\": {}, \"kind\": \"{}\", \"then\": {}, \"now\": {}}}", list.empty() ? "" : ", ",
                        app::json_text(one.column.name), one.golden ? "golden" : "attribute",
                        app::json_value(one.column, one.then), app::json_value(one.column, one.now));
  }
  return fmt::format(
      "{{\"customer_id\": {}, \"from\": \"{}\", \"to\": \"{}\", \"known_since\": \"{}\", \"existed\": {}, "
      "\"currency\": {}, \"columns\": {}, \"differences\": [{}]}}\n",
      diff.customer_id, to_string(diff.from), to_string(diff.to), to_string(diff.known_since), diff.existed,
      app::json_text(diff.currency), diff.columns, list);
}

}  // namespace hilo::cli
