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

/// Where files of sources may stand.
struct SourceRoots {
  std::filesystem::path workspace;
  std::vector<std::string> folders = {};  ///< others, relative to the workspace: the setting sources.folders
};

/// Expands the globs of a source, relative to the workspace. **Shape**: sorted by name, no file twice.
/// **Errors**: kNotFound for a name or pattern that matches nothing; kInvalidInput for a folder or a device, and for a
/// file that, all links followed, stands in none of the roots.
[[nodiscard]] Result<std::vector<SourceFile>> find_files(const expr::SourceQuery& query, const SourceRoots& roots);

}  // namespace hilo::ingest
