# Finds the published DuckDB library that `./dev setup` installs from a lock file under third_party/duckdb.
set(_duckdb_root ${CMAKE_SOURCE_DIR}/third_party/duckdb/node_modules)
find_path(DuckDB_INCLUDE_DIR duckdb.h PATHS ${_duckdb_root}/duckdb/src/duckdb/src/include NO_DEFAULT_PATH)
find_library(DuckDB_LIBRARY duckdb PATHS ${_duckdb_root}/@duckdb/node-bindings-linux-x64
                                         ${_duckdb_root}/@duckdb/node-bindings-linux-arm64 NO_DEFAULT_PATH)
if(EXISTS ${_duckdb_root}/duckdb/package.json)
  file(READ ${_duckdb_root}/duckdb/package.json _duckdb_package)
  string(JSON DuckDB_VERSION GET "${_duckdb_package}" version)
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(DuckDB REQUIRED_VARS DuckDB_LIBRARY DuckDB_INCLUDE_DIR VERSION_VAR DuckDB_VERSION
                                  REASON_FAILURE_MESSAGE "run ./dev setup first")
if(DuckDB_FOUND AND NOT TARGET DuckDB::DuckDB)
  # The header stands among DuckDB's internal ones; only duckdb.h may be seen, so it is linked into a folder alone.
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/duckdb_include)
  file(CREATE_LINK ${DuckDB_INCLUDE_DIR}/duckdb.h ${CMAKE_BINARY_DIR}/duckdb_include/duckdb.h SYMBOLIC)
  add_library(DuckDB::DuckDB SHARED IMPORTED)
  set_target_properties(DuckDB::DuckDB PROPERTIES IMPORTED_LOCATION ${DuckDB_LIBRARY}
                        INTERFACE_INCLUDE_DIRECTORIES ${CMAKE_BINARY_DIR}/duckdb_include)
endif()
