#include "expr/definition.h"

#include <algorithm>

#include "base/text.h"

namespace hilo::expr {
namespace {

bool is_key_byte(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

// Returns the length of the key that begins at `at` (without its colon), or 0 when none does.
std::size_t key_length(std::string_view line, std::size_t at) {
  std::size_t end = at;
  while (end < line.size() && is_key_byte(line[end])) ++end;
  if (end == at || end >= line.size() || line[end] != ':') return 0;
  const bool ends_well = end + 1 == line.size() || line[end + 1] == ' ' || line[end + 1] == '\t';
  return ends_well ? end - at : 0;
}

// Returns where the next key begins: after two spaces or more, or a tab; npos when there is none.
std::size_t next_key(std::string_view line, std::size_t from) {
  for (std::size_t at = from; at < line.size(); ++at) {
    const bool gap =
        at >= 2 && (line[at - 1] == '\t' || (line[at - 1] == ' ' && (line[at - 2] == ' ' || line[at - 2] == '\t')));
    if (gap && key_length(line, at) > 0) return at;
  }
  return std::string_view::npos;
}

void read_line(std::string_view line, std::size_t at, int number, std::vector<HeaderField>& fields) {
  while (at != std::string_view::npos) {
    const std::size_t length = key_length(line, at);
    const std::size_t value_from = at + length + 1;
    const std::size_t next = next_key(line, value_from);
    fields.push_back({std::string(line.substr(at, length)),
                      std::string(trim(line.substr(value_from, std::min(next, line.size()) - value_from))), number,
                      static_cast<int>(at) + 1});
    at = next;
  }
}

}  // namespace

std::vector<HeaderField> read_header(std::string_view text) {
  std::vector<HeaderField> fields;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  int number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    const std::size_t start = line.find_first_not_of(" \t\r");
    if (start == std::string_view::npos) continue;
    if (!line.substr(start).starts_with("--")) break;
    const std::string_view whole = line.substr(0, line.find_last_not_of(" \t\r") + 1);
    const std::size_t at = whole.find_first_not_of(" \t", start + 2);
    if (at != std::string_view::npos && key_length(whole, at) > 0) read_line(whole, at, number, fields);
  }
  return fields;
}

}  // namespace hilo::expr
