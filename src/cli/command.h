// What every command has: where the workspace is, how to say that it failed.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/workspace.h"
#include "base/result.h"
#include "base/time.h"
#include "cli/terminal.h"

namespace hilo::cli {

/// Options that commands share, and what they write to.
struct Session {
  std::string folder = ".";  ///< -C DIR
  std::string command;       ///< the command being run; "" before it is known
  std::string known_on;      ///< --known-on DAY, of questions that may be asked so; "" = as known now
  bool json = false;
  Terminal out;
  Terminal err;
  int exit_code = 0;  ///< set by the command
};

/// What the help of every command ends with.
inline constexpr std::string_view kExitCodesTold =
    "Exit code: 0 done, 1 your input, 2 usage, 3 a fault of ours or of the machine.";

/// Adds the commands to the program. Each file of cli/commands/ holds one.
void add_init(CLI::App& program, Session& session);
void add_generate(CLI::App& program, Session& session);
void add_check(CLI::App& program, Session& session);
void add_run(CLI::App& program, Session& session);
void add_rebuild(CLI::App& program, Session& session);
void add_verify(CLI::App& program, Session& session);
void add_customer(CLI::App& program, Session& session);
void add_snapshot(CLI::App& program, Session& session);
void add_rejects(CLI::App& program, Session& session);
void add_export(CLI::App& program, Session& session);
void add_segment(CLI::App& program, Session& session);
void add_attribute(CLI::App& program, Session& session);
void add_timeline(CLI::App& program, Session& session);
void add_sql(CLI::App& program, Session& session);
void add_erase(CLI::App& program, Session& session);
void add_status(CLI::App& program, Session& session);
void add_doctor(CLI::App& program, Session& session);
/// Adds `completion`, and `complete` that its scripts ask.
void add_completion(CLI::App& program, Session& session);
/// Adds `man`, which the list of commands does not show.
void add_man(CLI::App& program, Session& session);
/// Adds `help` and `version`, which the list of commands does not show.
void add_help(CLI::App& program, Session& session);

/// Returns the versions of the program and of its engine on one line.
[[nodiscard]] std::string version_text();
/// Adds -C, which may stand before the command or after it.
void add_workspace_option(CLI::App& app, Session& session);
/// Makes a subcommand with -C and, for some, --json; the body's errors are printed and become the exit code.
CLI::App* add_command(CLI::App& program, Session& session, const std::string& name, const std::string& what,
                      const std::string& examples);
void add_json_option(CLI::App* command, Session& session);
/// Adds --now, which is told as `what`. **Returns**: what it was given, "" where it was left out; see `clock_at`.
[[nodiscard]] std::shared_ptr<std::string> add_now_option(CLI::App* command, const std::string& what);
/// Returns a clock that stands at the instant given by --now, and the machine's for "". **Errors**: kUsage.
[[nodiscard]] Result<std::unique_ptr<Clock>> clock_at(const std::string& now);
/// Returns the value of an option written `-C=shop`: the parser takes the sign for a part of it.
[[nodiscard]] std::string without_equals_sign(std::string value);

/// Prints an answer for people: through a pager where standard output is a terminal that it does not fit on, and
/// --json does not ask for another form. A pager that cannot be started, or none, is no error: the answer is printed.
void show(Session& session, std::string_view answer);

/// Returns a file's or a folder's name as a shell reads it back.
[[nodiscard]] std::string in_shell(const std::string& path);

/// Ends a command: prints its errors to standard error (as JSON to standard output with --json), sets the exit code. Of
/// a word of more than 1,000 bytes, which no screen is there for, only the start is printed.
void conclude(Session& session, const Status& outcome);
void conclude_all(Session& session, std::vector<Error> errors);

/// Reads the day that an option gives; nothing where it was left out. **Errors**: kUsage.
[[nodiscard]] Result<std::optional<Date>> day_of(const std::string& text);

}  // namespace hilo::cli
