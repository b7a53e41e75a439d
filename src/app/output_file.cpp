#include "app/output_file.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "store/durable.h"

namespace hilo::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUnfinished = ".unfinished";

// The engine must write the very file that it is allowed to write, not one beside it: no temporary file of its own.
std::string_view copy_options(FileFormat format) {
  switch (format) {
    case FileFormat::kCsv: return "format csv, header true, use_tmp_file false";
    case FileFormat::kParquet: return "format parquet, compression zstd, use_tmp_file false";
    case FileFormat::kJson: return "format json, use_tmp_file false";
  }
  return "format csv";
}

std::string ending_of(const std::string& file) { return lower_ascii(fs::path(file).extension().string()); }

// The format that a file's name promises; "" = none.
std::string promised_format(const std::string& file) {
  const std::string ending = ending_of(file);
  if (ending == ".csv" || ending == ".parquet" || ending == ".json") return ending.substr(1);
  return ending == ".jsonl" || ending == ".ndjson" ? "json" : "";
}

// Values of these types begin with a digit, a letter, or the sign of a number.
bool is_harmless(const std::string& type) {
  return type.ends_with("INT") || type == "INTEGER" || type == "DOUBLE" || type == "FLOAT" || type == "BOOLEAN" ||
         type == "DATE" || type == "TIME" || type == "UUID" || type.starts_with("TIMESTAMP") ||
         (type.starts_with("DECIMAL") && type.ends_with(")"));
}

// Signs that begin a formula, with their full-width forms, which spreadsheets fold, and white space before them, which
// some trim; tab, carriage return and line feed at the very beginning in any case.
constexpr std::string_view kFormula = R"(^([\t\r\n]|[\s\x{00A0}\x{FEFF}]*[=+\-@＝＋－＠]))";
constexpr std::string_view kPlainNumber = "^[+-]?[0-9]+([.][0-9]+)?$";

std::string guarded(const std::string& text) {
  return fmt::format(
      R"(case when regexp_matches({0}, {1}) and not regexp_matches({0}, {2}) then '''' || {0} else {0} end)", text,
      store::quote_text(kFormula), store::quote_text(kPlainNumber));
}

// Columns come from sources' queries, so that their names may hold anything as well.
std::string guarded_name(const std::string& name) {
  constexpr std::string_view kSigns = "=+-@\t\r\n";
  const std::size_t first = name.find_first_not_of(' ');
  return first != std::string::npos && kSigns.contains(name[first]) ? "'" + name : name;
}

constexpr int kLinksMax = 40;  // as many as the kernel follows

// The path without `.`, `..` and links, but for the last part, which may be one.
fs::path without_links_above(const fs::path& path) {
  std::error_code none;
  const fs::path absolute = fs::absolute(path, none);
  const fs::path folder = fs::weakly_canonical(absolute.parent_path(), none);
  return (none ? absolute.parent_path().lexically_normal() : folder) / absolute.filename();
}

bool is_same(const fs::path& one, const fs::path& other) {
  std::error_code none;
  return one == other || fs::equivalent(one, other, none);
}

struct WorkspacePart {
  std::string name;
  std::string_view holds;
};

// The part of the workspace that a path would overwrite. Files are compared as the file system does: a link, another
// spelling in a folder that folds case, or a second mount is the same file.
std::optional<WorkspacePart> workspace_part(const Workspace& workspace, const fs::path& place) {
  static constexpr std::pair<std::string_view, std::string_view> kFolders[] = {
      {"log", "what was delivered, which nothing can bring back"},
      {"store", "what `hilo run` publishes"},
      {"sources", "definitions"},
      {"attributes", "definitions"},
      {"segments", "definitions"},
      {"models", "definitions"},
      {"campaigns", "definitions"},
  };
  for (const auto& [folder, holds] : kFolders) {
    for (fs::path at = place; at.has_relative_path(); at = at.parent_path()) {
      if (is_same(at, workspace.root() / folder)) return WorkspacePart{std::string(folder) + "/", holds};
    }
  }
  for (const std::string_view file : {"hilo.yaml", "identity.yaml"}) {
    if (is_same(place, workspace.root() / file)) return WorkspacePart{std::string(file), "settings"};
  }
  const std::string name = place.filename().string();
  if (lower_ascii(name).starts_with(".hilo.") && is_same(place.parent_path(), workspace.root()))
    return WorkspacePart{name, "what Hilo notes for itself"};
  return std::nullopt;
}

// Follows the links that the last part of a path may be, even those that lead to nothing yet.
Status refuse_workspace_files(const Workspace& workspace, const fs::path& file, const fs::path& written) {
  fs::path place = without_links_above(written);
  std::error_code none;
  for (int links = 0; links <= kLinksMax; ++links) {
    if (const auto part = workspace_part(workspace, place)) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("{} would overwrite a part of the workspace: {} holds {}", file.string(), part->name,
                              part->holds),
                  part->name.ends_with('/') ? "Name a file outside that folder." : "Give the file another name.");
    }
    if (!fs::is_symlink(place, none)) break;
    const fs::path next = fs::read_symlink(place, none);
    place = without_links_above(next.is_absolute() ? next : place.parent_path() / next);
  }
  return {};
}

}  // namespace

Result<FileFormat> parse_format(const std::string& text) {
  if (text == "csv") return FileFormat::kCsv;
  if (text == "parquet") return FileFormat::kParquet;
  if (text == "json") return FileFormat::kJson;
  return fail(ErrorCode::kUsage,
              fmt::format("'{}' is not a format{}", text, did_you_mean(text, {"csv", "parquet", "json"})),
              "A format is csv, parquet or json.");
}

Result<FileFormat> chosen_format(const std::string& named, const std::string& file) {
  const std::string promised = promised_format(file);
  if (named.empty()) {
    // A name without an ending promises nothing; CSV under any other ending would be a surprise to who opens it.
    if (promised.empty() && !ending_of(file).empty()) {
      return fail(ErrorCode::kUsage,
                  fmt::format("{} says nothing of csv, parquet or json, which is what there is", file),
                  "End the name in .csv, .parquet, .json, .jsonl or .ndjson, or state the format with --format; "
                  "nothing is compressed.");
    }
    return parse_format(promised.empty() ? "csv" : promised);
  }
  HILO_ASSIGN(const FileFormat format, parse_format(named));
  if (!promised.empty() && promised != named) {
    return fail(ErrorCode::kUsage, fmt::format("--format {} contradicts the name {}", named, file),
                "Leave --format out, or give the file another name.");
  }
  return format;
}

Result<OutputFile> OutputFile::at(const Workspace& workspace, const fs::path& file) {
  std::error_code none;
  if (file.empty()) return fail(ErrorCode::kUsage, "the file has no name", "Name one with -o FILE.");
  if (fs::is_directory(file, none))
    return fail(ErrorCode::kInvalidInput, fmt::format("{} is a folder", file.string()), "Name a file in it.");
  OutputFile output;
  output.file_ = file;
  // Absolute: the engine compares the path that it opens with the one that it is allowed.
  output.target_ = without_links_above(file);
  HILO_TRY(refuse_workspace_files(workspace, file, output.target_));
  if (!fs::exists(file, none) || fs::is_regular_file(file, none)) output.target_ += kUnfinished;
  HILO_TRY(refuse_workspace_files(workspace, file, output.target_));
  // Told before the work that leads to it.
  if (fs::status(output.target_.parent_path(), none).type() == fs::file_type::not_found)
    return fail(ErrorCode::kIo,
                fmt::format("{} cannot be written: there is no folder {}", file.string(), file.parent_path().string()),
                "Make it first, or name a file elsewhere.");
  return output;
}

void OutputFile::abandon(const fs::path& file) {
  std::error_code none;
  fs::remove(fs::path(file) += kUnfinished, none);
}

Result<std::int64_t> OutputFile::write(store::Connection& connection, const std::string& sql, FileFormat format) const {
  std::string select = sql;
  if (format == FileFormat::kCsv) {
    HILO_ASSIGN(select, guarded_cells(connection, sql));
  }
  const bool renamed = target_.filename() != file_.filename();
  const Result<std::int64_t> rows = connection.query_integer(
      fmt::format("copy ({}) to {} ({})", select, store::quote_text(target_.string()), copy_options(format)));
  const Status named = rows && renamed ? store::publish_file(target_, file_) : Status{};
  if (rows && named) return rows;
  std::error_code none;
  if (renamed) fs::remove(target_, none);
  const Error& error = rows ? named.error() : rows.error();
  return fail(
      ErrorCode::kIo,
      fmt::format("{} cannot be written: {}", file_.string(), error.message.substr(0, error.message.find('\n'))),
      error.advice);
}

Result<std::string> guarded_cells(store::Connection& connection, const std::string& sql) {
  HILO_ASSIGN(const std::vector<store::Column> columns, connection.describe(sql));
  std::string list;
  bool changed = false;
  for (const store::Column& column : columns) {
    const std::string name = store::quote_name(column.name);
    const std::string shown = store::quote_name(guarded_name(column.name));
    const bool harmless = is_harmless(column.type);
    changed = changed || !harmless || shown != name;
    list += fmt::format("{}{} as {}", list.empty() ? "" : ", ", harmless ? name : guarded(name + "::varchar"), shown);
  }
  return changed ? fmt::format("select {} from ({})", list, sql) : sql;
}

}  // namespace hilo::app
