// What the engine says of a fault, made into an Error that may be shown and logged.
#include <algorithm>

#include <duckdb.h>

#include "base/text.h"
#include "store/engine_state.h"

namespace hilo::store {

namespace {

// Puts *** in place of a value of the data that an error quotes: it may be somebody's address. What the statement
// itself says is no secret.
std::string without_values(std::string_view message, std::string_view sql) {
  std::string text(message);
  if (text.starts_with('{')) return text;  // the form of errors_as_json: asked for only where there are no data
  const std::size_t body = std::min(text.find("\n\nLINE "), text.size());
  for (const char quote : {'\'', '"'}) {
    const std::size_t from = text.find(quote);
    const std::size_t to = text.rfind(quote, body);
    if (from == std::string::npos || from >= to || to >= body) continue;
    if (sql.find(std::string_view(text).substr(from + 1, to - from - 1)) == std::string_view::npos)
      text.replace(from + 1, to - from - 1, "***");
  }
  constexpr std::size_t kLongNumber = 6;
  for (std::size_t at = 0; at < std::min(text.find("\n\nLINE "), text.size()); ++at) {
    std::size_t end = at;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    if (end - at >= kLongNumber && sql.find(std::string_view(text).substr(at, end - at)) == std::string_view::npos) {
      text.replace(at, end - at, "***");
    } else if (end > at) {
      at = end - 1;
    }
  }
  return text;
}

bool quotes_values(duckdb_error_type type) {
  return type == DUCKDB_ERROR_CONVERSION || type == DUCKDB_ERROR_INVALID_INPUT || type == DUCKDB_ERROR_OUT_OF_RANGE ||
         type == DUCKDB_ERROR_CONSTRAINT;
}

}  // namespace

Error engine_error(std::string_view message, duckdb_error_type type, std::string_view sql) {
  const bool ours = type == DUCKDB_ERROR_INTERNAL || type == DUCKDB_ERROR_FATAL;
  const bool machine = type == DUCKDB_ERROR_IO || type == DUCKDB_ERROR_OUT_OF_MEMORY;
  return Error{
      .code = ours      ? ErrorCode::kInternal
              : machine ? ErrorCode::kIo
                        : ErrorCode::kInvalidInput,
      .message =
          quotes_values(type)
              ? without_values(trim(message), sql)
              : std::string(trim(type == DUCKDB_ERROR_OUT_OF_MEMORY ? message.substr(0, message.find('\n')) : message)),
      .advice = type == DUCKDB_ERROR_OUT_OF_MEMORY ? "Give it more: engine.memory_limit in hilo.yaml." : ""};
}

}  // namespace hilo::store
