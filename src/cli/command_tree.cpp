#include "cli/command_tree.h"

#include <algorithm>

#include "base/text.h"

namespace hilo::cli {

std::vector<const CLI::App*> shown_commands(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* command) { return !command->get_group().empty(); });
}

std::vector<const CLI::Option*> shown_options(const CLI::App& app) {
  return app.get_options(
      [](const CLI::Option* option) { return option->nonpositional() && !option->get_group().empty(); });
}

std::vector<const CLI::Option*> arguments_of(const CLI::App& app) {
  return app.get_options([](const CLI::Option* option) { return option->get_positional(); });
}

std::vector<std::string> spellings(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

bool takes_value(const CLI::Option& option) {
  return option.get_type_size() != 0 && option.get_items_expected_max() > 0;
}

bool takes_several(const CLI::Option& option) { return option.get_items_expected_max() > 1; }

std::string words_that_call(const CLI::App& app) {
  const CLI::App* parent = app.get_parent();
  return parent == nullptr ? app.get_name() : words_that_call(*parent) + " " + app.get_name();
}

ValueType value_type(const CLI::Option& option) {
  ValueType type;
  const std::string name = option.get_type_name();
  for (const std::string_view alternative : split(name, '|')) {
    if (alternative == "SEGMENT") {
      type.segments = true;
    } else if (alternative == "ATTRIBUTE") {
      type.attributes = true;
    } else if (alternative == "TABLE") {
      type.tables = true;
    } else if (alternative == "COMMAND") {
      type.commands = true;
    } else if (alternative == "DIR") {
      type.folders = true;
    } else if (alternative == "FILE") {
      type.files = true;
    } else if (!alternative.empty() && lower_ascii(alternative) == alternative) {
      type.words.emplace_back(alternative);
    }
  }
  return type;
}

}  // namespace hilo::cli
