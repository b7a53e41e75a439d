// What a source will give, told from the beginning of its newest file.
#pragma once

#include <filesystem>

#include "ingest/source_definition.h"
#include "model/settings.h"
#include "store/database.h"
#include "store/log.h"

namespace hilo::ingest {

/// Returns the segment that a source's next delivery would have, without its rows: its columns and their types.
/// **Requires**: prepare_acceptance(scratch) ran. **Cost**: at most 2,000 records of one file are read.
/// **Errors**: those of find_files, stage_file and accept_rows.
[[nodiscard]] Result<store::SourceSegment> preview_source(const SourceDefinition& definition, const store::Log& log,
                                                          const Settings& settings,
                                                          const std::filesystem::path& workspace,
                                                          store::Connection& scratch);

}  // namespace hilo::ingest
