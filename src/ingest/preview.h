// What a source will give, told from the beginning of its newest file.
#pragma once

#include <filesystem>

#include "ingest/accept.h"
#include "ingest/source_definition.h"
#include "model/settings.h"
#include "store/database.h"
#include "store/log.h"

namespace hilo::ingest {

/// A source's next delivery, told from its beginning.
struct SourcePreview {
  store::SourceSegment segment;  ///< its columns and their types, without its rows
  Preview beginning;             ///< what the records read would come to
};

/// Returns what a source's next delivery would be.
/// **Cost**: at most 2,000 records of one file are read.
/// **Errors**: those of find_files, read_cells, type_cells and accept_rows.
[[nodiscard]] Result<SourcePreview> preview_source(const SourceDefinition& definition, const store::Log& log,
                                                   const Settings& settings, const std::filesystem::path& workspace,
                                                   Scratch& scratch);

}  // namespace hilo::ingest
