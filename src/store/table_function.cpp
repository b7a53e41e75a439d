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
  TableFunctionPlan plan;
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

Status declare_columns(duckdb_bind_info info, Registration& registration, const Call& call) {
  // The result's exact types come from the engine itself: the first query is prepared and asked.
  HILO_ASSIGN(const Connection connection, EngineAccess::connect(registration.database));
  StatementHandle statement;
  if (duckdb_prepare(EngineAccess::handle(connection), call.queries.front().sql.c_str(), statement.out()) !=
      DuckDBSuccess) {
    return std::unexpected(engine_error(duckdb_prepare_error(statement.get())));
  }
  for (idx_t column = 0; column < duckdb_prepared_statement_column_count(statement.get()); ++column) {
    const LogicalTypeHandle type(duckdb_prepared_statement_column_logical_type(statement.get(), column));
    const OwnedText name(const_cast<char*>(duckdb_prepared_statement_column_name(statement.get(), column)));
    duckdb_bind_add_result_column(info, std::string(name.view()).c_str(), type.get());
  }
  return {};
}

void bind(duckdb_bind_info info) {
  auto& registration = *static_cast<Registration*>(duckdb_bind_get_extra_info(info));
  TableFunctionCall arguments;
  for (idx_t index = 0; index < duckdb_bind_get_parameter_count(info); ++index) {
    const ValueHandle value(duckdb_bind_get_parameter(info, index));
    arguments.arguments.push_back(argument_value(value.get()));
  }
  auto queries = registration.plan(arguments);
  if (!queries) return duckdb_bind_set_error(info, queries.error().text().c_str());
  if (queries->empty()) return duckdb_bind_set_error(info, "the function was asked for no day at all");
  auto call = std::make_unique<Call>();
  call->queries = std::move(*queries);
  if (const Status declared = declare_columns(info, registration, *call); !declared) {
    return duckdb_bind_set_error(info, declared.error().text().c_str());
  }
  duckdb_bind_set_bind_data(info, call.release(), destroy<Call>);
}

void init(duckdb_init_info info) {
  auto& registration = *static_cast<Registration*>(duckdb_init_get_extra_info(info));
  const auto& bound = *static_cast<Call*>(duckdb_init_get_bind_data(info));
  auto call = std::make_unique<Call>();
  call->queries = bound.queries;
  Result<Connection> connection = EngineAccess::connect(registration.database);
  if (!connection) return duckdb_init_set_error(info, connection.error().text().c_str());
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
      HILO_ASSIGN(call.rows, call.connection.query(query.sql, query.parameters));
    }
    HILO_ASSIGN(const duckdb_data_chunk block, EngineAccess::next_block(*call.rows));
    if (block == nullptr) {
      call.rows.reset();
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

Status Database::add_table_function(const std::string& name, const std::vector<std::string>& argument_types,
                                    TableFunctionPlan plan) {
  HILO_ASSIGN(const Connection connection, connect());
  duckdb_table_function function = duckdb_create_table_function();
  duckdb_table_function_set_name(function, name.c_str());
  for (const std::string& type : argument_types) {
    const LogicalTypeHandle logical(duckdb_create_logical_type(type_of(type)));
    duckdb_table_function_add_parameter(function, logical.get());
  }
  auto registration = std::make_unique<Registration>(Registration{impl_->handle.get(), std::move(plan)});
  duckdb_table_function_set_extra_info(function, registration.release(), destroy<Registration>);
  duckdb_table_function_set_bind(function, bind);
  duckdb_table_function_set_init(function, init);
  duckdb_table_function_set_function(function, produce);
  const duckdb_state state = duckdb_register_table_function(connection.impl_->handle.get(), function);
  duckdb_destroy_table_function(&function);
  if (state == DuckDBSuccess) return {};
  return fail(ErrorCode::kInternal, fmt::format("the table function {} cannot be registered", name));
}

}  // namespace hilo::store
