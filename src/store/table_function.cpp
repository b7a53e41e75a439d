#include <optional>

#include <duckdb.h>
#include <fmt/format.h>

#include "store/database.h"
#include "store/duckdb_handles.h"
#include "store/engine_state.h"

namespace hilo::store {
namespace {

// What a registered function needs at each call: how to plan it and where to run the plan. The database outlives its
// functions, so a plain handle does.
struct Registration {
  duckdb_database database;
  TableFunction function;
};

// A call as it is written: its arguments, and the names of all columns.
struct Written {
  std::vector<Value> arguments;
  std::vector<std::string> columns;
};

// One call on its way: its queries, run one after another on a connection of their own.
struct Call {
  Connection connection;
  std::vector<TableFunctionQuery> queries;
  std::size_t next_query = 0;
  std::optional<Rows> rows;
};

template <class T>
void destroy(void* object) {
  delete static_cast<T*>(object);
}

Value argument_value(duckdb_value argument) {
  if (duckdb_is_null_value(argument)) return std::monostate{};
  switch (duckdb_get_type_id(duckdb_get_value_type(argument))) {
    case DUCKDB_TYPE_DATE: return Date{duckdb_get_date(argument).days};
    case DUCKDB_TYPE_BIGINT: return duckdb_get_int64(argument);
    case DUCKDB_TYPE_TIMESTAMP: return WallTime{duckdb_get_timestamp(argument).micros};
    default: {
      const OwnedText text(duckdb_get_varchar(argument));
      return std::string(text.view());
    }
  }
}

duckdb_type type_of(const std::string& name) {
  if (name == "DATE") return DUCKDB_TYPE_ANY;  // a day may be written as a plain text too
  if (name == "BIGINT") return DUCKDB_TYPE_BIGINT;
  return DUCKDB_TYPE_VARCHAR;
}

// The engine itself tells the columns' exact types: a query that has them is prepared.
Status declare_columns(duckdb_bind_info info, const Registration& registration, Written& written) {
  HILO_ASSIGN(const Connection connection, EngineAccess::connect(registration.database));
  StatementHandle statement;
  if (duckdb_prepare(EngineAccess::handle(connection), registration.function.columns_sql.c_str(), statement.out()) !=
      DuckDBSuccess) {
    return std::unexpected(engine_error(duckdb_prepare_error(statement.get())));
  }
  for (idx_t column = 0; column < duckdb_prepared_statement_column_count(statement.get()); ++column) {
    const LogicalTypeHandle type(duckdb_prepared_statement_column_logical_type(statement.get(), column));
    const OwnedText name(const_cast<char*>(duckdb_prepared_statement_column_name(statement.get(), column)));
    duckdb_bind_add_result_column(info, written.columns.emplace_back(name.view()).c_str(), type.get());
  }
  return {};
}

void bind(duckdb_bind_info info) {
  const auto& registration = *static_cast<Registration*>(duckdb_bind_get_extra_info(info));
  auto written = std::make_unique<Written>();
  for (idx_t index = 0; index < duckdb_bind_get_parameter_count(info); ++index) {
    const ValueHandle value(duckdb_bind_get_parameter(info, index));
    written->arguments.push_back(argument_value(value.get()));
  }
  Status done = registration.function.check(written->arguments);
  if (done) done = declare_columns(info, registration, *written);
  if (!done) return duckdb_bind_set_error(info, done.error().text().c_str());
  duckdb_bind_set_bind_data(info, written.release(), destroy<Written>);
}

// The columns that are read. A question that only counts rows reads none of them: it gets the first.
std::vector<std::string> columns_read(duckdb_init_info info, const Written& written) {
  std::vector<std::string> columns;
  for (idx_t number = 0; number < duckdb_init_get_column_count(info); ++number) {
    const idx_t column = duckdb_init_get_column_index(info, number);
    columns.push_back(written.columns[column < written.columns.size() ? column : 0]);
  }
  return columns;
}

void init(duckdb_init_info info) {
  const auto& registration = *static_cast<Registration*>(duckdb_init_get_extra_info(info));
  const auto& written = *static_cast<Written*>(duckdb_init_get_bind_data(info));
  auto queries = registration.function.plan({.arguments = written.arguments, .columns = columns_read(info, written)});
  if (!queries) return duckdb_init_set_error(info, queries.error().text().c_str());
  Result<Connection> connection = EngineAccess::connect(registration.database);
  if (!connection) return duckdb_init_set_error(info, connection.error().text().c_str());
  auto call = std::make_unique<Call>();
  call->queries = std::move(*queries);
  call->connection = std::move(*connection);
  duckdb_init_set_max_threads(info, 1);
  duckdb_init_set_init_data(info, call.release(), destroy<Call>);
}

// Gives the next block of the queries' rows, or an empty one at the end of the last query.
Status next_block(Call& call, duckdb_data_chunk output) {
  while (true) {
    if (!call.rows) {
      if (call.next_query == call.queries.size()) {
        duckdb_data_chunk_set_size(output, 0);
        return {};
      }
      const TableFunctionQuery& query = call.queries[call.next_query++];
      if (query.before) HILO_TRY(query.before(call.connection));
      HILO_ASSIGN(call.rows, call.connection.query(query.sql, query.parameters));
    }
    HILO_ASSIGN(const duckdb_data_chunk block, EngineAccess::next_block(*call.rows));
    if (block == nullptr) {
      call.rows.reset();
      call.queries[call.next_query - 1] = {};  // what it held is needed no more; so the connection after the last one
      if (call.next_query == call.queries.size()) call.connection = {};
      continue;
    }
    ChunkHandle owner(block);
    for (idx_t column = 0; column < duckdb_data_chunk_get_column_count(output); ++column) {
      duckdb_vector_reference_vector(duckdb_data_chunk_get_vector(output, column),
                                     duckdb_data_chunk_get_vector(block, column));
    }
    duckdb_data_chunk_set_size(output, duckdb_data_chunk_get_size(block));
    return {};
  }
}

void produce(duckdb_function_info info, duckdb_data_chunk output) {
  auto& call = *static_cast<Call*>(duckdb_function_get_init_data(info));
  if (const Status done = next_block(call, output); !done) {
    duckdb_function_set_error(info, done.error().text().c_str());
  }
}

}  // namespace

Status Database::add_table_function(TableFunction function) {
  HILO_ASSIGN(const Connection connection, connect());
  duckdb_table_function handle = duckdb_create_table_function();
  duckdb_table_function_set_name(handle, function.name.c_str());
  for (const std::string& type : function.arguments) {
    const LogicalTypeHandle logical(duckdb_create_logical_type(type_of(type)));
    duckdb_table_function_add_parameter(handle, logical.get());
  }
  const std::string name = function.name;
  auto registration = std::make_unique<Registration>(Registration{impl_->handle.get(), std::move(function)});
  duckdb_table_function_set_extra_info(handle, registration.release(), destroy<Registration>);
  duckdb_table_function_set_bind(handle, bind);
  duckdb_table_function_set_init(handle, init);
  duckdb_table_function_set_function(handle, produce);
  duckdb_table_function_supports_projection_pushdown(handle, true);
  const duckdb_state state = duckdb_register_table_function(connection.impl_->handle.get(), handle);
  duckdb_destroy_table_function(&handle);
  if (state == DuckDBSuccess) return {};
  return fail(ErrorCode::kInternal, fmt::format("the table function {} cannot be registered", name));
}

}  // namespace hilo::store
