#include "store/text_function.h"

#include <duckdb.h>
#include <fmt/format.h>

#include "store/duckdb_handles.h"
#include "store/engine_state.h"

namespace hilo::store {
namespace {

void destroy(void* object) { delete static_cast<TextFunction*>(object); }

void set_null(duckdb_vector vector, idx_t row) {
  duckdb_vector_ensure_validity_writable(vector);
  duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
}

// The answers of one block, row by row.
class BlockAnswer final : public TextAnswer {
 public:
  BlockAnswer(duckdb_vector output, std::size_t fields) : output_(output), is_struct_(fields > 0) {
    if (!is_struct_) vectors_.push_back(output);
    for (idx_t field = 0; field < fields; ++field) {
      vectors_.push_back(duckdb_struct_vector_get_child(output, field));
    }
    is_set_.assign(vectors_.size(), 0);
  }

  void set(std::size_t field, std::string_view text) override {
    duckdb_vector_assign_string_element_len(vectors_[field], row_, text.data(), text.size());
    is_set_[field] = 1;
  }

  void begin(idx_t row) {
    row_ = row;
    is_set_.assign(vectors_.size(), 0);
  }
  void end() {
    for (std::size_t field = 0; field < vectors_.size(); ++field) {
      if (is_set_[field] == 0) set_null(vectors_[field], row_);
    }
  }
  void null_row(idx_t row) {
    begin(row);
    end();
    if (is_struct_) set_null(output_, row);
  }

 private:
  duckdb_vector output_;
  bool is_struct_;
  std::vector<duckdb_vector> vectors_;
  std::vector<char> is_set_;
  idx_t row_ = 0;
};

void apply(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const auto& function = *static_cast<TextFunction*>(duckdb_scalar_function_get_extra_info(info));
  const Chunk block = EngineAccess::view(input, std::vector<duckdb_type>(function.arguments, DUCKDB_TYPE_VARCHAR));
  BlockAnswer answer(output, function.fields.size());
  std::vector<std::string_view> arguments(function.arguments);
  for (idx_t row = 0; row < block.size(); ++row) {
    bool has_null = false;
    for (std::size_t at = 0; at < arguments.size(); ++at) {
      has_null = has_null || block.is_null(at, row);
      if (!has_null) arguments[at] = block.text(at, row);
    }
    if (has_null) {
      answer.null_row(row);
      continue;
    }
    answer.begin(row);
    function.apply(arguments, answer);
    answer.end();
  }
}

LogicalTypeHandle answer_type(const std::vector<std::string>& fields) {
  if (fields.empty()) return LogicalTypeHandle(duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR));
  const LogicalTypeHandle text(duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR));
  std::vector<duckdb_logical_type> types(fields.size(), text.get());
  std::vector<const char*> names;
  for (const std::string& field : fields) names.push_back(field.c_str());
  return LogicalTypeHandle(duckdb_create_struct_type(types.data(), names.data(), fields.size()));
}

}  // namespace

Status add_text_function(Connection& connection, TextFunction function) {
  const std::string name = function.name;
  const ScalarFunctionHandle handle(duckdb_create_scalar_function());
  duckdb_scalar_function_set_name(handle.get(), name.c_str());
  const LogicalTypeHandle text(duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR));
  for (std::size_t at = 0; at < function.arguments; ++at) {
    duckdb_scalar_function_add_parameter(handle.get(), text.get());
  }
  const LogicalTypeHandle answer = answer_type(function.fields);
  duckdb_scalar_function_set_return_type(handle.get(), answer.get());
  auto owned = std::make_unique<TextFunction>(std::move(function));
  duckdb_scalar_function_set_extra_info(handle.get(), owned.release(), destroy);
  duckdb_scalar_function_set_function(handle.get(), apply);
  if (duckdb_register_scalar_function(EngineAccess::handle(connection), handle.get()) == DuckDBSuccess) return {};
  return fail(ErrorCode::kInternal, fmt::format("the function {} cannot be registered", name));
}

}  // namespace hilo::store
