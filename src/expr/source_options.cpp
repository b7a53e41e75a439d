#include "expr/source_options.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace hilo::expr {
namespace {

enum class OptionUse : std::uint8_t { kRead, kWithoutEffect, kRefused };

struct KnownOption {
  std::string_view name;       // as a definition writes it
  std::string_view canonical;  // one name per meaning
  OptionUse use = OptionUse::kRead;
  std::string_view reason = {};
};

constexpr std::string_view kNoRowLost = "no row is dropped: one that does not fit becomes a reject";

constexpr auto kOptions = std::to_array<KnownOption>({
    {"delim", "delim"},
    {"sep", "delim"},
    {"delimiter", "delim"},
    {"quote", "quote"},
    {"header", "header"},
    {"types", "types"},
    {"dtypes", "types"},
    {"column_types", "types"},
    {"columns", "columns"},
    {"encoding", "encoding"},
    {"decimal_separator", "decimal_separator"},
    {"nullstr", "nullstr"},
    {"null", "nullstr"},
    {"all_varchar", "all_varchar"},
    {"filename", "filename"},
    {"hive_partitioning", "hive_partitioning"},
    {"format", "format"},
    {"union_by_name", "union_by_name", OptionUse::kWithoutEffect},
    {"auto_detect", "auto_detect", OptionUse::kWithoutEffect},
    {"sample_size", "sample_size", OptionUse::kWithoutEffect},
    {"parallel", "parallel", OptionUse::kWithoutEffect},
    {"buffer_size", "buffer_size", OptionUse::kWithoutEffect},
    {"max_line_size", "max_line_size", OptionUse::kWithoutEffect},
    {"maximum_object_size", "maximum_object_size", OptionUse::kWithoutEffect},
    {"compression", "compression", OptionUse::kWithoutEffect},
    {"ignore_errors", "ignore_errors", OptionUse::kRefused, kNoRowLost},
    {"store_rejects", "store_rejects", OptionUse::kRefused, kNoRowLost},
    {"rejects_limit", "rejects_limit", OptionUse::kRefused, kNoRowLost},
});

std::optional<SourceFormat> format_of(std::string_view function) {
  if (function == "read_csv" || function == "read_csv_auto") return SourceFormat::kCsv;
  if (function == "read_json" || function == "read_json_auto" || function == "read_ndjson" ||
      function == "read_ndjson_auto") {
    return SourceFormat::kJson;
  }
  if (function == "read_parquet" || function == "parquet_scan") return SourceFormat::kParquet;
  return std::nullopt;
}

// A decimal constant is its digits without the point.
std::string decimal_text(const Json& value) {
  const auto scale = value.at("type").at("type_info").value("scale", 0U);
  std::string digits = value.at("value").dump();
  const bool negative = digits.starts_with('-');
  if (negative) digits.erase(0, 1);
  if (digits.size() <= scale) digits.insert(0, scale + 1 - digits.size(), '0');
  if (scale > 0) digits.insert(digits.size() - scale, ".");
  return negative ? "-" + digits : digits;
}

// The text of a constant; booleans come as CAST('t' AS BOOLEAN), and a bare word (header = on) as a column.
std::optional<std::string> constant_text(const Json& node) {
  if (class_of(node) == "CAST") {
    auto text = constant_text(node.at("child"));
    if (text && node.at("cast_type").value("id", "") == "BOOLEAN")
      return *text == "t" || *text == "true" ? "true" : "false";
    return text;
  }
  if (class_of(node) == "COLUMN_REF")
    return column_path(node).size() == 1 ? std::optional(column_path(node).front()) : std::nullopt;
  if (class_of(node) != "CONSTANT" || node.at("value").value("is_null", true)) return std::nullopt;
  const Json& value = node.at("value");
  if (value.at("value").is_string()) return value.at("value").get<std::string>();
  if (value.at("type").value("id", "") == "DECIMAL") return decimal_text(value);
  if (value.at("value").is_boolean() || value.at("value").is_number()) return value.at("value").dump();
  return std::nullopt;
}

class FileReader {
 public:
  FileReader(SourceQuery& query, Findings& findings) : query_(query), findings_(findings) {}

  void read(const Json& from) {
    const Json& function = from.at("function");
    const std::string name = function_name(function);
    const auto format = format_of(name);
    if (!format) {
      findings_.add(own_offset(from),
                    fmt::format("'{}' is no file reader{}", name,
                                did_you_mean(name, {"read_csv", "read_json", "read_ndjson", "read_parquet"})),
                    "a source reads read_csv, read_json, read_ndjson or read_parquet");
      return;
    }
    query_.format = *format;
    if (has(from, "sample")) findings_.add(own_offset(from), "TABLESAMPLE depends on chance", "leave it out");
    if (has(from, "column_name_alias"))
      findings_.add(own_offset(from), "columns cannot be renamed here", "rename them with AS");
    bool first = true;
    for (const Json& argument : function.at("children")) {
      const bool option = type_of(argument) == "COMPARE_EQUAL" && class_of(argument.at("left")) == "COLUMN_REF";
      if (option || (class_of(argument) != "COMPARISON" && !alias_of(argument).empty())) {
        read_option(argument, option);
      } else if (first) {
        read_globs(argument);
      } else {
        findings_.add(first_offset(argument), "one argument is expected before the options",
                      "several files: read_csv(['a.csv', 'b.csv'])");
      }
      first = false;
    }
    if (query_.globs.empty() && findings_.empty()) {
      findings_.add(own_offset(from), "the file reader names no file", "write: read_csv('data/*.csv')");
    }
  }

 private:
  void read_globs(const Json& argument) {
    query_.globs_position = place(first_offset(argument));
    const bool list = is_function(argument, "list_value");
    const auto add = [&](const Json& node) {
      const bool text = class_of(node) == "CONSTANT" && node.at("value").at("type").value("id", "") == "VARCHAR";
      if (text && !constant_text(node).value_or("").empty()) {
        query_.globs.push_back(*constant_text(node));
      } else {
        findings_.add(first_offset(node), "a file name is a text",
                      "write: read_csv('data/*.csv') or read_csv(['a.csv', 'b.csv'])");
      }
    };
    if (!list) return add(argument);
    for (const Json& entry : argument.at("children")) add(entry);
  }

  [[nodiscard]] Position place(std::size_t offset) const {
    if (offset > findings_.tree().file.text.size()) return {findings_.tree().file.path, 0, 0};
    const LineColumn at = line_column(findings_.tree().file.text, offset);
    return {findings_.tree().file.path, at.line, at.column};
  }

  // `name = value` is a comparison, `name := value` an alias on the value.
  void read_option(const Json& argument, bool comparison) {
    const std::string name = comparison ? column_path(argument.at("left")).back() : lower_ascii(alias_of(argument));
    const Json& value = comparison ? argument.at("right") : argument;
    const std::size_t offset = comparison ? own_offset(argument.at("left")) : first_offset(argument);
    const auto known = std::ranges::find(kOptions, name, &KnownOption::name);
    if (known == kOptions.end()) {
      std::vector<std::string> names;
      for (const KnownOption& option : kOptions) {
        if (option.use != OptionUse::kRefused) names.emplace_back(option.name);
      }
      findings_.add(offset, fmt::format("unknown option '{}'{}", name, did_you_mean(name, names)),
                    "known are " + join(names, ", "));
      return;
    }
    if (known->use == OptionUse::kRefused) {
      findings_.add(offset, fmt::format("the option '{}' cannot be used", name), std::string(known->reason));
      return;
    }
    const auto same = [&](const ReadOption& option) { return option.name == known->canonical; };
    if (std::ranges::any_of(query_.options, same)) {
      findings_.add(offset, fmt::format("the option '{}' is given twice", known->canonical), "keep one of them");
      return;
    }
    ReadOption option{.name = std::string(known->canonical), .text = {}, .position = place(offset)};
    if (read_value(value, option)) query_.options.push_back(std::move(option));
  }

  bool read_value(const Json& value, ReadOption& option) {
    const bool is_list = is_function(value, "list_value");
    const bool is_struct = is_function(value, "struct_pack");
    if (!is_list && !is_struct) {
      option.text = constant_text(value);
      if (!option.text)
        findings_.add(first_offset(value), fmt::format("the option '{}' needs a plain value", option.name));
      return option.text.has_value();
    }
    for (const Json& entry : value.at("children")) {
      const auto text = constant_text(entry);
      if (!text) {
        findings_.add(first_offset(entry), fmt::format("the option '{}' needs plain values", option.name));
        return false;
      }
      option.entries.emplace_back(is_struct ? std::string(alias_of(entry)) : std::string(), *text);
    }
    return true;
  }

  SourceQuery& query_;
  Findings& findings_;
};

}  // namespace

void read_file_reader(const Json& from, SourceQuery& query, Findings& findings) {
  FileReader(query, findings).read(from);
}

}  // namespace hilo::expr
