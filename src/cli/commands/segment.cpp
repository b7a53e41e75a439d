#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "app/migration.h"
#include "app/segment_history.h"
#include "app/segments.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/known_option.h"
#include "cli/migration_view.h"
#include "cli/progress_view.h"
#include "cli/segment_view.h"
#include "cli/table_view.h"

namespace hilo::cli {
namespace {

constexpr std::int64_t kMembersShown = 50;
constexpr std::size_t kOverlapMax = 32;

constexpr const char* kMembers = "members";

struct Words {
  std::string name;
  std::vector<std::string> names;
  std::string as_of;
  std::string known_on;
  std::string against;
  std::string from;
  std::string to;
  std::string every = "month";
  std::string limit = std::to_string(kMembersShown);
  bool quick = false;
  bool who = false;
  bool recorded = false;
  std::string by = "buyer_type";
  bool csv = false;
};

Result<std::int64_t> limit_of(const std::string& text) {
  std::int64_t limit = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (failure != std::errc{} || end != text.data() + text.size() || limit < 0)
    return fail(ErrorCode::kUsage, fmt::format("--limit must be a whole number, 0 = all; it is '{}'", text));
  return limit;
}

// Runs a command over the segments of the workspace; `ask` gets the desk and its answer is printed.
template <class Ask>
void at_desk(Session& session, const Ask& ask) {
  const auto workspace = workspace_of(session);
  if (!workspace) return conclude(session, std::unexpected(workspace.error()));
  auto desk = app::SegmentDesk::open(*workspace);
  if (!desk) return conclude_all(session, desk.error());
  const expr::Checked<std::string> answer = ask(*desk);
  if (!answer) return conclude_all(session, answer.error());
  show(session, *answer);
}

expr::Checked<std::string> list(Session& session, const Words& words, app::SegmentDesk& desk) {
  const auto against = day_of(words.against);
  if (!against) return one_error(against.error());
  const auto names = desk.all();
  if (!names) return std::unexpected(names.error());
  std::optional<Date> before = against->value_or(app::month_before(desk.default_day()));
  if (words.quick) before.reset();
  const auto sizes = desk.sizes(*names, before);
  if (!sizes) return one_error(sizes.error());
  return session.json ? sizes_json(*sizes) : render_sizes(*sizes, session.out);
}

expr::Checked<std::string> one(Session& session, const Words& words, app::SegmentDesk& desk) {
  const auto rule = desk.find(words.name);
  if (!rule) return std::unexpected(rule.error());
  std::optional<Date> before = app::month_before(desk.default_day());
  if (words.quick) before.reset();
  const auto view = desk.show(**rule, before);
  if (!view) return one_error(view.error());
  return session.json ? segment_json(*view) : render_segment(*view, session.out);
}

expr::Checked<std::string> attempt(Session& session, const Words& words, app::SegmentDesk& desk) {
  const auto trial = desk.try_rule(words.name);
  if (!trial) return std::unexpected(trial.error());
  return session.json ? trial_json(*trial) : render_trial(*trial, session.out);
}

expr::Checked<std::string> members(Session& session, const Words& words, app::SegmentDesk& desk) {
  const auto asked = day_of(words.as_of);
  if (!asked) return one_error(asked.error());
  const auto limit = limit_of(words.limit);
  if (!limit) return one_error(limit.error());
  const auto rule = desk.find(words.name);
  if (!rule) return std::unexpected(rule.error());
  const Date day = asked->value_or(desk.default_day());
  const auto table = desk.members(**rule, day, *limit);
  if (!table) return one_error(table.error());
  const auto count = static_cast<std::int64_t>(table->rows.size()) + table->rows_left_out;
  if (session.json)
    return fmt::format("{{\"segment\": {}, \"day\": \"{}\", \"count\": {}, \"members\": {}}}\n",
                       app::json_text(words.name), to_string(day), count, rows_json(*table));
  return render_table(*table, session.out, {.rows = "--limit 0 shows all", .columns = "--json shows them"}) +
         session.out.dim(
             fmt::format("{} as of {}, by the definition of today.", counted(count, "member"), to_string(day))) +
         "\n";
}

Result<std::string> known_members(Session& session, const Words& words, app::Reader& reader) {
  HILO_ASSIGN(const std::optional<Date> day, day_of(words.known_on));
  HILO_ASSIGN(const std::int64_t limit, limit_of(words.limit));
  HILO_ASSIGN(const app::KnownMembers known, app::members_known_on(reader, words.name, *day, limit));
  const auto count = static_cast<std::int64_t>(known.members.rows.size()) + known.members.rows_left_out;
  if (session.json) {
    return fmt::format(
        "{{\"segment\": {}, \"known_on\": \"{}\", \"run\": {}, \"recorded_on\": \"{}\", \"day\": \"{}\", \"version\": "
        "{}, \"count\": {}, \"members\": {}}}\n",
        app::json_text(words.name), to_string(*day), known.run, known.recorded_on, known.day,
        app::json_text(known.version), count, rows_json(known.members));
  }
  return render_table(known.members, session.out, {.rows = "--limit 0 shows all", .columns = {}}) +
         session.out.dim(fmt::format("{} as of {}, as run {} recorded them on {} (version {}).",
                                     counted(count, "member"), known.day, known.run, known.recorded_on,
                                     known.version)) +
         "\n";
}

// What was recorded needs no definition: the store alone answers.
template <class Ask>
void at_store(Session& session, const Ask& ask) {
  conclude(session, [&]() -> Status {
    HILO_ASSIGN(const app::Workspace workspace, workspace_of(session));
    HILO_ASSIGN(app::Reader reader, app::Reader::open(workspace));
    HILO_ASSIGN(const std::string answer, ask(reader));
    show(session, answer);
    return {};
  }());
}

Result<std::string> recorded(Session& session, const Words& words, app::Reader& reader) {
  HILO_ASSIGN(const app::TextTable table, app::recorded_history(reader, words.name));
  if (session.json)
    return fmt::format("{{\"segment\": {}, \"records\": {}}}\n", app::json_text(words.name), rows_json(table));
  if (table.rows.empty()) return fmt::format("No run has recorded a segment '{}' yet.\n", words.name);
  return render_table(table, session.out);
}

// Each day's flat table takes its time: how far it is goes to standard error.
expr::Checked<app::SegmentHistory> computed(Session& session, const Words& words, app::SegmentDesk& desk,
                                            const expr::SegmentRule& rule) {
  const auto from = day_of(words.from);
  if (!from) return one_error(from.error());
  const auto to = day_of(words.to);
  if (!to) return one_error(to.error());
  const auto step = app::parse_step(words.every);
  if (!step) return one_error(step.error());
  const auto days = app::history_days(desk, *from, *to, *step);
  if (!days) return one_error(days.error());
  ProgressView view(session.err);
  PassRunner passes(view);
  app::SegmentHistory history;
  const Status done = passes.run("history", "days", [&](PassContext& context) -> Status {
    context.rows = static_cast<std::int64_t>(days->size());
    HILO_ASSIGN(history, app::segment_history(desk, rule, *days, words.who,
                                              [&](std::int64_t at, std::int64_t all) { context.advance(at, all); }));
    return {};
  });
  if (!done) return one_error(done.error());
  return history;
}

expr::Checked<std::string> history(Session& session, const Words& words, app::SegmentDesk& desk) {
  const auto rule = desk.find(words.name);
  if (!rule) return std::unexpected(rule.error());
  const auto told = computed(session, words, desk, **rule);
  if (!told) return std::unexpected(told.error());
  return session.json ? history_json(words.name, *told) : render_history(*told, session.out);
}

expr::Checked<std::string> overlap(Session& session, const Words& words, app::SegmentDesk& desk) {
  const std::set<std::string> distinct(words.names.begin(), words.names.end());
  if (words.names.size() < 2 || distinct.size() != words.names.size() || words.names.size() > kOverlapMax)
    return one_error(Error{.code = ErrorCode::kUsage,
                           .message = fmt::format("an overlap is that of 2 to {} different segments", kOverlapMax)});
  const auto asked = day_of(words.as_of);
  if (!asked) return one_error(asked.error());
  for (const std::string& name : words.names) {
    if (const auto rule = desk.find(name); !rule) return std::unexpected(rule.error());
  }
  const auto told = app::overlap(desk, words.names, asked->value_or(desk.default_day()));
  if (!told) return one_error(told.error());
  return session.json ? overlap_json(*told) : render_overlap(*told, session.out);
}

expr::Checked<std::string> migrate(Session& session, const Words& words, app::SegmentDesk& desk) {
  if (words.csv && session.json)
    return one_error(
        Error{.code = ErrorCode::kUsage, .message = "--csv and --json contradict each other: give one of them"});
  const auto from = day_of(words.from);
  if (!from) return one_error(from.error());
  const auto to = day_of(words.to);
  if (!to) return one_error(to.error());
  ProgressView view(session.err);
  PassRunner passes(view);
  app::Migration told;
  const Status done = passes.run("migration", "days", [&](PassContext& context) -> Status {
    HILO_ASSIGN(told,
                app::migration(desk, words.by, {.from = *from, .to = *to}, [&](std::int64_t at, std::int64_t all) {
                  context.rows = all;
                  context.advance(at, all);
                }));
    return {};
  });
  if (!done) return one_error(done.error());
  if (session.json) return migration_json(told);
  return words.csv ? migration_csv(told) : render_migration(told, session.out);
}

using SharedWords = std::shared_ptr<Words>;

void add_day(CLI::App* command, std::string& text, const char* name, const char* help) {
  command->add_option(name, text, help)->type_name("DAY");
}

// Adds a subcommand whose errors and help bear its whole name.
CLI::App* add_part(CLI::App& segment, Session& session, const std::string& name, const std::string& what,
                   const std::string& examples) {
  CLI::App* command = add_command(segment, session, name, what, examples);
  command->preparse_callback([&session, name](std::size_t /*arguments*/) { session.command = "segment " + name; });
  add_json_option(command, session);
  // Of members there is a record of each run: it is told, and nothing is made again.
  if (name != kMembers) add_known_option(command, session);
  return command;
}

void add_list_and_show(CLI::App& segment, Session& session) {
  auto words = std::make_shared<Words>();
  CLI::App* list_command = add_part(segment, session, "list", "All segments: sizes now and a month ago",
                                    "  hilo segment list\n  hilo segment list --quick --json\n  hilo segment list "
                                    "--against 2024-01-31\n");
  list_command->add_flag("--quick", words->quick, "Sizes now alone: no other day is computed");
  add_day(list_command, words->against, "--against", "The day to compare with; left out, a month ago");
  list_command->callback(
      [&session, words] { at_desk(session, [&](app::SegmentDesk& desk) { return list(session, *words, desk); }); });
  auto shown = std::make_shared<Words>();
  CLI::App* show_command =
      add_part(segment, session, "show", "One segment: rule in words, size, definition, a sample of members",
               "  hilo segment show vip\n  hilo segment show vip --json\n");
  show_command->add_option("NAME", shown->name, "The segment")->type_name("SEGMENT")->required();
  show_command->add_flag("--quick", shown->quick, "The size now alone: no other day is computed");
  show_command->callback(
      [&session, shown] { at_desk(session, [&](app::SegmentDesk& desk) { return one(session, *shown, desk); }); });
}

void add_members(CLI::App& segment, Session& session) {
  auto words = std::make_shared<Words>();
  CLI::App* command = add_part(segment, session, kMembers, "Who is a member, on any day",
                               "  hilo segment members vip\n  hilo segment members vip --as-of 2024-06-30 --limit 0\n"
                               "  hilo segment members vip --known-on 2024-06-30   # as it was recorded then\n");
  command->add_option("NAME", words->name, "The segment")->type_name("SEGMENT")->required();
  add_day(command, words->as_of, "--as-of", "As of the end of this day, by today's definition");
  add_day(command, words->known_on, "--known-on", "As the last run until this day recorded it");
  command->add_option("--limit", words->limit, "Members to show; 0 = all")->type_name("ROWS")->capture_default_str();
  command->callback([&session, words] {
    if (!words->as_of.empty() && !words->known_on.empty()) {
      return conclude(session, fail(ErrorCode::kUsage,
                                    "--as-of asks today's definition, --known-on what was recorded: "
                                    "give one of them"));
    }
    if (!words->known_on.empty())
      return at_store(session, [&](app::Reader& reader) { return known_members(session, *words, reader); });
    at_desk(session, [&](app::SegmentDesk& desk) { return members(session, *words, desk); });
  });
}

void add_history(CLI::App& segment, Session& session) {
  auto words = std::make_shared<Words>();
  CLI::App* command = add_part(
      segment, session, "history", "Size through time, who entered and who left",
      "  hilo segment history vip                       # the last 12 month ends\n"
      "  hilo segment history vip --every week --from 2024-01-01 --to 2024-03-31\n"
      "  hilo segment history vip --every day --who     # 30 days, and who came and went\n"
      "  hilo segment history vip --recorded            # what each run recorded\n\n"
      "Each day is computed by today's definition with what is known now, or those of --known-on. Most rules take\n"
      "one pass for all days; one that reads earlier days, or attributes over all customers, takes a flat table\n"
      "for each.\n");
  command->add_option("NAME", words->name, "The segment")->type_name("SEGMENT")->required();
  add_day(command, words->from, "--from", "First day; left out, a year, a quarter or a month before the last");
  add_day(command, words->to, "--to", "Last day; left out, the last one with events");
  command->add_option("--every", words->every, "The step")->type_name("day|week|month")->capture_default_str();
  command->add_flag("--who", words->who, "List who entered and who left");
  command->add_flag("--recorded", words->recorded, "What runs recorded, with the definition's version");
  command->callback([&session, words] {
    if (words->recorded)
      return at_store(session, [&](app::Reader& reader) { return recorded(session, *words, reader); });
    at_desk(session, [&](app::SegmentDesk& desk) { return history(session, *words, desk); });
  });
}

void add_migration(CLI::App& segment, Session& session) {
  auto words = std::make_shared<Words>();
  CLI::App* command =
      add_part(segment, session, "migration", "Who moved between the values of a column, day against day",
               "  hilo segment migration                                # buyer_type, against a month ago\n"
               "  hilo segment migration --from 2024-01-31 --to 2024-06-30\n"
               "  hilo segment migration --by favourite_channel --csv\n\n"
               "Both days are computed by today's definitions with what is known now, or with those of --known-on. "
               "That customers "
               "moved and that\ntheir revenue grew says nothing of why.\n");
  add_day(command, words->from, "--from", "The day to start from; left out, a month before the other");
  add_day(command, words->to, "--to", "The day to arrive at; left out, the last one with events");
  command->add_option("--by", words->by, "A column of text, boolean or whole numbers, of at most 50 values")
      ->type_name("COLUMN")
      ->capture_default_str();
  command->add_flag("--csv", words->csv, "CSV, for programs: a row per pair of values");
  command->callback(
      [&session, words] { at_desk(session, [&](app::SegmentDesk& desk) { return migrate(session, *words, desk); }); });
}

void add_try_and_overlap(CLI::App& segment, Session& session) {
  auto words = std::make_shared<Words>();
  CLI::App* try_command = add_part(segment, session, "try", "Count, share and a sample of a rule that is not saved",
                                   "  hilo segment try \"where orders_90d >= 2 and city = 'Madrid'\"\n"
                                   "  hilo segment try \"in_segment('vip') and not consent_email\"\n");
  try_command->add_option("RULE", words->name, "What would stand after WHERE")->required();
  try_command->callback(
      [&session, words] { at_desk(session, [&](app::SegmentDesk& desk) { return attempt(session, *words, desk); }); });
  auto several = std::make_shared<Words>();
  CLI::App* overlap_command =
      add_part(segment, session, "overlap", "How far segments hold the same customers",
               "  hilo segment overlap vip at_risk\n  hilo segment overlap vip at_risk hybrid --as-of 2024-06-30\n");
  overlap_command->add_option("NAME", several->names, "Two segments or more")->type_name("SEGMENT")->required();
  add_day(overlap_command, several->as_of, "--as-of", "As of the end of this day");
  overlap_command->callback([&session, several] {
    at_desk(session, [&](app::SegmentDesk& desk) { return overlap(session, *several, desk); });
  });
}

}  // namespace

void add_segment(CLI::App& program, Session& session) {
  CLI::App* command =
      add_command(program, session, "segment", "Segments: sizes, members, history, overlap, migration, rules on trial",
                  "  hilo segment list\n  hilo segment show vip\n  hilo segment try \"where orders_90d >= 2\"\n"
                  "\n`hilo segment PART --help` tells more.\n");
  command->require_subcommand(1);
  command->get_formatter()->label("SUBCOMMAND", "PART");
  add_list_and_show(*command, session);
  add_members(*command, session);
  add_history(*command, session);
  add_try_and_overlap(*command, session);
  add_migration(*command, session);
}

}  // namespace hilo::cli
