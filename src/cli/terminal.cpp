#include "cli/terminal.h"

#include <cstdio>
#include <cstdlib>
#include <limits>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <unistd.h>

#include "base/text.h"

namespace hilo::cli {
namespace {

std::string painted(const Terminal& terminal, std::string_view code, std::string_view text) {
  return terminal.colour ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

int width_of(UChar32 c) {
  if (c < 0 || u_charType(c) == U_NON_SPACING_MARK || u_charType(c) == U_ENCLOSING_MARK ||
      u_charType(c) == U_FORMAT_CHAR)
    return 0;
  const int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

}  // namespace

Terminal Terminal::of_descriptor(int descriptor) {
  Terminal terminal;
  terminal.is_terminal = ::isatty(descriptor) == 1;
  terminal.redraws = terminal.is_terminal && environment("TERM").value_or("dumb") != "dumb";
  terminal.colour = terminal.redraws && !environment("NO_COLOR");
  winsize size{};
  if (!terminal.is_terminal || ::ioctl(descriptor, TIOCGWINSZ, &size) != 0) return terminal;
  if (size.ws_col > 20) terminal.width = size.ws_col;
  terminal.height = size.ws_row;
  return terminal;
}

std::string Terminal::bold(std::string_view text) const { return painted(*this, "1", text); }
std::string Terminal::dim(std::string_view text) const { return painted(*this, "2", text); }
std::string Terminal::red(std::string_view text) const { return painted(*this, "31", text); }
std::string Terminal::green(std::string_view text) const { return painted(*this, "32", text); }

int display_width(std::string_view utf8) {
  int width = 0;
  const auto length = static_cast<std::int32_t>(utf8.size());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(utf8.data());
  for (std::int32_t at = 0; at < length;) {
    UChar32 c = 0;
    U8_NEXT(bytes, at, length, c);
    width += width_of(c);
  }
  return width;
}

std::size_t fitting_bytes(std::string_view utf8, int width) {
  const auto length = static_cast<std::int32_t>(utf8.size());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(utf8.data());
  std::int32_t at = 0;
  for (int used = 0; at < length;) {
    std::int32_t next = at;
    UChar32 c = 0;
    U8_NEXT(bytes, next, length, c);
    used += width_of(c);
    if (used > width) break;
    at = next;
  }
  return static_cast<std::size_t>(at);
}

std::string fit(std::string_view utf8, int width) {
  std::string out;
  int used = 0;
  const bool cut = display_width(utf8) > width;
  const int room = cut ? width - 1 : width;
  const auto length = static_cast<std::int32_t>(utf8.size());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(utf8.data());
  for (std::int32_t at = 0; at < length;) {
    const std::int32_t start = at;
    UChar32 c = 0;
    U8_NEXT(bytes, at, length, c);
    if (c >= 0 && u_charType(c) == U_CONTROL_CHAR) {
      if (used + 1 > room) break;
      out += ' ';
      ++used;
      continue;
    }
    // They would turn around whatever follows on the line.
    if (c >= 0 && u_hasBinaryProperty(c, UCHAR_BIDI_CONTROL)) continue;
    if (used + width_of(c) > room) break;
    out += utf8.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(at - start));
    used += width_of(c);
  }
  return cut ? out + "…" : out;
}

std::string harmless(std::string_view utf8) {
  std::string out;
  bool first = true;
  for (const std::string_view line : split(utf8, '\n')) {
    if (!first) out += '\n';
    first = false;
    out += fit(line, std::numeric_limits<int>::max());
  }
  return out;
}

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody writes to the environment
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }
bool finish_output() { return std::fflush(stdout) == 0 && std::ferror(stdout) == 0; }
void print_error(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

}  // namespace hilo::cli
