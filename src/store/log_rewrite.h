// The one change that a log allows: entries without somebody, prepared beside it and put in their place, all or
// nothing.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/result.h"
#include "store/log.h"

namespace hilo::store {

/// Prepares changed entries and one more in `log/.rewrite.next/`. `commit` names that folder `log/.rewrite/`: from
/// there on the change has happened, and `tidy_rewrite` ends what is left to do, now or when the next writer comes.
/// **Invariant**: nothing that an entry of the log holds is written to; a changed file is a new one.
class LogRewrite {
 public:
  /// Gives an empty folder. **Requires**: the caller holds the WriterLock until the object's end; `log` outlives it.
  [[nodiscard]] static Result<LogRewrite> begin(const Log& log);

  /// Returns the entry of a run, to be changed. What it names and `new_file` was not asked for stays as it is.
  [[nodiscard]] Result<LogEntry*> change(int run);
  /// Returns where to write a new form of one of the entry's files. **Requires**: change(run) was called.
  [[nodiscard]] fs::path new_file(int run, const std::string& name) const;
  /// Completes what was prepared, with one more entry behind the log's last. `run` and `rows_before` are set here.
  [[nodiscard]] Status finish(LogEntry added);
  /// Returns the log as it will be. **Requires**: finish() was called.
  [[nodiscard]] Result<Log> view() const;
  /// Puts what was prepared in its place. **Requires**: finish() was called; what view() returned is not used again.
  [[nodiscard]] Status commit();
  /// Drops what was prepared: the log is as it was.
  [[nodiscard]] Status discard();

 private:
  explicit LogRewrite(const Log& log) : log_(&log) {}
  [[nodiscard]] fs::path folder_of(int run) const;
  [[nodiscard]] Status write_entry(const LogEntry& entry) const;

  const Log* log_;
  fs::path prepared_;
  std::map<int, LogEntry> changed_;
};

/// Returns the folder of a change that has happened and is not in its place yet; there need be none.
[[nodiscard]] fs::path settling_folder(const fs::path& log_folder);
/// Drops a change that was never committed and ends one that was. **Requires**: the caller holds the WriterLock.
[[nodiscard]] Status tidy_rewrite(const fs::path& log_folder);

}  // namespace hilo::store
