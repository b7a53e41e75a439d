// What a run found, for people and for programs.
#pragma once

#include <span>
#include <string>

#include "app/run.h"
#include "cli/terminal.h"

namespace hilo::cli {

[[nodiscard]] std::string render_report(const app::RunReport& report, const Terminal& terminal);
/// Says what comes before a first run: a workspace without sources has nothing to take.
[[nodiscard]] std::string no_sources_note();
[[nodiscard]] std::string report_json(const app::RunReport& report);
/// Returns the passes as the elements of a JSON list.
[[nodiscard]] std::string passes_json(std::span<const PassReport> passes);

}  // namespace hilo::cli
