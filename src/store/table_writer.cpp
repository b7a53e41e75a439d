#include <algorithm>

#include <duckdb.h>
#include <fmt/format.h>

#include "store/database.h"
#include "store/duckdb_handles.h"
#include "store/engine_state.h"

namespace hilo::store {

namespace {
constexpr const char* kTemporary = "temp";

duckdb_hugeint as_hugeint(Int128 value) {
  return {.lower = static_cast<std::uint64_t>(value), .upper = static_cast<std::int64_t>(value >> 64)};
}

// A decimal is held as an integer.
duckdb_type held_as(duckdb_logical_type type) {
  const duckdb_type id = duckdb_get_type_id(type);
  return id == DUCKDB_TYPE_DECIMAL ? duckdb_decimal_internal_type(type) : id;
}

void put_integer(duckdb_vector vector, duckdb_type type, idx_t at, std::int64_t value) {
  void* data = duckdb_vector_get_data(vector);
  switch (type) {
    case DUCKDB_TYPE_TINYINT: static_cast<std::int8_t*>(data)[at] = static_cast<std::int8_t>(value); return;
    case DUCKDB_TYPE_SMALLINT: static_cast<std::int16_t*>(data)[at] = static_cast<std::int16_t>(value); return;
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_DATE: static_cast<std::int32_t*>(data)[at] = static_cast<std::int32_t>(value); return;
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_TIMESTAMP: static_cast<std::int64_t*>(data)[at] = value; return;
    default: HILO_CHECK(false);
  }
}

}  // namespace

struct TableWriter::Impl {
  std::shared_ptr<void> connection;
  AppenderHandle appender;
  ChunkHandle chunk;
  idx_t size = 0;
  struct Target {
    duckdb_vector vector;
    duckdb_type type;
    duckdb_type element;  // of a list
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
    for (const Target& target : targets) {
      if (target.type == DUCKDB_TYPE_LIST) HILO_CHECK(duckdb_list_vector_set_size(target.vector, 0) == DuckDBSuccess);
    }
    return {};
  }

  // A reset chunk may hold other buffers, so its vectors are looked up again.
  void refresh() {
    for (idx_t column = 0; column < targets.size(); ++column) {
      targets[column].vector = duckdb_data_chunk_get_vector(chunk.get(), column);
    }
  }

  template <class T>
  T* data(std::size_t column) {
    return static_cast<T*>(duckdb_vector_get_data(targets[column].vector)) + size;
  }

  template <class T>
  void put(std::size_t column, T value) {
    *data<T>(column) = value;
  }

  void put_null(std::size_t column, std::size_t row) {
    duckdb_vector vector = targets[column].vector;
    duckdb_vector_ensure_validity_writable(vector);
    duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), size + row);
  }

  // Calls `set(row, which)` for each row that has a value.
  template <class Set>
  void put_each(std::size_t column, const Picked& picked, const Set& set) {
    for (std::size_t row = 0; row < picked.rows.size(); ++row) {
      const std::int32_t which = picked.rows[row];
      if (which < 0 || picked.nulls[which] != 0) {
        put_null(column, row);
      } else {
        set(row, static_cast<std::size_t>(which));
      }
    }
  }

  template <class T, class From>
  void put_all(std::size_t column, const Picked& picked, const From* values) {
    T* to = data<T>(column);
    put_each(column, picked, [&](std::size_t row, std::size_t which) { to[row] = static_cast<T>(values[which]); });
  }

  // Adds the elements of a row's list: `put_element(vector, place, value)` for each that is not null.
  template <class T, class Put>
  void put_list(std::size_t column, std::size_t row, std::span<const std::optional<T>> values, const Put& put_element) {
    duckdb_vector list = targets[column].vector;
    const idx_t before = duckdb_list_vector_get_size(list);
    data<duckdb_list_entry>(column)[row] = {.offset = before, .length = values.size()};
    HILO_CHECK(duckdb_list_vector_reserve(list, before + values.size()) == DuckDBSuccess);
    HILO_CHECK(duckdb_list_vector_set_size(list, before + values.size()) == DuckDBSuccess);
    duckdb_vector elements = duckdb_list_vector_get_child(list);
    for (idx_t at = 0; at < values.size(); ++at) {
      if (values[at]) {
        put_element(elements, before + at, *values[at]);
        continue;
      }
      duckdb_vector_ensure_validity_writable(elements);
      duckdb_validity_set_row_invalid(duckdb_vector_get_validity(elements), before + at);
    }
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
    duckdb_type element = DUCKDB_TYPE_INVALID;
    if (id == DUCKDB_TYPE_LIST)
      element = held_as(LogicalTypeHandle(duckdb_list_type_child_type(raw_types.back())).get());
    impl.targets.push_back({nullptr, held_as(raw_types.back()), element});
  }
  impl.chunk = ChunkHandle(duckdb_create_data_chunk(raw_types.data(), raw_types.size()));
  impl.refresh();
  return writer;
}

void TableWriter::null(std::size_t column) { impl_->put_null(column, 0); }

void TableWriter::text(std::size_t column, std::string_view value) {
  duckdb_vector_assign_string_element_len(impl_->targets[column].vector, impl_->size, value.data(), value.size());
}

void TableWriter::integer(std::size_t column, std::int64_t value) {
  put_integer(impl_->targets[column].vector, impl_->targets[column].type, impl_->size, value);
}

void TableWriter::integer_list(std::size_t column, std::size_t row,
                               std::span<const std::optional<std::int64_t>> values) {
  const duckdb_type type = impl_->targets[column].element;
  impl_->put_list(column, row, values, [&](duckdb_vector elements, idx_t at, std::int64_t value) {
    put_integer(elements, type, at, value);
  });
}

void TableWriter::text_list(std::size_t column, std::size_t row,
                            std::span<const std::optional<std::string_view>> values) {
  impl_->put_list(column, row, values, [](duckdb_vector elements, idx_t at, std::string_view value) {
    duckdb_vector_assign_string_element_len(elements, at, value.data(), value.size());
  });
}

void TableWriter::huge(std::size_t column, Int128 value) { impl_->put(column, as_hugeint(value)); }

void TableWriter::real(std::size_t column, double value) { impl_->put(column, value); }

void TableWriter::boolean(std::size_t column, bool value) { impl_->put(column, value); }

Status TableWriter::end_row() { return end_rows(1); }

std::size_t TableWriter::room() const { return duckdb_vector_size() - impl_->size; }

void TableWriter::integers(std::size_t column, const Picked& picked, const std::int64_t* values) {
  switch (impl_->targets[column].type) {
    case DUCKDB_TYPE_TINYINT: return impl_->put_all<std::int8_t>(column, picked, values);
    case DUCKDB_TYPE_SMALLINT: return impl_->put_all<std::int16_t>(column, picked, values);
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_DATE: return impl_->put_all<std::int32_t>(column, picked, values);
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_TIMESTAMP: return impl_->put_all<std::int64_t>(column, picked, values);
    default: HILO_CHECK(false);
  }
}

void TableWriter::integers(std::size_t column, std::span<const std::int64_t> values) {
  HILO_CHECK(impl_->targets[column].type == DUCKDB_TYPE_BIGINT);
  std::ranges::copy(values, impl_->data<std::int64_t>(column));
}

void TableWriter::null_at(std::size_t column, std::size_t row) { impl_->put_null(column, row); }

void TableWriter::nulls(std::size_t column, std::size_t count) {
  for (std::size_t row = 0; row < count; ++row) impl_->put_null(column, row);
}

void TableWriter::huges(std::size_t column, const Picked& picked, const Int128* values) {
  auto* to = impl_->data<duckdb_hugeint>(column);
  impl_->put_each(column, picked, [&](std::size_t row, std::size_t which) { to[row] = as_hugeint(values[which]); });
}

void TableWriter::reals(std::size_t column, const Picked& picked, const double* values) {
  impl_->put_all<double>(column, picked, values);
}

void TableWriter::booleans(std::size_t column, const Picked& picked, const std::int64_t* values) {
  impl_->put_all<bool>(column, picked, values);
}

void TableWriter::texts(std::size_t column, const Picked& picked,
                        const std::function<std::string_view(std::size_t)>& value) {
  duckdb_vector vector = impl_->targets[column].vector;
  impl_->put_each(column, picked, [&](std::size_t row, std::size_t which) {
    const std::string_view text = value(which);
    duckdb_vector_assign_string_element_len(vector, impl_->size + row, text.data(), text.size());
  });
}

Status TableWriter::end_rows(std::size_t count) {
  impl_->size += count;
  return impl_->size == duckdb_vector_size() ? impl_->flush() : Status{};
}

Status TableWriter::close() {
  HILO_TRY(impl_->flush());
  return impl_->told(duckdb_appender_close(impl_->appender.get()));
}

}  // namespace hilo::store
