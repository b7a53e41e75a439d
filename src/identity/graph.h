// What linking walks: records and identifiers as dense numbers, and from when the guard stops an identifier.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "identity/link.h"

namespace hilo::identity {

/// A record's number in the order of ids: the smaller number is the earlier record.
using Node = std::uint32_t;

/// Numbers records in the order of their ids.
/// **Cost**: 1.5 bits per number up to the largest id, so ids are places in a log, not hashes.
class RecordNumbers {
 public:
  /// **Requires**: no bearer's record is below 0.
  explicit RecordNumbers(const std::vector<Bearer>& bearers);
  [[nodiscard]] std::size_t size() const { return ids_.size(); }
  [[nodiscard]] RecordId id(Node node) const { return ids_[node]; }
  /// Returns the number of a record, or nothing when no bearer is of it.
  [[nodiscard]] std::optional<Node> find(RecordId record) const;

 private:
  std::vector<std::uint64_t> present_;  // a bit per id
  std::vector<Node> before_;            // how many bits are set before each word
  std::vector<RecordId> ids_;
};

/// Sets of nodes that only grow, each with its smallest node as root.
class Forest {
 public:
  explicit Forest(std::size_t size);
  [[nodiscard]] Node root(Node node);
  /// Returns the root that ceased to be one, or nothing when the two were together.
  std::optional<Node> join(Node a, Node b);
  /// Puts a node by itself. **Requires**: so is every other node of its set before the next call of another kind.
  void isolate(Node node) { parent_[node] = node; }

 private:
  std::vector<Node> parent_;
};

inline constexpr int kNever = std::numeric_limits<int>::max();

/// The input of linking in dense numbers.
struct Graph {
  RecordNumbers numbers;
  std::vector<Node> nodes;                 ///< of each bearer
  std::vector<int> first_runs;             ///< of each node
  std::vector<int> guarded_from;           ///< per identifier, the run from which it links nobody; kNever
  std::vector<GuardedIdentifier> guarded;  ///< as of the last run, by identifier

  /// The indices of an identifier's bearers: [begin, end).
  struct Range {
    std::size_t begin;
    std::size_t end;
  };
  [[nodiscard]] static Range bearers_of(const LinkInput& input, std::size_t identifier) {
    return {identifier == 0 ? 0 : input.ends[identifier - 1], input.ends[identifier]};
  }
};

[[nodiscard]] Graph make_graph(const LinkInput& input, const LinkLimits& limits);

}  // namespace hilo::identity
