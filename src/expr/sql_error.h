// What DuckDB says when a statement is wrong, taken apart.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hilo::expr {

/// An engine's complaint in one line, and where in the statement it points.
struct SqlError {
  std::string message;                ///< without the kind ("Binder Error:"), the quoted line and the candidates
  std::optional<std::size_t> offset;  ///< byte offset into the statement
};

/// Takes apart a message such as `Binder Error: ...\nCandidate bindings: ...\n\nLINE 1: select a frm b\n   ^`.
/// The engine quotes at most a window of the line around the caret; `statement` is the text that was run. The form that
/// the engine's setting `errors_as_json` gives is understood too, and tells every position exactly.
[[nodiscard]] SqlError read_sql_error(std::string_view engine_message, std::string_view statement);

}  // namespace hilo::expr
