// One generation of the store, computed from the log.
#pragma once

#include <optional>

#include "app/check.h"
#include "app/run.h"
#include "base/pass.h"
#include "store/generation.h"
#include "store/log.h"

namespace hilo::app {

/// How a generation was built.
struct StoreBuild {
  bool extended = false;               ///< of the last one and what is new, not of the whole log
  std::optional<Error> given_up = {};  ///< why the last one, which should have been extended, was of no use
};

/// Builds the next generation from the log, the prepared entry included, and adds to that entry who is in which
/// segment. Nothing is published yet. **Ensures**: every table is a function of log and definitions alone.
[[nodiscard]] Result<StoreBuild> build_store(store::Log& log, const CheckedWorkspace& checked,
                                             const store::GenerationStore& generations, PassRunner& passes);

/// Publishes the generation that build_store made.
[[nodiscard]] Status publish_store(const store::GenerationStore& generations, PassRunner& passes);

/// Returns whether the newest generation was built from all of the log by this format.
[[nodiscard]] bool is_current(const store::Log& log, const store::GenerationStore& generations);

/// Fills in what the newest generation holds. **Errors**: those of GenerationStore::open_newest.
[[nodiscard]] Status describe_store(const store::GenerationStore& generations, RunReport& report);

}  // namespace hilo::app
