#include "identity/replay.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/result.h"

namespace hilo::identity {
namespace {

// Numbers in groups: the members of group g are members[ends[g - 1], ends[g]).
struct Groups {
  std::vector<std::size_t> ends;
  std::vector<std::uint32_t> members;

  [[nodiscard]] std::span<const std::uint32_t> of(std::size_t group) const {
    const std::size_t begin = group == 0 ? 0 : ends[group - 1];
    return {members.data() + begin, ends[group] - begin};
  }
};

// Sorts 0, 1, ... count - 1 by their group; those of one group stay in order.
template <class GroupOf>
Groups group_numbers(std::size_t groups, std::size_t count, GroupOf group_of) {
  HILO_CHECK(count <= std::numeric_limits<std::uint32_t>::max());
  std::vector<std::size_t> next(groups + 1, 0);
  for (std::size_t at = 0; at < count; ++at) ++next[group_of(at) + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  Groups sorted{.ends = {}, .members = std::vector<std::uint32_t>(count)};
  for (std::size_t at = 0; at < count; ++at) sorted.members[next[group_of(at)]++] = static_cast<std::uint32_t>(at);
  next.pop_back();
  sorted.ends = std::move(next);
  return sorted;
}

class Replay {
 public:
  Replay(const LinkInput& input, const Graph& graph)
      : input_(input),
        graph_(graph),
        forest_(graph.numbers.size()),
        next_(graph.numbers.size()),
        first_bearer_(input.ends.size(), kNone) {
    std::iota(next_.begin(), next_.end(), Node{0});
    note_identifiers();
    note_runs();
  }

  std::vector<Redirect> run() {
    for (std::size_t at = 0; at < runs_.size(); ++at) {
      joined_.clear();
      taken_apart_.clear();
      take_apart(at);
      join_again(at);
      for (const std::size_t bearer : arrivals_.of(at)) join_arrival(bearer, runs_[at]);
      note_changes(runs_[at]);
    }
    return std::move(redirects_);
  }

 private:
  static constexpr Node kNone = std::numeric_limits<Node>::max();

  void note_identifiers() {
    identifier_of_.reserve(input_.bearers.size());
    for (std::size_t identifier = 0; identifier < input_.ends.size(); ++identifier) {
      identifier_of_.resize(input_.ends[identifier], static_cast<std::uint32_t>(identifier));
    }
  }

  // The runs that brought a bearer or stopped an identifier: between them nothing can change.
  void note_runs() {
    for (const Bearer& bearer : input_.bearers) {
      // Most bearers came with the run of the one before.
      if (runs_.empty() || runs_.back() != bearer.run) runs_.push_back(bearer.run);
      if (runs_.size() > kRunsUnsorted) sort_runs();
    }
    for (const GuardedIdentifier& guarded : graph_.guarded) runs_.push_back(graph_.guarded_from[guarded.identifier]);
    sort_runs();
    arrivals_ = group_numbers(runs_.size(), input_.bearers.size(),
                              [&](std::size_t bearer) { return place_of(input_.bearers[bearer].run); });
    stops_ = group_numbers(runs_.size(), graph_.guarded.size(), [&](std::size_t at) {
      return place_of(graph_.guarded_from[graph_.guarded[at].identifier]);
    });
  }

  void sort_runs() {
    std::ranges::sort(runs_);
    const auto repeated = std::ranges::unique(runs_);
    runs_.erase(repeated.begin(), repeated.end());
  }

  [[nodiscard]] std::size_t place_of(int run) const {
    return static_cast<std::size_t>(std::ranges::lower_bound(runs_, run) - runs_.begin());
  }

  // Dissolves the clusters that the identifiers stopped in this run had joined.
  void take_apart(std::size_t at) {
    for (const std::size_t stop : stops_.of(at)) {
      const Node bearer = first_bearer_[graph_.guarded[stop].identifier];
      if (bearer == kNone) continue;
      const Node root = forest_.root(bearer);
      // Taken apart a moment ago: a root that stands by itself has nobody to lose.
      if (next_[root] == root) continue;
      for (Node node = root;;) {
        const Node following = std::exchange(next_[node], node);
        forest_.isolate(node);
        taken_apart_.emplace_back(node, root);
        if (following == root) break;
        node = following;
      }
    }
    std::ranges::sort(taken_apart_);
  }

  // Joins what was taken apart by the identifiers that still hold.
  void join_again(std::size_t at) {
    if (taken_apart_.empty()) return;
    if (bearers_of_.ends.empty()) {
      bearers_of_ = group_numbers(graph_.numbers.size(), graph_.nodes.size(),
                                  [&](std::size_t bearer) { return graph_.nodes[bearer]; });
    }
    const int run = runs_[at];
    for (const auto& [node, root] : taken_apart_) {
      for (const std::size_t bearer : bearers_of_.of(node)) {
        const std::size_t identifier = identifier_of_[bearer];
        if (input_.bearers[bearer].run >= run || graph_.guarded_from[identifier] <= run) continue;
        join(node, first_bearer_[identifier]);
      }
    }
  }

  void join_arrival(std::size_t bearer, int run) {
    const std::size_t identifier = identifier_of_[bearer];
    if (graph_.guarded_from[identifier] <= run) return;
    const Node node = graph_.nodes[bearer];
    if (first_bearer_[identifier] == kNone) {
      first_bearer_[identifier] = node;
    } else {
      join(node, first_bearer_[identifier]);
    }
  }

  void join(Node a, Node b) {
    const std::optional<Node> ceased = forest_.join(a, b);
    if (!ceased) return;
    // Two rings of members become one where one link of each is exchanged.
    std::swap(next_[*ceased], next_[forest_.root(*ceased)]);
    joined_.push_back(*ceased);
  }

  [[nodiscard]] bool was_taken_apart(Node node) const {
    const auto found = std::ranges::lower_bound(taken_apart_, node, {}, &std::pair<Node, Node>::first);
    return found != taken_apart_.end() && found->first == node;
  }

  // Compares with the run before: an id that stood and is now within another has merged; records that left an id have
  // split off. A record that the run itself brought was nobody's id.
  void note_changes(int run) {
    std::vector<std::pair<Node, Node>> merges;
    std::vector<std::pair<Node, Node>> splits;
    for (const Node node : joined_) {
      if (graph_.first_runs[node] < run && !was_taken_apart(node)) merges.emplace_back(node, forest_.root(node));
    }
    for (const auto& [node, before] : taken_apart_) {
      const Node now = forest_.root(node);
      if (graph_.first_runs[node] >= run || before == now) continue;
      if (before == node) merges.emplace_back(node, now);
      // Still under the old id's own record? Then that record itself is elsewhere now, which is a merge noted at it.
      if (forest_.root(before) == before) splits.emplace_back(before, now);
    }
    std::ranges::sort(merges);
    std::ranges::sort(splits);
    const auto repeated = std::ranges::unique(splits);
    splits.erase(repeated.begin(), repeated.end());
    for (const auto& [from, to] : merges) note(from, to, run, true);
    for (const auto& [from, to] : splits) note(from, to, run, false);
  }

  void note(Node from, Node to, int run, bool is_merge) {
    redirects_.push_back({graph_.numbers.id(from), graph_.numbers.id(to), run, is_merge});
  }

  static constexpr std::size_t kRunsUnsorted = 1 << 16;

  const LinkInput& input_;
  const Graph& graph_;
  Forest forest_;
  std::vector<Node> next_;                    // the members of each cluster as a ring
  std::vector<Node> first_bearer_;            // of each identifier, of those that came so far
  std::vector<std::uint32_t> identifier_of_;  // of each bearer
  std::vector<int> runs_;
  Groups arrivals_;                                 // bearers by run
  Groups stops_;                                    // guarded identifiers by the run in which they were stopped
  Groups bearers_of_;                               // by node; made when a cluster is first taken apart
  std::vector<Node> joined_;                        // in this run: roots that ceased to be some
  std::vector<std::pair<Node, Node>> taken_apart_;  // in this run: members with their former root
  std::vector<Redirect> redirects_;
};

}  // namespace

std::vector<Redirect> replay_runs(const LinkInput& input, const Graph& graph) { return Replay(input, graph).run(); }

}  // namespace hilo::identity
