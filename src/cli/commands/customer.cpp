#include "app/customer.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "app/customer_diff.h"
#include "app/customer_timeline.h"
#include "app/segments.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/known_option.h"
#include "cli/table_view.h"
#include "cli/timeline_view.h"

namespace hilo::cli {
namespace {

constexpr int kNameWidth = 24;
constexpr int kValueWidth = 22;

std::string cell(const app::NamedText& value) { return value.value ? shown_value(value.type, *value.value) : "-"; }

// Names and values side by side, as many pairs to a line as the terminal holds; unknown contact fields are left out.
std::string render_values(const std::vector<app::NamedText>& values, const Terminal& terminal, bool skip_unknown) {
  const int pairs = std::max(1, std::min(3, terminal.width / (kNameWidth + kValueWidth + 2)));
  std::string out;
  int in_line = 0;
  for (const app::NamedText& value : values) {
    if (skip_unknown && !value.value) continue;
    const std::string name = fit(value.name, kNameWidth);
    const std::string text = fit(cell(value), pairs == 1 ? terminal.width - kNameWidth - 4 : kValueWidth);
    out += "  ";
    out += terminal.dim(name) +
           std::string(static_cast<std::size_t>(std::max(1, kNameWidth + 1 - display_width(name))), ' ') + text;
    if (++in_line == pairs) {
      out += "\n";
      in_line = 0;
    } else {
      out += std::string(static_cast<std::size_t>(std::max(0, kValueWidth - display_width(text))), ' ');
    }
  }
  while (out.ends_with(' ')) out.pop_back();
  return in_line == 0 ? out : out + "\n";
}

std::string indented(const std::string& text) {
  std::string out;
  for (const std::string_view line : split(text, '\n')) {
    if (!line.empty()) out += fmt::format("  {}\n", line);
  }
  return out;
}

std::string render(const app::CustomerView& view, const Terminal& terminal) {
  std::string out = terminal.bold(fmt::format("Customer {}", view.customer_id)) +
                    fmt::format("  as of {}, amounts in {}\n", to_string(view.day), view.currency);
  out += render_values(view.contact, terminal, true) + render_values(view.golden, terminal, true);
  Terminal inner = terminal;
  inner.width -= 2;
  constexpr TableHints kHints{.columns = "--json shows them"};
  out += "\n" + terminal.bold("Identifiers") + "\n" + indented(render_table(view.identifiers, inner, kHints));
  out += "\n" + terminal.bold("Attributes") + "\n" + render_values(view.attributes, terminal, false);
  out += "\n" + terminal.bold(fmt::format("Latest of {}", counted(view.events_in_all, "event"))) + "\n" +
         indented(render_table(view.events, inner, kHints));
  return out;
}

std::string values_json(const std::vector<app::NamedText>& values) {
  std::string out;
  for (const app::NamedText& value : values) {
    out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", app::json_text(value.name),
                       app::json_value({value.name, value.type}, value.value));
  }
  return "{" + out + "}";
}

std::string table_json(const app::TextTable& table) {
  std::string out;
  for (const app::TextRow& row : table.rows) out += (out.empty() ? "" : ", ") + app::json_object(table.columns, row);
  return "[" + out + "]";
}

struct Words {
  std::string who;
  std::string as_of;
  std::vector<std::string> diff;
  bool timeline = false;
  std::string from;
  std::string to;
};

Status tell(Session& session, const Words& words) {
  HILO_ASSIGN(const std::optional<Date> asked, day_of(words.as_of));
  HILO_ASSIGN(const app::Workspace workspace, workspace_of(session));
  HILO_ASSIGN(app::Reader reader, app::Reader::open(workspace));
  const Date day = asked.value_or(reader.default_day());
  HILO_ASSIGN(const std::int64_t id, app::find_customer(reader, words.who));
  HILO_ASSIGN(const app::CustomerView view, app::show_customer(reader, id, day));
  if (!session.json) {
    show(session, render(view, session.out));
    return {};
  }
  print(
      fmt::format("{{\"customer_id\": {}, \"day\": \"{}\", \"currency\": {}, \"contact\": {}, \"golden\": {}, "
                  "\"attributes\": {}, \"identifiers\": {}, \"events\": {}, \"latest_events\": {}}}\n",
                  view.customer_id, to_string(view.day), app::json_text(view.currency), values_json(view.contact),
                  values_json(view.golden), values_json(view.attributes), table_json(view.identifiers),
                  view.events_in_all, table_json(view.events)));
  return {};
}

Status tell_diff(Session& session, const Words& words) {
  HILO_ASSIGN(const std::optional<Date> from, day_of(words.diff.front()));
  HILO_ASSIGN(const std::optional<Date> to, day_of(words.diff.back()));
  if (!from || !to) return fail(ErrorCode::kUsage, "--diff needs two days");
  HILO_ASSIGN(const app::Workspace workspace, workspace_of(session));
  HILO_ASSIGN(app::Reader reader, app::Reader::open(workspace));
  HILO_ASSIGN(const std::int64_t id, app::find_customer(reader, words.who));
  HILO_ASSIGN(const app::CustomerDiff diff, app::customer_diff(reader, id, *from, *to));
  show(session, session.json ? diff_json(diff) : render_diff(diff, session.out));
  return {};
}

Status tell_timeline(Session& session, const Words& words) {
  HILO_ASSIGN(const std::optional<Date> from, day_of(words.from));
  HILO_ASSIGN(const std::optional<Date> to, day_of(words.to));
  HILO_ASSIGN(const app::Workspace workspace, workspace_of(session));
  auto desk = app::SegmentDesk::open(workspace);
  if (!desk) return std::unexpected(desk.error().front());
  HILO_ASSIGN(const std::int64_t id, app::find_customer(desk->reader(), words.who));
  HILO_ASSIGN(const app::CustomerTimeline timeline, app::customer_timeline(*desk, id, {.from = from, .to = to}));
  show(session, session.json ? timeline_json(timeline) : render_timeline(timeline, session.out));
  return {};
}

// Which of the command's questions is asked; two at a time are none.
Status answer(Session& session, const Words& words) {
  const int questions = (words.as_of.empty() ? 0 : 1) + (words.diff.empty() ? 0 : 1) + (words.timeline ? 1 : 0);
  if (questions > 1)
    return fail(ErrorCode::kUsage, "--as-of, --diff and --timeline are different questions: give one of them");
  if (!words.timeline && !(words.from.empty() && words.to.empty()))
    return fail(ErrorCode::kUsage, "--from and --to belong to --timeline");
  if (words.timeline) return tell_timeline(session, words);
  return words.diff.empty() ? tell(session, words) : tell_diff(session, words);
}

}  // namespace

void add_customer(CLI::App& program, Session& session) {
  CLI::App* command = add_command(
      program, session, "customer", "One customer on one screen, on two days compared, or day by day",
      "  hilo customer ana@ruiz.es\n  hilo customer +34600111222 --as-of 2011-06-30\n  "
      "hilo customer pos:C-1042\n  hilo customer 17850 --json\n"
      "  hilo customer 17850 --diff 2011-01-31 2011-06-30     # which columns became others\n"
      "  hilo customer 17850 --known-on 2011-06-30            # as it was known then, not as corrected now\n"
      "  hilo customer 17850 --timeline                       # a year: what happened, what changed\n"
      "  hilo customer 17850 --timeline --from 2009-12-01     # from that day on\n");
  add_json_option(command, session);
  add_known_option(command, session);
  auto words = std::make_shared<Words>();
  command->add_option("WHO", words->who, "Customer id, e-mail, phone, loyalty id, any source's id, or SOURCE:ID")
      ->required();
  command->add_option("--as-of", words->as_of, "As of the end of this day; left out, the last one with events")
      ->type_name("DAY");
  constexpr int kDaysOfDiff = 2;
  command->add_option("--diff", words->diff, "What of the flat table differs between the ends of two days")
      ->type_name("DAY")
      ->expected(kDaysOfDiff);
  command->add_flag("--timeline", words->timeline,
                    "Day by day: events, changed texts and booleans, orders and revenue, segments entered and left");
  command->add_option("--from", words->from, "First day of the timeline; left out, a year before the last")
      ->type_name("DAY");
  command->add_option("--to", words->to, "Last day of the timeline; left out, the last one with events")
      ->type_name("DAY");
  command->callback([&session, words] { conclude(session, answer(session, *words)); });
}

}  // namespace hilo::cli
