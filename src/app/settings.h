// hilo.yaml: every setting declared once, with its meaning, its default and its check.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "expr/definition.h"
#include "model/settings.h"
#include "store/database.h"

namespace hilo::app {

/// Reads settings from YAML text. Settings left out have their defaults.
/// **Errors**: kInvalidDefinition with file, line and column, all in one go: unknown keys with the nearest known one,
/// values of the wrong type or out of range, currencies, regions and time zones that do not exist.
[[nodiscard]] expr::Checked<Settings> read_settings(const std::string& path, const std::string& text,
                                                    store::Connection& connection);

/// One setting, described.
struct SettingHelp {
  std::string_view key;  ///< dotted: identity.names_per_identifier_max
  std::string_view type;
  std::string_view help;
};
[[nodiscard]] const std::vector<SettingHelp>& settings_help();

}  // namespace hilo::app
