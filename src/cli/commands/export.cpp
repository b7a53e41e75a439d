#include "app/export.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/text_table.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/interrupt.h"

namespace hilo::cli {
namespace {

struct Words {
  std::string what;
  std::string file;
  std::string format;
  std::string as_of;
  std::string hash;
  std::string platform;
  bool reveal = false;
};

Result<app::ExportRequest> request_of(const Words& words) {
  app::ExportRequest request;
  request.what = words.what;
  request.file = words.file;
  request.reveal = words.reveal;
  HILO_ASSIGN(request.format, app::chosen_format(words.format, words.file));
  HILO_ASSIGN(request.as_of, day_of(words.as_of));
  if (words.hash.empty()) {
    if (!words.platform.empty()) return fail(ErrorCode::kUsage, "--for goes with --hash: it names whose form to use");
    return request;
  }
  for (const std::string_view part : split(words.hash, ',')) {
    HILO_ASSIGN(const segment::AdIdentifier identifier, segment::parse_ad_identifier(trim(part)));
    if (std::ranges::find(request.hash, identifier) != request.hash.end())
      return fail(ErrorCode::kUsage, fmt::format("--hash names '{}' twice", trim(part)));
    request.hash.push_back(identifier);
  }
  HILO_ASSIGN(request.platform, segment::parse_ad_platform(words.platform.empty() ? "google" : words.platform));
  return request;
}

std::string report_json(const Words& words, const app::ExportReport& report) {
  std::string out = fmt::format("{{\"file\": {}, \"rows\": {}", app::json_text(words.file), report.rows);
  if (!words.hash.empty())
    out += fmt::format(", \"asked\": {}, \"without_consent\": {}, \"without_contact\": {}", report.asked,
                       report.without_consent, report.without_contact);
  return out + "}\n";
}

std::string told(const Words& words, const app::ExportReport& report) {
  std::string out = fmt::format("{}: {}", words.file, counted(report.rows, "row"));
  if (words.hash.empty()) return out + "\n";
  return out + fmt::format(" of {}\nleft out: {} without consent, {} without {}\n", counted(report.asked, "customer"),
                           with_separators(report.without_consent), with_separators(report.without_contact),
                           words.hash);
}

void write(Session& session, const Words& words) {
  const auto request = request_of(words);
  if (!request) return conclude(session, std::unexpected(request.error()));
  const auto workspace = app::Workspace::find(session.folder);
  if (!workspace) return conclude(session, std::unexpected(workspace.error()));
  const InterruptWatch watch(abandoning(words.file), session.err);
  const auto report = app::export_file(*workspace, *request);
  if (!report) return conclude_all(session, report.error());
  session.json ? print(report_json(words, *report)) : print_error(told(words, *report));
}

}  // namespace

void add_export(CLI::App& program, Session& session) {
  CLI::App* command = add_command(
      program, session, "export", "Write a table or a segment's members into a file",
      "  hilo export vip -o vip.csv                        # the members' rows of the flat table\n"
      "  hilo export vip --as-of 2024-06-30 -o vip.parquet\n"
      "  hilo export events -o events.parquet\n"
      "  hilo export vip --hash email,phone -o google.csv  # SHA-256, in the form that Customer Match asks for\n"
      "  hilo export vip --hash email --for meta -o meta.csv\n\n"
      "With --hash, who has not consented is left out, and how many those are is told. In CSV, a text that a\n"
      "spreadsheet would take for a formula has an apostrophe before it. Tables: those of `hilo sql --help`.\n");
  auto words = std::make_shared<Words>();
  command->add_option("NAME", words->what, "A segment, or a table of the store")
      ->type_name("SEGMENT|TABLE")
      ->required();
  command->add_option("-o,--output", words->file, "The file to write")
      ->type_name("FILE")
      ->required()
      ->transform(without_equals_sign);
  command
      ->add_option("--format", words->format,
                   "json is one object per line; left out, what the file's name says; csv for one without an ending")
      ->type_name("csv|parquet|json");
  command->add_option("--as-of", words->as_of, "Members, or customers, as of the end of this day")->type_name("DAY");
  command->add_option("--hash", words->hash, "Hashed identifiers instead of rows: one or both")
      ->type_name("email|phone|email,phone");
  command->add_option("--for", words->platform, "Whose form the hashes have; left out, google's")
      ->type_name("google|meta");
  command->add_flag("--reveal", words->reveal, "Contact data may leave the store: tables of the schema contact");
  add_json_option(command, session);
  command->callback([&session, words] { write(session, *words); });
}

}  // namespace hilo::cli
