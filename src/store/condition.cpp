#include <span>

#include <duckdb.h>
#include <fmt/format.h>

#include "store/database.h"
#include "store/duckdb_handles.h"
#include "store/engine_state.h"

namespace hilo::store {
namespace {

struct Registration {
  std::vector<duckdb_type> types;
  RowCondition condition;
};

void destroy(void* object) { delete static_cast<Registration*>(object); }

duckdb_type type_of(const std::string& name) {
  if (name == "BIGINT") return DUCKDB_TYPE_BIGINT;
  if (name == "BOOLEAN") return DUCKDB_TYPE_BOOLEAN;
  HILO_CHECK(name == "VARCHAR");
  return DUCKDB_TYPE_VARCHAR;
}

void decide(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const auto& registration = *static_cast<Registration*>(duckdb_scalar_function_get_extra_info(info));
  const Chunk arguments = EngineAccess::view(input, registration.types);
  const std::span<bool> holds(static_cast<bool*>(duckdb_vector_get_data(output)), arguments.size());
  if (const Status decided = registration.condition(arguments, holds); !decided) {
    duckdb_scalar_function_set_error(info, decided.error().text().c_str());
  }
}

}  // namespace

Status Database::add_condition(const std::string& name, const std::vector<std::string>& argument_types,
                               RowCondition condition) {
  HILO_ASSIGN(const Connection connection, connect());
  const ScalarFunctionHandle function(duckdb_create_scalar_function());
  duckdb_scalar_function_set_name(function.get(), name.c_str());
  auto registration = std::make_unique<Registration>(Registration{{}, std::move(condition)});
  for (const std::string& argument : argument_types) {
    registration->types.push_back(type_of(argument));
    const LogicalTypeHandle logical(duckdb_create_logical_type(registration->types.back()));
    duckdb_scalar_function_add_parameter(function.get(), logical.get());
  }
  const LogicalTypeHandle boolean(duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN));
  duckdb_scalar_function_set_return_type(function.get(), boolean.get());
  duckdb_scalar_function_set_special_handling(function.get());  // a null argument is the condition's to judge
  duckdb_scalar_function_set_volatile(function.get());          // ... and asking is an act: once for each row
  duckdb_scalar_function_set_extra_info(function.get(), registration.release(), destroy);
  duckdb_scalar_function_set_function(function.get(), decide);
  if (duckdb_register_scalar_function(connection.impl_->handle.get(), function.get()) == DuckDBSuccess) return {};
  return fail(ErrorCode::kInternal, fmt::format("the condition {} cannot be registered", name));
}

}  // namespace hilo::store
