#include "cli/run_report_view.h"

#include <fmt/format.h>

#include "app/text_table.h"
#include "base/text.h"

namespace hilo::cli {
namespace {

std::string figure(std::int64_t number, std::string_view what) {
  return fmt::format("  {:>14}  {}\n", with_separators(number), what);
}

}  // namespace

std::string render_report(const app::RunReport& report, const Terminal& terminal) {
  std::string out;
  for (const app::SourceReport& source : report.sources) {
    for (const std::string& file : source.files_repeated) {
      out += fmt::format("note: {} was not read: another file with the same content was\n", file);
    }
  }
  if (report.up_to_date) {
    out += fmt::format("{} nothing is new since run {}.\n", terminal.green("Up to date:"), report.run);
  } else {
    out +=
        fmt::format("{} in {:.1f} s, as of {}:\n", terminal.green("Published"), report.seconds, to_string(report.day));
  }
  out += figure(report.customers, fmt::format("customers, of {} in the sources", counted(report.records, "record")));
  if (report.visitors > 0) out += figure(report.visitors, "visitors known by a device alone");
  out += figure(report.events, fmt::format("events with {}", counted(report.items, "item")));
  if (report.anonymous_events > 0) out += figure(report.anonymous_events, "of them anonymous: kept, never guessed");
  if (report.shared_identifiers > 0)
    out += figure(report.shared_identifiers, "identifiers that too many share: they link nobody");
  if (report.rejects > 0) out += figure(report.rejects, "rejects: see `hilo rejects`");
  return out;
}

std::string report_json(const app::RunReport& report) {
  std::string sources;
  for (const app::SourceReport& source : report.sources) {
    sources += fmt::format(
        "{}{{\"name\": {}, \"files_read\": {}, \"files_unchanged\": {}, \"files_repeated\": {}, \"rows\": {}, "
        "\"rejects\": {}}}",
        sources.empty() ? "" : ", ", app::json_text(source.name), source.files_read, source.files_unchanged,
        source.files_repeated.size(), source.rows, source.rejects);
  }
  std::string passes;
  for (const PassReport& pass : report.passes) {
    passes +=
        fmt::format("{}{{\"name\": {}, \"rows\": {}, \"unit\": {}, \"seconds\": {:.6f}}}", passes.empty() ? "" : ", ",
                    app::json_text(pass.name), pass.rows, app::json_text(pass.unit), pass.seconds);
  }
  return fmt::format(
      "{{\"up_to_date\": {}, \"run\": {}, \"day\": \"{}\", \"seconds\": {:.6f}, \"customers\": {}, \"records\": {}, "
      "\"visitors\": {}, \"events\": {}, \"items\": {}, "
      "\"anonymous_events\": {}, \"shared_identifiers\": {}, \"rejects\": {}, \"sources\": [{}], \"passes\": [{}]}}\n",
      report.up_to_date, report.run, to_string(report.day), report.seconds, report.customers, report.records,
      report.visitors, report.events, report.items, report.anonymous_events, report.shared_identifiers, report.rejects,
      sources, passes);
}

}  // namespace hilo::cli
