#include "cli/man_page.h"

#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/settings.h"
#include "app/version.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/command_tree.h"

namespace hilo::cli {
namespace {

using Described = std::pair<std::string_view, std::string_view>;

constexpr Described kEnvironment[] = {
    {"HILO_PAGER", "The command that shows long answers on a terminal; empty or `cat` = none."},
    {"PAGER", "The same, where HILO_PAGER is not set; left out, `less -FRX` where it is installed."},
    {"NO_COLOR", "Set to anything, no colours."},
    {"TERM", "Where it is `dumb` or not set: no colours, no bars, no pager but that of HILO_PAGER."},
};

constexpr Described kFiles[] = {
    {"hilo.yaml", "The settings of the workspace; where it stands is the workspace."},
    {"sources/*.sql", "One query for each table of a silo."},
    {"attributes/*.sql", "What is computed of every customer."},
    {"segments/*.sql", "Who belongs together."},
    {"log/", "Every row that was taken, and every version of the definitions. It only grows: back it up."},
    {"store/", "What is computed from the log; `hilo rebuild` makes it again."},
};

constexpr Described kExitCodes[] = {
    {"0", "Done."},
    {"1", "Your input is at fault; of `hilo doctor`, something is wrong."},
    {"2", "The command line is."},
    {"3", "A fault of ours or of the machine."},
    {"130", "Interrupted."},
};

std::string bold(std::string_view text) { return fmt::format("\\fB{}\\fR", roff_text(text)); }
std::string slanted(std::string_view text) { return fmt::format("\\fI{}\\fR", roff_text(text)); }

std::string section(std::string_view title) { return fmt::format(".SH {}\n", title); }

// Lines as they stand, in the letters of a terminal.
std::string verbatim(std::string_view text) {
  std::string out = ".PP\n.EX\n";
  for (const std::string_view line : split(text, '\n')) out += roff_text(line) + "\n";
  return out + ".EE\n";
}

std::string entry(const std::string& term, std::string_view text) {
  return ".TP\n" + term + "\n" + roff_text(text) + "\n";
}

std::string list(std::span<const Described> entries) {
  std::string out;
  for (const auto& [term, text] : entries) out += entry(bold(term), text);
  return out;
}

std::string on_one_line(std::string text) {
  for (char& c : text) c = c == '\n' ? ' ' : c;
  return text;
}

std::string option_entry(const CLI::Option& option) {
  std::string term;
  for (const std::string& name : spellings(option)) term += (term.empty() ? "" : ", ") + bold(name);
  if (takes_value(option)) term += " " + slanted(option.get_type_name());
  std::string text = on_one_line(option.get_description());
  if (!option.get_default_str().empty()) text += fmt::format(" [{}]", option.get_default_str());
  if (option.get_required()) text += " (needed)";
  return entry(term, text);
}

std::string argument_entry(const CLI::Option& option) {
  return entry(slanted(option.get_name()), on_one_line(option.get_description()));
}

// `-h` and `-C` are told once, of the program.
bool is_of_every_command(const CLI::Option& option) {
  return option.check_lname("help") || option.check_lname("workspace");
}

std::string usage(const CLI::App& command) {
  std::string line = bold(words_that_call(command));
  bool has_options = false;
  for (const CLI::Option* option : shown_options(command)) has_options = has_options || !is_of_every_command(*option);
  if (has_options) line += " [" + slanted("option") + " ...]";
  for (const CLI::Option* argument : arguments_of(command)) {
    const std::string name = slanted(argument->get_name()) + (takes_several(*argument) ? " ..." : "");
    line += " " + (argument->get_required() ? name : "[" + name + "]");
  }
  return line;
}

// The footer without the exit codes, which have a section of their own.
std::string_view examples(const std::string& footer) {
  const std::string_view text = footer;
  return trim(text.substr(0, text.find(kExitCodesTold)));
}

std::string command_section(const CLI::App& command) {
  const std::vector<const CLI::App*> parts = shown_commands(command);
  std::string out;
  if (parts.empty()) {
    out += fmt::format(".SS {}\n{}.\n", usage(command), roff_text(on_one_line(command.get_description())));
    for (const CLI::Option* argument : arguments_of(command)) out += argument_entry(*argument);
    for (const CLI::Option* option : shown_options(command)) {
      if (!is_of_every_command(*option)) out += option_entry(*option);
    }
    const std::string footer = command.get_footer();
    if (!examples(footer).empty()) out += verbatim(examples(footer));
  }
  for (const CLI::App* part : parts) out += command_section(*part);
  return out;
}

std::string settings_section() {
  std::string out =
      section("SETTINGS") + "Of " + bold("hilo.yaml") + "; the part of a key before the dot is the name of a group.\n";
  for (const app::SettingHelp& setting : app::settings_help())
    out += entry(bold(setting.key) + " (" + roff_text(setting.type) + ")", setting.help);
  return out;
}

}  // namespace

std::string roff_text(std::string_view text) {
  std::string out;
  bool starts_line = true;
  for (const char c : text) {
    if (starts_line && (c == '.' || c == '\'')) out += "\\&";
    starts_line = c == '\n';
    switch (c) {
      case '\\': out += "\\e"; break;
      case '-': out += "\\-"; break;
      case '\'': out += "\\(aq"; break;
      case '`': out += "\\(ga"; break;
      case '^': out += "\\(ha"; break;
      case '~': out += "\\(ti"; break;
      default: out += c;
    }
  }
  return out;
}

std::string man_page(const CLI::App& program) {
  std::string out = fmt::format(".TH HILO 1 \"\" \"Hilo {}\" \"User Commands\"\n", app::kVersion);
  out += section("NAME") + "hilo \\- a customer data platform: one thread per customer, through time\n";
  out += section("SYNOPSIS") + bold("hilo") + " [" + bold("-C") + " " + slanted("DIR") + "] " + slanted("COMMAND") +
         " [" + slanted("argument") + " ...]\n";
  out += section("DESCRIPTION") + roff_text(on_one_line(program.get_description())) + "\n";
  out += verbatim(program.get_footer());
  out += section("OPTIONS");
  for (const CLI::Option* option : shown_options(program)) out += option_entry(*option);
  out += section("COMMANDS");
  for (const CLI::App* command : shown_commands(program)) out += command_section(*command);
  out += settings_section();
  out += section("ENVIRONMENT") + list(kEnvironment);
  out += section("FILES") + list(kFiles);
  out += section("EXIT STATUS") + list(kExitCodes);
  out += section("SEE ALSO") + bold("less") + "(1)\n";
  return out;
}

}  // namespace hilo::cli
