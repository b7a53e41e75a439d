// What `hilo customer --timeline` and `--diff` show, for people and for programs.
#pragma once

#include <string>

#include "app/customer_diff.h"
#include "app/customer_timeline.h"
#include "cli/terminal.h"

namespace hilo::cli {

[[nodiscard]] std::string render_timeline(const app::CustomerTimeline& timeline, const Terminal& terminal);
[[nodiscard]] std::string timeline_json(const app::CustomerTimeline& timeline);
[[nodiscard]] std::string render_diff(const app::CustomerDiff& diff, const Terminal& terminal);
[[nodiscard]] std::string diff_json(const app::CustomerDiff& diff);

}  // namespace hilo::cli
