// A new workspace, with comments that teach.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace hilo::app {

/// Writes hilo.yaml, sources/, attributes/retail.sql, segments/ and data/ into `folder`, made where needed.
/// hilo.yaml comes last: a folder without it is no workspace, and what a dead process wrote there is completed.
/// Returns the files of the workspace. **Errors**: kConflict when hilo.yaml is there already, or another of them with
/// another content (then nothing is written); kIo (then what was written is removed).
[[nodiscard]] Result<std::vector<std::string>> init_workspace(const std::filesystem::path& folder);

}  // namespace hilo::app
