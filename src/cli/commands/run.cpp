#include "app/run.h"

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/progress_view.h"
#include "cli/run_report_view.h"

namespace hilo::cli {
namespace {

void report(Session& session, const expr::Checked<app::RunReport>& outcome) {
  if (!outcome) return conclude_all(session, outcome.error());
  print(session.json ? report_json(*outcome) : render_report(*outcome, session.out));
}

void run(Session& session, const std::string& now) {
  const auto clock = clock_at(now);
  if (!clock) return conclude(session, std::unexpected(clock.error()));
  const auto workspace = app::Workspace::find(session.folder);
  if (!workspace) return conclude(session, std::unexpected(workspace.error()));
  const auto outcome =
      with_progress(session.err, [&](ProgressListener& progress) { return app::run(*workspace, **clock, progress); });
  report(session, outcome);
  if (outcome && outcome->sources.empty() && !session.json) print(no_sources_note());
}

void rebuild(Session& session) {
  const auto workspace = app::Workspace::find(session.folder);
  if (!workspace) return conclude(session, std::unexpected(workspace.error()));
  report(session,
         with_progress(session.err, [&](ProgressListener& progress) { return app::rebuild(*workspace, progress); }));
}

}  // namespace

void add_run(CLI::App& program, Session& session) {
  CLI::App* command = add_command(program, session, "run", "Take what is new and publish the single customer view",
                                  "  hilo run\n  hilo run --json\n  hilo run --now 2011-12-10T06:00:00Z   # as if it "
                                  "were then: for tests and replays\n");
  add_json_option(command, session);
  const auto now = add_now_option(command, "The instant of this delivery, instead of the clock's");
  command->callback([&session, now] { run(session, *now); });
}

void add_rebuild(CLI::App& program, Session& session) {
  CLI::App* command = add_command(program, session, "rebuild", "Make the store again from the log alone",
                                  "  rm -r store && hilo rebuild\n");
  add_json_option(command, session);
  command->callback([&session] { rebuild(session); });
}

}  // namespace hilo::cli
