#include "store/content.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace hilo::store {
namespace {

constexpr std::size_t kDigestDigits = 32;

// Everything of the connection's database that is not temporary and not the engine's, with the text that made it; of
// tables the columns say that.
constexpr const char* kInventory = R"(
select schema_name as in_schema, table_name as name, 'table' as kind, '' as made_by from duckdb_tables()
  where database_name = current_database() and not internal and not temporary
union all
select schema_name, view_name, 'view', sql from duckdb_views()
  where database_name = current_database() and not internal and not temporary
union all
select schema_name, function_name, 'macro', concat_ws(' ', parameters::varchar, macro_definition)
  from duckdb_functions() where database_name = current_database() and not internal
union all
select schema_name, index_name, 'index', concat_ws(' ', table_name, sql) from duckdb_indexes()
  where database_name = current_database()
union all
select schema_name, sequence_name, 'sequence', sql from duckdb_sequences()
  where database_name = current_database() and not temporary
union all
select schema_name, type_name, 'type', concat_ws(' ', logical_type, labels::varchar) from duckdb_types()
  where database_name = current_database() and not internal
order by all)";

std::string full_name(const std::string& schema, const std::string& name) {
  return schema == "main" && !name.contains('.') ? name : schema + "." + name;
}

std::string quoted(const std::string& table) {
  const std::size_t point = table.find('.');
  if (point == std::string::npos) return "main." + quote_name(table);
  return quote_name(table.substr(0, point)) + "." + quote_name(table.substr(point + 1));
}

// What stands for a column's values where they are compared: the engine holds -0 and 0 for equal, and 30 days and a
// month.
std::string comparable(const Column& column, const std::string& of = "") {
  const std::string value = of + quote_name(column.name);
  const bool as_written =
      column.type.contains("DOUBLE") || column.type.contains("FLOAT") || column.type.contains("INTERVAL");
  return as_written ? value + "::varchar" : value;
}

// Two hashes of a row, which take its columns in opposite order.
std::string row_hashes(const std::vector<Column>& columns) {
  std::string forth;
  std::string back;
  for (const Column& column : columns) {
    const std::string value = comparable(column);
    forth += forth.empty() ? value : ", " + value;
    back = back.empty() ? value : value + ", " + back;
  }
  return fmt::format("hash({}) as hash_forth, hash('back', {}) as hash_back", forth, back);
}

std::vector<Column> without(std::vector<Column> columns, const std::string& table,
                            const std::vector<LeftOut>& left_out) {
  for (const LeftOut& each : left_out) {
    if (each.table == table) std::erase_if(columns, [&](const Column& column) { return column.name == each.column; });
  }
  return columns;
}

Status take_digest(Connection& connection, Content& table, const std::vector<LeftOut>& left_out) {
  HILO_ASSIGN(table.columns, connection.describe("from " + quoted(table.name)));
  table.columns = without(std::move(table.columns), table.name, left_out);
  // Sums do not depend on the order of rows, and tell a row that stands twice.
  HILO_ASSIGN(const auto sums,
              connection.query_text(fmt::format("select concat_ws(' ', count(*), sum(hash_forth), sum(hash_back)) "
                                                "from (select {} from {})",
                                                row_hashes(table.columns), quoted(table.name))));
  HILO_ASSIGN(table.rows, connection.query_integer(fmt::format("select count(*) from {}", quoted(table.name))));
  table.digest = sha256_hex(column_definitions(table.columns) + "\n" + sums.value_or("")).substr(0, kDigestDigits);
  return {};
}

Error named(Error error, const std::string& table) {
  return {.code = ErrorCode::kIo,
          .message = fmt::format("the table {} cannot be read: {}", table, error.message),
          .advice = std::move(error.advice)};
}

}  // namespace

Result<std::vector<Content>> contents_of(Connection& connection, const std::vector<LeftOut>& left_out,
                                         const ContentProgress& progress) {
  HILO_ASSIGN(Rows rows, connection.query(kInventory));
  std::vector<Content> contents;
  HILO_TRY(rows.for_each([&](const Chunk& chunk, std::size_t row) {
    const std::string name = full_name(std::string(chunk.text(0, row)), std::string(chunk.text(1, row)));
    const std::string made_by(chunk.is_null(3, row) ? "" : chunk.text(3, row));
    contents.push_back({.name = name,
                        .kind = std::string(chunk.text(2, row)),
                        .digest = sha256_hex(made_by).substr(0, kDigestDigits)});
  }));
  std::int64_t done = 0;
  for (Content& content : contents) {
    progress(done++, static_cast<std::int64_t>(contents.size()));
    if (content.kind != "table") continue;
    if (const Status taken = take_digest(connection, content, left_out); !taken)
      return std::unexpected(named(taken.error(), content.name));
  }
  return contents;
}

namespace {

// Rows as structs, so that no name of a column is in the way, with their hashes.
std::string hashed_rows(const TablePair& pair, const std::string& database) {
  std::string packed;
  for (const Column& column : pair.columns)
    packed += fmt::format("{}{} := {}", packed.empty() ? "" : ", ", quote_name(column.name), quote_name(column.name));
  return fmt::format("(select struct_pack({}) as told, {} from {}.{})", packed, row_hashes(pair.columns),
                     quote_name(database), quoted(pair.table));
}

// Writes to temporary tables the rows that one of both has more often than the other.
Status write_odd_rows(Connection& connection, const TablePair& pair) {
  const auto counted_hashes = [&](const std::string& database) {
    return fmt::format("(select hash_forth, hash_back, count(*) as times from {} group by all)",
                       hashed_rows(pair, database));
  };
  HILO_TRY(connection.execute(fmt::format(
      "create or replace temp table odd_hashes as select hash_forth, hash_back from {} f full join {} s using "
      "(hash_forth, hash_back) where f.times is distinct from s.times",
      counted_hashes(pair.first), counted_hashes(pair.second))));
  for (const auto& [table, database] : {std::pair{"first_odd", pair.first}, std::pair{"second_odd", pair.second}}) {
    HILO_TRY(connection.execute(
        fmt::format("create or replace temp table {} as from {} semi join odd_hashes using (hash_forth, hash_back)",
                    table, hashed_rows(pair, database))));
  }
  return {};
}

// The columns by which rows are the same row.
std::vector<Column> key_columns(const TablePair& pair) {
  if (!pair.key) return pair.columns;
  std::vector<Column> columns;
  for (const Column& column : pair.columns) {
    if (std::ranges::find(*pair.key, column.name) != pair.key->end()) columns.push_back(column);
  }
  return columns;
}

// Rows of one key are numbered, as a damaged table may have several.
std::string numbered_rows(const std::vector<Column>& key, const std::string& table) {
  std::string list;
  for (const Column& column : key) list += (list.empty() ? "" : ", ") + comparable(column, "told.");
  return fmt::format("(select *, row_number() over ({}{} order by hash_forth, hash_back) as nth from {})",
                     list.empty() ? "" : "partition by ", list, table);
}

}  // namespace

Result<RowDifference> compare_rows(Connection& connection, const TablePair& pair) {
  HILO_TRY(write_odd_rows(connection, pair));
  const std::vector<Column> key = key_columns(pair);
  std::string same = "f.nth = s.nth";
  for (const Column& column : key)
    same +=
        fmt::format(" and {} is not distinct from {}", comparable(column, "f.told."), comparable(column, "s.told."));
  constexpr std::string_view kChanged =
      "f.nth is not null and s.nth is not null and (f.hash_forth, f.hash_back) <> "
      "(s.hash_forth, s.hash_back)";
  std::string counts = fmt::format(
      "count(*) filter (f.nth is null), count(*) filter (s.nth is null), "
      "count(*) filter ({})",
      kChanged);
  for (const Column& column : pair.columns)
    counts += fmt::format(", count(*) filter ({} and {} is distinct from {})", kChanged, comparable(column, "f.told."),
                          comparable(column, "s.told."));
  HILO_ASSIGN(Rows rows,
              connection.query(fmt::format("select {} from {} f full join {} s on {}", counts,
                                           numbered_rows(key, "first_odd"), numbered_rows(key, "second_odd"), same)));
  RowDifference difference;
  HILO_TRY(rows.for_each([&](const Chunk& chunk, std::size_t row) {
    difference.missing = chunk.integer(0, row);
    difference.added = chunk.integer(1, row);
    difference.changed = chunk.integer(2, row);
    for (std::size_t number = 0; number < pair.columns.size(); ++number) {
      const std::int64_t differs = chunk.integer(number + 3, row);
      if (differs > 0) difference.columns.push_back({pair.columns[number].name, differs});
    }
  }));
  HILO_TRY(connection.execute("drop table odd_hashes; drop table first_odd; drop table second_odd"));
  return difference;
}

}  // namespace hilo::store
