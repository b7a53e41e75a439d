#include "app/row_places.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "store/database.h"

namespace hilo::app {
namespace {

std::vector<std::int64_t> rows_of(const store::LogEntry& entry, const std::vector<std::int64_t>& rows) {
  std::vector<std::int64_t> held;
  std::ranges::copy_if(rows, std::back_inserter(held), [&](std::int64_t row) {
    return row >= entry.rows_before && row <= entry.rows_before + entry.rows;
  });
  return held;
}

Status read_places(store::Connection& connection, const std::string& file, const std::vector<std::int64_t>& rows,
                   const std::map<std::int64_t, std::string>& files, std::map<std::int64_t, RowPlace>& places) {
  HILO_ASSIGN(store::Rows found, connection.query(fmt::format(
                                     "select \"row\"::bigint, delivery::bigint, record::bigint, line::bigint from "
                                     "read_parquet({}) where \"row\" in ({})",
                                     store::quote_text(file), fmt::join(rows, ", "))));
  return found.for_each([&](const store::Chunk& chunk, std::size_t row) {
    RowPlace place;
    const auto delivery = files.find(chunk.is_null(1, row) ? 0 : chunk.integer(1, row));
    if (delivery != files.end()) place.file = delivery->second;
    if (!chunk.is_null(2, row)) place.record = chunk.integer(2, row);
    if (!chunk.is_null(3, row)) place.line = chunk.integer(3, row);
    places.emplace(chunk.integer(0, row), std::move(place));
  });
}

}  // namespace

std::string RowPlace::text() const {
  return line > 0 ? fmt::format("{}:{}", file, line) : fmt::format("{}, record {}", file, record);
}

Result<std::map<std::int64_t, RowPlace>> places_of(const store::Log& log, const std::vector<std::int64_t>& rows) {
  std::map<std::int64_t, RowPlace> places;
  if (rows.empty()) return places;
  HILO_ASSIGN(store::Database database, store::Database::open(""));
  HILO_ASSIGN(store::Connection connection, database.connect());
  for (const store::LogEntry& entry : log.entries()) {
    const std::vector<std::int64_t> held = rows_of(entry, rows);
    if (held.empty()) continue;
    std::map<std::int64_t, std::string> files;
    for (const store::Delivery& delivery : entry.deliveries) files.emplace(delivery.number, delivery.file);
    for (const store::SourceSegment& segment : entry.segments) {
      for (const std::string& file : segment.rows_files) {
        HILO_TRY(read_places(connection, (log.folder_of(entry.run) / file).string(), held, files, places));
      }
    }
  }
  return places;
}

}  // namespace hilo::app
