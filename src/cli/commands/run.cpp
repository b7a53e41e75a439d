#include "app/run.h"

#include <optional>

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/progress_view.h"
#include "cli/run_report_view.h"

namespace hilo::cli {
namespace {

void report(Session& session, const expr::Checked<app::RunReport>& outcome) {
  if (!outcome) return conclude_all(session, outcome.error());
  print(session.json ? report_json(*outcome) : render_report(*outcome, session.out));
}

// The progress view is gone when the job returns: the terminal is then free for the report.
template <class Job>
expr::Checked<app::RunReport> shown(const Session& session, Job job) {
  ProgressView view(session.err);
  InterruptibleRun progress(view, session.err);
  return job(progress);
}

void run(Session& session, const std::string& now) {
  std::optional<Instant> instant;
  if (!now.empty()) {
    Result<Instant> given = parse_instant(now);
    if (!given) {
      given.error().code = ErrorCode::kUsage;
      return conclude(session, std::unexpected(given.error()));
    }
    instant = *given;
  }
  const auto workspace = app::Workspace::find(session.folder);
  if (!workspace) return conclude(session, std::unexpected(workspace.error()));
  const auto outcome = shown(session, [&](ProgressListener& progress) {
    return instant ? app::run(*workspace, FixedClock(*instant), progress)
                   : app::run(*workspace, SystemClock(), progress);
  });
  report(session, outcome);
  if (outcome && outcome->sources.empty() && !session.json) print(no_sources_note());
}

void rebuild(Session& session) {
  const auto workspace = app::Workspace::find(session.folder);
  if (!workspace) return conclude(session, std::unexpected(workspace.error()));
  report(session, shown(session, [&](ProgressListener& progress) { return app::rebuild(*workspace, progress); }));
}

}  // namespace

void add_run(CLI::App& program, Session& session) {
  CLI::App* command = add_command(program, session, "run", "Take what is new and publish the single customer view",
                                  "  hilo run\n  hilo run --json\n  hilo run --now 2011-12-10T06:00:00Z   # as if it "
                                  "were then: for tests and replays\n");
  add_json_option(command, session);
  auto now = std::make_shared<std::string>();
  command->add_option("--now", *now, "The instant of this delivery, instead of the clock's")->type_name("INSTANT");
  command->callback([&session, now] { run(session, *now); });
}

void add_rebuild(CLI::App& program, Session& session) {
  CLI::App* command = add_command(program, session, "rebuild", "Make the store again from the log alone",
                                  "  rm -r store && hilo rebuild\n");
  add_json_option(command, session);
  command->callback([&session] { rebuild(session); });
}

}  // namespace hilo::cli
