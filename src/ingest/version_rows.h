// Which rows of the log are versions of records, as functions in SQL: a join by several threads keeps no order, and a
// sort behind it costs more than all the rest.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "store/database.h"

namespace hilo::ingest {

class VersionRows {
 public:
  /// Makes `version_record(row)` (BIGINT) and `version_moment(row)` (TIMESTAMP) callable: the record of which a row is
  /// a version, and since when it holds; null of any other row.
  [[nodiscard]] static Result<VersionRows> open(store::Connection& connection);
  /// From now on the functions tell of the versions of one source, in the temp table `version_rows`. Returns how many
  /// there are. **Requires**: no statement that calls them is running.
  [[nodiscard]] Result<std::size_t> read(store::Connection& connection, const std::string& source);

 private:
  struct Rows {
    std::vector<std::int64_t> rows;  // ascending
    std::vector<std::int64_t> records;
    std::vector<std::int64_t> moments;
  };
  explicit VersionRows(std::shared_ptr<Rows> rows) : rows_(std::move(rows)) {}
  static store::RowFunction function_of(std::shared_ptr<const Rows> rows, std::vector<std::int64_t> Rows::* answer);

  std::shared_ptr<Rows> rows_;
};

}  // namespace hilo::ingest
