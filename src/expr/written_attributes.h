// Attributes as their files have them: the text of each, its place, and the comments that tell of it.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "expr/definition.h"
#include "store/database.h"

namespace hilo::expr {

/// One item of a definition's select list.
struct WrittenAttribute {
  std::string name;          ///< its alias, as the engine has it
  std::string text = {};     ///< as it was written, without the comma
  int line = 0;              ///< where it begins, from 1
  std::string comment = {};  ///< what follows it on its last line; "" = nothing
  std::string section = {};  ///< the comment lines above it, or above the nearest earlier item that has some
};

/// A definition file, taken apart as it was written.
struct WrittenDefinition {
  std::string about;      ///< the first paragraph of the comment on top
  std::string read_from;  ///< what follows the select list, as it was written; "" where FROM stands before it
  std::vector<WrittenAttribute> attributes;
};

/// Reads the select list of a definition. Comments come as one line each, without their marks.
/// **Errors**: kInvalidDefinition where the text does not parse or is no plain SELECT.
[[nodiscard]] Result<WrittenDefinition> read_written(const DefinitionFile& file, store::Connection& scratch);

/// Returns the names that a definition gives to its attributes; none where it does not parse.
[[nodiscard]] std::vector<std::string> written_names(const DefinitionFile& file, store::Connection& scratch);

}  // namespace hilo::expr
