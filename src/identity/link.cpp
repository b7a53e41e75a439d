#include "identity/link.h"

#include <algorithm>
#include <set>

namespace hilo::identity {
namespace {

// Records as dense numbers in the order of their ids, so that the smaller number is the earlier record.
class Forest {
 public:
  explicit Forest(std::size_t size) : parent_(size) {
    for (std::size_t at = 0; at < size; ++at) parent_[at] = at;
  }

  std::size_t root(std::size_t at) {
    while (parent_[at] != at) {
      parent_[at] = parent_[parent_[at]];
      at = parent_[at];
    }
    return at;
  }

  // Returns whether the two were apart.
  bool join(std::size_t a, std::size_t b) {
    a = root(a);
    b = root(b);
    if (a == b) return false;
    parent_[std::max(a, b)] = std::min(a, b);
    return true;
  }

 private:
  std::vector<std::size_t> parent_;
};

struct DenseBearer {
  std::size_t record;
  int run;
};

class Linker {
 public:
  Linker(const LinkInput& input, const LinkLimits& limits) : input_(input), limits_(limits) {
    for (const SharedIdentifier& identifier : input.identifiers) {
      for (const Bearer& bearer : identifier.bearers) records_.push_back(bearer.record);
    }
    std::ranges::sort(records_);
    const auto repeated = std::ranges::unique(records_);
    records_.erase(repeated.begin(), repeated.end());
    first_run_.assign(records_.size(), 0);
    for (const SharedIdentifier& identifier : input.identifiers) {
      for (const Bearer& bearer : identifier.bearers) first_run_[dense(bearer.record)] = bearer.record_run;
    }
  }

  Linkage run() {
    Linkage linkage;
    std::vector<std::size_t> before(records_.size());
    for (std::size_t at = 0; at < records_.size(); ++at) before[at] = at;
    const std::vector<int> runs = changing_runs();
    for (const int run : runs) {
      Forest forest(records_.size());
      join_as_of(run, forest, run == runs.back() ? &linkage : nullptr);
      std::vector<std::size_t> now(records_.size());
      for (std::size_t at = 0; at < records_.size(); ++at) now[at] = forest.root(at);
      note_changes(before, now, run, linkage.redirects);
      before = std::move(now);
    }
    for (std::size_t at = 0; at < records_.size(); ++at) linkage.cluster_of[records_[at]] = records_[before[at]];
    std::ranges::sort(linkage.links, {}, &Link::record);
    return linkage;
  }

 private:
  [[nodiscard]] std::size_t dense(RecordId record) const {
    return static_cast<std::size_t>(std::ranges::lower_bound(records_, record) - records_.begin());
  }

  // The runs at which a shared identifier, a record or a name arrived: between them nothing can change.
  [[nodiscard]] std::vector<int> changing_runs() const {
    std::set<int> runs;
    for (const SharedIdentifier& identifier : input_.identifiers) {
      for (const Bearer& bearer : identifier.bearers) runs.insert(bearer.run);
    }
    for (const auto& [record, names] : input_.names) {
      for (const RecordName& name : names) runs.insert(name.run);
    }
    return {runs.begin(), runs.end()};
  }

  void join_as_of(int run, Forest& forest, Linkage* reasons) const {
    for (std::size_t at = 0; at < input_.identifiers.size(); ++at) {
      std::vector<DenseBearer> bearers;
      std::set<std::int64_t> names;
      for (const Bearer& bearer : input_.identifiers[at].bearers) {
        if (bearer.run > run) continue;
        bearers.push_back({dense(bearer.record), bearer.run});
        const auto own = input_.names.find(bearer.record);
        if (own == input_.names.end()) continue;
        for (const RecordName& name : own->second) {
          if (name.run <= run) names.insert(name.name);
        }
      }
      if (bearers.size() < 2) continue;
      const auto records = static_cast<std::int64_t>(bearers.size());
      const auto distinct = static_cast<std::int64_t>(names.size());
      if (distinct > limits_.names_max || records > limits_.records_max) {
        if (reasons != nullptr) reasons->guarded.push_back({at, records, distinct});
        continue;
      }
      for (std::size_t next = 1; next < bearers.size(); ++next) {
        const bool apart = forest.join(bearers.front().record, bearers[next].record);
        if (apart && reasons != nullptr) {
          reasons->links.push_back({records_[bearers[next].record], records_[bearers.front().record], at});
        }
      }
    }
  }

  // Compares two runs: an id that stood and is now within another has merged; records that left an id have split off.
  void note_changes(const std::vector<std::size_t>& before, const std::vector<std::size_t>& now, int run,
                    std::vector<Redirect>& redirects) const {
    std::set<std::pair<std::size_t, std::size_t>> splits;
    for (std::size_t at = 0; at < records_.size(); ++at) {
      if (first_run_[at] >= run || before[at] == now[at]) continue;
      if (before[at] == at) redirects.push_back({records_[at], records_[now[at]], run, true});
      // Still under the old id's own record? Then that record itself is elsewhere now, which is a merge noted at it.
      if (now[before[at]] == before[at] && now[at] != before[at]) splits.emplace(before[at], now[at]);
    }
    for (const auto& [from, to] : splits) redirects.push_back({records_[from], records_[to], run, false});
  }

  const LinkInput& input_;
  const LinkLimits& limits_;
  std::vector<RecordId> records_;
  std::vector<int> first_run_;
};

}  // namespace

Linkage link_records(const LinkInput& input, const LinkLimits& limits) {
  if (input.identifiers.empty()) return {};
  return Linker(input, limits).run();
}

}  // namespace hilo::identity
