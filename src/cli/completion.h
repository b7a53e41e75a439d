// What may stand at the cursor of a command line: the answer to the shell's Tab key.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

namespace hilo::cli {

/// One word that may stand there, and what it means; `what` may be empty.
struct Candidate {
  std::string word;
  std::string what;
};

struct Completions {
  std::vector<Candidate> candidates;  ///< all begin with what was typed, in the order of the help
  bool files = false;                 ///< so may the name of a file, which the shell knows best
  bool folders = false;               ///< or that of a folder
};

/// Where names come from that only a workspace knows. `folder`: as -C names it.
struct NameSources {
  std::function<std::vector<std::string>(const std::string& folder)> segments;
  std::function<std::vector<std::string>(const std::string& folder)> attributes;
  std::function<std::vector<std::string>()> tables;
};

/// Completes the last of `words`, which follow the program's name and may be empty; the others are taken as written.
/// Options are offered where a word begins with a dash, and where nothing else is left to say.
[[nodiscard]] Completions complete(const CLI::App& program, const std::vector<std::string>& words,
                                   const NameSources& names);

/// Returns a word without the quotes and backslashes of a shell, one that is still open included. Nothing in it is
/// expanded, but a `~/` at its beginning where `home` is not empty.
[[nodiscard]] std::string unquoted(std::string_view word, const std::string& home);

/// Renders candidates for the scripts: lines `word<TAB>what`, then `:files` or `:folders` where these may follow.
[[nodiscard]] std::string completion_lines(const Completions& completions);

}  // namespace hilo::cli
