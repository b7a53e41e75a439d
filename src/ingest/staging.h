// Staging: one outside file as a table of the scratch database, typed column by column, with its faults.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "expr/source_query.h"
#include "ingest/file_set.h"
#include "store/database.h"

namespace hilo::ingest {

/// SQL types of a file's columns by name. A column that never held a value is not in it.
using ColumnTypes = std::map<std::string, std::string>;

/// How the types of a file's columns come about, beyond what the query states.
enum class TypePolicy : std::uint8_t {
  kSniff,  ///< from the file's cells; where that contradicts `known`, the type that holds both
  kKeep,   ///< `known` counts: a cell that does not fit is a reject
};

/// What was read of a file before its columns have types: in a scratch database the table `staged<tag>` of text cells
/// with _record and _line (none for Parquet), and `faults<tag>(record, line, column_name, value, sensitive, reason)`.
struct ReadFile {
  SourceFile file;
  std::string tag;
  std::int64_t records = 0;  ///< read, rejected ones included
  std::vector<std::string> columns;
  ColumnTypes sniffed;
};

struct StagedFile {
  SourceFile file;
  std::string tag;           ///< its rows are the view `typed<tag>`, its faults the table `faults<tag>`
  std::int64_t records = 0;  ///< read, rejected ones included
  std::vector<store::Column> columns;
  ColumnTypes types;     ///< the types in force, to be kept for later files
  bool widened = false;  ///< a type of `known` had to give way (kSniff only)
};

struct StagingOptions {
  std::function<void(std::int64_t)> progress;  ///< hears of the records read so far; may be empty
  std::int64_t records_max = 0;                ///< stop after so many; 0 = read all
};

/// Reads the cells of `file`; safe beside other readings with other connections and tags.
/// **Errors**: kInvalidInput for a file that cannot be read as what it is (truncated, duplicate header names ...).
[[nodiscard]] Result<ReadFile> read_cells(store::Connection& scratch, const expr::SourceQuery& query,
                                          const SourceFile& file, const std::string& tag,
                                          const StagingOptions& options);

/// Makes what was read the view `typed<tag>` (columns as in the file, then _file, _record, _line), and adds the faults
/// of cells to `faults<tag>`. **Errors**: kInvalidInput for a Parquet file that cannot be read.
[[nodiscard]] Result<StagedFile> type_cells(store::Connection& scratch, const expr::SourceQuery& query,
                                            const ReadFile& read, const ColumnTypes& known, TypePolicy policy,
                                            const StagingOptions& options);

/// Drops what read_cells and type_cells made.
[[nodiscard]] Status drop_staged(store::Connection& scratch, const std::string& tag);

/// Returns the type that holds the values of both.
[[nodiscard]] std::string wider_type(const std::string& a, const std::string& b);

}  // namespace hilo::ingest
