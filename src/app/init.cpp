#include "app/init.h"

#include <fmt/format.h>

#include "app/template_files.h"
#include "store/durable.h"

namespace hilo::app {
namespace fs = std::filesystem;

Result<std::vector<std::string>> init_workspace(const fs::path& folder) {
  std::error_code failure;
  for (const TemplateFile& file : kTemplateFiles) {
    if (fs::exists(folder / file.path, failure)) {
      return fail(ErrorCode::kConflict,
                  fmt::format("{} is there already; nothing was written", (folder / file.path).string()),
                  "Name a new folder: hilo init DIR.");
    }
  }
  std::vector<std::string> written;
  for (const TemplateFile& file : kTemplateFiles) {
    HILO_TRY(store::make_folder((folder / file.path).parent_path()));
    HILO_TRY(store::write_file(folder / file.path, file.text));
    written.emplace_back(file.path);
  }
  return written;
}

}  // namespace hilo::app
