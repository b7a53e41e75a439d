#include "ingest/preview.h"

#include <algorithm>

#include "ingest/file_set.h"
#include "ingest/staging.h"

namespace hilo::ingest {

Result<SourcePreview> preview_source(const SourceDefinition& definition, const store::Log& log,
                                     const Settings& settings, const std::filesystem::path& workspace,
                                     Scratch& scratch) {
  constexpr std::int64_t kPreviewRecords = 2'000;
  HILO_ASSIGN(const std::vector<SourceFile> files, find_files(definition.query, {workspace, settings.source_folders}));
  const store::SourceSegment* known = log.latest_segment(definition.source.name);
  SourcePreview preview;
  store::SourceSegment& segment = preview.segment;
  segment.source = definition.source;
  segment.definition = definition.digest;
  const bool same_query = known != nullptr && known->definition == definition.digest;
  segment.carries_events =
      same_query ? known->carries_events : carries_events(definition, definition.query.output_names);
  if (same_query) segment.types = known->types;
  // An empty file says nothing of its columns; the newest with content does, by the order of names.
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    std::error_code failure;
    if (std::filesystem::is_regular_file(file->path, failure) && std::filesystem::file_size(file->path, failure) == 0)
      continue;
    const StagingOptions beginning{.progress = nullptr, .records_max = kPreviewRecords};
    HILO_ASSIGN(const ReadFile read, read_cells(scratch.connection, definition.query, *file, "", beginning));
    HILO_ASSIGN(const StagedFile staged, type_cells(scratch.connection, definition.query, read, segment.types,
                                                    same_query ? TypePolicy::kKeep : TypePolicy::kSniff, beginning));
    HILO_ASSIGN(preview.beginning, preview_rows(scratch, definition, staged, settings));
    segment.extras = preview.beginning.extras;
    segment.carries_events = preview.beginning.carries_events;
    return preview;
  }
  if (same_query) segment.extras = known->extras;
  return preview;
}

}  // namespace hilo::ingest
