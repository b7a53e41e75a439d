// --known-on: a question about what was known on a past day.
#pragma once

#include <CLI/CLI.hpp>

#include "app/workspace.h"
#include "cli/command.h"

namespace hilo::cli {

/// Adds --known-on, which the session keeps.
void add_known_option(CLI::App* command, Session& session);

/// Finds the session's workspace; with --known-on, as it was known at the end of that day, which may take as long as a
/// rebuild and says on standard error how far it is. **Errors**: those of Workspace::find and KnownThen::open; kUsage
/// for what is no day.
[[nodiscard]] Result<app::Workspace> workspace_of(const Session& session);

}  // namespace hilo::cli
