// The ingest of one run: which files are new, and their rows on the way into the log.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/pass.h"
#include "base/time.h"
#include "ingest/file_set.h"
#include "ingest/source_definition.h"
#include "model/settings.h"
#include "store/database.h"
#include "store/log.h"

namespace hilo::ingest {

/// One file that a run has to read.
struct PlannedFile {
  SourceFile file;
  std::int64_t bytes = 0;
  Instant modified_at;
  std::string sha256;
  std::vector<std::int64_t> replaces;  ///< deliveries of this file that another version of the query read
  std::optional<Instant> came_at;      ///< when this content was first delivered, if `replaces` held it already
  bool came_first = false;             ///< ... in the source's first run
};

struct PlannedSource {
  const SourceDefinition* definition = nullptr;
  bool first_run = false;             ///< nothing of this source is in the log yet
  std::vector<PlannedFile> files;     ///< by name
  int unchanged = 0;                  ///< files that stand there as they did
  std::vector<std::string> repeated;  ///< files with the content of another one that was taken already
};

/// What a run will read. **Shape**: one element per source, in the order given; `files` may be empty.
struct IngestPlan {
  std::vector<PlannedSource> sources;
  [[nodiscard]] bool empty() const;
};

/// Finds the files whose path, size, time or, where one of these differs, content is not what the log knows.
/// **Errors**: those of find_files; kIo.
[[nodiscard]] Result<IngestPlan> plan_ingest(const store::Log& log, const std::vector<SourceDefinition>& sources,
                                             const SourceRoots& roots);

/// Returns how many files of a source plan_ingest would take.
/// **Cost**: content is read only of files that are new or not as old as the log knows them, and as long as a known
/// one.
/// **Errors**: those of find_files; kIo.
[[nodiscard]] Result<std::int64_t> count_waiting(const store::Log& log, const SourceDefinition& source,
                                                 const SourceRoots& roots);

/// The run that an ingest is part of.
struct IngestRun {
  const store::Log& log;
  const Settings& settings;
  Instant now;
  const std::filesystem::path& prepared;  ///< the folder that takes the rows and rejects
};

/// Reads the planned files and writes their rows and rejects as Parquet into `run.prepared`.
/// **Ensures**: the log is untouched; the entry returned lacks only `run`, `rows_before` and the definitions.
[[nodiscard]] Result<store::LogEntry> ingest(const IngestPlan& plan, const IngestRun& run,
                                             store::Database& scratch_database, PassContext& progress);

}  // namespace hilo::ingest
