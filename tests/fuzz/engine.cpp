#include "engine.h"

namespace hilo::fuzz {
namespace {

store::Database open() {
  auto database = store::Database::open("", {.threads = 1, .memory_limit = "1GB"});
  HILO_CHECK(database.has_value());
  return std::move(*database);
}

store::Connection connect(store::Database& database) {
  auto connection = database.connect();
  HILO_CHECK(connection.has_value());
  return std::move(*connection);
}

}  // namespace

Engine::Engine() : database_(open()), connection_(connect(database_)) { run("SET enable_external_access = false"); }

void Engine::run(const std::string& sql) {
  const Status done = connection_.execute(sql);
  expect(done.has_value(), done ? "" : done.error().message, sql);
}

}  // namespace hilo::fuzz

// The engine keeps what it holds in memory of its own, where the leak sanitizer does not look for pointers: what the
// last query left would be told as lost.
// NOLINTNEXTLINE(readability-identifier-naming,misc-use-internal-linkage): the name that the sanitizer asks for
extern "C" int __lsan_is_turned_off() { return 1; }
