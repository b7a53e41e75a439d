// JSON files as rows of text.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "ingest/read/byte_stream.h"
#include "ingest/read/row_reader.h"

namespace hilo::ingest {

struct JsonOptions {
  std::size_t max_record_bytes = std::size_t{4} << 20U;
  std::size_t chunk_bytes = std::size_t{256} << 10U;  ///< how much is read at a time
};

/// Opens the same text from its start, each time it is called: UTF-8 without a byte order mark.
using TextOpener = std::function<Result<std::unique_ptr<ByteStream>>()>;

/// Opens a JSON text: one array of objects, one object per line (JSON lines), or objects spread over several lines;
/// decided as `split_json` says. `name` is how messages call it.
///
/// Columns are the keys of all good records in the order of their first appearance, spelled as there; as in SQL, case
/// does not tell keys apart. Strings are taken as they are ("" is no NULL), numbers by their own digits, nested arrays
/// and objects as compact JSON text; null and a missing key are NULL.
///
/// **Faults**, each costing one record: what `parse_json_record` calls unfit; a key twice; a record over
/// `max_record_bytes`; one of JSON lines that is not JSON.
/// **Errors**: kInvalidInput when the text is empty, when a record of an array, or of objects spread over lines, is not
/// JSON (named by its number), when the array does not end, for more than 10,000 columns, and when the second reading
/// finds other keys than the first; those of `open_text` and its streams.
/// **Cost**: reads the whole text once before the first row; memory of a few `max_record_bytes`.
[[nodiscard]] Result<std::unique_ptr<RowReader>> open_json_rows(const TextOpener& open_text, std::string name,
                                                                const JsonOptions& options);

}  // namespace hilo::ingest
