// The doctor's look at a workspace: its definitions, its folders, its log and its store.
#pragma once

#include <cstdint>
#include <vector>

#include "app/doctor.h"
#include "app/workspace.h"
#include "base/time.h"
#include "model/settings.h"

namespace hilo::app {

/// What a look at a workspace found, and what the look at the machine needs of it.
struct WorkspaceFindings {
  std::vector<Finding> findings;
  Settings settings;               ///< the defaults where hilo.yaml cannot be read
  std::uint64_t bytes_needed = 0;  ///< that the next run surely takes: those of the published store
};

/// Examines a workspace. As `examine`, it writes and removes files of its own and changes nothing else.
[[nodiscard]] WorkspaceFindings examine_workspace(const Workspace& workspace, const Clock& clock, LogReading reading);

/// Tries what a run does in a folder: writes a file, gives it another name, removes it.
/// **Errors**: those of the first step that fails; nothing of it stays.
[[nodiscard]] Status try_writing(const std::filesystem::path& folder);

}  // namespace hilo::app
