#include "app/snapshot.h"

#include <optional>

#include <fmt/format.h>

#include "app/text_table.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/known_option.h"

namespace hilo::cli {
namespace {

struct Request {
  std::string as_of;
  std::string from;
  std::string to;
  std::string every = "day";
  std::string format;
  std::string file;
};

Result<Date> usage_date(const std::string& text) {
  Result<Date> date = parse_date(text);
  if (!date) date.error().code = ErrorCode::kUsage;
  return date;
}

Result<app::SnapshotDays> days_of(const Request& request, Date default_day) {
  if (!request.as_of.empty() && (!request.from.empty() || !request.to.empty())) {
    return fail(ErrorCode::kUsage, "--as-of names one day, --from and --to a series: give one or the other");
  }
  app::SnapshotDays days{.from = default_day, .to = std::nullopt, .step = app::Step::kDay};
  HILO_ASSIGN(days.step, app::parse_step(request.every));
  if (!request.as_of.empty()) {
    HILO_ASSIGN(days.from, usage_date(request.as_of));
    return days;
  }
  if (request.from.empty() && request.to.empty()) return days;
  if (request.from.empty() || request.to.empty()) return fail(ErrorCode::kUsage, "a series needs both --from and --to");
  HILO_ASSIGN(days.from, usage_date(request.from));
  HILO_ASSIGN(days.to, usage_date(request.to));
  HILO_TRY(app::days_between(days.from, *days.to, days.step));
  return days;
}

Status stream(app::Reader& reader, const app::SnapshotDays& days, app::FileFormat format) {
  std::string sql = app::snapshot_sql(days);
  if (format == app::FileFormat::kCsv) {
    HILO_ASSIGN(sql, app::guarded_cells(reader.connection(), sql));
  }
  HILO_ASSIGN(const auto columns, reader.connection().describe(sql));
  if (format == app::FileFormat::kCsv) {
    app::TextRow header;
    for (const store::Column& column : columns) header.emplace_back(column.name);
    print(app::csv_record(header) + "\n");
  }
  HILO_ASSIGN(const auto shown, app::stream_rows(reader.connection(), sql, {}, [&](const app::TextRow& row) {
                print((format == app::FileFormat::kCsv ? app::csv_record(row) : app::json_object(columns, row)) + "\n");
              }));
  static_cast<void>(shown);
  return {};
}

Status snapshot(Session& session, const Request& request) {
  HILO_ASSIGN(const app::FileFormat format, app::chosen_format(request.format, request.file));
  std::optional<InterruptWatch> watch;
  if (!request.file.empty()) watch.emplace(abandoning(request.file), session.err);
  HILO_ASSIGN(const app::Workspace workspace, workspace_of(session));
  HILO_ASSIGN(app::Reader reader, app::Reader::open(workspace));
  HILO_ASSIGN(const app::SnapshotDays days, days_of(request, reader.default_day()));
  if (!request.file.empty()) {
    HILO_ASSIGN(const std::int64_t rows, app::write_snapshot(workspace, days, format, request.file));
    print_error(fmt::format("{}: {}\n", request.file, counted(rows, "row")));
    return {};
  }
  if (format == app::FileFormat::kParquet)
    return fail(ErrorCode::kUsage, "Parquet goes to a file", "Name one with -o FILE.");
  return stream(reader, days, format);
}

}  // namespace

void add_snapshot(CLI::App& program, Session& session) {
  CLI::App* command =
      add_command(program, session, "snapshot", "The flat table, one row per customer, as of the end of any day",
                  "  hilo snapshot --as-of 2011-06-30 -o june.csv\n"
                  "  hilo snapshot --as-of 2011-06-30 --known-on 2011-06-30 -o june_as_known.csv\n"
                  "  hilo snapshot --from 2010-01-31 --to 2011-12-31 --every month -o months.parquet\n");
  add_known_option(command, session);
  auto request = std::make_shared<Request>();
  command->add_option("--as-of", request->as_of, "The day; left out, the last one with events")->type_name("DAY");
  command->add_option("--from", request->from, "First day of a series")->type_name("DAY");
  command->add_option("--to", request->to, "Last day of a series")->type_name("DAY");
  command->add_option("--every", request->every, "The step of the series")
      ->type_name("day|week|month")
      ->capture_default_str();
  command
      ->add_option("--format", request->format,
                   "json is one object per line; left out, what the file's name says; csv for one without an ending")
      ->type_name("csv|parquet|json");
  command->add_option("-o,--output", request->file, "The file to write; left out, standard output")
      ->type_name("FILE")
      ->transform(without_equals_sign);
  command->callback([&session, request] { conclude(session, snapshot(session, *request)); });
}

}  // namespace hilo::cli
