#include <charconv>
#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "app/text_table.h"
#include "app/timeline_join.h"
#include "app/timeline_stats.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/progress_view.h"
#include "cli/table_view.h"

namespace hilo::cli {
namespace {

constexpr std::int64_t kSampleDays = 12;

Result<std::int64_t> sample_days_of(const std::string& text) {
  std::int64_t days = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), days);
  if (failure == std::errc{} && end == text.data() + text.size() && days >= 1 && days <= app::kSampleDaysMax)
    return days;
  return fail(ErrorCode::kUsage,
              fmt::format("--days must be a whole number from 1 to {}; it is '{}'", app::kSampleDaysMax, text));
}

double per(double bytes, std::int64_t of) { return bytes / static_cast<double>(of); }

double percent_of_dense(std::int64_t bytes, const app::TimelineStats& stats) {
  return 100 * static_cast<double>(bytes) / stats.dense_bytes;
}

// 95 of 100 estimates lie nearer to what all days would give.
constexpr double kErrorsTold = 2;

app::TextRow row_of(const std::string& what, std::optional<std::int64_t> rows, double bytes,
                    const app::TimelineStats& stats) {
  return {what, rows ? std::optional(std::to_string(*rows)) : std::nullopt, fmt::format("{:.0f}", bytes),
          fmt::format("{:.0f}", per(bytes, stats.customers)), fmt::format("{:.2f}", per(bytes, stats.customer_days))};
}

std::string estimate_text(const app::TimelineStats& stats) {
  if (static_cast<std::int64_t>(stats.sample.size()) == stats.days) return "Every day was measured.";
  const std::string sampled =
      fmt::format("Dense bytes are estimated from {} of {}", stats.sample.size(), counted(stats.days, "day"));
  if (!stats.standard_error) return sampled + ", too few to tell how well: see --days.";
  return sampled + fmt::format(", give or take {:.1f} % (twice the standard error).",
                               kErrorsTold * 100 * *stats.standard_error / stats.dense_bytes);
}

std::string render(const app::TimelineStats& stats, const Terminal& terminal) {
  app::TextTable table{.columns = {{"what", "VARCHAR"},
                                   {"rows", "BIGINT"},
                                   {"bytes", "BIGINT"},
                                   {"per customer", "BIGINT"},
                                   {"per customer-day", "DECIMAL(18,2)"}},
                       .rows = {}};
  for (const app::HistoryPart& part : stats.history) {
    const bool is_table = !part.table.empty();
    table.rows.push_back(row_of(is_table ? "  " + part.table : "  where all stands",
                                is_table ? std::optional(part.rows) : std::nullopt, static_cast<double>(part.bytes),
                                stats));
  }
  table.rows.push_back(
      row_of("history as the store keeps it", std::nullopt, static_cast<double>(stats.history_bytes), stats));
  table.rows.push_back(
      row_of("  of it, read by the definitions", std::nullopt, static_cast<double>(stats.history_bytes_read), stats));
  table.rows.push_back(row_of("dense: one Parquet file a day", stats.customer_days, stats.dense_bytes, stats));
  return fmt::format("{} customers on {}, {} to {}: {} customer-days of {} columns\n\n",
                     with_separators(stats.customers), counted(stats.days, "day"), to_string(stats.from),
                     to_string(stats.to), with_separators(stats.customer_days), stats.columns) +
         render_table(table, terminal) +
         fmt::format("\nThe history takes {} of the dense files; what today's definitions read of it, {:.2f} %.\n{}\n",
                     terminal.bold(fmt::format("{:.2f} %", percent_of_dense(stats.history_bytes, stats))),
                     percent_of_dense(stats.history_bytes_read, stats), estimate_text(stats));
}

std::string history_json(const app::TimelineStats& stats) {
  std::string parts;
  for (const app::HistoryPart& part : stats.history) {
    parts += fmt::format("{}{{\"table\": {}, \"rows\": {}, \"bytes\": {}, \"bytes_read\": {}}}",
                         parts.empty() ? "" : ", ", part.table.empty() ? "null" : app::json_text(part.table),
                         part.table.empty() ? "null" : std::to_string(part.rows), part.bytes, part.bytes_read);
  }
  return parts;
}

std::string sample_json(const app::TimelineStats& stats) {
  std::string days;
  for (const app::DenseDay& day : stats.sample) {
    days += fmt::format("{}{{\"day\": \"{}\", \"customers\": {}, \"bytes\": {}}}", days.empty() ? "" : ", ",
                        to_string(day.day), day.customers, day.bytes);
  }
  return days;
}

std::string render_json(const app::TimelineStats& stats) {
  const auto history = static_cast<double>(stats.history_bytes);
  return fmt::format(
      "{{\"from\": \"{}\", \"to\": \"{}\", \"days\": {}, \"customers\": {}, \"customer_days\": {}, \"columns\": {}, "
      "\"store_bytes\": {},\n\"history\": {{\"bytes\": {}, \"bytes_read\": {}, \"per_customer\": {:.3f}, "
      "\"per_customer_day\": {:.4f}, "
      "\"parts\": [{}]}},\n\"dense\": {{\"bytes\": {:.0f}, \"standard_error\": {}, \"per_customer\": {:.3f}, "
      "\"per_customer_day\": {:.4f}, \"sample\": [{}]}},\n\"percent_of_dense\": {:.4f}, \"percent_of_dense_read\": "
      "{:.4f}}}\n",
      to_string(stats.from), to_string(stats.to), stats.days, stats.customers, stats.customer_days, stats.columns,
      stats.store_bytes, stats.history_bytes, stats.history_bytes_read, per(history, stats.customers),
      per(history, stats.customer_days), history_json(stats), stats.dense_bytes,
      stats.standard_error ? fmt::format("{:.0f}", *stats.standard_error) : "null",
      per(stats.dense_bytes, stats.customers), per(stats.dense_bytes, stats.customer_days), sample_json(stats),
      percent_of_dense(stats.history_bytes, stats), percent_of_dense(stats.history_bytes_read, stats));
}

void stats(Session& session, const std::string& days) {
  const auto sample_days = sample_days_of(days);
  if (!sample_days) return conclude(session, std::unexpected(sample_days.error()));
  const auto workspace = app::Workspace::find(session.folder);
  if (!workspace) return conclude(session, std::unexpected(workspace.error()));
  const auto measured = [&] {
    const InterruptWatch watch([]() -> std::string { return "interrupted: nothing was kept\n"; }, session.err);
    ProgressView view(session.err);
    return app::timeline_stats(*workspace, *sample_days, view);
  }();
  if (!measured) return conclude(session, std::unexpected(measured.error()));
  session.json ? print(render_json(*measured)) : show(session, render(*measured, session.out));
}

struct JoinWords {
  std::string labels;
  std::string columns;
  std::string segments;
  std::string format;
  std::string file;
};

std::vector<std::string> names_in(const std::string& list) {
  std::vector<std::string> names;
  for (const std::string_view name : split(list, ',')) {
    if (!trim(name).empty()) names.emplace_back(trim(name));
  }
  return names;
}

std::string told(const app::JoinReport& report, const std::string& file) {
  std::string out = fmt::format("{}: {} as known before {} ({:.1f} s)\n", file, counted(report.rows, "row"),
                                counted(report.instants, "instant"), report.seconds);
  if (report.unknown > 0)
    out += fmt::format("note: of {} the customer was not known yet: no features\n", counted(report.unknown, "row"));
  if (report.nobody > 0)
    out += fmt::format("note: {} with a number that is nobody's: no features\n", counted(report.nobody, "row"));
  return out;
}

void join(Session& session, const JoinWords& words) {
  const auto format = app::chosen_format(words.format, words.file);
  if (!format) return conclude(session, std::unexpected(format.error()));
  const auto workspace = app::Workspace::find(session.folder);
  if (!workspace) return conclude(session, std::unexpected(workspace.error()));
  app::TimelineJoin joining(*workspace, {.labels = words.labels,
                                         .columns = names_in(words.columns),
                                         .segments = names_in(words.segments),
                                         .output = words.file,
                                         .format = *format});
  const auto report = [&] {
    const InterruptWatch watch(
        [&]() -> std::string {
          joining.abandon();
          return abandoning(words.file)();
        },
        session.err);
    ProgressView view(session.err);
    return joining.make(view);
  }();
  if (!report) return conclude_all(session, report.error());
  if (!session.json) return print_error(told(*report, words.file));
  print(fmt::format("{{\"rows\": {}, \"unknown\": {}, \"nobody\": {}, \"instants\": {}, \"seconds\": {:.6f}}}\n",
                    report->rows, report->unknown, report->nobody, report->instants, report->seconds));
}

void add_join(CLI::App& timeline, Session& session) {
  CLI::App* part = add_command(
      timeline, session, "join", "Features as they were known before each label's instant, for fitting models",
      "  hilo timeline join --labels churned.csv -o training.parquet\n"
      "  hilo timeline join --labels churned.csv --columns orders,revenue_365d --segments vip -o training.csv\n"
      "\nLabels have a column customer_id, a column instant (a day, which stands for its beginning, or a moment), and\n"
      "others that go along. Each row gets `known` and the columns of the flat table, by today's definitions,\n"
      "of what was known and had happened strictly before its instant: facts as they stood then, and whoever was\n"
      "thought to be whom. $as_of is the end of the day that holds the last moment before the instant.\n"
      "Every different instant costs what a rebuild costs: month ends, say, rather than the moment of each order.\n"
      "No run can begin meanwhile.\n");
  part->preparse_callback([&session](std::size_t /*arguments*/) { session.command = "timeline join"; });
  add_json_option(part, session);
  auto words = std::make_shared<JoinWords>();
  part->add_option("--labels", words->labels, "CSV, or Parquet by its ending")->type_name("FILE")->required();
  part->add_option("--columns", words->columns, "Columns of the flat table; left out, all")->type_name("NAME,...");
  part->add_option("--segments", words->segments, "Segments, each a column in_NAME; `all` stands for all of them")
      ->type_name("NAME,...");
  part->add_option("--format", words->format, "Left out, what the output's name says")->type_name("csv|parquet|json");
  part->add_option("-o,--output", words->file, "The file to write")
      ->type_name("FILE")
      ->transform(without_equals_sign)
      ->required();
  part->callback([&session, words] { join(session, *words); });
}

void add_stats(CLI::App& timeline, Session& session) {
  CLI::App* part = add_command(
      timeline, session, "stats", "Bytes of the history per customer and day, beside one flat table a day",
      "  hilo timeline stats\n  hilo timeline stats --days 40 --json\n"
      "\nThe history is what the flat table of any day is computed from, as it stands in the store's file. The dense\n"
      "equivalent is that table as one Parquet file a day, compressed with zstd. So many days, evenly spread, are\n"
      "computed and measured one after another, in a file without a name beside the store; of the others the size is\n"
      "estimated from their numbers of customers.\n");
  part->preparse_callback([&session](std::size_t /*arguments*/) { session.command = "timeline stats"; });
  add_json_option(part, session);
  auto days = std::make_shared<std::string>(std::to_string(kSampleDays));
  part->add_option("--days", *days, "How many days to measure: all there are, where there are fewer")
      ->type_name("N")
      ->capture_default_str();
  part->callback([&session, days] { stats(session, *days); });
}

}  // namespace

void add_timeline(CLI::App& program, Session& session) {
  CLI::App* command = add_command(program, session, "timeline",
                                  "The daily history of all customers: features as known then, what it takes",
                                  "  hilo timeline join --labels churned.csv -o training.parquet\n"
                                  "  hilo timeline stats\n"
                                  "\n`hilo timeline PART --help` tells more.\n");
  command->require_subcommand(1);
  command->get_formatter()->label("SUBCOMMAND", "PART");
  add_join(*command, session);
  add_stats(*command, session);
}

}  // namespace hilo::cli
