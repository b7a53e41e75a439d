// Compiled attributes as text, as a store keeps them.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "expr/attributes.h"

namespace hilo::expr {

/// Writes compiled attributes as JSON.
[[nodiscard]] std::string to_text(const AttributeProgram& program);
/// Reads what `to_text` wrote. **Errors**: kInternal for anything else.
[[nodiscard]] Result<AttributeProgram> parse_attributes(std::string_view text);

}  // namespace hilo::expr
