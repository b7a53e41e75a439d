// The program's version, as --version, the log and errors show it.
#pragma once

#include <string_view>

namespace hilo::app {

inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace hilo::app
