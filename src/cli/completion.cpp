#include "cli/completion.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "cli/command_tree.h"

namespace hilo::cli {
namespace {

// The line before the cursor, as far as it tells what may follow. It need not be right: it is being written.
class Line {
 public:
  explicit Line(const CLI::App& program) : app_(&program) {}

  void read(const std::string& word) {
    if (open_ != nullptr) return take_value(word);
    if (!options_over_ && word == "--") {
      options_over_ = true;
    } else if (!options_over_ && word.starts_with("--")) {
      read_long(word);
    } else if (!options_over_ && word.size() > 1 && word.starts_with('-')) {
      read_short(word);
    } else if (const CLI::App* command = command_named(word); command != nullptr && arguments_.empty()) {
      app_ = command;
      given_.clear();
    } else {
      arguments_.push_back(word);
    }
  }

  [[nodiscard]] const CLI::App& app() const { return *app_; }
  [[nodiscard]] bool options_over() const { return options_over_; }
  /// The option whose value comes next, or null.
  [[nodiscard]] const CLI::Option* open() const { return open_; }
  [[nodiscard]] bool was_given(const CLI::Option* option) const { return given_.contains(option); }
  [[nodiscard]] const std::vector<std::string>& arguments() const { return arguments_; }
  /// The workspace that the line names.
  [[nodiscard]] const std::string& folder() const { return folder_; }

  /// The argument that comes next, or null.
  [[nodiscard]] const CLI::Option* next_argument() const {
    const auto known = arguments_of(*app_);
    if (known.empty()) return nullptr;
    if (arguments_.size() < known.size()) return known[arguments_.size()];
    return takes_several(*known.back()) ? known.back() : nullptr;
  }

 private:
  // Commands that the help does not list are understood all the same.
  [[nodiscard]] const CLI::App* command_named(const std::string& word) const {
    for (const CLI::App* command : app_->get_subcommands({})) {
      if (command->get_name() == word) return command;
    }
    return nullptr;
  }

  void take_value(const std::string& value) {
    if (open_->check_lname("workspace")) folder_ = value;
    open_ = nullptr;
  }

  void give(const CLI::Option* option, const std::string* value) {
    if (option == nullptr) return;
    given_.insert(option);
    if (!takes_value(*option)) return;
    open_ = option;
    if (value != nullptr) take_value(*value);
  }

  void read_long(const std::string& word) {
    const std::size_t sign = word.find('=');
    const std::string value = sign == std::string::npos ? "" : word.substr(sign + 1);
    give(app_->get_option_no_throw(word.substr(0, sign)), sign == std::string::npos ? nullptr : &value);
  }

  void read_short(const std::string& word) {
    std::string value = word.substr(2);
    if (value.starts_with('=')) value.erase(0, 1);
    give(app_->get_option_no_throw(word.substr(0, 2)), word.size() == 2 ? nullptr : &value);
  }

  const CLI::App* app_;
  bool options_over_ = false;
  const CLI::Option* open_ = nullptr;
  std::set<const CLI::Option*> given_;
  std::vector<std::string> arguments_;
  std::string folder_ = ".";
};

// Gathers what begins with what was typed.
class Gatherer {
 public:
  Gatherer(const Line& line, std::string typed) : line_(line), typed_(std::move(typed)) {}

  void add(const std::string& word, const std::string& what) {
    if (word.starts_with(typed_)) found_.candidates.push_back({word, std::string(split(what, '\n').front())});
  }

  void add_options() {
    for (const CLI::Option* option : shown_options(line_.app())) {
      if (line_.was_given(option) && !takes_several(*option)) continue;
      // The long name says what it is; the short one is only offered to who typed it.
      const std::vector<std::string> names = spellings(*option);
      const bool is_short = typed_.size() == 2 && std::ranges::find(names, typed_) != names.end();
      if (!names.empty()) add(is_short ? typed_ : names.back(), option->get_description());
    }
  }

  // `before`: what stands before the value in the word that is typed: `--format=`.
  void add_values(const CLI::App& program, const CLI::Option& option, const NameSources& names,
                  const std::string& before) {
    const ValueType type = value_type(option);
    for (const std::string& word : type.words) add(before + word, "");
    if (type.commands) {
      for (const CLI::App* command : shown_commands(program))
        add(before + command->get_name(), command->get_description());
    }
    if (type.segments) add_names(names.segments(line_.folder()), before, "segment");
    if (type.attributes) add_names(names.attributes(line_.folder()), before, "attribute");
    if (type.tables) add_names(names.tables(), before, "table");
    found_.files = type.files;
    found_.folders = type.folders;
  }

  [[nodiscard]] Completions take() { return std::move(found_); }

 private:
  void add_names(const std::vector<std::string>& names, const std::string& before, const std::string& what) {
    for (const std::string& name : names) {
      if (std::ranges::find(line_.arguments(), name) == line_.arguments().end()) add(before + name, what);
    }
  }

  const Line& line_;
  std::string typed_;
  Completions found_;
};

}  // namespace

Completions complete(const CLI::App& program, const std::vector<std::string>& words, const NameSources& names) {
  Line line(program);
  for (std::size_t at = 0; at + 1 < words.size(); ++at) line.read(words[at]);
  const std::string typed = words.empty() ? "" : words.back();
  Gatherer gatherer(line, typed);
  if (line.open() != nullptr) {
    gatherer.add_values(program, *line.open(), names, "");
    return gatherer.take();
  }
  if (typed.starts_with('-') && !line.options_over()) {
    const std::size_t sign = typed.find('=');
    const CLI::Option* option =
        sign == std::string::npos ? nullptr : line.app().get_option_no_throw(typed.substr(0, sign));
    if (sign == std::string::npos) gatherer.add_options();
    if (option != nullptr && takes_value(*option))
      gatherer.add_values(program, *option, names, typed.substr(0, sign + 1));
    return gatherer.take();
  }
  const std::vector<const CLI::App*> commands = shown_commands(line.app());
  for (const CLI::App* command : commands) gatherer.add(command->get_name(), command->get_description());
  if (!commands.empty()) return gatherer.take();
  const CLI::Option* argument = line.next_argument();
  if (argument != nullptr) {
    gatherer.add_values(program, *argument, names, "");
  } else if (typed.empty() && !line.options_over()) {
    gatherer.add_options();
  }
  return gatherer.take();
}

std::string unquoted(std::string_view word, const std::string& home) {
  std::string out;
  if (!home.empty() && (word == "~" || word.starts_with("~/"))) {
    out = home;
    word.remove_prefix(1);
  }
  char quote = '\0';
  for (std::size_t at = 0; at < word.size(); ++at) {
    const char c = word[at];
    if (quote != '\0' && c == quote) {
      quote = '\0';
    } else if (quote == '\0' && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == '\\' && quote != '\'' && at + 1 < word.size()) {
      out += word[++at];
    } else {
      out += c;
    }
  }
  return out;
}

std::string completion_lines(const Completions& completions) {
  std::string out;
  for (const auto& [word, what] : completions.candidates) out += word + "\t" + what + "\n";
  if (completions.files) out += ":files\n";
  if (completions.folders) out += ":folders\n";
  return out;
}

}  // namespace hilo::cli
