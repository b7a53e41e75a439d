// How much of a database's file each column takes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/database.h"

namespace hilo::store {

struct ColumnBytes {
  std::string table;  ///< with its schema, unless that is main
  std::string column;
  std::int64_t bytes = 0;  ///< of the file's blocks, compressed as they stand there
};

/// What a database's file is made of. **Units**: bytes.
struct FileBytes {
  std::vector<ColumnBytes> columns;  ///< of all tables, by table and column; those without a block have 0
  std::int64_t directory = 0;        ///< where the columns of all tables stand, and statistics of them
  std::int64_t file = 0;             ///< all of it, free blocks too
};

/// Shares out the blocks of the connection's own database. A column has what lies between the beginning of each of its
/// segments and the next one in the block, or the block's end: nothing is counted twice, and what is left free behind
/// the last segment of a block counts as that one's. **Requires**: a database in a file.
[[nodiscard]] Result<FileBytes> bytes_of_file(Connection& connection);

}  // namespace hilo::store
