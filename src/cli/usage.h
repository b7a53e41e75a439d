// What is wrong with a command line, said as every other error is.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/result.h"

namespace hilo::cli {

/// Returns the names of the program's commands, in the order of its help.
[[nodiscard]] std::vector<std::string> command_names(const CLI::App& program);
/// Returns the error of a word that stands where a command should and names none.
[[nodiscard]] Error unknown_command(const CLI::App& program, const std::string& word);
/// Returns whether a word stands where a command should and names none, so that help on it would mislead.
[[nodiscard]] bool names_no_command(const CLI::App& program);
/// Translates what the parser did not accept. **Ensures**: kUsage, with advice that names the command's help.
[[nodiscard]] Error usage_error(const CLI::App& program, const CLI::ParseError& failure);
/// Returns the advice of a usage error in a command: "`hilo check --help` shows how."
[[nodiscard]] std::string help_advice(const std::string& command);
/// Returns whether a program asked, by --json before any `--`. The parser cannot tell once it has failed.
[[nodiscard]] bool asks_for_json(const std::vector<std::string>& arguments);

}  // namespace hilo::cli
