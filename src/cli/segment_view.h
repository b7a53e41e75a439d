// What `hilo segment` shows, for people and for programs.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "app/segment_history.h"
#include "cli/terminal.h"

namespace hilo::cli {

[[nodiscard]] std::string render_sizes(const app::SegmentSizes& sizes, const Terminal& terminal);
[[nodiscard]] std::string sizes_json(const app::SegmentSizes& sizes);
[[nodiscard]] std::string render_segment(const app::SegmentView& view, const Terminal& terminal);
[[nodiscard]] std::string segment_json(const app::SegmentView& view);
[[nodiscard]] std::string render_trial(const app::RuleTrial& trial, const Terminal& terminal);
[[nodiscard]] std::string trial_json(const app::RuleTrial& trial);
/// Renders a history as a table, on a terminal with a small chart above it.
[[nodiscard]] std::string render_history(const app::SegmentHistory& history, const Terminal& terminal);
[[nodiscard]] std::string history_json(const std::string& name, const app::SegmentHistory& history);
[[nodiscard]] std::string render_overlap(const app::Overlap& overlap, const Terminal& terminal);
[[nodiscard]] std::string overlap_json(const app::Overlap& overlap);
/// Renders a table's rows as the elements of a JSON list.
[[nodiscard]] std::string rows_json(const app::TextTable& table);

/// A value and what stands under it on the axis.
using ChartPoint = std::pair<std::string, std::int64_t>;
/// Draws columns from zero to the largest value in `height` lines of at most `width` characters, with an axis; of more
/// points than fit, evenly spread ones. "" for fewer than two points, or where all are zero.
[[nodiscard]] std::string render_chart(const std::vector<ChartPoint>& points, int width, int height);

}  // namespace hilo::cli
