#include "app/snapshot.h"

#include <fmt/format.h>

#include "base/text.h"
#include "store/durable.h"

namespace hilo::app {
namespace {

std::string_view step_name(Step step) {
  switch (step) {
    case Step::kDay: return "day";
    case Step::kWeek: return "week";
    case Step::kMonth: return "month";
  }
  return "day";
}

std::string_view copy_options(FileFormat format) {
  switch (format) {
    case FileFormat::kCsv: return "format csv, header true";
    case FileFormat::kParquet: return "format parquet, compression zstd";
    case FileFormat::kJson: return "format json";
  }
  return "format csv";
}

}  // namespace

Result<FileFormat> parse_format(const std::string& text) {
  if (text == "csv") return FileFormat::kCsv;
  if (text == "parquet") return FileFormat::kParquet;
  if (text == "json") return FileFormat::kJson;
  return fail(ErrorCode::kUsage,
              fmt::format("'{}' is not a format{}", text, did_you_mean(text, {"csv", "parquet", "json"})),
              "A format is csv, parquet or json.");
}

std::string snapshot_sql(const SnapshotDays& days) {
  if (!days.to) return fmt::format("select * from customers_on(date '{}')", to_string(days.from));
  return fmt::format("select * from customers_between(date '{}', date '{}', '{}')", to_string(days.from),
                     to_string(*days.to), step_name(days.step));
}

Result<std::int64_t> write_snapshot(const Workspace& workspace, const SnapshotDays& days, FileFormat format,
                                    const std::filesystem::path& file) {
  HILO_ASSIGN(Reader reader, Reader::open(workspace, Lockdown::kMayWriteFiles));
  // A device or a pipe is written into; a file gets its name once it is whole.
  std::error_code none;
  const bool replaces = !std::filesystem::exists(file, none) || std::filesystem::is_regular_file(file, none);
  if (std::filesystem::is_directory(file, none))
    return fail(ErrorCode::kInvalidInput, fmt::format("{} is a folder", file.string()), "Name a file in it.");
  std::filesystem::path target = file;
  if (replaces) target += ".unfinished";
  const Result<std::int64_t> rows = reader.connection().query_integer(fmt::format(
      "copy ({}) to {} ({})", snapshot_sql(days), store::quote_text(target.string()), copy_options(format)));
  if (!rows) {
    if (replaces) std::filesystem::remove(target, none);
    return fail(ErrorCode::kIo, fmt::format("{} cannot be written: {}", file.string(),
                                            rows.error().message.substr(0, rows.error().message.find('\n'))));
  }
  if (replaces) HILO_TRY(store::publish_file(target, file));
  return rows;
}

}  // namespace hilo::app
