#include "app/settings.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "base/text.h"
#include "ingest/row_rules.h"

namespace hilo::app {
namespace {

constexpr std::size_t kFileBytesMax = 1 << 20;
constexpr std::int64_t kDay = 86'400;  // seconds

// Sets one field from a YAML value; returns what is wrong with it, or "".
using Apply = std::function<std::string(Settings&, const YAML::Node&)>;

struct Setting {
  SettingHelp help;
  Apply apply;
};

bool is_code(std::string_view text, std::size_t length) {
  return text.size() == length && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

template <class T>
std::string read_number(const YAML::Node& node, T lowest, T highest, T& out) {
  T value{};
  if (!YAML::convert<T>::decode(node, value) || value < lowest || value > highest) {
    return fmt::format("must be a number from {} to {}", lowest, highest);
  }
  out = value;
  return "";
}

std::string read_text(const YAML::Node& node, std::string& out) {
  if (!node.IsScalar() || node.Scalar().empty()) return "must be a text";
  out = node.Scalar();
  return "";
}

std::string read_folders(const YAML::Node& node, std::vector<std::string>& out) {
  if (!node.IsSequence()) return "must be a list of folders, such as [/srv/deliveries]";
  for (const YAML::Node& each : node) {
    if (std::string fault = read_text(each, out.emplace_back()); !fault.empty()) return "each folder " + fault;
  }
  return "";
}

const std::vector<Setting>& settings_table() {
  static const std::vector<Setting> kTable = {
      {{"name", "text", "the retailer's name, as reports show it"},
       [](Settings& s, const YAML::Node& n) { return read_text(n, s.name); }},
      {{"currency", "ISO 4217 code",
        "the one currency of all amounts; others are converted by a source of kind fx_rate"},
       [](Settings& s, const YAML::Node& n) -> std::string {
         if (std::string fault = read_text(n, s.currency); !fault.empty()) return fault;
         return ingest::is_currency(s.currency)
                    ? ""
                    : fmt::format("'{}' is not a currency code such as EUR or GBP", s.currency);
       }},
      {{"time_zone", "IANA name", "the zone of `time`, of days and of everything that is shown"},
       [](Settings& s, const YAML::Node& n) { return read_text(n, s.time_zone); }},
      {{"region", "ISO 3166 code", "the country of phones and addresses that name none"},
       [](Settings& s, const YAML::Node& n) -> std::string {
         if (std::string fault = read_text(n, s.region); !fault.empty()) return fault;
         return is_code(s.region, 2) ? "" : fmt::format("'{}' is not a country code such as ES or GB", s.region);
       }},
      {{"sources.folders", "list of folders",
        "outside of the workspace, in which files of sources may stand; relative ones from the workspace on"},
       [](Settings& s, const YAML::Node& n) { return read_folders(n, s.source_folders); }},
      {{"identity.names_per_identifier_max", "count",
        "an e-mail, phone or other identifier on more distinct names links nobody"},
       [](Settings& s, const YAML::Node& n) {
         return read_number<std::int64_t>(n, 1, 1'000'000, s.names_per_identifier_max);
       }},
      {{"identity.records_per_identifier_max", "count", "an identifier on more records links nobody"},
       [](Settings& s, const YAML::Node& n) {
         return read_number<std::int64_t>(n, 2, 100'000'000, s.records_per_identifier_max);
       }},
      {{"segments.seconds_max", "seconds", "how long the rules of segments may run before they are stopped"},
       [](Settings& s, const YAML::Node& n) { return read_number<std::int64_t>(n, 1, kDay, s.segment_seconds_max); }},
      {{"sql.seconds_max", "seconds", "how long a question of `hilo sql` may take before it is stopped"},
       [](Settings& s, const YAML::Node& n) { return read_number<std::int64_t>(n, 1, kDay, s.question_seconds_max); }},
      {{"engine.pass_seconds_max", "seconds", "how long a pass of a run may take before the run is stopped"},
       [](Settings& s, const YAML::Node& n) { return read_number<std::int64_t>(n, 1, 30 * kDay, s.pass_seconds_max); }},
      {{"engine.threads", "count", "processors to use; 0 = all"},
       [](Settings& s, const YAML::Node& n) { return read_number(n, 0, 1024, s.threads); }},
      {{"engine.memory_limit", "size",
        "memory for the engine, such as 4GB; left out = 4GB, on a small machine 60 % of it"},
       [](Settings& s, const YAML::Node& n) -> std::string {
         if (std::string fault = read_text(n, s.memory_limit); !fault.empty()) return fault;
         const std::string unit = s.memory_limit.size() > 2 ? s.memory_limit.substr(s.memory_limit.size() - 2) : "";
         const bool known = unit == "MB" || unit == "GB" || unit == "TB";
         const std::string number = known ? s.memory_limit.substr(0, s.memory_limit.size() - 2) : "";
         constexpr std::size_t kDigitsMax = 9;  // a billion terabytes
         const std::string_view figures = trim(number);
         const bool digits = !figures.empty() && figures.size() <= kDigitsMax &&
                             std::ranges::all_of(figures, [](char c) { return c >= '0' && c <= '9'; });
         return digits ? "" : fmt::format("'{}' is not a size such as 512MB or 4GB", s.memory_limit);
       }},
  };
  return kTable;
}

class Reader {
 public:
  Reader(const std::string& path, std::vector<Error>& errors) : path_(path), errors_(errors) {}

  void read(const YAML::Node& root, Settings& settings) {
    if (root.IsNull()) return;
    if (!root.IsMap()) return complain(root.Mark(), "hilo.yaml must hold `key: value` lines");
    read_map(root, "", settings);
  }

  void complain(const YAML::Mark& mark, std::string message) {
    errors_.push_back(Error{.code = ErrorCode::kInvalidDefinition,
                            .message = std::move(message),
                            .position = {path_, mark.line + 1, mark.column + 1}});
  }

  // Where a key stood, for checks that come later.
  [[nodiscard]] YAML::Mark mark_of(const std::string& key) const {
    const auto found = marks_.find(key);
    return found == marks_.end() ? YAML::Mark() : found->second;
  }

 private:
  void read_map(const YAML::Node& map, const std::string& prefix, Settings& settings) {
    for (const auto& entry : map) {
      const std::string key = prefix + entry.first.Scalar();
      if (!marks_.emplace(key, entry.second.Mark()).second) {
        complain(entry.first.Mark(), fmt::format("the setting '{}' stands twice", key));
        continue;
      }
      if (entry.second.IsMap() && is_group(key)) {
        read_map(entry.second, key + ".", settings);
        continue;
      }
      apply(key, entry.first, entry.second, settings);
    }
  }

  static bool is_group(const std::string& key) {
    return std::ranges::any_of(settings_table(),
                               [&](const Setting& setting) { return setting.help.key.starts_with(key + "."); });
  }

  void apply(const std::string& key, const YAML::Node& name, const YAML::Node& value, Settings& settings) {
    const auto& table = settings_table();
    const auto setting = std::ranges::find(table, key, [](const Setting& known) { return known.help.key; });
    if (setting == table.end()) {
      std::vector<std::string> known;
      for (const Setting& each : table) known.emplace_back(each.help.key);
      return complain(name.Mark(), fmt::format("there is no setting '{}'{}", key, did_you_mean(key, known)));
    }
    if (const std::string fault = setting->apply(settings, value); !fault.empty())
      complain(value.Mark(), fmt::format("{}: {}", key, fault));
  }

  const std::string& path_;
  std::vector<Error>& errors_;
  std::map<std::string, YAML::Mark> marks_;
};

}  // namespace

const std::vector<SettingHelp>& settings_help() {
  static const std::vector<SettingHelp> kHelp = [] {
    std::vector<SettingHelp> help;
    for (const Setting& setting : settings_table()) help.push_back(setting.help);
    return help;
  }();
  return kHelp;
}

expr::Checked<Settings> read_settings(const std::string& path, const std::string& text, store::Connection& connection) {
  Settings settings;
  std::vector<Error> errors;
  Reader reader(path, errors);
  const auto unreadable = [&](int line, int column, std::string message) {
    errors.push_back(
        Error{.code = ErrorCode::kInvalidDefinition, .message = std::move(message), .position = {path, line, column}});
    return std::unexpected(errors);
  };
  if (text.size() > kFileBytesMax) return unreadable(1, 1, "the file is larger than 1 MiB: this cannot be settings");
  // The log keeps the file's text, and its entries are UTF-8.
  if (!is_utf8(text)) return unreadable(1, 1, "the file is not UTF-8: save it as UTF-8");
  if (text.contains('\0')) return unreadable(1, 1, "the file holds a NUL character: this cannot be settings");
  try {
    reader.read(YAML::Load(text), settings);
  } catch (const YAML::Exception& failure) {
    return unreadable(failure.mark.line + 1, failure.mark.column + 1, "is not YAML: " + failure.msg);
  }
  const auto zone = connection.query_integer("select count(*) from pg_timezone_names() where name = $name",
                                             {{"name", settings.time_zone}});
  if (!zone || *zone == 0)
    reader.complain(
        reader.mark_of("time_zone"),
        fmt::format("there is no time zone '{}': write an IANA name such as Europe/Madrid", settings.time_zone));
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return settings;
}

}  // namespace hilo::app
