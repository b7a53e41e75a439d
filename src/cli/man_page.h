// The manual page hilo(1), written from what the program's help says.
#pragma once

#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

namespace hilo::cli {

/// Returns the manual page of all commands that the help lists, of the settings and of the environment.
/// **Source**: man(7), the macros that groff and mandoc share.
[[nodiscard]] std::string man_page(const CLI::App& program);

/// Returns a text in which nothing is taken for a request or an escape of roff. **Ensures**: dashes are those of a
/// command line, which can be searched for and pasted.
[[nodiscard]] std::string roff_text(std::string_view text);

}  // namespace hilo::cli
