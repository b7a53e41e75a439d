// Source definitions: one SELECT over one file reader, rows mapped one to one.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "expr/definition.h"
#include "expr/statement.h"

namespace hilo::expr {

enum class SourceFormat : std::uint8_t { kCsv, kJson, kParquet };

/// An option of the file reader: `header = true`, `types = {'sku': 'VARCHAR'}`, `nullstr = ['', 'NA']`.
struct ReadOption {
  std::string name;                 ///< one name per meaning: `sep` and `delimiter` are `delim`, `dtypes` is `types`
  std::optional<std::string> text;  ///< a single value; booleans are `true` and `false`
  std::vector<std::pair<std::string, std::string>> entries =
      {};  ///< a list (keys empty) or a struct, when `text` is not set
  Position position = {};
};

/// A column that the query mentions.
struct ColumnUse {
  std::string name;
  Position position;
  bool may_be_alias = false;  ///< an output of that name exists, so it need not be a column of the file
};

/// What a source file says, checked as far as that goes without opening its data. Immutable; cheap to copy.
struct SourceQuery {
  Statement statement;
  SourceFormat format = SourceFormat::kCsv;
  std::vector<std::string> globs;  ///< at least one, as written
  Position globs_position;
  std::vector<ReadOption> options;         ///< in the order of the text, no name twice
  std::vector<std::string> output_names;   ///< one per select item; "" for a star
  std::vector<Position> output_positions;  ///< where each output's name (or star) stands
  std::vector<ColumnUse> columns;          ///< every mention, in the order of the text
  /// Columns of the file, in lower case, that the query only passes on as text of its own (`card as loyalty_id`): their
  /// cells mean what is written, down to leading zeros.
  std::set<std::string, std::less<>> text_columns;
  /// Columns of the file, in lower case, that contact data are made of.
  std::set<std::string, std::less<>> contact_columns;
};

/// Reads a source definition: `select ... from read_csv('...', option = value, ...) [where ...]`, where the reader is
/// one of read_csv, read_csv_auto, read_json, read_json_auto, read_ndjson, read_parquet.
/// **Errors**: kInvalidDefinition with line and column for whatever does not map one row to one row (aggregates,
/// windows, DISTINCT, GROUP BY, joins, subqueries, LIMIT, set operations), unknown options and functions with the
/// nearest known name, functions that read files, the environment, the clock or chance, parameters, outputs without a
/// name or named twice.
[[nodiscard]] Checked<SourceQuery> parse_source_query(const DefinitionFile& file, store::Connection& connection);

/// Returns the query over the staged table: `staged_table` (a name, or `schema.name`) in place of the file reader, and
/// `_file`,
/// `_record`, `_line` appended to the select list. A star does not repeat these three. With the option `filename`, the
/// column `filename` is `_file`.
/// **Errors**: kInternal when the engine can't write the tree as text.
[[nodiscard]] Result<std::string> staged_sql(const SourceQuery& query, const std::string& staged_table,
                                             store::Connection& connection);

/// Returns the same query where no cell's fault can stop it: each output `e AS n` is `try(struct_pack(v := e)) AS n` (a
/// NULL struct = it failed), a row whose WHERE failed is kept, and the column `_where_failed` (BOOLEAN) says so. A star
/// stays as it is. (Inside, e and the condition stand in a CASE that is always true; see source_sql.cpp.)
/// `staged_columns` are the columns of the staged table: they tell a column from an earlier output of the same name.
[[nodiscard]] Result<std::string> guarded_staged_sql(const SourceQuery& query, const std::string& staged_table,
                                                     const std::vector<std::string>& staged_columns,
                                                     store::Connection& connection);

}  // namespace hilo::expr
