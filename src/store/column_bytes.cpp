#include "store/column_bytes.h"

#include <fmt/format.h>

namespace hilo::store {
namespace {

// A segment that is too large for what is left of a block has blocks of its own beside the one that it begins in;
// several segments may share one.
constexpr std::string_view kShares = R"(
with sizes as (select block_size::bigint as block_size from pragma_database_size()),
segments as ({}),
placed as (select of_table, column_name, block_id, coalesce(lead(block_offset) over (partition by block_id
    order by block_offset, of_table, column_name), block_size) - block_offset as bytes
  from segments, sizes where block_id >= 0),
further as (select min(of_table || chr(0) || column_name) as owner, block_id from (
    select of_table, column_name, unnest(additional_block_ids) as block_id from segments)
  where block_id not in (select block_id from placed) group by block_id),
shares as (select of_table, column_name, bytes from placed
  union all select split_part(owner, chr(0), 1), split_part(owner, chr(0), 2), block_size from further, sizes
  union all select of_table, column_name, 0 from segments)
select of_table, column_name, sum(bytes)::bigint from shares group by all order by all)";

// One query for each table, together a query of all segments.
Result<std::string> segments_sql(Connection& connection) {
  HILO_ASSIGN(Rows rows, connection.query("select schema_name, table_name from duckdb_tables() where database_name = "
                                          "current_database() and not internal and not temporary order by all"));
  std::string sql;
  HILO_TRY(rows.for_each([&](const Chunk& chunk, std::size_t row) {
    const std::string schema(chunk.text(0, row));
    const std::string table(chunk.text(1, row));
    const std::string shown = schema == "main" ? table : schema + "." + table;
    const std::string written = quote_name(schema) + "." + quote_name(table);
    sql += fmt::format(
        "{}select {} as of_table, column_name, block_id, block_offset, additional_block_ids from "
        "pragma_storage_info({}) where persistent",
        sql.empty() ? "" : " union all ", quote_text(shown), quote_text(written));
  }));
  return sql;
}

}  // namespace

Result<FileBytes> bytes_of_file(Connection& connection) {
  FileBytes result;
  HILO_ASSIGN(const std::string segments, segments_sql(connection));
  HILO_ASSIGN(Rows rows, connection.query(fmt::format(kShares, segments)));
  HILO_TRY(rows.for_each([&](const Chunk& chunk, std::size_t row) {
    result.columns.push_back({.table = std::string(chunk.text(0, row)),
                              .column = std::string(chunk.text(1, row)),
                              .bytes = chunk.integer(2, row)});
  }));
  HILO_ASSIGN(result.file,
              connection.query_integer("select (total_blocks * block_size)::bigint from pragma_database_size()"));
  HILO_ASSIGN(result.directory,
              connection.query_integer("select ((select count(*) from pragma_metadata_info()) * block_size)::bigint "
                                       "from pragma_database_size()"));
  return result;
}

}  // namespace hilo::store
