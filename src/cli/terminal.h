// What we write to: a person's terminal or a program's pipe.
#pragma once

#include <string>
#include <string_view>

namespace hilo::cli {

/// Colours and widths of one output stream, found out once at the start.
struct Terminal {
  bool is_terminal = false;
  bool colour = false;  ///< a terminal, and NO_COLOR is not set (no-color.org)
  int width = 100;

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
/// Cuts a text to a width, with an ellipsis where something was cut; control characters become spaces.
[[nodiscard]] std::string fit(std::string_view utf8, int width);

void print(std::string_view text);        ///< to standard output
void print_error(std::string_view text);  ///< to standard error
[[nodiscard]] bool finish_output();       ///< returns whether all that was printed got through

}  // namespace hilo::cli
