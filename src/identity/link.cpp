#include "identity/link.h"

#include <algorithm>
#include <future>
#include <utility>

#include "identity/graph.h"
#include "identity/replay.h"

namespace hilo::identity {
namespace {

// Links as of the last run, identifier by identifier.
void link_all(const LinkInput& input, const Graph& graph, Linkage& linkage) {
  Forest forest(graph.numbers.size());
  std::vector<std::size_t> reasons(graph.numbers.size(), kNoIdentifier);
  for (std::size_t identifier = 0; identifier < input.ends.size(); ++identifier) {
    if (graph.guarded_from[identifier] != kNever) continue;
    const Graph::Range bearers = Graph::bearers_of(input, identifier);
    for (std::size_t at = bearers.begin + 1; at < bearers.end; ++at) {
      const Node earlier = graph.nodes[bearers.begin];
      const Node later = graph.nodes[at];
      if (!forest.join(earlier, later)) continue;
      linkage.links.push_back({graph.numbers.id(later), graph.numbers.id(earlier), identifier});
      reasons[earlier] = std::min(reasons[earlier], identifier);
      reasons[later] = std::min(reasons[later], identifier);
    }
  }
  Forest connected = forest;
  for (const GuardedIdentifier& guarded : graph.guarded) {
    const Graph::Range bearers = Graph::bearers_of(input, guarded.identifier);
    for (std::size_t at = bearers.begin + 1; at < bearers.end; ++at)
      connected.join(graph.nodes[bearers.begin], graph.nodes[at]);
  }
  linkage.places.reserve(graph.numbers.size());
  for (std::size_t at = 0; at < graph.numbers.size(); ++at) {
    const Node node = static_cast<Node>(at);
    linkage.places.push_back({graph.numbers.id(node), forest.root(node), reasons[at], connected.root(node)});
  }
}

}  // namespace

Linkage link_records(const LinkInput& input, const LinkLimits& limits) {
  if (input.ends.empty()) return {};
  Graph graph = make_graph(input, limits);
  Linkage linkage;
  std::future<std::vector<Redirect>> redirects =
      std::async(std::launch::async, [&] { return replay_runs(input, graph); });
  link_all(input, graph, linkage);
  std::ranges::sort(linkage.links, {}, [](const Link& link) { return std::pair(link.record, link.identifier); });
  linkage.redirects = redirects.get();
  linkage.guarded = std::move(graph.guarded);
  return linkage;
}

}  // namespace hilo::identity
