// The oracle of linking: every run from the beginning, with maps and sets, as it is told in words.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "identity/link.h"

namespace hilo::identity {

/// What linking answers, in forms that compare.
struct Answer {
  std::map<RecordId, RecordId> cluster_of;
  std::map<RecordId, RecordId> component_of;
  std::map<RecordId, std::size_t> reasons;
  std::set<std::tuple<RecordId, RecordId, std::size_t>> links;
  std::vector<std::tuple<std::size_t, std::int64_t, std::int64_t>> guarded;
  std::vector<std::tuple<RecordId, RecordId, int, bool>> redirects;

  bool operator==(const Answer&) const = default;
};

inline Answer answer_of(const Linkage& linkage) {
  Answer answer;
  for (const Place& place : linkage.places) {
    answer.cluster_of[place.record] = linkage.places[place.root].record;
    answer.component_of[place.record] = linkage.places[place.component].record;
    if (place.identifier != kNoIdentifier) answer.reasons[place.record] = place.identifier;
  }
  for (const Link& link : linkage.links) answer.links.emplace(link.record, link.earlier_record, link.identifier);
  for (const GuardedIdentifier& guarded : linkage.guarded)
    answer.guarded.emplace_back(guarded.identifier, guarded.records, guarded.names);
  for (const Redirect& redirect : linkage.redirects)
    answer.redirects.emplace_back(redirect.from, redirect.to, redirect.run, redirect.is_merge);
  return answer;
}

class NaiveLinking {
 public:
  NaiveLinking(const LinkInput& input, const LinkLimits& limits) : input_(input), limits_(limits) {
    for (const RecordRun& record : input.records) first_run_[record.record] = record.run;
    for (const Bearer& bearer : input.bearers) alone_[bearer.record] = bearer.record;
  }

  Answer run() {
    std::set<int> runs;
    for (const Bearer& bearer : input_.bearers) runs.insert(bearer.run);
    for (const RecordName& name : input_.names) runs.insert(name.run);
    Answer answer;
    Clusters before = alone_;
    for (const int run : runs) {
      const Clusters now = clusters_as_of(run, run == *runs.rbegin() ? &answer : nullptr);
      note_changes(before, now, run, answer);
      before = now;
    }
    answer.cluster_of = before;
    answer.component_of = components();
    return answer;
  }

 private:
  using Clusters = std::map<RecordId, RecordId>;

  Clusters clusters_as_of(int run, Answer* answer) const {
    Clusters clusters = alone_;
    for (std::size_t at = 0; at < input_.ends.size(); ++at) {
      std::vector<RecordId> bearers;
      std::set<std::int64_t> names;
      for (std::size_t next = at == 0 ? 0 : input_.ends[at - 1]; next < input_.ends[at]; ++next) {
        if (input_.bearers[next].run <= run) bearers.push_back(input_.bearers[next].record);
      }
      for (const RecordName& name : input_.names) {
        if (name.run <= run && std::ranges::count(bearers, name.record) > 0) names.insert(name.name);
      }
      if (bearers.size() < 2) continue;
      const auto records = static_cast<std::int64_t>(bearers.size());
      const auto distinct = static_cast<std::int64_t>(names.size());
      if (distinct > limits_.names_max || records > limits_.records_max) {
        if (answer != nullptr) answer->guarded.emplace_back(at, records, distinct);
        continue;
      }
      for (const RecordId record : bearers) link(clusters, bearers.front(), record, at, answer);
    }
    return clusters;
  }

  // What any identifiers lead to, as if there were no guard.
  [[nodiscard]] Clusters components() const {
    Clusters clusters = alone_;
    for (std::size_t at = 0; at < input_.ends.size(); ++at) {
      for (std::size_t next = at == 0 ? 0 : input_.ends[at - 1]; next < input_.ends[at]; ++next)
        link(clusters, input_.bearers[at == 0 ? 0 : input_.ends[at - 1]].record, input_.bearers[next].record, at,
             nullptr);
    }
    return clusters;
  }

  static void link(Clusters& clusters, RecordId earlier, RecordId later, std::size_t identifier, Answer* answer) {
    const RecordId from = std::max(clusters[earlier], clusters[later]);
    const RecordId to = std::min(clusters[earlier], clusters[later]);
    if (from == to) return;
    for (auto& [record, cluster] : clusters) cluster = cluster == from ? to : cluster;
    if (answer == nullptr) return;
    answer->links.emplace(later, earlier, identifier);
    for (const RecordId record : {earlier, later}) answer->reasons.emplace(record, identifier);
  }

  void note_changes(const Clusters& before, const Clusters& now, int run, Answer& answer) const {
    std::set<std::pair<RecordId, RecordId>> splits;
    for (const auto& [record, former] : before) {
      const RecordId present = now.at(record);
      if (first_run_.at(record) >= run || former == present) continue;
      if (former == record) answer.redirects.emplace_back(record, present, run, true);
      if (now.at(former) == former) splits.emplace(former, present);
    }
    for (const auto& [from, to] : splits) answer.redirects.emplace_back(from, to, run, false);
  }

  const LinkInput& input_;
  const LinkLimits& limits_;
  std::map<RecordId, int> first_run_;
  Clusters alone_;
};

}  // namespace hilo::identity
