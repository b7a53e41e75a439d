#include "cli/command.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/text_table.h"
#include "base/text.h"
#include "cli/usage.h"

namespace hilo::cli {
namespace {

std::string json_error(const Error& error) {
  std::string out = fmt::format("{{\"code\": {}, \"message\": {}", app::json_text(code_name(error.code)),
                                app::json_text(error.message));
  if (!error.advice.empty()) out += fmt::format(", \"advice\": {}", app::json_text(error.advice));
  if (!error.position.file.empty()) {
    out += fmt::format(", \"file\": {}, \"line\": {}, \"column\": {}", app::json_text(error.position.file),
                       error.position.line, error.position.column);
  }
  return out + "}";
}

}  // namespace

std::string in_shell(const std::string& path) {
  const bool plain =
      path.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./") == std::string::npos;
  if (plain) return path;
  std::string quoted = "'";
  for (const char c : path) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string without_equals_sign(std::string value) {
  if (value.starts_with('=')) value.erase(0, 1);
  return value;
}

void add_workspace_option(CLI::App& app, Session& session) {
  app.add_option("-C,--workspace", session.folder, "The workspace: the folder with hilo.yaml, or one below it")
      ->type_name("DIR")
      ->transform(without_equals_sign)
      ->capture_default_str();
}

CLI::App* add_command(CLI::App& program, Session& session, const std::string& name, const std::string& what,
                      const std::string& examples) {
  CLI::App* command = program.add_subcommand(name, what)->group("Commands");
  add_workspace_option(*command, session);
  command->preparse_callback([&session, name](std::size_t /*arguments*/) { session.command = name; });
  command->footer("Examples:\n" + examples +
                  "\nExit code: 0 done, 1 your input, 2 usage, 3 a fault of ours or of the machine.");
  return command;
}

void add_json_option(CLI::App* command, Session& session) {
  command->add_flag("--json", session.json, "One JSON object, for programs");
}

void conclude(Session& session, const Status& outcome) {
  if (!outcome) conclude_all(session, {outcome.error()});
}

void conclude_all(Session& session, std::vector<Error> errors) {
  for (Error& error : errors) {
    if (error.code == ErrorCode::kUsage && error.advice.empty()) error.advice = help_advice(session.command);
  }
  for (const Error& error : errors) session.exit_code = std::max(session.exit_code, exit_code(error.code));
  if (session.json) {
    std::string list;
    for (const Error& error : errors) list += (list.empty() ? "" : ", ") + json_error(error);
    return print(fmt::format("{{\"errors\": [{}]}}\n", list));
  }
  // A bar that was being drawn must not share its line with the error.
  if (session.err.is_terminal) print_error("\r\x1b[K");
  for (const Error& error : errors) print_error(fmt::format("{} {}\n", session.err.red("error:"), error.text()));
  if (errors.size() > 1)
    print_error(fmt::format("{} found\n", counted(static_cast<std::int64_t>(errors.size()), "error")));
}

}  // namespace hilo::cli
