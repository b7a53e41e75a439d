// What a rule says of other segments: in_segment, entered, left_segment. For `src/expr` only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "expr/relation.h"
#include "expr/segment.h"

namespace hilo::expr {

/// A function that stands for membership in another segment.
enum class Membership : std::uint8_t { kIn, kInOnDay, kEntered, kLeft };

/// One `in_segment('vip')`. `name` is empty when its arguments are not what the function takes.
struct SegmentUse {
  std::string name;
  std::size_t offset;
  Membership kind;
};
/// Returns whether a node calls such a function.
[[nodiscard]] bool is_segment_use(const Json& node);
/// Returns what the call says. **Requires**: is_segment_use.
[[nodiscard]] SegmentUse read_segment_use(const Json& node);
/// Returns what a statement says of other segments, in the order of the tree.
[[nodiscard]] std::vector<SegmentUse> segment_uses(const Statement& statement);
/// Returns what is wrong with a use that has no name, and what to write.
[[nodiscard]] std::pair<std::string, std::string> wrong_use(Membership kind);

/// The memberships that a WHERE asks for while it is brought to its canonical form, in which each is a column that no
/// table can have.
class MembershipsAsked {
 public:
  /// Puts such columns where segments are used, and checks the days named. Adds their type to the relation.
  void take_out_of(Json& where, Relation& relation, const Workbench& bench);
  /// Puts `customer_id IN (SELECT customer_id FROM "segment vip")` in their places.
  [[nodiscard]] Status put_back(Json& where, store::Connection& scratch) const;
  /// Names the segments of the day asked about, and those of other days: each once, in order.
  [[nodiscard]] std::vector<std::string> segments() const;
  [[nodiscard]] std::vector<PastMembership> past() const;

 private:
  [[nodiscard]] Json column_of(PastMembership asked, Relation& relation);
  [[nodiscard]] Json replacement(const Json& call, Relation& relation, const Workbench& bench);

  std::vector<PastMembership> asked_;  ///< one without a day is of the day asked about
};

/// Makes these functions known to the engine, so that a rule as written can be typed; drop_segment_functions undoes it.
[[nodiscard]] Status define_segment_functions(store::Connection& scratch);
void drop_segment_functions(store::Connection& scratch);

}  // namespace hilo::expr
