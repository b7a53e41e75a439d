// hilo: the program. Decodes the command line, calls a use case, encodes its answer.
#include <sstream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "cli/command.h"
#include "cli/usage.h"

int main(int argc, char** argv) {
  hilo::cli::Session session;
  session.out = hilo::cli::Terminal::of_descriptor(STDOUT_FILENO);
  session.err = hilo::cli::Terminal::of_descriptor(STDERR_FILENO);
  CLI::App program(
      "Hilo keeps one thread per customer: it gathers a retailer's data from every silo, works out who is who,\n"
      "and keeps every customer's whole history, as of any day.");
  program.name("hilo");
  program.set_version_flag("-V,--version", hilo::cli::version_text());
  hilo::cli::add_workspace_option(program, session);
  program.require_subcommand(1);
  program.get_formatter()->label("SUBCOMMAND", "COMMAND");
  program.footer(
      "Start with:\n  hilo init shop && cd shop\n  # describe a source, as sources/README.md shows\n  hilo run\n"
      "  hilo customer ana@ruiz.es\n\nWithout data of your own:\n  hilo generate -o toys && cd toys && hilo "
      "run\n\n`hilo COMMAND --help` tells more, with examples.");
  hilo::cli::add_init(program, session);
  hilo::cli::add_generate(program, session);
  hilo::cli::add_check(program, session);
  hilo::cli::add_run(program, session);
  hilo::cli::add_rebuild(program, session);
  hilo::cli::add_verify(program, session);
  hilo::cli::add_customer(program, session);
  hilo::cli::add_segment(program, session);
  hilo::cli::add_attribute(program, session);
  hilo::cli::add_timeline(program, session);
  hilo::cli::add_snapshot(program, session);
  hilo::cli::add_export(program, session);
  hilo::cli::add_rejects(program, session);
  hilo::cli::add_sql(program, session);
  hilo::cli::add_status(program, session);
  hilo::cli::add_erase(program, session);
  hilo::cli::add_doctor(program, session);
  hilo::cli::add_completion(program, session);
  hilo::cli::add_man(program, session);
  hilo::cli::add_help(program, session);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& failure) {
    const bool asked = failure.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success);
    if (asked && !hilo::cli::names_no_command(program)) {
      std::ostringstream text;
      static_cast<void>(program.exit(failure, text, text));
      hilo::cli::show(session, text.str());
      return hilo::cli::finish_output() ? session.exit_code : hilo::exit_code(hilo::ErrorCode::kIo);
    }
    session.json = hilo::cli::asks_for_json(std::vector<std::string>(argv + 1, argv + argc));
    hilo::cli::conclude(session, std::unexpected(hilo::cli::usage_error(program, failure)));
  }
  // A disk that is full shows itself only now.
  if (!hilo::cli::finish_output()) {
    session.json = false;
    hilo::cli::conclude(session, hilo::fail(hilo::ErrorCode::kIo, "the output cannot be written: it is cut short"));
  }
  return session.exit_code;
}
