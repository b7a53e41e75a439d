#include "app/names.h"

#include <algorithm>
#include <system_error>

#include "expr/written_attributes.h"

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

std::vector<std::string> attribute_names(const Workspace& workspace) {
  std::vector<std::string> names;
  const auto texts = workspace.read_definitions();
  auto database = store::Database::open("");
  if (!texts || !database) return names;
  auto scratch = database->connect();
  if (!scratch) return names;
  for (const auto& [path, text] : *texts) {
    if (!path.starts_with("attributes/")) continue;
    const std::vector<std::string> found = expr::written_names({.path = path, .name = {}, .text = text}, *scratch);
    names.insert(names.end(), found.begin(), found.end());
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace hilo::app
