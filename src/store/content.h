// What a database holds, told so that two can be compared: digests that do not depend on the order of rows.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/database.h"

namespace hilo::store {

/// A table, or something else of a database that a question can read.
struct Content {
  std::string name;                  ///< with its schema, unless that is main: "contact.names"
  std::string kind;                  ///< "table", "view", "macro", "index", "sequence", "type"
  std::vector<Column> columns = {};  ///< of a table
  std::int64_t rows = 0;             ///< of a table
  std::string digest = {};           ///< 32 hexadecimal digits
};

/// A column that is left out of the digest of its table.
struct LeftOut {
  std::string table;
  std::string column;
};

/// Hears how many of how many tables were read.
using ContentProgress = std::function<void(std::int64_t done, std::int64_t total)>;

/// Returns all that the connection's own database holds but for temporary things, by name.
/// **Ensures**: digests are equal where the columns and the multisets of rows are (a table), or the text that made it
/// (all else); and where those differ, equal with a chance of about 2^-64. Doubles are taken as what they are written
/// as, so that -0 is not 0. **Errors**: kIo, naming a table that cannot be read.
[[nodiscard]] Result<std::vector<Content>> contents_of(Connection& connection, const std::vector<LeftOut>& left_out,
                                                       const ContentProgress& progress);

/// How many rows of a table differ in a column.
struct ColumnDifference {
  std::string column;
  std::int64_t rows = 0;
};

/// How the rows of two tables of the same columns differ.
struct RowDifference {
  std::int64_t missing = 0;                    ///< keys that the first lacks
  std::int64_t added = 0;                      ///< keys that the second lacks
  std::int64_t changed = 0;                    ///< keys that both have with other values
  std::vector<ColumnDifference> columns = {};  ///< of those changed, in the order of the table
};

/// A table in two databases that are attached to one connection.
struct TablePair {
  std::string first;  ///< the name of a database
  std::string second;
  std::string table;                            ///< as in `Content`
  std::vector<Column> columns;                  ///< of both, as far as they count
  std::optional<std::vector<std::string>> key;  ///< columns that name a row; nothing = all, none = there is one row
};

/// Compares row by row. **Cost**: two passes over both, and memory for a hash of each row and for all rows that differ.
[[nodiscard]] Result<RowDifference> compare_rows(Connection& connection, const TablePair& pair);

}  // namespace hilo::store
