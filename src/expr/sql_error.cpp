#include "expr/sql_error.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace hilo::expr {
namespace {

// "Binder Error: ", "Out of Range Error: ": what stands before the sentence.
std::string_view without_kind(std::string_view message) {
  constexpr std::string_view kMark = " Error: ";
  const std::size_t at = message.find(kMark);
  constexpr std::size_t kLongestKind = 32;
  return at < kLongestKind ? message.substr(at + kMark.size()) : message;
}

// The engine counts the caret's column in characters; a tab counts nothing.
std::size_t bytes_of(std::string_view line, std::size_t characters) {
  std::size_t at = 0;
  while (at < line.size()) {
    if (line[at] != '\t') {
      if (characters == 0) break;
      --characters;
    }
    ++at;
    while (at < line.size() && (static_cast<unsigned char>(line[at]) & 0xC0U) == 0x80U) ++at;
  }
  return at;
}

// The engine quotes "LINE n: text" and a caret below it. Long lines are cut to a window, marked by "..." at either end.
std::optional<std::size_t> caret_offset(std::string_view message, std::string_view statement) {
  const std::size_t line_at = message.rfind("\nLINE ");
  if (line_at == std::string_view::npos) return std::nullopt;
  const std::string_view quoted = message.substr(line_at + 1);
  const std::size_t line_end = quoted.find('\n');
  const std::size_t caret = quoted.find('^', line_end == std::string_view::npos ? quoted.size() : line_end);
  const std::size_t colon = quoted.find(": ");
  if (caret == std::string_view::npos || colon == std::string_view::npos || colon > line_end) return std::nullopt;

  std::size_t number = 0;
  std::from_chars(quoted.data() + 5, quoted.data() + colon, number);
  std::size_t start = 0;
  for (std::size_t line = 1; line < number; ++line) {
    start = statement.find('\n', start);
    if (start == std::string_view::npos) return std::nullopt;
    ++start;
  }
  const std::string_view line = statement.substr(start, statement.find('\n', start) - start);
  std::string_view window = quoted.substr(colon + 2, line_end - colon - 2);
  const std::size_t caret_column = caret - line_end - 1;
  if (caret_column < colon + 2) return std::nullopt;
  std::size_t into = bytes_of(window, caret_column - colon - 2);
  if (window.starts_with("...")) {
    window.remove_prefix(3);
    into = into >= 3 ? into - 3 : 0;
    if (window.ends_with("...")) window.remove_suffix(3);
    const std::size_t found = line.find(window);
    return found == std::string_view::npos ? std::nullopt : std::optional(start + found + into);
  }
  return start + std::min(into, line.size());
}

// With the setting errors_as_json, the message is `Binder Error: {"exception_message": ..., "position": "7", ...}`.
std::optional<SqlError> read_json_error(std::string_view message) {
  const std::size_t brace = message.find('{');
  if (brace == std::string_view::npos) return std::nullopt;
  const nlohmann::json object = nlohmann::json::parse(message.substr(brace), nullptr, false);
  if (!object.is_object() || !object.contains("exception_message")) return std::nullopt;
  SqlError error;
  error.message = object.value("exception_message", std::string());
  const std::string position = object.value("position", std::string());
  std::size_t offset = 0;
  const auto [end, code] = std::from_chars(position.data(), position.data() + position.size(), offset);
  if (code == std::errc() && end != position.data()) error.offset = offset;
  return error;
}

// The first sentence, on one line.
std::string shorten(std::string_view text) {
  constexpr std::array<std::string_view, 5> kEnds = {"\nCandidate", "\n\tCandidate", "\nDid you mean", "\nLINE ",
                                                     " You might need to"};
  for (const std::string_view end : kEnds) text = text.substr(0, text.find(end));
  std::string line;
  bool space = false;
  for (const char c : trim(text)) {
    if (c == '\n' || c == '\t' || c == '\r' || c == ' ') {
      space = true;
      continue;
    }
    if (space && !line.empty()) line += ' ';
    space = false;
    line += c;
  }
  while (line.ends_with('.') || line.ends_with('!')) line.pop_back();
  return line;
}

}  // namespace

SqlError read_sql_error(std::string_view engine_message, std::string_view statement) {
  if (std::optional<SqlError> error = read_json_error(engine_message)) {
    error->message = shorten(error->message);
    return *error;
  }
  return {shorten(without_kind(engine_message)), caret_offset(engine_message, statement)};
}

}  // namespace hilo::expr
