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
#include "store/durable.h"
#include "store/log_entry.h"

namespace hilo::store {

/// What was known before an instant.
struct Knowledge {
  Instant before;
  std::string time_zone;  ///< in which days begin and end
};

class Log {
 public:
  /// Reads every entry. A folder that is not there is an empty log.
  /// **Errors**: kVersion for an entry of a later format; kInvalidInput for one that cannot be read or is missing.
  [[nodiscard]] static Result<Log> open(const fs::path& folder);
  /// Does the same, with the entries that stand in `overlay` in the place of those of their numbers.
  [[nodiscard]] static Result<Log> open(const fs::path& folder, const fs::path& overlay);

  [[nodiscard]] const std::vector<LogEntry>& entries() const { return entries_; }
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] int last_run() const;
  /// Takes the log, in this object, for what was known and over before an instant (LogColumns::known), wherever it
  /// stands, and by whatever run it came. May be called again with another instant.
  void keep_known(const Knowledge& knowledge) { knowledge_ = knowledge; }
  [[nodiscard]] const std::optional<Knowledge>& knowledge() const { return knowledge_; }
  /// Drops the runs of an instant and after it from this object; the first one stays. **Requires**: nothing is
  /// prepared.
  void forget_runs_from(Instant instant);
  [[nodiscard]] std::int64_t rows() const;
  [[nodiscard]] std::int64_t last_delivery() const;
  /// Returns the definitions in force after the last run: path -> text.
  [[nodiscard]] std::map<std::string, std::string> definitions() const;
  /// Returns the latest delivery of a file of a source, or null.
  [[nodiscard]] const Delivery* latest(const std::string& source, const std::string& file) const;
  /// Returns the latest segment of a source, or null.
  [[nodiscard]] const SourceSegment* latest_segment(const std::string& source) const;
  /// Returns all that erasures took out.
  [[nodiscard]] Erasure erased() const;
  [[nodiscard]] const fs::path& folder() const { return folder_; }
  /// Returns the folder of one run's entry.
  [[nodiscard]] fs::path folder_of(int run) const;

  /// Removes what a run that died left behind, and ends what an erasure that died had begun to put in its place.
  /// **Requires**: the caller holds the WriterLock.
  [[nodiscard]] Status tidy() const;
  /// Does the same, and gives an empty folder to prepare the next entry in.
  /// **Requires**: the caller holds the WriterLock.
  [[nodiscard]] Result<fs::path> prepare() const;
  /// Takes the prepared folder with its entry for the log's last one, in this object alone: a build may read it before
  /// it is committed. `run` and `rows_before` are set here.
  [[nodiscard]] Status add_prepared(const fs::path& prepared, LogEntry entry);
  /// Returns whether an entry is prepared and not yet committed.
  [[nodiscard]] bool is_prepared() const { return prepared_.has_value(); }
  /// Adds what was recorded of segments to the prepared entry. **Requires**: is_prepared(); the members file, where
  /// there is one, stands in its folder.
  [[nodiscard]] Status add_memberships(std::vector<MembershipRecord> records, std::string members_file);
  /// Takes what add_memberships added from the prepared entry, and the members file from its folder.
  [[nodiscard]] Status drop_memberships();
  /// Names the folder of the prepared entry, all or nothing: from here on the log holds it. No entry prepared is no
  /// error.
  [[nodiscard]] Status commit();
  /// Drops the prepared entry and its folder: the log is as it was. No entry prepared is no error.
  [[nodiscard]] Status discard();

 private:
  [[nodiscard]] Status write_prepared() const;

  fs::path folder_;
  fs::path overlay_;
  std::vector<LogEntry> entries_;
  std::optional<Knowledge> knowledge_;
  std::optional<fs::path> prepared_;  // the last entry's folder until it is committed
};

}  // namespace hilo::store
