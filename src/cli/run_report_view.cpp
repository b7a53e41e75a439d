#include "cli/run_report_view.h"

#include <fmt/format.h>

#include "app/text_table.h"
#include "base/text.h"

namespace hilo::cli {
namespace {

std::string figure(std::int64_t number, std::string_view one, std::string_view several) {
  return fmt::format("  {:>14}  {}\n", with_separators(number), number == 1 ? one : several);
}

}  // namespace

std::string passes_json(std::span<const PassReport> passes) {
  std::string json;
  for (const PassReport& pass : passes) {
    json += fmt::format("{}{{\"name\": {}, \"rows\": {}, \"unit\": {}, \"seconds\": {:.6f}}}", json.empty() ? "" : ", ",
                        app::json_text(pass.name), pass.rows, app::json_text(pass.unit), pass.seconds);
  }
  return json;
}

std::string render_report(const app::RunReport& report, const Terminal& terminal) {
  std::string out;
  for (const app::SourceReport& source : report.sources) {
    for (const std::string& file : source.files_repeated) {
      out += fmt::format("note: {} was not read: another file with the same content was\n", harmless(file));
    }
  }
  for (const std::string& warning : report.warnings) out += fmt::format("warning: {}\n", harmless(warning));
  if (report.up_to_date) {
    out += fmt::format("{} nothing is new since run {}.\n", terminal.green("Up to date:"), report.run);
  } else {
    // Without a record there is no day to speak of.
    const std::string day = report.records > 0 ? ", as of " + to_string(report.day) : "";
    out += fmt::format("{} in {:.1f} s{}:\n", terminal.green("Published"), report.seconds, day);
  }
  const std::string records = counted(report.records, "record");
  const std::string items = counted(report.items, "item");
  out += figure(report.customers, fmt::format("customer, of {} in the sources", records),
                fmt::format("customers, of {} in the sources", records));
  if (report.later_customers > 0) {
    const std::string later = fmt::format("known only after {}: ask --as-of a later day", to_string(report.day));
    out += figure(report.later_customers, "more customer, " + later, "more customers, " + later);
  }
  if (report.visitors > 0)
    out += figure(report.visitors, "visitor known by a device alone", "visitors known by a device alone");
  out += figure(report.events, fmt::format("event with {}", items), fmt::format("events with {}", items));
  if (report.anonymous_events > 0) {
    constexpr std::string_view kAnonymous = "of them anonymous: kept, never guessed";
    out += figure(report.anonymous_events, kAnonymous, kAnonymous);
  }
  if (report.shared_identifiers > 0) {
    out += figure(report.shared_identifiers, "identifier that too many share: it links nobody",
                  "identifiers that too many share: they link nobody");
  }
  if (report.rejects > 0) out += figure(report.rejects, "reject: see `hilo rejects`", "rejects: see `hilo rejects`");
  return out;
}

std::string no_sources_note() { return "no sources yet: describe one in sources/, see sources/README.md\n"; }

std::string report_json(const app::RunReport& report) {
  std::string sources;
  for (const app::SourceReport& source : report.sources) {
    sources += fmt::format(
        "{}{{\"name\": {}, \"files_read\": {}, \"files_unchanged\": {}, \"files_repeated\": {}, \"rows\": {}, "
        "\"rejects\": {}}}",
        sources.empty() ? "" : ", ", app::json_text(source.name), source.files_read, source.files_unchanged,
        source.files_repeated.size(), source.rows, source.rejects);
  }
  std::string warnings;
  for (const std::string& warning : report.warnings)
    warnings += (warnings.empty() ? "" : ", ") + app::json_text(warning);
  const std::string passes = passes_json(report.passes);
  return fmt::format(
      "{{\"up_to_date\": {}, \"extended\": {}, \"run\": {}, \"day\": \"{}\", \"seconds\": {:.6f}, \"customers\": {}, "
      "\"later_customers\": {}, \"records\": {}, "
      "\"visitors\": {}, \"events\": {}, \"items\": {}, "
      "\"anonymous_events\": {}, \"shared_identifiers\": {}, \"rejects\": {}, \"warnings\": [{}], "
      "\"sources\": [{}], \"passes\": [{}]}}\n",
      report.up_to_date, report.extended, report.run, to_string(report.day), report.seconds, report.customers,
      report.later_customers, report.records, report.visitors, report.events, report.items, report.anonymous_events,
      report.shared_identifiers, report.rejects, warnings, sources, passes);
}

}  // namespace hilo::cli
