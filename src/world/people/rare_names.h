// Family names and streets with their long tail: the tables hold the frequent ones, the rest are put together here.
#pragma once

#include <cstdint>
#include <string>

#include "world/chance/tables.h"

namespace hilo::world {

/// Draws a family name: a frequent one by its weight per 100,000 people, otherwise a rare one by rank, or two with a
/// hyphen where that is done. The rare ones' shares fall as 1 / (rank + 500).
[[nodiscard]] std::string draw_family_name(Language language, Rng& rng);

/// Returns how many of a language's people bear a name that is not in its table. **Units**: share, but for two names
/// with a hyphen.
[[nodiscard]] double rare_family_share(Language language);

/// Returns how many rare family names a language has.
[[nodiscard]] std::uint32_t rare_family_names(Language language);

/// Returns a rare family name. **Requires**: rank < rare_family_names(language).
/// **Source**: invented, from the parts in src/world/data/<language>/name_parts.tsv.
[[nodiscard]] std::string rare_family_name(Language language, std::uint32_t rank);

/// Draws a street without a number: half the houses stand in those of the table, the others in rare ones.
[[nodiscard]] std::string draw_street(Language language, Rng& rng);

}  // namespace hilo::world
