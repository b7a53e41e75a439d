#include "cli/usage.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "base/text.h"

namespace hilo::cli {
namespace {

Error error_of(std::string message, std::string advice) {
  return Error{.code = ErrorCode::kUsage, .message = std::move(message), .advice = std::move(advice)};
}

bool is_option(std::string_view word) { return word.size() > 1 && word.starts_with('-'); }

// What the parser could not place, in the order in which it was written.
std::vector<std::string> left_over(const CLI::App& app) {
  std::vector<std::string> words = app.remaining(false);
  std::erase(words, "--");
  return words;
}

// The words that call a command: `segment list`; "" of the program itself.
std::string words_of(const CLI::App& program, const CLI::App& app) {
  if (&app == &program) return "";
  const CLI::App* parent = app.get_parent();
  return parent == nullptr || parent == &program ? app.get_name() : words_of(program, *parent) + " " + app.get_name();
}

std::string called(const CLI::App& program, const CLI::App& app) {
  return &app == &program ? "hilo" : "hilo " + words_of(program, app);
}

// The command that was called, or the part of one.
const CLI::App& innermost(const CLI::App& program) {
  const CLI::App* app = &program;
  for (auto below = app->get_subcommands(); !below.empty(); below = app->get_subcommands()) app = below.front();
  return *app;
}

Error unknown_option(const CLI::App& program, const CLI::App& app, const std::string& word) {
  const std::string option = word.substr(0, word.find('='));
  std::vector<std::string> known;
  for (const CLI::Option* each : app.get_options()) {
    for (const std::string& name : each->get_lnames()) known.push_back("--" + name);
  }
  // Every short option is one letter away from every other: a guess would be no help.
  const std::string guess = option.starts_with("--") ? did_you_mean(option, known) : "";
  return error_of(fmt::format("`{}` has no option '{}'{}", called(program, app), option, guess),
                  help_advice(words_of(program, app)));
}

// Only flags are converted, so what cannot be is a value that a flag was given: "Could not convert: --json = x".
Error flag_with_value(const std::string& text) {
  const std::size_t name = text.find("--");
  if (name == std::string::npos) return error_of(text, "");
  return error_of(fmt::format("{} takes no value", text.substr(name, text.find(' ', name) - name)), "");
}

Error misused_option(const CLI::App& app, const std::string& text) {
  // The parser names the option only in its text: "--as-of: 1 required DAY missing".
  const std::string name = text.substr(0, text.find(':'));
  const CLI::Option* option = name.starts_with('-') ? app.get_option_no_throw(name) : nullptr;
  if (option == nullptr) return error_of(text, "");
  return error_of(option->results().size() > 1 ? fmt::format("{} is given more than once", name)
                                               : fmt::format("{} needs a value", name),
                  "");
}

// A command that has parts was called without one that there is.
Error missing_part(const CLI::App& program, const CLI::App& app, const std::vector<std::string>& words) {
  const std::vector<std::string> parts = command_names(app);
  if (words.empty()) return error_of(fmt::format("`{}` needs one of: {}", called(program, app), join(parts, ", ")), "");
  return error_of(
      fmt::format("`{}` has no part '{}'{}", called(program, app), words.front(), did_you_mean(words.front(), parts)),
      "");
}

Error missing_argument(const CLI::App& program, const CLI::App& app, const std::string& text) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_required() && option->count() == 0)
      return error_of(fmt::format("`{}` needs {}", called(program, app), option->get_name()), "");
  }
  return error_of(text, "");
}

Error unexpected_arguments(const std::vector<std::string>& words) {
  std::string list;
  for (const std::string& word : words) list += fmt::format(" '{}'", word);
  return error_of(fmt::format("unexpected {}{}", words.size() == 1 ? "argument" : "arguments", list), "");
}

}  // namespace

std::vector<std::string> command_names(const CLI::App& program) {
  std::vector<std::string> names;
  for (const CLI::App* command : program.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::string help_advice(const std::string& command) {
  return command.empty() ? "`hilo --help` lists the commands." : fmt::format("`hilo {} --help` shows how.", command);
}

Error unknown_command(const CLI::App& program, const std::string& word) {
  return error_of(fmt::format("there is no command '{}'{}", word, did_you_mean(word, command_names(program))),
                  help_advice(""));
}

bool names_no_command(const CLI::App& program) {
  return program.get_subcommands().empty() && !std::ranges::all_of(left_over(program), is_option);
}

Error usage_error(const CLI::App& program, const CLI::ParseError& failure) {
  const std::vector<std::string> words = left_over(program);
  const auto word = std::ranges::find_if_not(words, is_option);
  // What stands before the command is at fault first: what follows was read in its light.
  if (word != words.end()) return unknown_command(program, *word);
  const std::vector<CLI::App*> commands = program.get_subcommands();
  if (!words.empty()) {
    const std::string& option = words.front();
    Error error = unknown_option(program, program, option);
    if (!commands.empty() && commands.front()->get_option_no_throw(option) != nullptr)
      error.advice = fmt::format("Write it after the command: `hilo {} {}`.", commands.front()->get_name(), option);
    return error;
  }
  const CLI::App& app = innermost(program);
  const std::vector<std::string> extra = left_over(app);
  const auto option = std::ranges::find_if(extra, is_option);
  if (option != extra.end()) return unknown_option(program, app, *option);
  Error error = [&] {
    if (&app != &program && !command_names(app).empty()) return missing_part(program, app, extra);
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&failure) != nullptr) return misused_option(app, failure.what());
    if (dynamic_cast<const CLI::ConversionError*>(&failure) != nullptr) return flag_with_value(failure.what());
    if (dynamic_cast<const CLI::RequiredError*>(&failure) != nullptr) {
      return commands.empty() ? error_of("no command was given", "") : missing_argument(program, app, failure.what());
    }
    return extra.empty() ? error_of(failure.what(), "") : unexpected_arguments(extra);
  }();
  error.advice = help_advice(words_of(program, app));
  return error;
}

bool asks_for_json(const std::vector<std::string>& arguments) {
  const auto end = std::ranges::find(arguments, "--");
  return std::find(arguments.begin(), end, "--json") != end;
}

}  // namespace hilo::cli
