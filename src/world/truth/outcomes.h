// Both potential outcomes of every decision: the life that was not led is led alongside, under the same chance.
#pragma once

#include <cstdint>
#include <vector>

#include "world/behaviour/policy.h"

namespace hilo::world {

/// What somebody bought from the day of a decision on. **Units**: cents; margin as in margin_eur.
struct Outcome {
  std::int64_t orders = 0;
  std::int64_t spend_cents = 0;
  std::int64_t margin_cents = 0;
};

/// Days over which outcomes are taken, that of the decision included.
inline constexpr int kOutcomeDays = 28;

struct PotentialOutcomes {
  const Campaign* campaign = nullptr;
  Decision decision;
  bool noticed = false;  ///< whether the message was or would have been noticed
  double expected_gain_eur = 0;
  Outcome untreated;
  Outcome treated;
};

/// Follows the open decisions about one person. Everything else is as it happened: other campaigns of the time reach
/// both lives.
class Alternatives {
 public:
  /// Opens a decision: `before` is the state at the beginning of the campaign's day, before any message of it.
  void open(const WorldFacts& world, PersonId person, const Character& character, const Campaign& campaign,
            const Decision& decision, const BuyingState& before);
  /// Lives a day of every other life, beside the one that happened, which is at the day's end.
  void live(const WorldFacts& world, PersonId person, const Character& character, Date day,
            std::span<const Treatment> treatments, const CustomerState& lived);
  /// Returns the decisions whose time is over at the end of the day, and forgets them.
  [[nodiscard]] std::vector<PotentialOutcomes> close(Date day);
  [[nodiscard]] bool empty() const { return open_.empty(); }

 private:
  struct Open {
    PotentialOutcomes outcomes;
    BuyingState otherwise;
  };
  std::vector<Open> open_;
  std::vector<Purchase> purchases_;
};

}  // namespace hilo::world
