#include "cli/command.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <unicode/utf8.h>

#include "app/text_table.h"
#include "base/text.h"
#include "cli/interrupt.h"
#include "cli/pager.h"
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

// Returns the text with the start alone of each word that is too long to be read.
std::string without_long_words(std::string_view text) {
  constexpr std::size_t kWordBytesMax = 1'000;
  constexpr std::size_t kStartBytes = 60;
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    std::int32_t kept = end > kWordBytesMax ? kStartBytes : static_cast<std::int32_t>(end);
    if (static_cast<std::size_t>(kept) < end)
      U8_TRUNCATE_IF_INCOMPLETE(reinterpret_cast<const std::uint8_t*>(text.data()), 0, kept);
    out += text.substr(0, static_cast<std::size_t>(kept));
    if (static_cast<std::size_t>(kept) < end) {
      out += fmt::format("... ({} bytes)", with_separators(static_cast<std::int64_t>(end)));
    }
    text.remove_prefix(end);
    const std::size_t next = std::min(text.find_first_not_of(" \n"), text.size());
    out += text.substr(0, next);
    text.remove_prefix(next);
  }
  return out;
}

}  // namespace

void show(Session& session, std::string_view answer) {
  const Terminal& terminal = session.out;
  const bool is_long = terminal.height > 0 && lines_taken(answer, terminal.width) >= terminal.height;
  const std::string command = is_long && !session.json ? pager_command(pager_choice()) : "";
  if (command.empty()) return print(answer);
  switch (page(answer, command)) {
    case Paged::kRead: return;
    case Paged::kInterrupted: session.exit_code = kExitInterrupted; return;
    case Paged::kNotStarted: return print(answer);
  }
}

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
  command->footer("Examples:\n" + examples + "\n" + std::string(kExitCodesTold));
  return command;
}

void add_json_option(CLI::App* command, Session& session) {
  command->add_flag("--json", session.json, "One JSON object, for programs");
}

std::shared_ptr<std::string> add_now_option(CLI::App* command, const std::string& what) {
  auto now = std::make_shared<std::string>();
  command->add_option("--now", *now, what)->type_name("INSTANT");
  return now;
}

Result<std::unique_ptr<Clock>> clock_at(const std::string& now) {
  if (now.empty()) return std::make_unique<SystemClock>();
  Result<Instant> instant = parse_instant(now);
  if (!instant) {
    instant.error().code = ErrorCode::kUsage;
    return std::unexpected(instant.error());
  }
  return std::make_unique<FixedClock>(*instant);
}

void conclude(Session& session, const Status& outcome) {
  if (!outcome) conclude_all(session, {outcome.error()});
}

void conclude_all(Session& session, std::vector<Error> errors) {
  for (Error& error : errors) {
    if (error.code == ErrorCode::kUsage && error.advice.empty()) error.advice = help_advice(session.command);
    error.message = without_long_words(error.message);
    error.advice = without_long_words(error.advice);
  }
  for (const Error& error : errors) session.exit_code = std::max(session.exit_code, exit_code(error.code));
  if (session.json) {
    std::string list;
    for (const Error& error : errors) list += (list.empty() ? "" : ", ") + json_error(error);
    return print(fmt::format("{{\"errors\": [{}]}}\n", list));
  }
  // A bar that was being drawn must not share its line with the error.
  if (session.err.redraws) print_error("\r\x1b[K");
  for (const Error& error : errors)
    print_error(fmt::format("{} {}\n", session.err.red("error:"), harmless(error.text())));
  if (errors.size() > 1)
    print_error(fmt::format("{} found\n", counted(static_cast<std::int64_t>(errors.size()), "error")));
}

Result<std::optional<Date>> day_of(const std::string& text) {
  if (text.empty()) return std::nullopt;
  Result<Date> day = parse_date(text);
  if (!day) {
    day.error().code = ErrorCode::kUsage;
    return std::unexpected(std::move(day).error());
  }
  return *day;
}

}  // namespace hilo::cli
