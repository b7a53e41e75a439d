// The files that a source's globs name.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "expr/source_query.h"

namespace hilo::ingest {

struct SourceFile {
  std::string name;            ///< as the workspace names it: relative to its folder where it was written so
  std::filesystem::path path;  ///< where it stands
};

/// Expands the globs of a source, relative to the workspace. **Shape**: sorted by name, no file twice.
/// **Errors**: kNotFound for a name or pattern that matches nothing; kInvalidInput for a folder or a device.
[[nodiscard]] Result<std::vector<SourceFile>> find_files(const expr::SourceQuery& query,
                                                         const std::filesystem::path& workspace);

}  // namespace hilo::ingest
