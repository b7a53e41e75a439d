#include <fmt/format.h>

#include "app/version.h"
#include "cli/command.h"
#include "cli/usage.h"
#include "store/database.h"

namespace hilo::cli {
namespace {

void help(const CLI::App& program, Session& session, const std::string& topic) {
  if (topic.empty()) {
    // Not program.help(): that is the help of the command being run.
    return show(session, program.get_formatter()->make_help(&program, "hilo", CLI::AppFormatMode::Normal));
  }
  for (const CLI::App* command : program.get_subcommands({})) {
    if (command->get_name() == topic) return show(session, command->help("hilo"));
  }
  conclude(session, std::unexpected(unknown_command(program, topic)));
}

}  // namespace

std::string version_text() { return fmt::format("hilo {} (DuckDB {})", app::kVersion, store::engine_version()); }

void add_help(CLI::App& program, Session& session) {
  // Both are habits of other programs' users; the list of commands stays short without them.
  CLI::App* command = program.add_subcommand("help", "The help of the program or of a command")->group("");
  auto topic = std::make_shared<std::string>();
  command->add_option("COMMAND", *topic, "The command")->type_name("COMMAND");
  command->callback([&program, &session, topic] { help(program, session, *topic); });
  CLI::App* version = program.add_subcommand("version", "The versions of Hilo and of its engine")->group("");
  version->callback([] { print(version_text() + "\n"); });
}

}  // namespace hilo::cli
