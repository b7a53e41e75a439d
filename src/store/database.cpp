#include "store/database.h"

#include <algorithm>
#include <cstring>
#include <filesystem>

#include <duckdb.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/text.h"
#include "store/duckdb_handles.h"
#include "store/durable.h"
#include "store/engine_state.h"
#include "store/memory.h"

namespace hilo::store {

// ---- parameters ---------------------------------------------------------------------------------------------------

namespace {

duckdb_state bind_value(duckdb_prepared_statement statement, idx_t index, const Value& value) {
  return std::visit(
      [&]<class T>(const T& held) {
        if constexpr (std::is_same_v<T, std::monostate>) return duckdb_bind_null(statement, index);
        if constexpr (std::is_same_v<T, bool>) return duckdb_bind_boolean(statement, index, held);
        if constexpr (std::is_same_v<T, std::int64_t>) return duckdb_bind_int64(statement, index, held);
        if constexpr (std::is_same_v<T, double>) return duckdb_bind_double(statement, index, held);
        if constexpr (std::is_same_v<T, std::string>)
          return duckdb_bind_varchar_length(statement, index, held.data(), held.size());
        if constexpr (std::is_same_v<T, Date>) return duckdb_bind_date(statement, index, duckdb_date{held.days});
        if constexpr (std::is_same_v<T, WallTime>)
          return duckdb_bind_timestamp(statement, index, duckdb_timestamp{held.micros});
        return DuckDBError;
      },
      value);
}

Status bind_all(duckdb_prepared_statement statement, const Parameters& parameters) {
  const idx_t count = duckdb_nparams(statement);
  for (idx_t index = 1; index <= count; ++index) {
    OwnedText name(const_cast<char*>(duckdb_parameter_name(statement, index)));
    bool found = false;
    for (const NamedValue& parameter : parameters) {
      if (parameter.name != name.view()) continue;
      if (bind_value(statement, index, parameter.value) != DuckDBSuccess) {
        return fail(ErrorCode::kInternal, fmt::format("parameter ${} cannot be bound", name.view()));
      }
      found = true;
    }
    if (!found) return fail(ErrorCode::kInvalidInput, fmt::format("parameter ${} has no value", name.view()));
  }
  return {};
}

// Renders a type as SQL: DECIMAL with its width and scale, lists with their element.
std::string type_name(duckdb_logical_type type) {
  switch (duckdb_get_type_id(type)) {
    case DUCKDB_TYPE_BOOLEAN: return "BOOLEAN";
    case DUCKDB_TYPE_TINYINT: return "TINYINT";
    case DUCKDB_TYPE_SMALLINT: return "SMALLINT";
    case DUCKDB_TYPE_INTEGER: return "INTEGER";
    case DUCKDB_TYPE_BIGINT: return "BIGINT";
    case DUCKDB_TYPE_UTINYINT: return "UTINYINT";
    case DUCKDB_TYPE_USMALLINT: return "USMALLINT";
    case DUCKDB_TYPE_UINTEGER: return "UINTEGER";
    case DUCKDB_TYPE_UBIGINT: return "UBIGINT";
    case DUCKDB_TYPE_HUGEINT: return "HUGEINT";
    case DUCKDB_TYPE_UHUGEINT: return "UHUGEINT";
    case DUCKDB_TYPE_FLOAT: return "FLOAT";
    case DUCKDB_TYPE_DOUBLE: return "DOUBLE";
    case DUCKDB_TYPE_VARCHAR: return "VARCHAR";
    case DUCKDB_TYPE_BLOB: return "BLOB";
    case DUCKDB_TYPE_DATE: return "DATE";
    case DUCKDB_TYPE_TIME: return "TIME";
    case DUCKDB_TYPE_TIMESTAMP: return "TIMESTAMP";
    case DUCKDB_TYPE_TIMESTAMP_S: return "TIMESTAMP_S";
    case DUCKDB_TYPE_TIMESTAMP_MS: return "TIMESTAMP_MS";
    case DUCKDB_TYPE_TIMESTAMP_NS: return "TIMESTAMP_NS";
    case DUCKDB_TYPE_TIMESTAMP_TZ: return "TIMESTAMP WITH TIME ZONE";
    case DUCKDB_TYPE_INTERVAL: return "INTERVAL";
    case DUCKDB_TYPE_UUID: return "UUID";
    case DUCKDB_TYPE_SQLNULL: return "NULL";
    case DUCKDB_TYPE_DECIMAL:
      return fmt::format("DECIMAL({},{})", duckdb_decimal_width(type), duckdb_decimal_scale(type));
    case DUCKDB_TYPE_LIST: {
      const LogicalTypeHandle element(duckdb_list_type_child_type(type));
      return type_name(element.get()) + "[]";
    }
    case DUCKDB_TYPE_STRUCT: return "STRUCT";
    case DUCKDB_TYPE_MAP: return "MAP";
    default: return "OTHER";
  }
}

// The physical type that holds a column's values in a vector.
duckdb_type storage_type(duckdb_logical_type type) {
  const duckdb_type id = duckdb_get_type_id(type);
  switch (id) {
    case DUCKDB_TYPE_DECIMAL: return duckdb_decimal_internal_type(type);
    case DUCKDB_TYPE_DATE: return DUCKDB_TYPE_INTEGER;
    case DUCKDB_TYPE_TIME:
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_S:
    case DUCKDB_TYPE_TIMESTAMP_MS:
    case DUCKDB_TYPE_TIMESTAMP_NS:
    case DUCKDB_TYPE_TIMESTAMP_TZ: return DUCKDB_TYPE_BIGINT;
    case DUCKDB_TYPE_BLOB: return DUCKDB_TYPE_VARCHAR;
    default: return id;
  }
}

Result<StatementHandle> prepare(duckdb_connection connection, const std::string& sql) {
  ExtractedHandle extracted;
  const idx_t count = duckdb_extract_statements(connection, sql.c_str(), extracted.out());
  if (count == 0) {
    const char* message = duckdb_extract_statements_error(extracted.get());
    return std::unexpected(engine_error(message != nullptr ? message : "there is no statement"));
  }
  if (count > 1) return fail(ErrorCode::kInvalidInput, fmt::format("one statement is expected, {} were given", count));
  StatementHandle statement;
  if (duckdb_prepare_extracted_statement(connection, extracted.get(), 0, statement.out()) != DuckDBSuccess) {
    return std::unexpected(engine_error(duckdb_prepare_error(statement.get())));
  }
  return statement;
}

}  // namespace

// ---- Chunk and Rows -----------------------------------------------------------------------------------------------

std::size_t Chunk::size() const { return impl_ == nullptr ? 0 : impl_->size; }

bool Chunk::is_null(std::size_t column, std::size_t row) const {
  constexpr std::size_t kBits = 64;
  const std::uint64_t* validity = impl_->vectors[column].validity;
  return validity != nullptr && (validity[row / kBits] >> (row % kBits) & 1U) == 0;
}

std::string_view Chunk::text(std::size_t column, std::size_t row) const {
  const Impl::Vector& vector = impl_->vectors[column];
  HILO_CHECK(vector.type == DUCKDB_TYPE_VARCHAR);
  // As duckdb_string_t_data has it, which is a call for each value.
  const auto& value = static_cast<const duckdb_string_t*>(vector.data)[row].value;
  const std::uint32_t length = value.inlined.length;
  return {length <= sizeof value.inlined.inlined ? value.inlined.inlined : value.pointer.ptr, length};
}

std::int64_t Chunk::integer(std::size_t column, std::size_t row) const {
  const Impl::Vector& vector = impl_->vectors[column];
  switch (vector.type) {
    case DUCKDB_TYPE_TINYINT: return static_cast<const std::int8_t*>(vector.data)[row];
    case DUCKDB_TYPE_SMALLINT: return static_cast<const std::int16_t*>(vector.data)[row];
    case DUCKDB_TYPE_INTEGER: return static_cast<const std::int32_t*>(vector.data)[row];
    case DUCKDB_TYPE_BIGINT: return static_cast<const std::int64_t*>(vector.data)[row];
    case DUCKDB_TYPE_UTINYINT: return static_cast<const std::uint8_t*>(vector.data)[row];
    case DUCKDB_TYPE_USMALLINT: return static_cast<const std::uint16_t*>(vector.data)[row];
    case DUCKDB_TYPE_UINTEGER: return static_cast<const std::uint32_t*>(vector.data)[row];
    case DUCKDB_TYPE_UBIGINT: return static_cast<std::int64_t>(static_cast<const std::uint64_t*>(vector.data)[row]);
    default: HILO_CHECK(false);
  }
  return 0;
}

double Chunk::real(std::size_t column, std::size_t row) const {
  const Impl::Vector& vector = impl_->vectors[column];
  if (vector.type == DUCKDB_TYPE_FLOAT) return static_cast<double>(static_cast<const float*>(vector.data)[row]);
  HILO_CHECK(vector.type == DUCKDB_TYPE_DOUBLE);
  return static_cast<const double*>(vector.data)[row];
}

bool Chunk::boolean(std::size_t column, std::size_t row) const {
  const Impl::Vector& vector = impl_->vectors[column];
  HILO_CHECK(vector.type == DUCKDB_TYPE_BOOLEAN);
  return static_cast<const bool*>(vector.data)[row];
}

namespace {

template <class T>
void copy_as_integers(const void* data, std::size_t size, std::int64_t* values) {
  std::copy_n(static_cast<const T*>(data), size, values);
}

}  // namespace

bool Chunk::copy_integers(std::size_t column, std::int64_t* values, std::uint8_t* nulls) const {
  const Impl::Vector& vector = impl_->vectors[column];
  const std::size_t rows = impl_->size;
  switch (vector.type) {
    case DUCKDB_TYPE_TINYINT: copy_as_integers<std::int8_t>(vector.data, rows, values); break;
    case DUCKDB_TYPE_SMALLINT: copy_as_integers<std::int16_t>(vector.data, rows, values); break;
    case DUCKDB_TYPE_INTEGER: copy_as_integers<std::int32_t>(vector.data, rows, values); break;
    case DUCKDB_TYPE_BIGINT: copy_as_integers<std::int64_t>(vector.data, rows, values); break;
    case DUCKDB_TYPE_UTINYINT: copy_as_integers<std::uint8_t>(vector.data, rows, values); break;
    case DUCKDB_TYPE_USMALLINT: copy_as_integers<std::uint16_t>(vector.data, rows, values); break;
    case DUCKDB_TYPE_UINTEGER: copy_as_integers<std::uint32_t>(vector.data, rows, values); break;
    case DUCKDB_TYPE_UBIGINT: copy_as_integers<std::uint64_t>(vector.data, rows, values); break;
    default: HILO_CHECK(false);
  }
  std::fill_n(nulls, rows, std::uint8_t{0});
  if (vector.validity == nullptr) return false;
  bool any = false;
  for (std::size_t row = 0; row < rows; ++row) {
    if (!is_null(column, row)) continue;
    values[row] = 0;
    nulls[row] = 1;
    any = true;
  }
  return any;
}

void Chunk::copy_texts(std::size_t column, std::string_view* texts) const {
  for (std::size_t row = 0; row < impl_->size; ++row)
    texts[row] = is_null(column, row) ? std::string_view() : text(column, row);
}

Result<duckdb_data_chunk> EngineAccess::next_block(Rows& rows) {
  duckdb_result* result = rows.impl_->result.get();
  duckdb_data_chunk block = duckdb_fetch_chunk(*result);
  if (block != nullptr) return block;
  const char* message = duckdb_result_error(result);
  if (message == nullptr || *message == '\0') return nullptr;
  return std::unexpected(engine_error(message, duckdb_result_error_type(result), rows.impl_->sql));
}

Chunk EngineAccess::view(duckdb_data_chunk block, const std::vector<duckdb_type>& types) {
  Chunk chunk;
  chunk.impl_ = std::make_shared<Chunk::Impl>();
  chunk.impl_->size = duckdb_data_chunk_get_size(block);
  for (idx_t column = 0; column < types.size(); ++column) {
    duckdb_vector vector = duckdb_data_chunk_get_vector(block, column);
    chunk.impl_->vectors.push_back({duckdb_vector_get_data(vector), duckdb_vector_get_validity(vector), types[column]});
  }
  return chunk;
}

Result<std::optional<Chunk>> Rows::next() {
  HILO_ASSIGN(const duckdb_data_chunk block, EngineAccess::next_block(*this));
  ChunkHandle handle(block);
  if (handle.get() == nullptr) return std::nullopt;
  Chunk chunk = EngineAccess::view(handle.get(), impl_->types);
  chunk.impl_->handle = std::move(handle);
  return chunk;
}

Status Rows::for_each(const std::function<void(const Chunk&, std::size_t)>& row) {
  while (true) {
    HILO_ASSIGN(const std::optional<Chunk> chunk, next());
    if (!chunk) return {};
    for (std::size_t index = 0; index < chunk->size(); ++index) row(*chunk, index);
  }
}

// ---- Connection ---------------------------------------------------------------------------------------------------

Status Connection::execute(const std::string& sql) {
  ResultHandle result;
  if (duckdb_query(impl_->handle.get(), sql.c_str(), result.out()) != DuckDBSuccess) {
    return std::unexpected(
        engine_error(duckdb_result_error(result.get()), duckdb_result_error_type(result.get()), sql));
  }
  return {};
}

Result<Rows> Connection::query(const std::string& sql, const Parameters& parameters) {
  HILO_ASSIGN(const StatementHandle statement, prepare(impl_->handle.get(), sql));
  HILO_TRY(bind_all(statement.get(), parameters));
  Rows rows;
  rows.impl_ = std::make_shared<Rows::Impl>();
  rows.impl_->connection = impl_;
  rows.impl_->sql = sql;
  PendingHandle pending;
  if (duckdb_pending_prepared_streaming(statement.get(), pending.out()) != DuckDBSuccess) {
    return std::unexpected(engine_error(duckdb_pending_error(pending.get())));
  }
  duckdb_result* result = rows.impl_->result.out();
  if (duckdb_execute_pending(pending.get(), result) != DuckDBSuccess) {
    return std::unexpected(engine_error(duckdb_result_error(result), duckdb_result_error_type(result), sql));
  }
  for (idx_t column = 0; column < duckdb_column_count(result); ++column) {
    const LogicalTypeHandle type(duckdb_column_logical_type(result, column));
    rows.columns_.push_back({duckdb_column_name(result, column), type_name(type.get())});
    rows.impl_->types.push_back(storage_type(type.get()));
  }
  return rows;
}

namespace {

// Returns the chunk of a result of one row, unless that is null or not there. Reads on to the end: a result that is
// left half-way keeps its transaction open, and what the next call does in that is rolled back with it.
Result<std::optional<Chunk>> only_chunk(Rows& rows) {
  HILO_ASSIGN(std::optional<Chunk> chunk, rows.next());
  if (!chunk) return std::nullopt;
  HILO_TRY(rows.for_each([](const Chunk&, std::size_t) {}));
  return chunk->size() == 0 || chunk->is_null(0, 0) ? std::nullopt : chunk;
}

}  // namespace

Result<std::optional<std::string>> Connection::query_text(const std::string& sql, const Parameters& parameters) {
  HILO_ASSIGN(Rows rows, query(sql, parameters));
  HILO_ASSIGN(const std::optional<Chunk> chunk, only_chunk(rows));
  if (!chunk) return std::nullopt;
  return std::string(chunk->text(0, 0));
}

Result<std::int64_t> Connection::query_integer(const std::string& sql, const Parameters& parameters) {
  HILO_ASSIGN(Rows rows, query(sql, parameters));
  HILO_ASSIGN(const std::optional<Chunk> chunk, only_chunk(rows));
  return chunk ? chunk->integer(0, 0) : 0;
}

Result<std::vector<Column>> Connection::describe(const std::string& sql) {
  HILO_ASSIGN(const StatementHandle statement, prepare(impl_->handle.get(), sql));
  std::vector<Column> columns;
  for (idx_t column = 0; column < duckdb_prepared_statement_column_count(statement.get()); ++column) {
    const LogicalTypeHandle type(duckdb_prepared_statement_column_logical_type(statement.get(), column));
    const OwnedText name(const_cast<char*>(duckdb_prepared_statement_column_name(statement.get(), column)));
    columns.push_back({std::string(name.view()), type_name(type.get())});
  }
  return columns;
}

Result<StatementKind> Connection::statement_kind(const std::string& sql) {
  HILO_ASSIGN(const StatementHandle statement, prepare(impl_->handle.get(), sql));
  switch (duckdb_prepared_statement_type(statement.get())) {
    case DUCKDB_STATEMENT_TYPE_SELECT: return StatementKind::kSelect;
    case DUCKDB_STATEMENT_TYPE_EXPLAIN: return StatementKind::kExplain;
    default: return StatementKind::kOther;
  }
}

std::optional<double> Connection::progress() const {
  const double percentage = duckdb_query_progress(impl_->handle.get()).percentage;
  if (percentage < 0) return std::nullopt;
  return percentage / 100;
}

void Connection::interrupt() { duckdb_interrupt(impl_->handle.get()); }

// ---- Database -----------------------------------------------------------------------------------------------------

namespace {

Status set_option(duckdb_config config, const char* name, const std::string& value) {
  if (duckdb_set_config(config, name, value.c_str()) == DuckDBSuccess) return {};
  return fail(ErrorCode::kInternal, fmt::format("the engine refuses the setting {} = {}", name, value));
}

// The engine's own default is most of the machine, which is seldom its alone; what does not fit is spilled to disk.
std::string default_memory() { return fmt::format("{}MB", default_memory_bytes() / 1'000'000); }

Error open_error(const std::string& path, std::string_view message) {
  const std::string name = std::filesystem::path(path).filename();
  if (message.find("newer") != std::string_view::npos || message.find("version number") != std::string_view::npos) {
    return Error{.code = ErrorCode::kVersion,
                 .message = fmt::format("{} was written by another version of the database engine", name),
                 .advice = "Use the hilo that wrote it, or remove store/ and run `hilo rebuild`."};
  }
  if (message.find("lock") != std::string_view::npos) {
    return Error{.code = ErrorCode::kConflict, .message = fmt::format("{} is in use by another process", name)};
  }
  const std::string_view advice = advice_for(system_error_in(message));
  return Error{.code = ErrorCode::kIo,
               .message = fmt::format("{} cannot be opened: {}", name, message.substr(0, message.find('\n'))),
               .advice = advice.empty()
                             ? "If the file is damaged, remove store/ and run `hilo rebuild`: the log holds everything."
                             : std::string(advice)};
}

}  // namespace

Result<Database> Database::open(const std::string& path, const DatabaseOptions& options) {
  ConfigHandle config;
  HILO_CHECK(duckdb_create_config(config.out()) == DuckDBSuccess);
  HILO_TRY(set_option(config.get(), "autoinstall_known_extensions", "false"));
  HILO_TRY(set_option(config.get(), "autoload_known_extensions", "false"));
  HILO_TRY(set_option(config.get(), "allow_community_extensions", "false"));
  HILO_TRY(set_option(config.get(), "access_mode", options.read_only ? "READ_ONLY" : "READ_WRITE"));
  if (options.threads > 0) HILO_TRY(set_option(config.get(), "threads", std::to_string(options.threads)));
  const std::string memory = options.memory_limit.empty() ? default_memory() : options.memory_limit;
  HILO_TRY(set_option(config.get(), "memory_limit", memory));
  bound_process_memory(bytes_of_size(memory));
  HILO_TRY(set_option(config.get(), "temp_directory", options.temp_directory));
  // Databases are filled by one writer and then closed or thrown away. Checkpoints on the way, of temporary tables and
  // those in memory too, would write the same rows again and again.
  HILO_TRY(set_option(config.get(), "checkpoint_threshold", "1TB"));
  // What several TRYs have in common would be computed once, outside of them: it would raise, and a TRY that fails
  // would write its null into it for all (docs/decisions/0020).
  HILO_TRY(set_option(config.get(), "disabled_optimizers", kDisabledOptimizers));
  Database database;
  database.impl_ = std::make_shared<Impl>();
  OwnedText message;
  const char* file = path.empty() ? nullptr : path.c_str();
  if (duckdb_open_ext(file, database.impl_->handle.out(), config.get(), message.out()) != DuckDBSuccess) {
    return std::unexpected(open_error(path, message.view()));
  }
  // Instants are shown and cut in UTC unless a query names a zone: a machine's own zone must not change an answer.
  HILO_ASSIGN(Connection connection, database.connect());
  HILO_TRY(connection.execute("SET GLOBAL TimeZone = 'UTC'"));
  return database;
}

Result<Connection> EngineAccess::connect(duckdb_database database) {
  Connection connection;
  connection.impl_ = std::make_shared<Connection::Impl>();
  connection.impl_->engine = database;
  if (duckdb_connect(database, connection.impl_->handle.out()) != DuckDBSuccess) {
    return fail(ErrorCode::kInternal, "the engine gives no connection");
  }
  return connection;
}

Result<Connection> Database::connect() {
  HILO_ASSIGN(Connection connection, EngineAccess::connect(impl_->handle.get()));
  connection.impl_->database = impl_;
  return connection;
}

Result<Connection> Connection::beside() const {
  HILO_ASSIGN(Connection connection, EngineAccess::connect(impl_->engine));
  connection.impl_->database = impl_->database;
  return connection;
}

Status Database::lock_down(const std::vector<std::string>& files) {
  HILO_ASSIGN(Connection connection, connect());
  if (!files.empty()) HILO_TRY(connection.execute("SET allowed_paths = " + quote_list(files)));
  return connection.execute("SET enable_external_access = false; SET lock_configuration = true");
}

// ---- text forms ---------------------------------------------------------------------------------------------------

std::string quote_name(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    out += c;
    if (c == '"') out += c;
  }
  return out + '"';
}

std::string quote_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    out += c;
    if (c == '\'') out += c;
  }
  return out + '\'';
}

std::string quote_list(const std::vector<std::string>& texts) {
  std::vector<std::string> quoted;
  for (const std::string& text : texts) quoted.push_back(quote_text(text));
  return fmt::format("[{}]", fmt::join(quoted, ", "));
}

std::string column_definitions(const std::vector<Column>& columns) {
  std::string list;
  for (const Column& column : columns)
    list += fmt::format("{}{} {}", list.empty() ? "" : ", ", quote_name(column.name), column.type);
  return list;
}

std::string engine_version() { return duckdb_library_version(); }

std::string engine_version_built_with() { return "v" HILO_DUCKDB_VERSION; }

}  // namespace hilo::store
