// A file on the disk as rows of text, whatever its compression, encoding and form.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/result.h"
#include "ingest/read/csv_reader.h"
#include "ingest/read/encoding.h"
#include "ingest/read/json_reader.h"
#include "ingest/read/row_reader.h"

namespace hilo::ingest {

enum class FileFormat : std::uint8_t { kCsv, kJson };

struct ReadOptions {
  std::optional<Encoding> encoding;  ///< nullopt = found out, see `detect_encoding`
  CsvOptions csv;                    ///< for FileFormat::kCsv
  JsonOptions json;                  ///< for FileFormat::kJson
};

/// Opens a file as rows: decompressed by its first bytes, brought to UTF-8, then read as CSV or JSON. **Errors**: those
/// of `open_file`, `detect_encoding`, `open_csv_rows` and `open_json_rows`. **Cost**: without a stated encoding the
/// file is read once more, and JSON always once more; memory stays bounded whatever the file's size.
[[nodiscard]] Result<std::unique_ptr<RowReader>> open_rows(const std::filesystem::path& path, FileFormat format,
                                                           const ReadOptions& options);

}  // namespace hilo::ingest
