#include "app/generate.h"

#include <algorithm>
#include <charconv>
#include <thread>

#include <fmt/format.h>

#include "app/text_table.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/progress_view.h"
#include "cli/run_report_view.h"

namespace hilo::cli {
namespace {

// What was written behind the options, still as text: "1e30" must be told from a number that is too large.
struct Words {
  std::string folder;
  std::string customers = "20000";
  std::string days = "730";
  std::string seed = "1";
  std::string regime = "real";
  std::string noise = "1";
  std::string anonymous = "0.35";
  std::string opened_on = "2023-01-01";
  std::string format = "csv";
  std::string expect_every = "quarter";
  std::string horizons = "30,90,365";
  std::string threads = "0";
};

std::unexpected<Error> refused(std::string_view option, const std::string& text, std::string_view what) {
  return fail(ErrorCode::kUsage, fmt::format("{} must be {}; it is '{}'", option, what, text));
}

template <class Number>
Result<Number> number(std::string_view option, const std::string& text, Number least, Number most,
                      std::string_view what) {
  Number value{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  // No comparison holds for what is not a number.
  const bool fits = failure == std::errc{} && end == text.data() + text.size() && value >= least && value <= most;
  if (!fits) return refused(option, text, what);
  return value;
}

Result<Date> opening_day(const std::string& text) {
  const Result<Date> day = parse_date(text);
  if (!day || civil(*day).year < 1970 || civil(*day).year > 2100)
    return refused("--opened", text, "a day from 1970-01-01 to 2100-12-31");
  return day;
}

Result<app::GenerateRequest> request_of(const Words& words, const Session& session) {
  app::GenerateRequest request;
  world::WorldPlan& plan = request.plan;
  if (words.folder.empty()) return fail(ErrorCode::kUsage, "`hilo generate` needs -o DIR, the folder to make");
  HILO_ASSIGN(plan.customers, number<std::uint64_t>("--customers", words.customers, 1, app::kWorldCustomersMax,
                                                    "a whole number from 1 to 100000000"));
  HILO_ASSIGN(plan.days, number<int>("--days", words.days, 1, app::kWorldDaysMax,
                                     "a whole number from 1 to 7305, which is 20 years"));
  HILO_ASSIGN(plan.seed, number<std::uint64_t>("--seed", words.seed, 0, UINT64_MAX,
                                               "a whole number from 0 to 18446744073709551615"));
  HILO_ASSIGN(plan.regime, world::parse_regime(words.regime));
  HILO_ASSIGN(plan.noise, number<double>("--noise", words.noise, 0, app::kWorldNoiseMax, "a number from 0 to 10"));
  HILO_ASSIGN(plan.anonymous, number<double>("--anonymous", words.anonymous, 0, 1, "a number from 0 to 1"));
  HILO_ASSIGN(plan.opened_on, opening_day(words.opened_on));
  HILO_ASSIGN(request.format, app::parse_world_format(words.format));
  HILO_ASSIGN(plan.expectations.every, world::parse_rhythm(words.expect_every));
  const auto horizons = world::parse_horizons(words.horizons);
  if (!horizons) {
    return refused("--horizons", words.horizons,
                   "whole days from 1 to 7305, 32 of them at most, each more than the one before, such as 30,90,365");
  }
  plan.expectations.horizons = *horizons;
  HILO_ASSIGN(plan.threads, number<int>("--threads", words.threads, 0, app::kWorldThreadsMax,
                                        "a whole number from 0 to 256, 0 = all processors"));
  if (plan.threads == 0) plan.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  plan.threads = std::min(plan.threads, app::kWorldThreadsMax);
  request.folder = (std::filesystem::path(session.folder) / words.folder).lexically_normal();
  return request;
}

std::string render(const app::GenerateReport& report, const Terminal& terminal) {
  std::string out = fmt::format("{} {} in {:.1f} s: {}, {}, {}\n", terminal.green("Made"),
                                terminal.bold(report.folder.string()), report.seconds, counted(report.files, "file"),
                                human_bytes(report.bytes), counted(report.purchases, "purchase"));
  for (const auto& [silo, rows] : report.rows)
    out += fmt::format("  {:>14}  {} of {}\n", with_separators(rows), rows == 1 ? "row" : "rows", silo);
  for (const std::string& source : report.sources_without_data)
    out += fmt::format("note: {} wrote nothing, so its source is kept as sources/{}.sql.example\n", source, source);
  if (report.rows_left_out > 0) {
    out +=
        fmt::format("note: {} cannot be typed, and so cannot be in Parquet; `hilo run` rejects them in the csv form\n",
                    counted(report.rows_left_out, "row"));
  }
  out += fmt::format("What really happened stands in {}.\n\nNext:\n  cd {}\n  hilo run\n",
                     in_shell((report.folder / "truth").string()), in_shell(report.folder.string()));
  return out;
}

std::string render_json(const app::GenerateRequest& request, const app::GenerateReport& report) {
  const world::WorldPlan& plan = request.plan;
  std::string rows;
  for (const auto& [silo, count] : report.rows)
    rows += fmt::format("{}{}: {}", rows.empty() ? "" : ", ", app::json_text(silo), count);
  std::string without_data;
  for (const std::string& source : report.sources_without_data)
    without_data += (without_data.empty() ? "" : ", ") + app::json_text(source);
  const std::string passes = passes_json(report.passes);
  return fmt::format(
      "{{\"folder\": {}, \"customers\": {}, \"days\": {}, \"seed\": {}, \"regime\": {}, \"noise\": {}, "
      "\"anonymous\": {}, \"opened_on\": \"{}\", \"format\": {}, \"expect_every\": {}, \"horizons\": [{}], "
      "\"seconds\": {:.6f}, \"files\": {}, \"bytes\": {}, "
      "\"purchases\": {}, \"rows_left_out\": {}, \"sources_without_data\": [{}], \"rows\": {{{}}}, \"passes\": "
      "[{}]}}\n",
      app::json_text(report.folder.string()), plan.customers, plan.days, plan.seed,
      app::json_text(world::regime_name(plan.regime)), plan.noise, plan.anonymous, to_string(plan.opened_on),
      app::json_text(app::world_format_name(request.format)),
      app::json_text(world::rhythm_name(plan.expectations.every)), world::horizons_text(plan.expectations.horizons),
      report.seconds, report.files, report.bytes, report.purchases, report.rows_left_out, without_data, rows, passes);
}

void generate(Session& session, const Words& words) {
  const auto request = request_of(words, session);
  if (!request) return conclude(session, std::unexpected(request.error()));
  app::Generation generation(*request);
  const auto report = [&] {
    const InterruptWatch watch(
        [&]() -> std::string {
          return generation.abandon() ? "interrupted: nothing was kept\n"
                                      : fmt::format("interrupted: {} is complete\n", request->folder.string());
        },
        session.err);
    ProgressView view(session.err);
    return generation.make(view);
  }();
  if (!report) return conclude(session, std::unexpected(report.error()));
  print(session.json ? render_json(*request, *report) : render(*report, session.out));
}

}  // namespace

void add_generate(CLI::App& program, Session& session) {
  CLI::App* command = add_command(
      program, session, "generate", "Make a simulated retailer with known truth, to try things on",
      "  hilo generate -o toys && cd toys && hilo run\n"
      "  hilo generate -o small --customers 500 --days 90 --seed 7\n"
      "  hilo generate -o clean --regime textbook --noise 0 --anonymous 0\n"
      "  hilo generate -o large --customers 1000000 --days 365 --format parquet\n"
      "  hilo generate -o forecasts --expect-every week --horizons 7,28,182\n"
      "\nRegimes: textbook, as the formulae of the literature assume; real, with seasons, campaigns and several\n"
      "kinds of people; hidden-confounder, as real, with a cause of it all that no silo knows.\n"
      "The same options give the same files, at any number of threads; a day more repeats what was there.\n"
      "data/ holds what each silo exports, truth/ who is who and what really happened.\n");
  auto words = std::make_shared<Words>();
  const auto option = [&](const char* name, std::string& text, const char* help, const char* type) {
    command->add_option(name, text, help)->type_name(type)->capture_default_str();
  };
  command->add_option("-o,--output", words->folder, "The folder to make, within that of -C: new or empty")
      ->type_name("DIR")
      ->transform(without_equals_sign);
  option("--customers", words->customers, "People who may buy", "N");
  option("--days", words->days, "Days from the opening on", "D");
  option("--seed", words->seed, "Another seed is another world", "S");
  option("--regime", words->regime, "What drives the purchases; see below", "textbook|real|hidden-confounder");
  option("--noise", words->noise, "Scales every rate of error; 0 = silos write the truth", "F");
  option("--anonymous", words->anonymous, "Share of till receipts that name nobody", "F");
  option("--opened", words->opened_on, "The first day", "DAY");
  option("--format", words->format, "csv: the files that each silo exports; parquet: all of them as Parquet",
         "csv|parquet");
  option("--expect-every", words->expect_every,
         "At the end of which times truth/ tells what is to be expected of each customer", "day|week|month|quarter");
  option("--horizons", words->horizons, "Over how many days from then on: whole days, ascending", "DAYS");
  option("--threads", words->threads, "Threads that work; 0 = all processors", "N");
  add_json_option(command, session);
  command->callback([&session, words] { generate(session, *words); });
}

}  // namespace hilo::cli
