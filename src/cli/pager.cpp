#include "cli/pager.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/result.h"
#include "base/text.h"
#include "cli/interrupt.h"

namespace hilo::cli {
namespace {

// Leave at once what fits on the screen, show colours, and keep on the screen what was read.
constexpr const char* kLessOptions = "FRX";

// A value that is set to nothing says something here, unlike elsewhere: no pager.
std::optional<std::string> as_set(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody writes to the environment
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

bool is_on_path(std::string_view program) {
  const std::string path = environment("PATH").value_or("/usr/bin:/bin");
  return std::ranges::any_of(split(path, ':'), [&](std::string_view folder) {
    const std::string file = std::string(folder.empty() ? "." : folder) + "/" + std::string(program);
    return ::access(file.c_str(), X_OK) == 0;
  });
}

// While it lives, Ctrl-C is the pager's, and a pager that was left early is no reason to die.
class SignalsAside {
 public:
  SignalsAside() {
    struct sigaction ignore{};
    ignore.sa_handler = SIG_IGN;
    for (std::size_t at = 0; at < kSignals.size(); ++at)
      HILO_CHECK(::sigaction(kSignals[at], &ignore, &former_[at]) == 0);
  }
  ~SignalsAside() {
    for (std::size_t at = 0; at < kSignals.size(); ++at)
      HILO_CHECK(::sigaction(kSignals[at], &former_[at], nullptr) == 0);
  }
  SignalsAside(const SignalsAside&) = delete;
  SignalsAside& operator=(const SignalsAside&) = delete;
  SignalsAside(SignalsAside&&) = delete;
  SignalsAside& operator=(SignalsAside&&) = delete;

  static constexpr std::array<int, 3> kSignals = {SIGINT, SIGQUIT, SIGPIPE};

 private:
  std::array<struct sigaction, 3> former_{};
};

// Our environment, with what makes `less` and `lv` show colours where the user says nothing else.
std::vector<std::string> pager_environment() {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) variables.emplace_back(*variable);
  if (!as_set("LESS")) variables.push_back(std::string("LESS=") + kLessOptions);
  if (!as_set("LV")) variables.emplace_back("LV=-c");
  return variables;
}

// Starts the shell with the command; returns its process, or -1. `input` is what it reads from.
pid_t start(const std::string& command, int input) {
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};
  sigset_t defaults{};
  HILO_CHECK(::posix_spawn_file_actions_init(&files) == 0 && ::posix_spawnattr_init(&attributes) == 0);
  HILO_CHECK(::posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO) == 0);
  HILO_CHECK(::sigemptyset(&defaults) == 0);
  for (const int signal : SignalsAside::kSignals) HILO_CHECK(::sigaddset(&defaults, signal) == 0);
  HILO_CHECK(::posix_spawnattr_setsigdefault(&attributes, &defaults) == 0);
  HILO_CHECK(::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF) == 0);
  std::vector<std::string> variables = pager_environment();
  std::vector<char*> pointers;
  for (std::string& variable : variables) pointers.push_back(variable.data());
  pointers.push_back(nullptr);
  // A plain command takes the shell's place: a shell that stayed would die of a Ctrl-C that the pager only heard of.
  const bool is_plain = command.find_first_of("|&;<>()$`\\\"'*?[#~=%\n") == std::string::npos;
  std::array<std::string, 3> words = {"sh", "-c", (is_plain ? "exec " : "") + command};
  std::array<char*, 4> arguments = {words[0].data(), words[1].data(), words[2].data(), nullptr};
  pid_t process = -1;
  if (::posix_spawn(&process, "/bin/sh", &files, &attributes, arguments.data(), pointers.data()) != 0) process = -1;
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&files);
  return process;
}

void write_until_left(int output, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(output, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return;  // the pager was left before it had read everything
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

// The shell's own words for a command that is not there or cannot be run.
constexpr int kExitCannotRun = 126;
constexpr int kExitNotFound = 127;

Paged outcome(int status) {
  if (WIFSIGNALED(status)) return WTERMSIG(status) == SIGINT ? Paged::kInterrupted : Paged::kRead;
  switch (WEXITSTATUS(status)) {
    case kExitCannotRun:
    case kExitNotFound: return Paged::kNotStarted;
    case kExitInterrupted: return Paged::kInterrupted;
    default: return Paged::kRead;
  }
}

}  // namespace

PagerChoice pager_choice() {
  return {.hilo_pager = as_set("HILO_PAGER"),
          .pager = as_set("PAGER"),
          .less_found = is_on_path("less"),
          .dumb = environment("TERM").value_or("dumb") == "dumb"};
}

std::string pager_command(const PagerChoice& choice) {
  const auto chosen = [](const std::string& command) {
    const std::string_view words = trim(command);
    return words == "cat" ? std::string() : std::string(words);
  };
  if (choice.hilo_pager) return chosen(*choice.hilo_pager);
  if (choice.dumb) return "";
  if (choice.pager) return chosen(*choice.pager);
  return choice.less_found ? std::string("less -") + kLessOptions : "";
}

int lines_taken(std::string_view text, int width) {
  int lines = 0;
  if (text.ends_with('\n')) text.remove_suffix(1);
  for (const std::string_view line : split(text, '\n')) {
    int columns = 0;
    for (std::size_t at = 0; at < line.size();) {
      const std::size_t escape = std::min(line.find('\x1b', at), line.size());
      columns += display_width(line.substr(at, escape - at));
      const std::size_t end = line.find('m', escape);
      at = end == std::string_view::npos ? line.size() : end + 1;
    }
    lines += std::max(1, (columns + width - 1) / std::max(1, width));
  }
  return lines;
}

Paged page(std::string_view text, const std::string& command) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return Paged::kNotStarted;
  const SignalsAside aside;
  const pid_t process = start(command, ends[0]);
  ::close(ends[0]);
  if (process > 0) write_until_left(ends[1], text);
  ::close(ends[1]);
  if (process <= 0) return Paged::kNotStarted;
  int status = 0;
  while (::waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) return Paged::kRead;
  }
  return outcome(status);
}

}  // namespace hilo::cli
