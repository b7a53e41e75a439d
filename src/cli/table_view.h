// Results as aligned tables for people.
#pragma once

#include <string>

#include "app/text_table.h"
#include "cli/terminal.h"

namespace hilo::cli {

/// Renders a table: numbers to the right with thousands separators, texts cut to fit the terminal's width, NULL as a
/// dim dash.
[[nodiscard]] std::string render_table(const app::TextTable& table, const Terminal& terminal);
/// Renders a number's text with thousands separators: 18909744.12 -> 18,909,744.12.
[[nodiscard]] std::string grouped_number(const std::string& number);
/// Renders a value for people by its type: counts grouped, decimals rounded to two places, times without seconds'
/// fractions.
[[nodiscard]] std::string shown_value(const std::string& type, const std::string& value);

}  // namespace hilo::cli
