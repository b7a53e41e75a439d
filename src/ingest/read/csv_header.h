// The columns that a CSV file's first record gives.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hilo::ingest {

/// The most columns a file may have.
inline constexpr std::size_t kMostColumns = 10'000;

/// Makes column names of the cells of a header line: trimmed; an empty last one becomes `columnN`, N from 0. `name` is
/// the file in messages. **Errors**: kInvalidInput for a name that is empty, no valid UTF-8, or there twice ignoring
/// ASCII case.
[[nodiscard]] Result<std::vector<std::string>> name_columns(const std::vector<std::string>& cells,
                                                            std::string_view name);

/// Makes the names column0, column1 ... for a file without a header line.
[[nodiscard]] std::vector<std::string> number_columns(std::size_t count);

}  // namespace hilo::ingest
