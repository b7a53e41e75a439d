#include "app/snapshot.h"

#include <fmt/format.h>

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

}  // namespace

std::string snapshot_sql(const SnapshotDays& days) {
  if (!days.to) return fmt::format("select * from customers_on(date '{}')", to_string(days.from));
  return fmt::format("select * from customers_between(date '{}', date '{}', '{}')", to_string(days.from),
                     to_string(*days.to), step_name(days.step));
}

Result<std::int64_t> write_snapshot(const Workspace& workspace, const SnapshotDays& days, FileFormat format,
                                    const std::filesystem::path& file) {
  HILO_ASSIGN(const OutputFile output, OutputFile::at(workspace, file));
  HILO_ASSIGN(Reader reader, Reader::open(workspace, output.target()));
  return output.write(reader.connection(), snapshot_sql(days), format);
}

}  // namespace hilo::app
