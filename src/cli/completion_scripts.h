// The scripts that connect a shell's Tab key with `hilo complete`.
#pragma once

#include <string_view>

namespace hilo::cli {

/// Returns the script for a shell, "bash" or "zsh", or "" for any other.
[[nodiscard]] std::string_view completion_script(std::string_view shell);

}  // namespace hilo::cli
