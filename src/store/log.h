// The log: every accepted row and every definition, append-only. All else is computed from it (docs/TABLES.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/source.h"
#include "store/database.h"
#include "store/durable.h"

namespace hilo::store {

/// The format that this program writes; it reads every earlier one and refuses later ones.
inline constexpr int kLogFormat = 1;

/// One file of one source, taken once.
struct Delivery {
  std::int64_t number = 0;  ///< from 1, rising through the whole log: later counts more
  std::string source;
  std::string file;  ///< as the workspace names it
  std::int64_t bytes = 0;
  Instant modified_at;
  std::string sha256;      ///< of the file's bytes
  std::string definition;  ///< digest of the query that read it
  Instant delivered_at;
  bool first = false;  ///< of the source's first run: rows are known since their own time, by assumption
  std::int64_t rows = 0;
  std::int64_t rejects = 0;
  std::vector<std::int64_t> replaces;  ///< deliveries of this file that an older definition read: void from now on
};

/// One source's part of a run: its rows and rejects stand in Parquet files beside the entry.
struct SourceSegment {
  Source source;                             ///< its header in this run
  bool carries_events = false;               ///< its rows are events: what is not canonical is a property, not a trait
  std::string definition;                    ///< digest of the query
  std::vector<Column> extras;                ///< columns beyond the canonical ones, as logged
  std::map<std::string, std::string> types;  ///< of the file's columns, sniffed or stated: kept for later files
  std::string rows_file;                     ///< within the entry's folder; empty when there are no rows
  std::string rejects_file;
};

/// What one run added.
struct LogEntry {
  int run = 0;
  Instant at;
  std::string program;
  std::int64_t rows_before = 0;  ///< rows in the log before this run: its rows count on from here
  std::int64_t rows = 0;
  std::vector<SourceSegment> segments;
  std::vector<Delivery> deliveries;
  std::optional<std::map<std::string, std::string>> definitions;  ///< path -> text, when they changed
};

class Log {
 public:
  /// Reads every entry. A folder that is not there is an empty log.
  /// **Errors**: kVersion for an entry of a later format; kInvalidInput for one that cannot be read or is missing.
  [[nodiscard]] static Result<Log> open(const fs::path& folder);

  [[nodiscard]] const std::vector<LogEntry>& entries() const { return entries_; }
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] int last_run() const;
  [[nodiscard]] std::int64_t rows() const;
  [[nodiscard]] std::int64_t last_delivery() const;
  /// Returns the definitions in force after the last run: path -> text.
  [[nodiscard]] std::map<std::string, std::string> definitions() const;
  /// Returns the latest delivery of a file of a source, or null.
  [[nodiscard]] const Delivery* latest(const std::string& source, const std::string& file) const;
  /// Returns the latest segment of a source, or null.
  [[nodiscard]] const SourceSegment* latest_segment(const std::string& source) const;
  /// Returns the folder of one run's entry.
  [[nodiscard]] fs::path folder_of(int run) const;

  /// Removes what a run that died left behind. **Requires**: the caller holds the WriterLock.
  [[nodiscard]] Status tidy() const;
  /// Does the same, and gives an empty folder to prepare the next entry in.
  /// **Requires**: the caller holds the WriterLock.
  [[nodiscard]] Result<fs::path> prepare() const;
  /// Takes the prepared folder with its entry for the log's last one, in this object alone: a build may read it before
  /// it is committed. `run` and `rows_before` are set here.
  [[nodiscard]] Status add_prepared(const fs::path& prepared, LogEntry entry);
  /// Names the folder of the prepared entry, all or nothing: from here on the log holds it. No entry prepared is no
  /// error.
  [[nodiscard]] Status commit();
  /// Drops the prepared entry and its folder: the log is as it was. No entry prepared is no error.
  [[nodiscard]] Status discard();

 private:
  fs::path folder_;
  std::vector<LogEntry> entries_;
  std::optional<fs::path> prepared_;  // the last entry's folder until it is committed
};

}  // namespace hilo::store
