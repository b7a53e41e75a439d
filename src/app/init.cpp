#include "app/init.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/template_files.h"
#include "store/durable.h"

namespace hilo::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSettingsFile = "hilo.yaml";

// What init has made so far, so that it can be taken back.
struct Made {
  std::vector<fs::path> files;
  std::vector<fs::path> folders;  // the outer ones first
};

// Returns whether a file is still to be written. One that is there as it would be written is kept: an init that died
// left it.
Result<bool> is_missing(const fs::path& path, const TemplateFile& file) {
  std::error_code failure;
  if (!fs::exists(fs::symlink_status(path, failure))) return true;
  if (const auto text = store::read_file(path); text && *text == file.text && file.path != kSettingsFile) return false;
  return fail(ErrorCode::kConflict, fmt::format("{} is there already; nothing was written", path.string()),
              "Name a new folder: hilo init DIR.");
}

Status write_new(const fs::path& path, std::string_view text, Made& made) {
  std::vector<fs::path> missing;
  std::error_code failure;
  for (fs::path at = path.parent_path(); !at.empty() && !fs::exists(at, failure); at = at.parent_path()) {
    missing.push_back(at);
  }
  std::ranges::copy(missing.rbegin(), missing.rend(), std::back_inserter(made.folders));
  HILO_TRY(store::make_folder(path.parent_path()));
  const fs::path unfinished = path.string() + ".unfinished";
  made.files.push_back(unfinished);
  HILO_TRY(store::write_file(unfinished, text));
  made.files.push_back(path);
  return store::publish_file(unfinished, path);
}

void take_back(const Made& made) {
  std::error_code ignored;  // the error that led here is the one to tell
  for (const fs::path& file : made.files) fs::remove(file, ignored);
  for (auto folder = made.folders.rbegin(); folder != made.folders.rend(); ++folder) fs::remove(*folder, ignored);
}

}  // namespace

Result<std::vector<std::string>> init_workspace(const fs::path& folder) {
  std::vector<const TemplateFile*> missing;
  std::vector<std::string> names;
  for (const TemplateFile& file : kTemplateFiles) {
    HILO_ASSIGN(const bool is_to_write, is_missing(folder / file.path, file));
    if (is_to_write) missing.push_back(&file);
    names.emplace_back(file.path);
  }
  std::ranges::stable_partition(missing, [](const TemplateFile* file) { return file->path != kSettingsFile; });
  Made made;
  for (const TemplateFile* file : missing) {
    if (Status written = write_new(folder / file->path, file->text, made); !written) {
      take_back(made);
      return std::unexpected(std::move(written).error());
    }
  }
  return names;
}

}  // namespace hilo::app
