// DuckDB behind types of our own: the only interface through which the rest of Hilo talks SQL.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/int128.h"
#include "base/result.h"
#include "base/time.h"

namespace hilo::store {

/// A local wall time without a zone: SQL's TIMESTAMP. **Units**: microseconds since 1970-01-01T00:00 on that wall.
struct WallTime {
  std::int64_t micros = 0;
};

/// A bound parameter. monostate is NULL.
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string, Date, WallTime>;

struct NamedValue {
  std::string name;  ///< without the dollar sign
  Value value;
};
using Parameters = std::vector<NamedValue>;

struct EngineAccess;  // the rest of store, for which the handles are not opaque

struct Column {
  bool operator==(const Column&) const = default;
  std::string name;
  std::string type;  ///< as SQL writes it: BIGINT, DECIMAL(18,4), VARCHAR[] ...
};

/// What a statement would do, told before it runs.
enum class StatementKind : std::uint8_t { kSelect, kExplain, kOther };

class Connection;
class Rows;

/// One block of at most 2,048 result rows.
class Chunk {
 public:
  Chunk() = default;
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool is_null(std::size_t column, std::size_t row) const;
  /// **Requires**: the column is VARCHAR or BLOB and not null. The view lives as long as the chunk.
  [[nodiscard]] std::string_view text(std::size_t column, std::size_t row) const;
  /// **Requires**: the column is an integer of at most 64 bits, a DATE (days), a TIMESTAMP (micros) or a DECIMAL of at
  /// most 18 digits (unscaled), and not null.
  [[nodiscard]] std::int64_t integer(std::size_t column, std::size_t row) const;
  [[nodiscard]] double real(std::size_t column, std::size_t row) const;   ///< **Requires**: DOUBLE or FLOAT, not null
  [[nodiscard]] bool boolean(std::size_t column, std::size_t row) const;  ///< **Requires**: BOOLEAN, not null
  /// Copies a whole column of integers (see `integer`), 0 for null, to `values`, and to `nulls` 1 for null, else 0.
  /// Returns whether any is null.
  bool copy_integers(std::size_t column, std::int64_t* values, std::uint8_t* nulls) const;
  /// Copies a whole column of texts to `texts`; of null the view has no data.
  void copy_texts(std::size_t column, std::string_view* texts) const;

 private:
  friend class Rows;
  friend struct EngineAccess;
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

/// The result of a query: described at once, read block by block.
class Rows {
 public:
  [[nodiscard]] const std::vector<Column>& columns() const { return columns_; }
  /// Returns the next block, or nothing at the end. **Errors**: kInvalidInput when the query fails half-way.
  [[nodiscard]] Result<std::optional<Chunk>> next();
  /// Calls `row(chunk, index)` for every row left.
  [[nodiscard]] Status for_each(const std::function<void(const Chunk&, std::size_t)>& row);

 private:
  friend class Connection;
  friend struct EngineAccess;
  struct Impl;
  std::shared_ptr<Impl> impl_;
  std::vector<Column> columns_;
};

/// What a program's function answers, one value for each row of its arguments. The setters are those of its result.
class Answers {
 public:
  void null(std::size_t row);
  void text(std::size_t row, std::string_view value);
  /// Answers with the text of an earlier row, which is not copied. **Requires**: that one was answered with `text`.
  void repeat_text(std::size_t row, std::size_t earlier);
  void boolean(std::size_t row, bool value);
  void integer(std::size_t row, std::int64_t value);  ///< BIGINT, or TIMESTAMP in microseconds
  /// Answers every row with that argument, nulls too. Nothing is copied; no other setter may be called.
  /// **Requires**: the argument is of the result's type.
  void same_as(std::size_t argument);

 private:
  friend struct RowFunctionCall;
  struct Impl;
  explicit Answers(Impl& impl) : impl_(impl) {}
  Impl& impl_;
};

/// A function that a program computes, for a block of rows. Several threads may ask at a time.
using RowFunction = std::function<Status(const Chunk& arguments, Answers& answers)>;

/// How SQL calls a function. All types are BIGINT, VARCHAR, BOOLEAN or TIMESTAMP.
struct FunctionSignature {
  std::string name;
  std::vector<std::string> arguments;
  std::string result;
};

/// One session of a database. Not for two threads at a time.
class Connection {
 public:
  /// Runs one or more statements without parameters; results are dropped.
  [[nodiscard]] Status execute(const std::string& sql);
  /// Runs one statement. Parameters are bound by name (`$day`). **Errors**: kInvalidInput with the engine's message.
  [[nodiscard]] Result<Rows> query(const std::string& sql, const Parameters& parameters = {});
  /// Runs a query of one row and one column of VARCHAR; NULL and no row come as nothing.
  [[nodiscard]] Result<std::optional<std::string>> query_text(const std::string& sql,
                                                              const Parameters& parameters = {});
  /// Runs a query of one row and one integer column; NULL and no row come as 0.
  [[nodiscard]] Result<std::int64_t> query_integer(const std::string& sql, const Parameters& parameters = {});
  /// Returns the columns that a query would give, without running it.
  [[nodiscard]] Result<std::vector<Column>> describe(const std::string& sql);
  /// Returns the kind of the one statement in `sql`. **Errors**: kInvalidInput for none, several, or a syntax error.
  [[nodiscard]] Result<StatementKind> statement_kind(const std::string& sql);
  /// Returns how far the running query of this connection is, in [0, 1], or nothing when the engine can't tell.
  [[nodiscard]] std::optional<double> progress() const;
  /// Asks the running query to stop; safe from another thread.
  void interrupt();
  /// Makes a function of rows callable in the whole database: the same arguments give the same answer all through a
  /// statement, and any may be null.
  [[nodiscard]] Status add_function(const FunctionSignature& signature, RowFunction function);
  /// Opens one more session of the same database, without this one's temporary tables.
  [[nodiscard]] Result<Connection> beside() const;

 private:
  friend class Database;
  friend class TableWriter;
  friend struct EngineAccess;
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

/// Appends rows of any of text, integers, reals, booleans, dates and times to one table, block by block.
class TableWriter {
 public:
  /// `schema` is "temp" for a temporary table. **Requires**: the table exists. **Errors**: kInternal when it does not.
  [[nodiscard]] static Result<TableWriter> open(Connection& connection, const std::string& schema,
                                                const std::string& table);
  void null(std::size_t column);
  void text(std::size_t column, std::string_view value);
  void integer(std::size_t column, std::int64_t value);  ///< integers, DATE, TIMESTAMP, DECIMAL up to 18 digits
  void huge(std::size_t column, Int128 value);           ///< HUGEINT, DECIMAL of more than 18 digits
  void real(std::size_t column, double value);
  void boolean(std::size_t column, bool value);
  /// Lists of what `integer` and `text` take, in the `row`-th of the next rows.
  void integer_list(std::size_t column, std::size_t row, std::span<const std::optional<std::int64_t>> values);
  void text_list(std::size_t column, std::size_t row, std::span<const std::optional<std::string_view>> values);
  /// Ends the row. **Requires**: every column was set once since the last end_row.
  [[nodiscard]] Status end_row();

  /// Which values make the next rows, one for each of `rows`: null where that is below 0 or has a 1 in `nulls`.
  struct Picked {
    std::span<const std::int32_t> rows;
    const std::uint8_t* nulls;
  };
  /// How many rows may be put at once.
  [[nodiscard]] std::size_t room() const;
  /// Sets a column of the next rows. Types as above; truths are 0 and 1. **Requires**: no more than `room`.
  void integers(std::size_t column, const Picked& picked, const std::int64_t* values);
  void huges(std::size_t column, const Picked& picked, const Int128* values);
  void reals(std::size_t column, const Picked& picked, const double* values);
  void booleans(std::size_t column, const Picked& picked, const std::int64_t* values);
  void texts(std::size_t column, const Picked& picked, const std::function<std::string_view(std::size_t)>& value);
  void integers(std::size_t column, std::span<const std::int64_t> values);  ///< BIGINT, one for each of the next rows
  void nulls(std::size_t column, std::size_t count);
  void null_at(std::size_t column, std::size_t row);  ///< in the `row`-th of the next rows
  /// Ends so many rows. **Requires**: every column of them was set.
  [[nodiscard]] Status end_rows(std::size_t count);
  /// Writes what is buffered. No call may follow.
  [[nodiscard]] Status close();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

struct DatabaseOptions {
  bool read_only = false;
  int threads = 0;                  ///< 0 = all processors
  std::string memory_limit = {};    ///< as DuckDB reads it ("4GB"); empty = 4GB, on a small machine 60 % of it
  std::string temp_directory = {};  ///< where larger-than-memory work spills; empty = nowhere
};

/// How a question calls a table function: what it is given, and which of its columns are read.
struct TableFunctionCall {
  std::vector<Value> arguments;
  std::vector<std::string> columns;
};
/// A query of a table function: its rows have the columns that are read, in that order.
struct TableFunctionQuery {
  std::string sql;
  Parameters parameters;
  std::function<Status(Connection&)> before = {};  ///< what to do first, on the connection that asks
};
/// A function of SQL that gives rows. Each query follows the one before on one connection, which no one else uses.
struct TableFunction {
  std::string name;
  std::vector<std::string> arguments;  ///< SQL type names, positional
  std::string columns_sql;             ///< a query with the function's columns, which is never run
  std::function<Status(const std::vector<Value>& arguments)> check;
  std::function<Result<std::vector<TableFunctionQuery>>(const TableFunctionCall&)> plan;
};

/// What the engine never does to a query, as its setting `disabled_optimizers` has it.
inline constexpr const char* kDisabledOptimizers = "common_subexpressions";

/// One DuckDB database, in memory or in a file.
class Database {
 public:
  /// Opens or creates `path`; "" is in memory. No extension is ever downloaded.
  /// **Errors**: kVersion when a newer engine wrote the file, kConflict when another process writes it, else kIo.
  [[nodiscard]] static Result<Database> open(const std::string& path, const DatabaseOptions& options = {});
  [[nodiscard]] Result<Connection> connect();
  /// Makes a function callable in FROM.
  [[nodiscard]] Status add_table_function(TableFunction function);
  /// Makes `name(arguments...)` callable as a condition (BOOLEAN, never null), which is asked once for every row that
  /// reaches it, in no order: asking may be an act. Any argument may be null.
  [[nodiscard]] Status add_condition(const std::string& name, const std::vector<std::string>& argument_types,
                                     RowFunction condition);
  /// Forbids, for good, files, network, extensions and any further setting; but for `files`, which may be written.
  [[nodiscard]] Status lock_down(const std::vector<std::string>& files = {});

 private:
  friend class Connection;
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

/// Quotes an identifier: `a"b` -> `"a""b"`.
[[nodiscard]] std::string quote_name(std::string_view name);
/// Quotes a text literal: `it's` -> `'it''s'`.
[[nodiscard]] std::string quote_text(std::string_view text);
/// Renders a list of texts as a SQL list literal: ['a', 'b'].
[[nodiscard]] std::string quote_list(const std::vector<std::string>& texts);
/// Renders columns as CREATE TABLE lists them: "name" TYPE, ...
[[nodiscard]] std::string column_definitions(const std::vector<Column>& columns);
/// Returns the version of the DuckDB library in use, such as "v1.4.4".
[[nodiscard]] std::string engine_version();
/// Returns the version of the DuckDB library that this program was built with: any other may differ in what it does.
[[nodiscard]] std::string engine_version_built_with();

}  // namespace hilo::store
