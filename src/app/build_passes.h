// What a generation of the store is made of, pass by pass: from all of the log, or from the last one and what is new.
#pragma once

#include <cstdint>
#include <string>

#include "app/check.h"
#include "base/pass.h"
#include "store/database.h"
#include "store/log.h"

namespace hilo::app {

/// Fills an empty database with everything that log and definitions say. **Ensures**: a function of both alone.
[[nodiscard]] Status build_whole(store::Connection& connection, store::Log& log, const CheckedWorkspace& checked,
                                 PassRunner& passes);

/// Brings a copy of the store of all earlier runs up to date with the prepared one: what that concerns is told by the
/// statements of build_whole, over the rows concerned, and put in its place.
/// **Ensures**: every table holds the rows that build_whole gives it; large ones hold them in another order.
/// Returns false, and leaves the store unfinished, where so much is concerned that build_whole is sooner done.
/// **Requires**: the same definitions and columns as before, no delivery that became void, and the store of
/// built_from of the runs before.
[[nodiscard]] Result<bool> extend_store(store::Connection& connection, store::Log& log, const CheckedWorkspace& checked,
                                        PassRunner& passes);

/// Returns whether so many rows are better told with all others of the log.
[[nodiscard]] bool is_large_part(std::int64_t rows, const store::Log& log);

/// Returns what `meta` says a store was built from: a digest of the program's rules and of the log up to a run.
[[nodiscard]] std::string built_from(const store::Log& log, int last_run);

}  // namespace hilo::app
