// The flat table of past days as a file or a stream.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "app/output_file.h"
#include "app/reader.h"
#include "app/workspace.h"
#include "base/time.h"

namespace hilo::app {

/// One day, or a series of days (then the column `day` comes first).
struct SnapshotDays {
  Date from;
  std::optional<Date> to;
  Step step = Step::kDay;
};

/// Returns the query that gives the flat table of these days.
[[nodiscard]] std::string snapshot_sql(const SnapshotDays& days);

/// Writes the flat table of these days into a file: complete under its name, or not at all. JSON is one object per
/// line. Returns the number of rows. **Errors**: kIo, kNotFound, kVersion, kUsage (days).
[[nodiscard]] Result<std::int64_t> write_snapshot(const Workspace& workspace, const SnapshotDays& days,
                                                  FileFormat format, const std::filesystem::path& file);

}  // namespace hilo::app
