// What a question reads, by its parse tree: the names that its text uses wherever they stand.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "store/database.h"

namespace hilo::expr {

/// The names are in lower case, each as often as it stands there.
struct Reads {
  std::vector<std::string> schemas;    ///< of tables that are named with one
  std::vector<std::string> functions;  ///< table functions: what FROM calls
  std::vector<std::string> calls;      ///< all other functions
};

/// Returns what a SELECT, or an EXPLAIN of one, reads. What a view reads inside is not part of it.
/// **Errors**: kInvalidInput where the text is no single statement of these kinds.
[[nodiscard]] Result<Reads> read_names(const std::string& sql, store::Connection& connection);

}  // namespace hilo::expr
