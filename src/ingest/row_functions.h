// The functions that the rules of rows call in SQL.
#pragma once

#include "base/result.h"
#include "store/database.h"

namespace hilo::ingest {

/// Makes callable, for the whole database: `meant_text`, `meant_own_id`, `meant_id`, `standard_type_of_lower` and
/// `has_offset` of a text, as source_words.h says, and `is_currency`, as row_rules.h says. They are null where the text
/// is, or where there is nothing to say.
[[nodiscard]] Status add_row_functions(store::Connection& connection);

}  // namespace hilo::ingest
