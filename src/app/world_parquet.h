// A world's files as Parquet, and its sources so that they read them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "app/workspace.h"
#include "base/result.h"

namespace hilo::app {

struct ParquetReport {
  std::int64_t files = 0;          ///< written
  std::int64_t rows_left_out = 0;  ///< that `hilo run` would reject as they stand, so that they have no typed form
};

/// Turns every file below data/ and truth/ of `root` into Parquet beside it, and removes it. A file that a source reads
/// is read as a run would read it, and all files of a source get the same column types; any other has the types that
/// its cells tell. The texts of the sources come to read the new files.
/// **Ensures**: the same bytes for the same files. A run over the new files takes the same rows as one over the old.
/// **Cost**: half a gigabyte of memory at most; what does not fit spills into `root`.
/// **Errors**: kInvalidDefinition, kInvalidInput, kIo.
[[nodiscard]] Result<ParquetReport> convert_to_parquet(
    const std::filesystem::path& root, DefinitionTexts& sources,
    const std::function<void(std::int64_t done, std::int64_t total)>& progress);

/// Returns a file's name, or a glob, with the ending that its Parquet form has: `data/x/*.csv.gz` ->
/// `data/x/*.parquet`; with a label `data/x/*.label.parquet`.
[[nodiscard]] std::string parquet_name(std::string_view name, std::string_view label = {});

/// Returns the text of a source with its file reader replaced by read_parquet over the Parquet forms of its files; all
/// else, comments too, stays as it is.
[[nodiscard]] std::string reading_parquet(std::string_view source, const expr::SourceQuery& query,
                                          std::string_view label = {});

}  // namespace hilo::app
