// The engine for targets that need it: one database in memory per process, shut off from files.
#pragma once

#include <string>
#include <vector>

#include "store/database.h"
#include "target.h"

namespace hilo::fuzz {

/// An engine in memory that can reach neither files nor the network.
class Engine {
 public:
  Engine();
  store::Database& database() { return database_; }
  store::Connection& connection() { return connection_; }

  /// Runs statements that must succeed: what a target sets up.
  void run(const std::string& sql);

 private:
  store::Database database_;
  store::Connection connection_;
};

}  // namespace hilo::fuzz
