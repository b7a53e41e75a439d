#include "app/workspace.h"

#include <fmt/format.h>

#include "app/settings.h"
#include "base/text.h"
#include "store/durable.h"

namespace hilo::app {
namespace fs = std::filesystem;
namespace {

constexpr const char* kSettingsFile = "hilo.yaml";
constexpr std::size_t kDefinitionBytesMax = 1 << 20;

Status read_folder(const fs::path& root, const std::string& folder, DefinitionTexts& texts) {
  std::error_code missing;
  for (const fs::directory_entry& entry : fs::directory_iterator(root / folder, missing)) {
    if (entry.path().extension() != ".sql") continue;
    HILO_ASSIGN(std::string text, store::read_file(entry.path()));
    const std::string name = folder + "/" + entry.path().filename().string();
    if (!is_utf8(name)) {
      return fail(ErrorCode::kInvalidDefinition, fmt::format("a file in {}/ has a name that is not UTF-8", folder),
                  "Rename it.");
    }
    if (text.size() > kDefinitionBytesMax) {
      return fail(ErrorCode::kInvalidDefinition,
                  fmt::format("{} is larger than 1 MiB: this cannot be a definition", name));
    }
    texts.emplace(name, std::move(text));
  }
  return {};
}

expr::DefinitionFile as_file(const std::string& path, const std::string& text) {
  return {.path = path, .name = fs::path(path).stem().string(), .text = text};
}

}  // namespace

Result<Workspace> Workspace::find(const fs::path& folder) {
  std::error_code failure;
  const fs::path start = fs::weakly_canonical(folder, failure);
  for (fs::path at = start; !failure; at = at.parent_path()) {
    if (fs::exists(at / kSettingsFile, failure)) return Workspace(at);
    if (at == at.root_path() || at.empty()) break;
  }
  return fail(
      ErrorCode::kNotFound,
      fmt::format("{} is not a Hilo workspace: there is no {} in it or above it", folder.string(), kSettingsFile),
      "Name one with -C DIR, or make one with `hilo init DIR`.");
}

Workspace Workspace::as_known(fs::path store, DefinitionTexts definitions) const {
  Workspace then(root_);
  then.known_ = Known{.store = std::move(store), .definitions = std::move(definitions)};
  return then;
}

Result<DefinitionTexts> Workspace::read_definitions() const {
  if (known_) return known_->definitions;
  DefinitionTexts texts;
  HILO_ASSIGN(texts[kSettingsFile], store::read_file(root_ / kSettingsFile));
  for (const char* folder : {"sources", "attributes", "segments"}) HILO_TRY(read_folder(root_, folder, texts));
  return texts;
}

expr::Checked<Definitions> read_definitions(const DefinitionTexts& texts, store::Connection& scratch) {
  Definitions definitions;
  std::vector<Error> errors;
  const auto collect = [&](const std::vector<Error>& more) { errors.insert(errors.end(), more.begin(), more.end()); };
  for (const auto& [path, text] : texts) {
    if (path == kSettingsFile) {
      auto settings = read_settings(path, text, scratch);
      settings ? static_cast<void>(definitions.settings = *settings) : collect(settings.error());
    } else if (path.starts_with("sources/")) {
      auto source = ingest::read_source(as_file(path, text), scratch);
      source ? definitions.sources.push_back(std::move(*source)) : collect(source.error());
    } else if (path.starts_with("attributes/")) {
      definitions.attributes.push_back(as_file(path, text));
    } else if (path.starts_with("segments/")) {
      definitions.segments.push_back(as_file(path, text));
    }
  }
  collect(ingest::check_unique_names(definitions.sources));
  if (!errors.empty()) return std::unexpected(std::move(errors));
  for (ingest::SourceDefinition& source : definitions.sources) ingest::bind_settings(source, definitions.settings);
  return definitions;
}

Settings settings_for_questions(const Workspace& workspace, store::Connection& connection) {
  const Result<std::string> text = store::read_file(workspace.root() / kSettingsFile);
  if (!text) return {};
  auto settings = read_settings(kSettingsFile, *text, connection);
  return settings ? std::move(*settings) : Settings{};
}

}  // namespace hilo::app
