// One entry of the log: what a run added, and its text form `entry.json`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/source.h"
#include "store/database.h"

namespace hilo::store {

/// The format that this program writes; it reads every earlier one and refuses later ones.
inline constexpr int kLogFormat = 3;

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
  std::vector<std::string> columns;          ///< the canonical columns that its rows have, in the order of the files
  std::vector<Column> extras;                ///< columns beyond the canonical ones, as logged
  std::map<std::string, std::string> types;  ///< of the file's columns, sniffed or stated: kept for later files
  std::vector<std::string> rows_files;       ///< within the entry's folder
  std::string rejects_file;
};

/// What was recorded of one segment's members in a run. Who entered and who left stands in the entry's members file.
struct MembershipRecord {
  std::string segment;
  std::string version;  ///< of its definition
  Date day;             ///< the default day of the run: membership is as of its end
  std::int64_t members = 0;
  std::int64_t entered = 0;  ///< since the segment's last record
  std::int64_t left = 0;
};

/// Whom erasures took out, so that no later delivery brings them back. It tells of nobody who they were.
struct Erasure {
  std::string salt;  ///< the log's own, made with its first erasure: 32 hexadecimal digits
  std::map<std::string, std::vector<std::string>> people;  ///< source -> hashes of its keys of persons, sorted
  std::map<std::string, std::vector<std::string>> orders;  ///< order space -> hashes of the persons' orders, sorted
};

/// What one run added, or an erasure.
struct LogEntry {
  int run = 0;
  Instant at;
  std::string program;
  std::int64_t rows_before = 0;  ///< rows in the log before this run: its rows count on from here
  std::int64_t rows = 0;
  std::vector<SourceSegment> segments;
  std::vector<Delivery> deliveries;
  std::optional<std::map<std::string, std::string>> definitions;  ///< path -> text, when they changed
  std::vector<MembershipRecord> memberships;                      ///< by segment
  std::string members_file;  ///< within the entry's folder; empty when nobody entered or left
  std::optional<Erasure> erasure;
};

/// Renders an entry in the format `kLogFormat`. **Errors**: kInvalidInput when a text of it is not UTF-8.
[[nodiscard]] Result<std::string> render_entry(const LogEntry& entry);
/// Reads an entry of this format or an earlier one; `name` is how messages call it.
/// **Ensures**: counts and numbers are not negative; the files it names lie in its own folder.
/// **Errors**: kVersion for a later format; kInvalidInput for anything else that is no entry.
[[nodiscard]] Result<LogEntry> parse_entry(const std::string& text, const std::string& name);

}  // namespace hilo::store
