// A new workspace, with comments that teach.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace hilo::app {

/// Writes hilo.yaml, sources/, attributes/retail.sql, segments/ and data/ into `folder`, made where needed.
/// Returns the files written. **Errors**: kConflict when one of them is there already (then nothing is written); kIo.
[[nodiscard]] Result<std::vector<std::string>> init_workspace(const std::filesystem::path& folder);

}  // namespace hilo::app
