#include "cli/completion.h"

#include <fmt/format.h>

#include "app/names.h"
#include "app/tables.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/completion_scripts.h"

namespace hilo::cli {
namespace {

void script(Session& session, const std::string& shell) {
  const std::string_view text = completion_script(shell);
  if (!text.empty()) return print(text);
  conclude(session, fail(ErrorCode::kUsage,
                         fmt::format("there is no completion for '{}'{}", shell, did_you_mean(shell, {"bash", "zsh"})),
                         "The shells are bash and zsh."));
}

// Outside a workspace there are no segments to name, and a Tab key is no place for errors.
std::vector<std::string> segments_of(const std::string& folder) {
  const auto workspace = app::Workspace::find(folder);
  return workspace ? app::segment_names(*workspace) : std::vector<std::string>{};
}

std::vector<std::string> attributes_of(const std::string& folder) {
  const auto workspace = app::Workspace::find(folder);
  std::vector<std::string> names = workspace ? app::attribute_names(*workspace) : std::vector<std::string>{};
  // A shell would part a name in quotes into words.
  std::erase_if(names, [](const std::string& name) { return in_shell(name) != name; });
  return names;
}

std::vector<std::string> all_tables() {
  std::vector<std::string> names = app::table_names();
  const std::vector<std::string>& contact = app::contact_table_names();
  names.insert(names.end(), contact.begin(), contact.end());
  return names;
}

// The first word names the shell, which hands over the words as they are typed, quotes and all.
void answer(const CLI::App& program, std::vector<std::string> words) {
  const std::string home = environment("HOME").value_or("");
  if (!words.empty()) words.erase(words.begin());
  for (std::string& word : words) word = unquoted(word, home);
  print(completion_lines(
      complete(program, words, {.segments = segments_of, .attributes = attributes_of, .tables = all_tables})));
}

}  // namespace

void add_completion(CLI::App& program, Session& session) {
  CLI::App* command =
      add_command(program, session, "completion", "Print the script by which a shell completes what you type",
                  "  source <(hilo completion bash)                # for this shell; in ~/.bashrc, for every one\n"
                  "  hilo completion zsh > ~/.zfunc/_hilo          # with ~/.zfunc in fpath, before compinit\n"
                  "\nThe Debian package brings both.\n");
  auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "The shell")->type_name("bash|zsh")->required();
  command->callback([&session, shell] { script(session, *shell); });

  CLI::App* asked = program.add_subcommand("complete", "What may stand at the cursor, asked by the scripts")->group("");
  // Everything after the shell's name is the line being typed, whatever it looks like.
  asked->set_help_flag();
  asked->prefix_command();
  asked->callback([&program, asked] { answer(program, asked->remaining(false)); });
}

}  // namespace hilo::cli
