// Results as aligned tables for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "app/text_table.h"
#include "cli/terminal.h"

namespace hilo::cli {

/// What a table's footer advises where it does not show everything; "" = nothing.
struct TableHints {
  std::string_view rows = {};
  std::string_view columns = {};
};

/// Renders a table: numbers to the right with thousands separators, NULL as a dash. On a terminal long texts are cut
/// and the last columns left out until a row fits into its width; a footer says how many rows and columns are not
/// shown.
[[nodiscard]] std::string render_table(const app::TextTable& table, const Terminal& terminal,
                                       const TableHints& hints = {});
/// Renders a table of which every word is to be read: on a terminal texts go on below instead of being cut.
[[nodiscard]] std::string render_wrapped_table(const app::TextTable& table, const Terminal& terminal,
                                               const TableHints& hints = {});
/// Renders a number's text with thousands separators: 18909744.12 -> 18,909,744.12.
[[nodiscard]] std::string grouped_number(const std::string& number);
/// Renders a value for people by its type: counts grouped, decimals rounded to two places, times without seconds'
/// fractions.
[[nodiscard]] std::string shown_value(const std::string& type, const std::string& value);

/// Renders a part of a whole: "8.2 %", "-" of nothing; for programs 0.082000, null of nothing.
[[nodiscard]] std::string share_text(std::int64_t part, std::int64_t whole);
[[nodiscard]] std::string share_json(std::int64_t part, std::int64_t whole);

}  // namespace hilo::cli
