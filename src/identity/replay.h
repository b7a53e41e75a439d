// The log's runs again, one after the other: which customer ids ceased or lost records.
#pragma once

#include <vector>

#include "identity/graph.h"
#include "identity/link.h"

namespace hilo::identity {

/// Returns the redirects in the order of Linkage::redirects. Walks what each run brought, and takes apart only clusters
/// that held an identifier which the guard stopped in that run.
[[nodiscard]] std::vector<Redirect> replay_runs(const LinkInput& input, const Graph& graph);

}  // namespace hilo::identity
