// A workspace on disk: where it is and what its definition files say.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "expr/attributes.h"
#include "expr/definition.h"
#include "expr/segment.h"
#include "ingest/source_definition.h"
#include "model/settings.h"
#include "store/database.h"
#include "store/log.h"

namespace hilo::app {

/// The texts of a workspace's definitions: path relative to the workspace -> text.
using DefinitionTexts = std::map<std::string, std::string>;

class Workspace {
 public:
  /// Finds the workspace in `folder` or the nearest folder above it that holds hilo.yaml.
  /// **Errors**: kNotFound with what to do.
  [[nodiscard]] static Result<Workspace> find(const std::filesystem::path& folder);

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }
  [[nodiscard]] std::filesystem::path log_folder() const { return root_ / "log"; }
  [[nodiscard]] std::filesystem::path store_folder() const { return known_ ? known_->store : root_ / "store"; }
  [[nodiscard]] std::filesystem::path lock_file() const { return root_ / ".hilo.lock"; }
  /// Reads hilo.yaml, sources/*.sql, attributes/*.sql, segments/*.sql. **Errors**: kIo, kInvalidInput (a file over 1
  /// MiB).
  [[nodiscard]] Result<DefinitionTexts> read_definitions() const;

  /// Returns the workspace as it was known: with a store of what was known, and the definitions of then.
  [[nodiscard]] Workspace as_known(std::filesystem::path store, DefinitionTexts definitions) const;

 private:
  struct Known {
    std::filesystem::path store;
    DefinitionTexts definitions;
  };

  explicit Workspace(std::filesystem::path root) : root_(std::move(root)) {}
  std::filesystem::path root_;
  std::optional<Known> known_;
};

/// Definitions read and checked as far as that goes without data.
struct Definitions {
  Settings settings;
  std::vector<ingest::SourceDefinition> sources;  ///< by path
  std::vector<expr::DefinitionFile> attributes;
  std::vector<expr::DefinitionFile> segments;
};

/// Reads settings and sources; attributes and segments are only gathered, as they need the sources' columns.
/// **Errors**: kInvalidDefinition with places, all in one go.
[[nodiscard]] expr::Checked<Definitions> read_definitions(const DefinitionTexts& texts, store::Connection& scratch);

/// Returns the settings as hilo.yaml has them, the defaults where it is at fault: for questions, which need no more.
[[nodiscard]] Settings settings_for_questions(const Workspace& workspace, store::Connection& connection);

}  // namespace hilo::app
