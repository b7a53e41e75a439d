#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "app/attribute_profile.h"
#include "app/attribute_why.h"
#include "app/attributes.h"
#include "app/customer.h"
#include "base/text.h"
#include "cli/attribute_view.h"
#include "cli/command.h"
#include "cli/known_option.h"
#include "cli/progress_view.h"

namespace hilo::cli {
namespace {

constexpr std::int64_t kRowsShown = 20;
constexpr int kMonths = 12;
constexpr int kMonthsMax = 1'200;

struct Words {
  std::string name;
  std::string who;
  std::string as_of;
  std::string by;
  std::string months;
  bool markdown = false;
  bool all = false;
};

// Runs a command over the attributes of the workspace; `ask` gets the desk and its answer is printed.
template <class Ask>
void at_desk(Session& session, const Ask& ask) {
  const auto workspace = workspace_of(session);
  if (!workspace) return conclude(session, std::unexpected(workspace.error()));
  auto desk = app::AttributeDesk::open(*workspace);
  if (!desk) return conclude_all(session, desk.error());
  const Result<std::string> answer = ask(*desk);
  if (!answer) return conclude(session, std::unexpected(answer.error()));
  show(session, *answer);
  if (!session.json && !desk->changed().empty()) {
    print_error(
        fmt::format("note: {} changed since the last run; this tells of what it computed. `hilo run` takes the "
                    "change up\n",
                    harmless(join(desk->changed(), ", "))));
  }
}

Result<std::string> list(Session& session, const Words& words, app::AttributeDesk& desk) {
  if (words.markdown && session.json) return fail(ErrorCode::kUsage, "give --markdown or --json, not both");
  if (words.markdown) return app::attributes_page(desk.all());
  return session.json ? attributes_json(desk.all()) : render_attributes(desk.all(), session.out);
}

void gather_used(const app::AttributeDesk& desk, const app::Attribute& attribute,
                 std::vector<const app::Attribute*>& uses) {
  for (const std::string& name : attribute.parts.uses) {
    const app::Attribute* used = desk.find(name).value_or(nullptr);
    if (used == nullptr || std::ranges::find(uses, used) != uses.end()) continue;
    uses.push_back(used);
    gather_used(desk, *used, uses);
  }
}

Result<std::string> one(Session& session, const Words& words, app::AttributeDesk& desk) {
  AttributeCard card;
  HILO_ASSIGN(card.attribute, desk.find(words.name));
  gather_used(desk, *card.attribute, card.uses);
  if (app::Reader* reader = desk.reader()) {
    HILO_ASSIGN(card.profile, app::profile_on(desk, *card.attribute, reader->default_day(), app::Histogram::kNone));
  }
  return session.json ? card_json(card) : render_card(card, session.out);
}

Result<std::string> why(Session& session, const Words& words, app::AttributeDesk& desk) {
  HILO_ASSIGN(const std::optional<Date> asked, day_of(words.as_of));
  HILO_ASSIGN(const app::Attribute* attribute, desk.find(words.name));
  HILO_ASSIGN(app::Reader * reader, desk.published());
  HILO_ASSIGN(const std::int64_t customer, app::find_customer(*reader, words.who));
  HILO_ASSIGN(
      const app::AttributeWhy told,
      app::explain(desk, *attribute, customer, asked.value_or(reader->default_day()), words.all ? 0 : kRowsShown));
  return session.json ? why_json(told) : render_why(told, session.out);
}

Result<int> months_of(const Words& words) {
  if (!words.by.empty() && words.by != "month")
    return fail(ErrorCode::kUsage, fmt::format("--by must be month; it is '{}'", words.by));
  if (words.months.empty()) return words.by.empty() ? 0 : kMonths;
  int months = 0;
  const char* end = words.months.data() + words.months.size();
  const auto [stop, failure] = std::from_chars(words.months.data(), end, months);
  if (failure != std::errc{} || stop != end || months < 0 || months > kMonthsMax) {
    return fail(ErrorCode::kUsage, fmt::format("--months must be a whole number from 0 to {}, 0 = none; it is '{}'",
                                               kMonthsMax, words.months));
  }
  return months;
}

// Each month's flat table takes its time: how far it is goes to standard error.
Result<std::vector<app::AttributeProfile>> by_month(Session& session, app::AttributeDesk& desk,
                                                    const app::Attribute& attribute, int months) {
  std::vector<app::AttributeProfile> profiles;
  if (months == 0) return profiles;
  HILO_ASSIGN(app::Reader * reader, desk.published());
  HILO_ASSIGN(const std::vector<Date> days, app::profile_days(*reader, reader->default_day(), months));
  ProgressView view(session.err);
  PassRunner passes(view);
  HILO_TRY(passes.run("profile", "days", [&](PassContext& context) -> Status {
    context.rows = static_cast<std::int64_t>(days.size());
    HILO_ASSIGN(profiles, app::profile_through(desk, attribute, days, [&](std::int64_t done, std::int64_t total) {
                  context.advance(done, total);
                }));
    return {};
  }));
  return profiles;
}

Result<std::string> profile(Session& session, const Words& words, app::AttributeDesk& desk) {
  HILO_ASSIGN(const int months, months_of(words));
  HILO_ASSIGN(const app::Attribute* attribute, desk.find(words.name));
  HILO_ASSIGN(app::Reader * reader, desk.published());
  HILO_ASSIGN(const app::AttributeProfile now,
              app::profile_on(desk, *attribute, reader->default_day(), app::Histogram::kDrawn));
  HILO_ASSIGN(const auto days, by_month(session, desk, *attribute, months));
  return session.json ? profile_json(*attribute, now, days) : render_profile(*attribute, now, days, session.out);
}

using Answer = Result<std::string> (*)(Session&, const Words&, app::AttributeDesk&);

// Adds a part whose errors and help bear its whole name, and the words that it is asked with.
std::pair<CLI::App*, std::shared_ptr<Words>> add_part(CLI::App& attribute, Session& session, const std::string& name,
                                                      const std::string& what, const std::string& examples,
                                                      Answer answer) {
  CLI::App* command = add_command(attribute, session, name, what, examples);
  command->preparse_callback([&session, name](std::size_t /*arguments*/) { session.command = "attribute " + name; });
  add_json_option(command, session);
  auto words = std::make_shared<Words>();
  command->callback([&session, words, answer] {
    at_desk(session, [&](app::AttributeDesk& desk) { return answer(session, *words, desk); });
  });
  return {command, words};
}

void add_name(CLI::App* command, Words& words) {
  command->add_option("NAME", words.name, "The attribute, or a column of the golden row")
      ->type_name("ATTRIBUTE")
      ->required();
}

void add_list_and_show(CLI::App& attribute, Session& session) {
  const auto [list_command, listed] = add_part(
      attribute, session, "list", "Every column of the flat table: type, unit, where it is defined",
      "  hilo attribute list\n  hilo attribute list --json\n  hilo attribute list --markdown > attributes.md\n", list);
  list_command->add_flag("--markdown", listed->markdown, "A page with all definitions");
  const auto [show_command, shown] =
      add_part(attribute, session, "show", "One attribute: definition, what it is built of, figures",
               "  hilo attribute show return_rate\n  hilo attribute show city --json\n", one);
  add_name(show_command, *shown);
}

void add_why(CLI::App& attribute, Session& session) {
  const auto [command, words] =
      add_part(attribute, session, "why", "Why a customer has this value: the events and items that count",
               "  hilo attribute why revenue_365d --customer ana@ruiz.es\n"
               "  hilo attribute why buyer_type --customer pos:C-1042 --as-of 2011-06-30\n"
               "  hilo attribute why emails_opened_365d --customer 17850 --all --json\n",
               why);
  add_name(command, *words);
  command->add_option("--customer", words->who, "As for `hilo customer`: an id, an e-mail, a phone, or SOURCE:ID")
      ->type_name("WHO")
      ->required();
  command->add_option("--as-of", words->as_of, "As of the end of this day; left out, the last one with events")
      ->type_name("DAY");
  add_known_option(command, session);
  command->add_flag("--all", words->all, fmt::format("All rows that count; left out, the latest {}", kRowsShown));
}

void add_profile(CLI::App& attribute, Session& session) {
  const auto [command, words] =
      add_part(attribute, session, "profile", "How the values are spread over the customers, now and by month",
               "  hilo attribute profile revenue_365d\n"
               "  hilo attribute profile buyer_type --by month\n"
               "  hilo attribute profile orders --months 24 --json\n\n"
               "Each month end is computed by the definitions of today with what is known now; this costs one flat "
               "table per month.\n",
               profile);
  add_name(command, *words);
  add_known_option(command, session);
  command->add_option("--by", words->by, "Also at the ends of the last months")->type_name("month");
  command
      ->add_option("--months", words->months,
                   fmt::format("How many months, 0 = none; with --by month alone, {}", kMonths))
      ->type_name("MONTHS");
}

}  // namespace

void add_attribute(CLI::App& program, Session& session) {
  CLI::App* command = add_command(program, session, "attribute",
                                  "Attributes: what each is, why a customer has its value, how values are spread",
                                  "  hilo attribute list\n  hilo attribute show return_rate\n"
                                  "  hilo attribute why revenue_365d --customer ana@ruiz.es\n"
                                  "\n`hilo attribute PART --help` tells more.\n");
  command->require_subcommand(1);
  command->get_formatter()->label("SUBCOMMAND", "PART");
  add_list_and_show(*command, session);
  add_why(*command, session);
  add_profile(*command, session);
}

}  // namespace hilo::cli
