// What `hilo segment migration` shows, for people and for programs.
#pragma once

#include <string>

#include "app/migration.h"
#include "cli/terminal.h"

namespace hilo::cli {

/// Renders who was where as a matrix, then who moved, the most first.
[[nodiscard]] std::string render_migration(const app::Migration& migration, const Terminal& terminal);
[[nodiscard]] std::string migration_json(const app::Migration& migration);
/// Renders every pair of values that holds a customer as a CSV row.
[[nodiscard]] std::string migration_csv(const app::Migration& migration);

}  // namespace hilo::cli
