// What the words of a source mean, row by row: text without its spaces, identifiers, types of events, written times.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hilo::ingest {

/// Returns the text without spaces (Unicode's category Zs, as the engine's `trim`) at either end.
/// **Requires**: well-formed UTF-8, here and below.
[[nodiscard]] std::string_view trim_spaces(std::string_view text);

/// Returns the trimmed text, or nothing where nothing is left.
[[nodiscard]] std::optional<std::string_view> meant_text(std::string_view text);

/// Returns a source's own key, trimmed, or nothing where it is a word for "nothing" (standardise/identifier.h holds the
/// full rule; this one decides early, row by row, who a row is about).
[[nodiscard]] std::optional<std::string_view> meant_own_id(std::string_view text);

/// Returns a shared identifier, trimmed. One of one character all over stands for nothing; a source's own key may be
/// one: a counter does reach 1111.
[[nodiscard]] std::optional<std::string_view> meant_id(std::string_view text);

/// Returns an event's type by its standard name, given in lower case: Segment's e-commerce spec where it has one,
/// otherwise snake_case; nothing where it is empty.
[[nodiscard]] std::optional<std::string> standard_type(std::string_view lower);

/// Returns whether a written time tells its offset from UTC: then it is an instant, otherwise wall time.
[[nodiscard]] bool has_offset(std::string_view text);

}  // namespace hilo::ingest
