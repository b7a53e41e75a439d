// What the retailer offers, when, to whom, and what an offer does to whom.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "world/retailer/channels.h"

namespace hilo::world {

/// How a person takes offers. A trait that no silo knows.
enum class Kind : std::uint8_t { kLoyal, kBargainHunter, kBrowser, kOccasional, kDrifting, kWholesale };
inline constexpr std::size_t kKinds = 6;
[[nodiscard]] std::string_view kind_name(Kind kind);
[[nodiscard]] std::string_view medium_name(Medium medium);

/// What noticing an offer does to a person of one kind.
struct Effect {
  double rate_factor = 1;     ///< of the purchase rate at its height; 1 = none, below 1 = harm
  double dropout_factor = 1;  ///< of the dropout rate while it lasts
  double store_shift = 0;     ///< share of online purchases that it moves to the store while it lasts
};

struct Offer {
  std::string_view id;  ///< O01 ...
  std::string_view title;
  Medium medium = Medium::kEmail;
  std::string_view form;     ///< discount, free_delivery, gift, points, recommendation, reminder, no_effect, annoying
  double notice_chance = 1;  ///< that somebody who got it notices it
  int delay_days = 0;        ///< until it works
  int lasting_days = 7;      ///< while it works, fading evenly to nothing
  double coupon_share = 0;   ///< taken off an order within that time; 0 = no coupon
  std::int64_t contact_cost_micros = 0;  ///< **Units**: a millionth of a EUR, per message sent
  std::array<Effect, kKinds> effects;
};

/// Every offer, by id. Made once.
[[nodiscard]] const std::vector<Offer>& offers();

struct Campaign {
  std::uint32_t number = 0;
  Date on;
  const Offer* offer = nullptr;
  double share = 1;                      ///< of those who can be reached, drawn by lot into the campaign's audience
  double holdout_share = 0.1;            ///< of the audience
  std::array<double, 3> propensities{};  ///< by how long ago the last known order was: < 60 days, < 180, more or never
};

/// Returns the campaigns that begin before `until`, by number: the same for a longer world. Several are under way at a
/// time.
[[nodiscard]] std::vector<Campaign> campaign_calendar(std::uint64_t seed, Date opened_on, Date until);

/// Returns the id by which silos name a campaign: C001 ...
[[nodiscard]] std::string campaign_id(std::uint32_t number);

}  // namespace hilo::world
