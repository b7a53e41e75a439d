// hilo: the program. Decodes the command line, calls a use case, encodes its answer.
#include <clocale>
#include <csignal>
#include <string>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "app/version.h"
#include "cli/command.h"
#include "store/database.h"

int main(int argc, char** argv) {
  hilo::cli::Session session;
  session.out = hilo::cli::Terminal::of_descriptor(STDOUT_FILENO);
  session.err = hilo::cli::Terminal::of_descriptor(STDERR_FILENO);
  CLI::App program(
      "Hilo keeps one thread per customer: it gathers a retailer's data from every silo, works out who is who,\n"
      "and keeps every customer's whole history, as of any day.");
  program.name("hilo");
  program.set_version_flag(
      "--version", "hilo " + std::string(hilo::app::kVersion) + " (DuckDB " + hilo::store::engine_version() + ")");
  program.require_subcommand(1);
  program.footer(
      "Start with:\n  hilo init shop && cd shop\n  hilo run\n  hilo customer ana@ruiz.es\n\n`hilo COMMAND --help` "
      "tells more, with examples.");
  hilo::cli::add_init(program, session);
  hilo::cli::add_check(program, session);
  hilo::cli::add_run(program, session);
  hilo::cli::add_rebuild(program, session);
  hilo::cli::add_customer(program, session);
  hilo::cli::add_snapshot(program, session);
  hilo::cli::add_rejects(program, session);
  hilo::cli::add_sql(program, session);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& failure) {
    const bool asked = failure.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success);
    program.exit(failure);
    return asked ? 0 : 2;
  }
  return session.exit_code;
}
