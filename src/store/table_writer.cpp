#include <duckdb.h>
#include <fmt/format.h>

#include "store/database.h"
#include "store/duckdb_handles.h"
#include "store/engine_state.h"

namespace hilo::store {

namespace {
constexpr const char* kTemporary = "temp";
}  // namespace

struct TableWriter::Impl {
  std::shared_ptr<void> connection;
  AppenderHandle appender;
  ChunkHandle chunk;
  idx_t size = 0;
  struct Target {
    duckdb_vector vector;
    duckdb_type type;
  };
  std::vector<Target> targets;

  [[nodiscard]] Status told(duckdb_state state) {
    if (state == DuckDBSuccess) return {};
    return std::unexpected(engine_error(duckdb_appender_error(appender.get())));
  }

  [[nodiscard]] Status flush() {
    if (size == 0) return {};
    duckdb_data_chunk_set_size(chunk.get(), size);
    HILO_TRY(told(duckdb_append_data_chunk(appender.get(), chunk.get())));
    duckdb_data_chunk_reset(chunk.get());
    size = 0;
    refresh();
    return {};
  }

  // A reset chunk may hold other buffers, so its vectors are looked up again.
  void refresh() {
    for (idx_t column = 0; column < targets.size(); ++column) {
      targets[column].vector = duckdb_data_chunk_get_vector(chunk.get(), column);
    }
  }

  template <class T>
  void put(std::size_t column, T value) {
    static_cast<T*>(duckdb_vector_get_data(targets[column].vector))[size] = value;
  }
};

Result<TableWriter> TableWriter::open(Connection& connection, const std::string& schema, const std::string& table) {
  TableWriter writer;
  writer.impl_ = std::make_shared<Impl>();
  Impl& impl = *writer.impl_;
  impl.connection = connection.impl_;
  // Temporary tables are a database of their own, which can be written where the other cannot.
  const bool is_temporary = schema == kTemporary;
  if (duckdb_appender_create_ext(connection.impl_->handle.get(), is_temporary ? kTemporary : nullptr,
                                 is_temporary ? "main" : schema.c_str(), table.c_str(),
                                 impl.appender.out()) != DuckDBSuccess) {
    return fail(ErrorCode::kInternal, fmt::format("there is no table {}.{} to write to", schema, table));
  }
  std::vector<LogicalTypeHandle> types;
  std::vector<duckdb_logical_type> raw_types;
  for (idx_t column = 0; column < duckdb_appender_column_count(impl.appender.get()); ++column) {
    types.emplace_back(duckdb_appender_column_type(impl.appender.get(), column));
    raw_types.push_back(types.back().get());
    const duckdb_type id = duckdb_get_type_id(raw_types.back());
    impl.targets.push_back({nullptr, id == DUCKDB_TYPE_DECIMAL ? duckdb_decimal_internal_type(raw_types.back()) : id});
  }
  impl.chunk = ChunkHandle(duckdb_create_data_chunk(raw_types.data(), raw_types.size()));
  impl.refresh();
  return writer;
}

void TableWriter::null(std::size_t column) {
  duckdb_vector vector = impl_->targets[column].vector;
  duckdb_vector_ensure_validity_writable(vector);
  duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), impl_->size);
}

void TableWriter::text(std::size_t column, std::string_view value) {
  duckdb_vector_assign_string_element_len(impl_->targets[column].vector, impl_->size, value.data(), value.size());
}

void TableWriter::integer(std::size_t column, std::int64_t value) {
  switch (impl_->targets[column].type) {
    case DUCKDB_TYPE_TINYINT: return impl_->put(column, static_cast<std::int8_t>(value));
    case DUCKDB_TYPE_SMALLINT: return impl_->put(column, static_cast<std::int16_t>(value));
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_DATE: return impl_->put(column, static_cast<std::int32_t>(value));
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_TIMESTAMP: return impl_->put(column, value);
    default: HILO_CHECK(false);
  }
}

void TableWriter::huge(std::size_t column, Int128 value) {
  impl_->put(column, duckdb_hugeint{.lower = static_cast<std::uint64_t>(value),
                                    .upper = static_cast<std::int64_t>(value >> 64)});
}

void TableWriter::real(std::size_t column, double value) { impl_->put(column, value); }

void TableWriter::boolean(std::size_t column, bool value) { impl_->put(column, value); }

Status TableWriter::end_row() {
  if (++impl_->size == duckdb_vector_size()) return impl_->flush();
  return {};
}

Status TableWriter::close() {
  HILO_TRY(impl_->flush());
  return impl_->told(duckdb_appender_close(impl_->appender.get()));
}

}  // namespace hilo::store
