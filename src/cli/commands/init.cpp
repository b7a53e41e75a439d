#include "app/init.h"

#include <fmt/format.h>

#include "cli/command.h"

namespace hilo::cli {
void add_init(CLI::App& program, Session& session) {
  CLI::App* command = add_command(program, session, "init", "Make a commented workspace",
                                  "  hilo init shop\n  hilo init -C /srv shop\n");
  auto folder = std::make_shared<std::string>();
  command->add_option("DIR", *folder, "The folder to make, within that of -C")->type_name("DIR")->required();
  command->callback([&session, folder] {
    const std::filesystem::path path = (std::filesystem::path(session.folder) / *folder).lexically_normal();
    const auto written = app::init_workspace(path);
    if (!written) return conclude(session, std::unexpected(written.error()));
    print(fmt::format("Made the workspace {}:\n", session.out.bold(path.string())));
    for (const std::string& file : *written) print(fmt::format("  {}\n", file));
    print(fmt::format(
        "\nNext: describe your first source as sources/README.md shows, then\n  hilo check -C {0}\n  hilo run -C {0}\n",
        in_shell(path.string())));
  });
}

}  // namespace hilo::cli
