#include "identity/graph.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

#include "base/result.h"

namespace hilo::identity {
namespace {

constexpr std::size_t kWordBits = 64;

std::size_t word_of(RecordId record) { return static_cast<std::size_t>(record) / kWordBits; }
std::uint64_t bit_of(RecordId record) { return std::uint64_t{1} << (static_cast<std::size_t>(record) % kWordBits); }

// The names of each node, node by node.
class NamesByNode {
 public:
  NamesByNode(const std::vector<RecordName>& names, const RecordNumbers& numbers) : ends_(numbers.size() + 1, 0) {
    for (const RecordName& name : names) {
      if (const auto node = numbers.find(name.record)) ++ends_[*node + 1];
    }
    std::partial_sum(ends_.begin(), ends_.end(), ends_.begin());
    names_.resize(ends_.back());
    std::vector<std::size_t> next(ends_.begin(), ends_.end() - 1);
    for (const RecordName& name : names) {
      if (const auto node = numbers.find(name.record)) names_[next[*node]++] = {name.name, name.run};
    }
  }

  struct Name {
    std::int64_t name;
    int run;
  };
  [[nodiscard]] std::span<const Name> of(Node node) const {
    return {names_.data() + ends_[node], ends_[node + 1] - ends_[node]};
  }

 private:
  std::vector<std::size_t> ends_;
  std::vector<Name> names_;
};

// Judges one identifier after the other; keeps its buffers between them.
class Guard {
 public:
  Guard(const LinkInput& input, const LinkLimits& limits, const std::vector<Node>& nodes, const NamesByNode& names)
      : input_(input), limits_(limits), nodes_(nodes), names_(names) {}

  struct Verdict {
    int from = kNever;
    std::int64_t names = 0;
  };

  // Returns from when too many records or names share the identifier, and how many names do in the end.
  Verdict judge(Graph::Range bearers) {
    const auto records = static_cast<std::int64_t>(bearers.end - bearers.begin);
    std::size_t names = 0;
    for (std::size_t at = bearers.begin; at < bearers.end; ++at) names += names_.of(nodes_[at]).size();
    if (records <= limits_.records_max && static_cast<std::int64_t>(names) <= limits_.names_max) return {};
    gather_names(bearers);
    Verdict verdict{.from = nth(name_runs_, limits_.names_max), .names = static_cast<std::int64_t>(name_runs_.size())};
    runs_.clear();
    for (std::size_t at = bearers.begin; at < bearers.end; ++at) runs_.push_back(input_.bearers[at].run);
    verdict.from = std::min(verdict.from, nth(runs_, limits_.records_max));
    // One record alone has nobody to be kept from.
    if (records < 2) verdict.from = kNever;
    return verdict;
  }

 private:
  // The run in which each distinct name of the bearers came, in name_runs_.
  void gather_names(Graph::Range bearers) {
    seen_.clear();
    for (std::size_t at = bearers.begin; at < bearers.end; ++at) {
      const int run = input_.bearers[at].run;
      for (const NamesByNode::Name& name : names_.of(nodes_[at]))
        seen_.emplace_back(name.name, std::max(run, name.run));
    }
    std::ranges::sort(seen_);
    name_runs_.clear();
    for (std::size_t at = 0; at < seen_.size(); ++at) {
      if (at == 0 || seen_[at].first != seen_[at - 1].first) name_runs_.push_back(seen_[at].second);
    }
  }

  // The run in which there were more than `most` of them.
  static int nth(std::vector<int>& runs, std::int64_t most) {
    if (std::cmp_less_equal(runs.size(), most)) return kNever;
    const auto place = runs.begin() + most;
    std::ranges::nth_element(runs, place);
    return *place;
  }

  const LinkInput& input_;
  const LinkLimits& limits_;
  const std::vector<Node>& nodes_;
  const NamesByNode& names_;
  std::vector<std::pair<std::int64_t, int>> seen_;
  std::vector<int> name_runs_;
  std::vector<int> runs_;
};

}  // namespace

RecordNumbers::RecordNumbers(const std::vector<Bearer>& bearers) {
  RecordId largest = -1;
  for (const Bearer& bearer : bearers) {
    HILO_CHECK(bearer.record >= 0);
    largest = std::max(largest, bearer.record);
  }
  present_.assign(word_of(largest + 1) + 1, 0);
  for (const Bearer& bearer : bearers) present_[word_of(bearer.record)] |= bit_of(bearer.record);
  before_.reserve(present_.size());
  std::size_t count = 0;
  for (const std::uint64_t word : present_) {
    before_.push_back(static_cast<Node>(count));
    count += static_cast<std::size_t>(std::popcount(word));
  }
  HILO_CHECK(count < std::numeric_limits<Node>::max());
  ids_.reserve(count);
  for (std::size_t at = 0; at < present_.size(); ++at) {
    for (std::uint64_t word = present_[at]; word != 0; word &= word - 1) {
      ids_.push_back(static_cast<RecordId>(at * kWordBits) + std::countr_zero(word));
    }
  }
}

std::optional<Node> RecordNumbers::find(RecordId record) const {
  if (record < 0 || word_of(record) >= present_.size()) return std::nullopt;
  const std::uint64_t word = present_[word_of(record)];
  const std::uint64_t bit = bit_of(record);
  if ((word & bit) == 0) return std::nullopt;
  return before_[word_of(record)] + static_cast<Node>(std::popcount(word & (bit - 1)));
}

Forest::Forest(std::size_t size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), Node{0}); }

Node Forest::root(Node node) {
  while (parent_[node] != node) {
    parent_[node] = parent_[parent_[node]];
    node = parent_[node];
  }
  return node;
}

std::optional<Node> Forest::join(Node a, Node b) {
  a = root(a);
  b = root(b);
  if (a == b) return std::nullopt;
  const Node later = std::max(a, b);
  parent_[later] = std::min(a, b);
  return later;
}

Graph make_graph(const LinkInput& input, const LinkLimits& limits) {
  Graph graph{
      .numbers = RecordNumbers(input.bearers), .nodes = {}, .first_runs = {}, .guarded_from = {}, .guarded = {}};
  graph.first_runs.resize(graph.numbers.size());
  graph.nodes.reserve(input.bearers.size());
  for (const Bearer& bearer : input.bearers) {
    const auto node = graph.numbers.find(bearer.record);
    HILO_CHECK(node.has_value());
    graph.nodes.push_back(*node);
  }
  for (const RecordRun& record : input.records) {
    if (const auto node = graph.numbers.find(record.record)) graph.first_runs[*node] = record.run;
  }
  const NamesByNode names(input.names, graph.numbers);
  Guard guard(input, limits, graph.nodes, names);
  graph.guarded_from.reserve(input.ends.size());
  for (std::size_t identifier = 0; identifier < input.ends.size(); ++identifier) {
    const Graph::Range bearers = Graph::bearers_of(input, identifier);
    const Guard::Verdict verdict = guard.judge(bearers);
    graph.guarded_from.push_back(verdict.from);
    if (verdict.from == kNever) continue;
    graph.guarded.push_back({identifier, static_cast<std::int64_t>(bearers.end - bearers.begin), verdict.names});
  }
  return graph;
}

}  // namespace hilo::identity
