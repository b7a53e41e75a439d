#include <span>
#include <utility>

#include <duckdb.h>
#include <fmt/format.h>

#include "store/database.h"
#include "store/duckdb_handles.h"
#include "store/engine_state.h"

namespace hilo::store {

struct Answers::Impl {
  duckdb_data_chunk arguments;
  duckdb_vector output;
};

void Answers::null(std::size_t row) {
  duckdb_vector_ensure_validity_writable(impl_.output);
  duckdb_validity_set_row_invalid(duckdb_vector_get_validity(impl_.output), row);
}

void Answers::text(std::size_t row, std::string_view value) {
  duckdb_vector_assign_string_element_len(impl_.output, row, value.data(), value.size());
}

void Answers::repeat_text(std::size_t row, std::size_t earlier) {
  auto* texts = static_cast<duckdb_string_t*>(duckdb_vector_get_data(impl_.output));
  texts[row] = texts[earlier];
}

void Answers::boolean(std::size_t row, bool value) {
  static_cast<bool*>(duckdb_vector_get_data(impl_.output))[row] = value;
}

void Answers::integer(std::size_t row, std::int64_t value) {
  static_cast<std::int64_t*>(duckdb_vector_get_data(impl_.output))[row] = value;
}

void Answers::same_as(std::size_t argument) {
  duckdb_vector_reference_vector(impl_.output, duckdb_data_chunk_get_vector(impl_.arguments, argument));
}

namespace {

struct Registration {
  std::vector<duckdb_type> types;
  RowFunction function;
};

void destroy(void* object) { delete static_cast<Registration*>(object); }

duckdb_type type_of(const std::string& name) {
  if (name == "BIGINT") return DUCKDB_TYPE_BIGINT;
  if (name == "BOOLEAN") return DUCKDB_TYPE_BOOLEAN;
  if (name == "TIMESTAMP") return DUCKDB_TYPE_TIMESTAMP;
  HILO_CHECK(name == "VARCHAR");
  return DUCKDB_TYPE_VARCHAR;
}

// How a chunk holds values of a type.
duckdb_type storage_of(duckdb_type type) { return type == DUCKDB_TYPE_TIMESTAMP ? DUCKDB_TYPE_BIGINT : type; }

enum class Nature : std::uint8_t { kPure, kAct };

Status add(duckdb_connection connection, const FunctionSignature& signature, Nature nature, RowFunction body,
           duckdb_scalar_function_t call) {
  const ScalarFunctionHandle function(duckdb_create_scalar_function());
  duckdb_scalar_function_set_name(function.get(), signature.name.c_str());
  auto registration = std::make_unique<Registration>(Registration{{}, std::move(body)});
  for (const std::string& argument : signature.arguments) {
    const duckdb_type type = type_of(argument);
    registration->types.push_back(storage_of(type));
    const LogicalTypeHandle logical(duckdb_create_logical_type(type));
    duckdb_scalar_function_add_parameter(function.get(), logical.get());
  }
  const LogicalTypeHandle result(duckdb_create_logical_type(type_of(signature.result)));
  duckdb_scalar_function_set_return_type(function.get(), result.get());
  duckdb_scalar_function_set_special_handling(function.get());  // a null argument is the function's to judge
  if (nature == Nature::kAct) duckdb_scalar_function_set_volatile(function.get());
  duckdb_scalar_function_set_extra_info(function.get(), registration.release(), destroy);
  duckdb_scalar_function_set_function(function.get(), call);
  if (duckdb_register_scalar_function(connection, function.get()) == DuckDBSuccess) return {};
  return fail(ErrorCode::kInternal, fmt::format("the function {} cannot be registered", signature.name));
}

}  // namespace

struct RowFunctionCall {
  static void run(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
    const auto& registration = *static_cast<Registration*>(duckdb_scalar_function_get_extra_info(info));
    const Chunk arguments = EngineAccess::view(input, registration.types);
    Answers::Impl impl{.arguments = input, .output = output};
    Answers answers(impl);
    if (const Status answered = registration.function(arguments, answers); !answered) {
      duckdb_scalar_function_set_error(info, answered.error().text().c_str());
    }
  }
};

Status Connection::add_function(const FunctionSignature& signature, RowFunction function) {
  return add(impl_->handle.get(), signature, Nature::kPure, std::move(function), RowFunctionCall::run);
}

Status Database::add_condition(const std::string& name, const std::vector<std::string>& argument_types,
                               RowFunction condition) {
  HILO_ASSIGN(const Connection connection, connect());
  return add(connection.impl_->handle.get(), {.name = name, .arguments = argument_types, .result = "BOOLEAN"},
             Nature::kAct, std::move(condition), RowFunctionCall::run);
}

}  // namespace hilo::store
