#include "store/log_check.h"

#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "store/database.h"

namespace hilo::store {
namespace {

class Checker {
 public:
  Checker(const Log& log, CheckDepth depth, Connection& connection)
      : log_(log), depth_(depth), connection_(connection) {}

  LogCheck run() {
    for (const LogEntry& entry : log_.entries()) {
      for (const SourceSegment& segment : entry.segments) {
        add_rows(entry, segment);
        if (!segment.rejects_file.empty()) static_cast<void>(add(entry, segment.rejects_file));
      }
      if (!entry.members_file.empty()) static_cast<void>(add(entry, entry.members_file));
    }
    return std::move(found_);
  }

 private:
  // The rows of a source's files together are those of its deliveries.
  void add_rows(const LogEntry& entry, const SourceSegment& segment) {
    std::int64_t expected = 0;
    for (const Delivery& delivery : entry.deliveries) {
      if (delivery.source == segment.source.name) expected += delivery.rows;
    }
    std::int64_t rows = 0;
    for (const std::string& file : segment.rows_files) {
      const std::optional<std::int64_t> held = add(entry, file);
      if (!held) return;  // what cannot be counted is told already
      rows += *held;
    }
    if (rows == expected || segment.rows_files.empty()) return;
    const std::string_view which = segment.rows_files.size() == 1 ? "" : "and its fellows ";
    fault(entry, segment.rows_files.front(),
          fmt::format("{}{} {} instead of {}", which, which.empty() ? "holds" : "hold", counted(rows, "row"),
                      with_separators(expected)));
  }

  void fault(const LogEntry& entry, const std::string& file, std::string what) {
    found_.faults.push_back({fmt::format("log/{:06}/{}", entry.run, file), std::move(what)});
  }

  // Looks at one file and returns how many rows it holds; nothing = it is at fault.
  std::optional<std::int64_t> add(const LogEntry& entry, const std::string& file) {
    ++found_.files;
    const fs::path path = log_.folder_of(entry.run) / file;
    std::error_code failure;
    if (!fs::exists(path, failure)) {
      fault(entry, file, "is missing");
      return std::nullopt;
    }
    const std::string quoted = quote_text(path.string());
    const auto rows = connection_.query_integer("select num_rows::bigint from parquet_file_metadata(" + quoted + ")");
    if (!rows) {
      fault(entry, file, "is cut off or not readable");
      return std::nullopt;
    }
    if (depth_ == CheckDepth::kRowCounts) return *rows;
    // A hash of all columns is asked for, so that none is passed over.
    const auto read = connection_.query_integer(
        fmt::format("select count(*) from read_parquet({}) as t where hash(t) is not null", quoted));
    if (read && *read == *rows) return *rows;
    fault(entry, file, "is damaged: it cannot be read through");
    return std::nullopt;
  }

  const Log& log_;
  CheckDepth depth_;
  Connection& connection_;
  LogCheck found_;
};

}  // namespace

Result<LogCheck> check_log(const Log& log, CheckDepth depth, int threads) {
  HILO_ASSIGN(Database database,
              Database::open("", {.read_only = false, .threads = threads, .memory_limit = {}, .temp_directory = {}}));
  HILO_ASSIGN(Connection connection, database.connect());
  return Checker(log, depth, connection).run();
}

}  // namespace hilo::store
