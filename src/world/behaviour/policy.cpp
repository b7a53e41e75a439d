#include "world/behaviour/policy.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace hilo::world {
namespace {

constexpr double kPropensityMax = 0.9;

// By how long ago the last order was that silos know of.
std::size_t recency_of(const CustomerState& state, Date day) {
  if (state.last_known_order_day < 0) return 2;
  const std::int32_t days = day.days - state.last_known_order_day;
  if (days < 60) return 0;
  return days < 180 ? 1 : 2;
}

// Turns wishes into chances that sum to no more than the capacity.
void fit_capacity(std::vector<Decision>& decisions, const std::vector<std::size_t>& book) {
  double wished = 0;
  for (const std::size_t at : book) wished += decisions[at].propensity;
  const double scale = std::min(1.0, kStaffCapacity / wished);
  for (const std::size_t at : book)
    decisions[at].propensity = std::min(kPropensityMax, decisions[at].propensity * scale);
}

}  // namespace

bool can_reach(const Campaign& campaign, const Candidate& candidate) {
  const Presence& presence = candidate.state->presence;
  switch (campaign.offer->medium) {
    case Medium::kEmail: return presence.in(Register::kNewsletter) && presence.consents(Medium::kEmail);
    case Medium::kSms: return presence.in(Register::kCard) && presence.consents(Medium::kSms);
    case Medium::kPush: return presence.in(Register::kApp) && presence.consents(Medium::kPush);
    case Medium::kAds: return presence.consents(Medium::kAds);
    case Medium::kPrint: return presence.in(Register::kCard) && presence.consents(Medium::kPrint);
    case Medium::kStaff: return presence.in(Register::kCard) && presence.consents(Medium::kStaff);
  }
  return false;
}

std::vector<Decision> decide(const WorldFacts& world, const Campaign& campaign, std::span<const Candidate> candidates) {
  const bool by_staff = campaign.offer->medium == Medium::kStaff;
  std::vector<Decision> decisions;
  std::map<std::uint32_t, std::vector<std::size_t>> books;  // of decisions, by associate
  std::vector<double> lots;
  for (std::size_t at = 0; at < candidates.size(); ++at) {
    const Candidate& candidate = candidates[at];
    const std::uint32_t associate = candidate.character->associate;
    if (!can_reach(campaign, candidate)) continue;
    if (by_staff && candidate.character->home != world.catalogue->associates()[associate].store) continue;
    Rng rng = campaign_chance(world.seed, candidate.person->id, campaign.number, Purpose::kTargeting);
    const bool in_audience = rng.chance(campaign.share);
    const bool held_out = rng.chance(campaign.holdout_share) || candidate.character->in_control_group;
    const double lot = rng.uniform();
    if (!in_audience) continue;
    if (by_staff) books[associate].push_back(decisions.size());
    lots.push_back(lot);
    decisions.push_back({.candidate = at,
                         .propensity = campaign.propensities.at(recency_of(*candidate.state, campaign.on)),
                         .treated = false,
                         .held_out = held_out,
                         .associate = associate});
  }
  if (!by_staff) {
    for (std::size_t at = 0; at < decisions.size(); ++at) decisions[at].treated = lots[at] < decisions[at].propensity;
  }
  for (const auto& [associate, book] : books) {
    fit_capacity(decisions, book);
    const PersonId first = candidates[decisions[book.front()].candidate].person->id;
    double passed = campaign_chance(world.seed, first, campaign.number, Purpose::kBooks).uniform();
    for (const std::size_t at : book) {
      const double before = std::floor(passed);
      passed += decisions[at].propensity;
      decisions[at].treated = std::floor(passed) > before;
    }
  }
  for (Decision& decision : decisions) {
    decision.treated = decision.treated && !decision.held_out;
    // Who is in the universal control group is known for good: by lot is only the campaign's own.
    const bool control = candidates[decision.candidate].character->in_control_group;
    decision.propensity *= control ? 0 : 1 - campaign.holdout_share;
  }
  return decisions;
}

}  // namespace hilo::world
