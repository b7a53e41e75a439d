// Long answers on a terminal: one screen at a time, by the pager that the user has.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/terminal.h"

namespace hilo::cli {

/// What the environment says of pagers.
struct PagerChoice {
  std::optional<std::string> hilo_pager = {};  ///< HILO_PAGER; set and empty = no pager
  std::optional<std::string> pager = {};       ///< PAGER, likewise
  bool less_found = false;                     ///< `less` is on PATH
  bool dumb = false;                           ///< TERM is dumb or not set
};

/// Reads the environment.
[[nodiscard]] PagerChoice pager_choice();
/// Returns the shell command of the pager, or "" for none: HILO_PAGER, else PAGER, else `less -FRX`. `cat` is none. A
/// dumb terminal gets one only by HILO_PAGER.
[[nodiscard]] std::string pager_command(const PagerChoice& choice);

/// Returns how many lines a text takes on a terminal of that width; escape sequences for colours take no room.
[[nodiscard]] int lines_taken(std::string_view text, int width);

/// How the pager ended.
enum class Paged : unsigned char {
  kRead,         ///< the user is done with it, whether or not all was read
  kInterrupted,  ///< Ctrl-C ended the pager
  kNotStarted,   ///< the command cannot be run: nothing was shown
};
/// Shows a text through a pager and waits until the user leaves it. Ctrl-C is the pager's alone meanwhile.
[[nodiscard]] Paged page(std::string_view text, const std::string& command);

}  // namespace hilo::cli
