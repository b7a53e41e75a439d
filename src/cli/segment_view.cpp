#include "cli/segment_view.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/table_view.h"

namespace hilo::cli {
namespace {

constexpr int kChartHeight = 6;
constexpr int kColumnWidthMax = 5;

// +12, -3, 0: a change is read by its sign.
std::string change_text(std::int64_t change) { return (change > 0 ? "+" : "") + with_separators(change); }

std::optional<std::string> number(std::optional<std::int64_t> value) {
  if (!value) return std::nullopt;
  return std::to_string(*value);
}

std::string number_json(std::optional<std::int64_t> value) { return value ? std::to_string(*value) : "null"; }

std::string list_json(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + app::json_text(text);
  return "[" + out + "]";
}

std::string size_json(const app::SegmentSize& size, std::int64_t customers) {
  return fmt::format("{{\"segment\": {}, \"title\": {}, \"members\": {}, \"share\": {}, \"before\": {}}}",
                     app::json_text(size.name), app::json_text(size.title), size.members,
                     share_json(size.members, customers), number_json(size.before));
}

// A text of a file, line by line, without what would act on the terminal.
std::string indented(const std::string& text) {
  std::string out;
  for (const std::string_view line : split(trim(text), '\n')) out += "  " + harmless(line) + "\n";
  return out;
}

std::string conditions(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += fmt::format("  {} {}\n", out.empty() ? "who:" : "and:", harmless(word));
  return out;
}

std::string sample(const app::TextTable& table, const Terminal& terminal) {
  if (table.rows.empty()) return "";
  return "\n" + terminal.bold("A sample") + "\n" + render_table(table, terminal);
}

// The points that a chart has room for, the last one always among them.
std::vector<ChartPoint> spread(const std::vector<ChartPoint>& points, std::size_t room) {
  if (points.size() <= room) return points;
  std::vector<ChartPoint> some;
  for (std::size_t at = 0; at < room; ++at) some.push_back(points[at * (points.size() - 1) / (room - 1)]);
  return some;
}

// One column's part of one line: how much of that line it fills, in eighths.
std::string_view block(std::int64_t eighths) {
  static constexpr std::string_view kBlocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  return kBlocks[std::clamp<std::int64_t>(eighths, 0, 8)];
}

}  // namespace

std::string rows_json(const app::TextTable& table) {
  std::string out;
  for (const app::TextRow& row : table.rows) out += (out.empty() ? "" : ", ") + app::json_object(table.columns, row);
  return "[" + out + "]";
}

std::string render_sizes(const app::SegmentSizes& sizes, const Terminal& terminal) {
  if (sizes.segments.empty()) return "There are no segments yet: segments/README.md shows how to write one.\n";
  app::TextTable table;
  table.columns = {{"segment", "VARCHAR"}, {"members", "BIGINT"}, {"share", "SHARE"}};
  if (sizes.before) {
    table.columns.push_back({to_string(*sizes.before), "BIGINT"});
    table.columns.push_back({"change", "CHANGE"});
  }
  table.columns.push_back({"title", "VARCHAR"});
  for (const app::SegmentSize& size : sizes.segments) {
    app::TextRow row = {size.name, number(size.members), share_text(size.members, sizes.customers)};
    if (sizes.before) {
      row.push_back(number(size.before));
      row.emplace_back(change_text(size.members - size.before.value_or(0)));
    }
    row.emplace_back(size.title);
    table.rows.push_back(std::move(row));
  }
  return render_table(table, terminal) +
         terminal.dim(fmt::format("Of {} as of {}.", counted(sizes.customers, "customer"), to_string(sizes.day))) +
         "\n";
}

std::string sizes_json(const app::SegmentSizes& sizes) {
  std::string list;
  for (const app::SegmentSize& size : sizes.segments)
    list += (list.empty() ? "" : ", ") + size_json(size, sizes.customers);
  return fmt::format("{{\"day\": \"{}\", \"before\": {}, \"customers\": {}, \"segments\": [{}]}}\n",
                     to_string(sizes.day), sizes.before ? fmt::format("\"{}\"", to_string(*sizes.before)) : "null",
                     sizes.customers, list);
}

std::string render_segment(const app::SegmentView& view, const Terminal& terminal) {
  const app::SegmentSize& size = view.size.segments.front();
  std::string out = terminal.bold(harmless(view.rule.title)) + "  " + harmless(view.rule.path) + "\n";
  if (!view.rule.description.empty()) out += harmless(view.rule.description) + "\n";
  out += "\n" + conditions(view.rule.conditions);
  out += fmt::format("\n  {} of {} as of {}: {}\n", counted(size.members, "member"),
                     counted(view.size.customers, "customer"), to_string(view.size.day),
                     share_text(size.members, view.size.customers));
  if (size.before)
    out += fmt::format("  {} on {}: {}\n", with_separators(*size.before), to_string(*view.size.before),
                       change_text(size.members - *size.before));
  out += fmt::format("  version {}; recorded: {}\n", view.rule.version,
                     view.recorded.value_or("never yet: `hilo run` does it"));
  out += "\n" + terminal.bold("Definition") + "\n" + indented(view.text);
  return out + sample(view.sample, terminal);
}

std::string segment_json(const app::SegmentView& view) {
  const app::SegmentSize& size = view.size.segments.front();
  return fmt::format(
      "{{\"segment\": {}, \"title\": {}, \"description\": {}, \"file\": {}, \"version\": {}, \"conditions\": {}, "
      "\"columns\": {}, \"segments\": {}, \"sql\": {}, \"day\": \"{}\", \"customers\": {}, \"members\": {}, "
      "\"share\": {}, \"before\": {}, \"recorded\": {}, \"sample\": {}}}\n",
      app::json_text(view.rule.name), app::json_text(view.rule.title), app::json_text(view.rule.description),
      app::json_text(view.rule.path), app::json_text(view.rule.version), list_json(view.rule.conditions),
      list_json(view.rule.uses), list_json(expr::used_segments(view.rule)), app::json_text(view.text),
      to_string(view.size.day), view.size.customers, size.members, share_json(size.members, view.size.customers),
      number_json(size.before), view.recorded ? app::json_text(*view.recorded) : "null", rows_json(view.sample));
}

std::string render_trial(const app::RuleTrial& trial, const Terminal& terminal) {
  return fmt::format("{} of {} as of {}: {}\n", terminal.bold(counted(trial.members, "member")),
                     counted(trial.customers, "customer"), to_string(trial.day),
                     share_text(trial.members, trial.customers)) +
         conditions(trial.conditions) + sample(trial.sample, terminal);
}

std::string trial_json(const app::RuleTrial& trial) {
  return fmt::format(
      "{{\"day\": \"{}\", \"members\": {}, \"customers\": {}, \"share\": {}, \"conditions\": {}, \"sample\": {}}}\n",
      to_string(trial.day), trial.members, trial.customers, share_json(trial.members, trial.customers),
      list_json(trial.conditions), rows_json(trial.sample));
}

std::string render_chart(const std::vector<ChartPoint>& points, int width, int height) {
  std::int64_t largest = 0;
  for (const auto& [label, value] : points) largest = std::max(largest, value);
  if (points.size() < 2 || largest == 0) return "";
  const std::string top = with_separators(largest);
  const int margin = static_cast<int>(top.size());
  const int room = std::max(2, width - margin - 3);
  const std::vector<ChartPoint> drawn = spread(points, static_cast<std::size_t>(room));
  const int column = std::clamp(room / static_cast<int>(drawn.size()), 1, kColumnWidthMax);
  std::string out;
  for (int line = height - 1; line >= 0; --line) {
    out += fmt::format("{:>{}} {}", line == height - 1 ? top : "", margin, line == height - 1 ? "┤" : "│");
    for (const auto& [label, value] : drawn) {
      // What is not zero shows at least a trace.
      const std::int64_t eighths = value == 0 ? 0 : std::max<std::int64_t>(1, value * 8 * height / largest);
      const int filled = std::max(1, column - 1);
      for (int at = 0; at < filled; ++at) out += block(eighths - std::int64_t{8} * line);
      out += std::string(static_cast<std::size_t>(column - filled), ' ');
    }
    while (out.ends_with(' ')) out.pop_back();
    out += "\n";
  }
  const int span = column * static_cast<int>(drawn.size());
  std::string axis;
  for (int at = 0; at < span; ++at) axis += "─";
  out += fmt::format("{:>{}} ┼{}\n", "0", margin, axis);
  const std::string& first = drawn.front().first;
  const std::string& last = drawn.back().first;
  const int labels = static_cast<int>(first.size() + last.size());
  const int gap = std::max(1, span - labels);
  const std::string start(static_cast<std::size_t>(margin) + 2, ' ');
  const bool both = margin + 2 + labels + gap <= width;
  return out + start + (both ? first + std::string(static_cast<std::size_t>(gap), ' ') + last : last) + "\n";
}

std::string render_history(const app::SegmentHistory& history, const Terminal& terminal) {
  app::TextTable table;
  table.columns = {{"day", "DATE"},       {"members", "BIGINT"}, {"share", "SHARE"},
                   {"entered", "BIGINT"}, {"left", "BIGINT"},    {"change", "CHANGE"}};
  std::vector<ChartPoint> points;
  for (const app::HistoryPoint& point : history.points) {
    points.emplace_back(to_string(point.day), point.members);
    std::optional<std::string> change;
    if (point.entered) change = change_text(*point.entered - point.left.value_or(0));
    table.rows.push_back({to_string(point.day), number(point.members), share_text(point.members, point.customers),
                          number(point.entered), number(point.left), change});
  }
  std::string out;
  if (terminal.is_terminal) {
    out = render_chart(points, terminal.width, kChartHeight);
    if (!out.empty()) out += "\n";
  }
  out += render_table(table, terminal);
  if (!history.who.rows.empty())
    out += "\n" + terminal.bold("Who entered and who left") + "\n" + render_table(history.who, terminal);
  return out;
}

std::string history_json(const std::string& name, const app::SegmentHistory& history) {
  std::string list;
  for (const app::HistoryPoint& point : history.points) {
    list += fmt::format("{}{{\"day\": \"{}\", \"customers\": {}, \"members\": {}, \"entered\": {}, \"left\": {}}}",
                        list.empty() ? "" : ", ", to_string(point.day), point.customers, point.members,
                        number_json(point.entered), number_json(point.left));
  }
  return fmt::format("{{\"segment\": {}, \"history\": [{}], \"who\": {}}}\n", app::json_text(name), list,
                     rows_json(history.who));
}

std::string render_overlap(const app::Overlap& overlap, const Terminal& terminal) {
  app::TextTable table = overlap.pairs;
  const std::size_t jaccard = table.columns.size() - 1;
  table.columns[jaccard].type = "SHARE";
  for (app::TextRow& row : table.rows) {
    if (row[jaccard]) row[jaccard] = fmt::format("{:.3f}", std::stod(*row[jaccard]));
  }
  return render_table(table, terminal) +
         terminal.dim(fmt::format("In any of them {}, in all of them {}, as of {}. Jaccard = both / either.",
                                  with_separators(overlap.in_any), with_separators(overlap.in_all),
                                  to_string(overlap.day))) +
         "\n";
}

std::string overlap_json(const app::Overlap& overlap) {
  return fmt::format("{{\"day\": \"{}\", \"in_any\": {}, \"in_all\": {}, \"pairs\": {}}}\n", to_string(overlap.day),
                     overlap.in_any, overlap.in_all, rows_json(overlap.pairs));
}

}  // namespace hilo::cli
