// What we write to: a person's terminal or a program's pipe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hilo::cli {

/// Colours and widths of one output stream, found out once at the start.
struct Terminal {
  bool is_terminal = false;
  bool redraws = false;  ///< a terminal that can go back in a line: TERM is set and is not dumb
  bool colour = false;   ///< redraws, and NO_COLOR is not set (no-color.org)
  int width = 100;
  int height = 0;  ///< lines; 0 = unknown, or no terminal

  [[nodiscard]] static Terminal of_descriptor(int descriptor);
  [[nodiscard]] std::string bold(std::string_view text) const;
  [[nodiscard]] std::string dim(std::string_view text) const;
  [[nodiscard]] std::string red(std::string_view text) const;
  [[nodiscard]] std::string green(std::string_view text) const;
};

/// Returns the number of terminal columns that a UTF-8 text takes (East Asian wide characters count two).
[[nodiscard]] int display_width(std::string_view utf8);
/// Returns how many bytes of a UTF-8 text fit into a width: whole characters only.
[[nodiscard]] std::size_t fitting_bytes(std::string_view utf8, int width);
/// Cuts a text to a width, with an ellipsis where something was cut; control characters become spaces, marks of
/// direction (U+202E ...) are left out.
[[nodiscard]] std::string fit(std::string_view utf8, int width);
/// Returns the whole of a text that others wrote, without what would act on the terminal: as `fit` has it, line breaks
/// kept.
[[nodiscard]] std::string harmless(std::string_view utf8);

/// Returns the value of an environment variable; nothing where it is not set or is empty.
/// **Requires**: nobody changes the environment meanwhile, which the program never does.
[[nodiscard]] std::optional<std::string> environment(const char* name);

void print(std::string_view text);        ///< to standard output
void print_error(std::string_view text);  ///< to standard error
[[nodiscard]] bool finish_output();       ///< returns whether all that was printed got through

}  // namespace hilo::cli
