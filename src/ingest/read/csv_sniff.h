// Finding out the delimiter of a CSV text.
#pragma once

#include <string_view>

namespace hilo::ingest {

/// Returns which of comma, semicolon, tab and bar delimits the text's cells: the one that the first record holds and
/// that most of the other records hold equally often (ties: the more frequent, then in this order), outside quotes. A
/// comma when none does. `is_whole` says whether the sample ends where the text ends; otherwise its last line does not
/// count.
[[nodiscard]] char sniff_delimiter(std::string_view sample, char quote, bool is_whole);

}  // namespace hilo::ingest
