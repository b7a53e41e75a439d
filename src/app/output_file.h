// A file that a user asked for: complete under its name, or not there.
#pragma once

#include <filesystem>
#include <string>

#include "app/reader.h"
#include "app/workspace.h"
#include "base/result.h"

namespace hilo::app {

enum class FileFormat : std::uint8_t { kCsv, kParquet, kJson };
/// Parses csv, parquet or json. **Errors**: kUsage with the nearest known name.
[[nodiscard]] Result<FileFormat> parse_format(const std::string& text);
/// Returns the format to write a file in: the one that was named, else the one that its name promises, and CSV for a
/// name without an ending. **Errors**: kUsage for an unknown one, where the two contradict each other, and for an
/// ending that is none of a format's (x.csv.gz, x.xlsx) where no format was named.
[[nodiscard]] Result<FileFormat> chosen_format(const std::string& named, const std::string& file);

/// Where the rows of a query go.
class OutputFile {
 public:
  /// A device or a pipe is written into; any other file is written beside itself and renamed.
  /// **Errors**: kInvalidInput for a folder, and for what would overwrite a part of the workspace, by whatever path:
  /// anything in log/, store/ and the folders of definitions, the settings, what Hilo notes for itself (.hilo.*); kIo
  /// where its folder is not there.
  [[nodiscard]] static Result<OutputFile> at(const Workspace& workspace, const std::filesystem::path& file);
  /// Removes what was written so far of a file that was asked for; the file itself stays as it is.
  static void abandon(const std::filesystem::path& file);
  /// Returns the one file that the engine must be allowed to write.
  [[nodiscard]] std::string target() const { return target_.string(); }
  /// Writes what a SELECT gives; JSON is one object per line, CSV is safe to open in a spreadsheet (`guarded_cells`).
  /// Returns the number of rows. **Errors**: kIo; the file is then as it was.
  [[nodiscard]] Result<std::int64_t> write(store::Connection& connection, const std::string& sql,
                                           FileFormat format) const;

 private:
  std::filesystem::path file_;
  std::filesystem::path target_;
};

/// Wraps a SELECT so that no cell of its CSV is a formula to a spreadsheet: a text that would be read as one has an
/// apostrophe before it, the names of columns too. Numbers, dates and truth values stay as they are, and so does a text
/// that is a plain number.
/// **Source**: OWASP, CSV Injection (what a formula may begin with: = + - @, tab, carriage return, line feed).
[[nodiscard]] Result<std::string> guarded_cells(store::Connection& connection, const std::string& sql);

}  // namespace hilo::app
