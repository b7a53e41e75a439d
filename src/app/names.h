// Names that a workspace gives to things, found without reading what they mean.
#pragma once

#include <string>
#include <vector>

#include "app/workspace.h"

namespace hilo::app {

/// Returns the names of the workspace's segments, by name: those of the files in segments/, right or wrong.
/// **Cost**: one listing of a folder; nothing is read.
[[nodiscard]] std::vector<std::string> segment_names(const Workspace& workspace);

/// Returns the names of the attributes that the files in attributes/ define, by name, those of files at fault left out.
/// **Cost**: the files are read and parsed, nothing is checked.
[[nodiscard]] std::vector<std::string> attribute_names(const Workspace& workspace);

}  // namespace hilo::app
