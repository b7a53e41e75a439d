#include "world/truth/outcomes.h"

#include <cmath>

namespace hilo::world {
namespace {

void add(const WorldFacts& world, const std::vector<Purchase>& purchases, Outcome& sum) {
  for (const Purchase& purchase : purchases) {
    ++sum.orders;
    sum.spend_cents += std::llround(purchase.spend_eur() * 100);
    sum.margin_cents += std::llround(margin_eur(world, purchase) * 100);
  }
}

}  // namespace

void Alternatives::open(const WorldFacts& world, PersonId person, const Character& character, const Campaign& campaign,
                        const Decision& decision, const BuyingState& before) {
  BuyingState reached = before;
  const Response response = receive(world, person, character, campaign, reached);
  open_.push_back(
      {.outcomes = {.campaign = &campaign,
                    .decision = decision,
                    .noticed = response.noticed,
                    .expected_gain_eur = expected_gain_eur(world, character, before, campaign, kOutcomeDays),
                    .untreated = {},
                    .treated = {}},
       .otherwise = decision.treated ? before : reached});
}

void Alternatives::live(const WorldFacts& world, PersonId person, const Character& character, Date day,
                        std::span<const Treatment> treatments, const CustomerState& lived) {
  if (open_.empty()) return;
  for (Open& each : open_) {
    PotentialOutcomes& outcomes = each.outcomes;
    for (const Treatment& treatment : treatments) {
      if (treatment.campaign == outcomes.campaign->number) continue;  // in this the two lives differ
      (void)receive(world, person, character, world.campaigns[treatment.campaign], each.otherwise);
    }
    buy(world, person, character, {.day = day, .chance = lived.chance}, each.otherwise, purchases_);
    add(world, lived.bought, outcomes.decision.treated ? outcomes.treated : outcomes.untreated);
    add(world, purchases_, outcomes.decision.treated ? outcomes.untreated : outcomes.treated);
  }
}

std::vector<PotentialOutcomes> Alternatives::close(Date day) {
  std::vector<PotentialOutcomes> closed;
  std::erase_if(open_, [&](const Open& each) {
    if (day.days < each.outcomes.campaign->on.days + kOutcomeDays - 1) return false;
    closed.push_back(each.outcomes);
    return true;
  });
  return closed;
}

}  // namespace hilo::world
