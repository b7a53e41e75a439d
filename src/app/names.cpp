#include "app/names.h"

#include <algorithm>
#include <system_error>

namespace hilo::app {

std::vector<std::string> segment_names(const Workspace& workspace) {
  std::vector<std::string> names;
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator(workspace.root() / "segments", missing)) {
    if (entry.path().extension() == ".sql") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace hilo::app
