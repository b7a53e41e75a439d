// What the opaque handles of database.h hold. Seen inside store only.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include <duckdb.h>

#include "store/database.h"
#include "store/duckdb_handles.h"

namespace hilo::store {

/// Turns a message of the engine into an Error; the kind of failure decides whose fault it is.
[[nodiscard]] Error engine_error(std::string_view message, duckdb_error_type type = DUCKDB_ERROR_INVALID,
                                 std::string_view sql = {});

/// Returns which error of the operating system the engine tells of, 0 for none: it passes them on as text.
[[nodiscard]] int system_error_in(std::string_view message);

struct EngineAccess {
  /// Opens a session on a bare database handle.
  [[nodiscard]] static Result<Connection> connect(duckdb_database database);
  /// Returns the next block of a result, owned by the caller, or null at the end.
  [[nodiscard]] static Result<duckdb_data_chunk> next_block(Rows& rows);
  /// Views a block that somebody else owns; valid as long as that is.
  [[nodiscard]] static Chunk view(duckdb_data_chunk block, const std::vector<duckdb_type>& types);
  [[nodiscard]] static duckdb_connection handle(const Connection& connection);
};

struct Database::Impl {
  DatabaseHandle handle;
};

struct Connection::Impl {
  std::shared_ptr<void> database;  // keeps it open as long as a connection lives; null inside a function of SQL
  duckdb_database engine = nullptr;
  ConnectionHandle handle;
};

inline duckdb_connection EngineAccess::handle(const Connection& connection) { return connection.impl_->handle.get(); }

struct Rows::Impl {
  std::shared_ptr<void> connection;
  ResultHandle result;
  std::vector<duckdb_type> types;
  std::string sql;
};

struct Chunk::Impl {
  ChunkHandle handle;
  std::size_t size = 0;
  struct Vector {
    const void* data;
    std::uint64_t* validity;
    duckdb_type type;
  };
  std::vector<Vector> vectors;
};

}  // namespace hilo::store
