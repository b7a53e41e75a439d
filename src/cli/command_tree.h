// The commands and options as the parser knows them, read by all that describes them: completion and the manual page.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

namespace hilo::cli {

/// Returns the commands of the program, or the parts of a command, that its help lists, in its order.
[[nodiscard]] std::vector<const CLI::App*> shown_commands(const CLI::App& app);
/// Returns the options that the help lists, in its order.
[[nodiscard]] std::vector<const CLI::Option*> shown_options(const CLI::App& app);
/// Returns the arguments without a name, in their order.
[[nodiscard]] std::vector<const CLI::Option*> arguments_of(const CLI::App& app);
/// Returns how an option is written: {"-o", "--output"}.
[[nodiscard]] std::vector<std::string> spellings(const CLI::Option& option);
[[nodiscard]] bool takes_value(const CLI::Option& option);
[[nodiscard]] bool takes_several(const CLI::Option& option);
/// Returns the words that call a command: `hilo segment list`, `hilo` of the program itself.
[[nodiscard]] std::string words_that_call(const CLI::App& app);

/// What may stand for a value. The type's name in the help says it: alternatives parted by `|`, in capitals a kind of
/// thing (SEGMENT, ATTRIBUTE, TABLE, COMMAND, DIR, FILE; others are free), else a word to be written as it is.
struct ValueType {
  std::vector<std::string> words;
  bool segments = false;
  bool attributes = false;
  bool tables = false;
  bool commands = false;
  bool folders = false;
  bool files = false;
};
[[nodiscard]] ValueType value_type(const CLI::Option& option);

}  // namespace hilo::cli
