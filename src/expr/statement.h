// One SELECT of a definition file, as DuckDB's own parser reads it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/result.h"
#include "expr/definition.h"

namespace hilo::expr {

/// An immutable parse tree together with the text it was read from. Cheap to copy.
/// Invariant: exactly one statement, a SELECT (or a set operation of SELECTs; the compilers refuse those themselves).
class Statement {
 public:
  /// Parses the one SELECT of `file`.
  /// **Errors**: kInvalidDefinition with line and column: an empty file, a syntax error, several statements, no SELECT.
  [[nodiscard]] static Result<Statement> parse(const DefinitionFile& file, store::Connection& connection);

  [[nodiscard]] const DefinitionFile& file() const;
  /// Returns the place of a byte offset of the text; an offset past the end is the place of the file as a whole (line
  /// 0).
  [[nodiscard]] Position position(std::size_t offset) const;

  struct Tree;  ///< see parse_tree.h; for `src/expr` only
  [[nodiscard]] const Tree& tree() const { return *tree_; }

 private:
  [[nodiscard]] static Result<Statement> parse_file(const DefinitionFile& file, store::Connection& connection);

  std::shared_ptr<const Tree> tree_;
};

}  // namespace hilo::expr
