#include "cli/known_option.h"

#include <optional>

#include "app/known_then.h"
#include "cli/interrupt.h"
#include "cli/progress_view.h"

namespace hilo::cli {

void add_known_option(CLI::App* command, Session& session) {
  command
      ->add_option("--known-on", session.known_on,
                   "As it was known at the end of this day: facts, who is who, definitions; made once, like a rebuild")
      ->type_name("DAY")
      ->check([](const std::string& day) { return day.empty() ? "--known-on needs a day" : ""; });
}

Result<app::Workspace> workspace_of(const Session& session) {
  HILO_ASSIGN(const std::optional<Date> day, day_of(session.known_on));
  HILO_ASSIGN(app::Workspace workspace, app::Workspace::find(session.folder));
  if (!day) return workspace;
  app::KnownThen known(std::move(workspace), *day);
  const InterruptWatch watch(
      [&]() -> std::string {
        known.abandon();
        return "interrupted: nothing was changed\n";
      },
      session.err);
  ProgressView view(session.err);
  auto then = known.open(view);
  if (!then) return std::unexpected(then.error().front());
  return std::move(*then);
}

}  // namespace hilo::cli
