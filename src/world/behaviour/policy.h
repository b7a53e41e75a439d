// Whom the retailer's marketing department writes to: unequal chances by what it knows, control groups by lot, and
// sales staff with only so much time. What a policy in place of this one would decide can be fed to the same step.
#pragma once

#include <span>
#include <vector>

#include "world/behaviour/customer.h"

namespace hilo::world {

struct Candidate {
  const Person* person = nullptr;
  const Character* character = nullptr;
  const CustomerState* state = nullptr;
};

struct Decision {
  std::size_t candidate = 0;  ///< its place
  double propensity = 0;      ///< the probability of `treated`, given the person's past; 0 in the control group
  bool treated = false;
  bool held_out = false;
  std::uint32_t associate = 0;
};

/// How many clients an associate can see for one campaign from one book.
inline constexpr std::uint32_t kStaffCapacity = 12;

/// Returns true where the campaign's medium may and can reach a customer: known address, consent given.
[[nodiscard]] bool can_reach(const Campaign& campaign, const Candidate& candidate);

/// Decides on the audience of a campaign among the persons of a block, in their order. Everybody in the audience gets a
/// decision. Staff are dealt out by systematic sampling with unequal probabilities, which takes exactly as many as
/// there is time for and keeps each propensity exact.
/// **Source**: Madow, "On the Theory of Systematic Sampling II", Ann. Math. Stat. 1949.
[[nodiscard]] std::vector<Decision> decide(const WorldFacts& world, const Campaign& campaign,
                                           std::span<const Candidate> candidates);

}  // namespace hilo::world
