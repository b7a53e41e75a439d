#include "cli/command.h"
#include "cli/man_page.h"

namespace hilo::cli {

void add_man(CLI::App& program, Session& /*session*/) {
  // Whoever installs the program asks for it; whoever uses it types `man hilo`.
  CLI::App* command = program.add_subcommand("man", "The manual page, for man -l -")->group("");
  command->callback([&program] { print(man_page(program)); });
}

}  // namespace hilo::cli
