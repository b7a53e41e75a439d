#include "ingest/read/open_rows.h"

#include <utility>

namespace hilo::ingest {
namespace {

Result<std::unique_ptr<ByteStream>> open_text(const std::filesystem::path& path, Encoding encoding) {
  HILO_ASSIGN(auto bytes, open_file(path));
  return make_utf8(std::move(bytes), encoding);
}

Result<Encoding> choose_encoding(const std::filesystem::path& path, const ReadOptions& options) {
  if (options.encoding) return *options.encoding;
  HILO_ASSIGN(const auto bytes, open_file(path));
  return detect_encoding(*bytes);
}

}  // namespace

Result<std::unique_ptr<RowReader>> open_rows(const std::filesystem::path& path, FileFormat format,
                                             const ReadOptions& options) {
  HILO_ASSIGN(const Encoding encoding, choose_encoding(path, options));
  if (format == FileFormat::kJson)
    return open_json_rows([path, encoding] { return open_text(path, encoding); }, path.string(), options.json);
  HILO_ASSIGN(auto text, open_text(path, encoding));
  return open_csv_rows(std::move(text), path.string(), options.csv);
}

}  // namespace hilo::ingest
