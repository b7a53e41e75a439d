#include "world/retailer/campaigns.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/result.h"
#include "world/chance/randomness.h"
#include "world/chance/tables.h"

namespace hilo::world {
namespace {

constexpr std::array<std::string_view, kKinds> kKindNames = {"loyal",      "bargain_hunter", "browser",
                                                             "occasional", "drifting",       "wholesale"};
constexpr std::array<std::string_view, kMedia> kMediumNames = {"email", "sms", "push", "ads", "print", "staff"};

constexpr int kDaysToTheFirst = 20;
constexpr int kDaysBetween = 12;                 // less than an effect may last: campaigns overlap
constexpr std::size_t kStrideThroughOffers = 5;  // without a common divisor with their number: all have their turn

template <std::size_t kCount>
std::size_t place_of(const std::array<std::string_view, kCount>& names, std::string_view name) {
  const auto* const found = std::ranges::find(names, name);
  HILO_CHECK(found != names.end());
  return static_cast<std::size_t>(found - names.begin());
}

std::vector<Offer> read_offers() {
  std::vector<Offer> offers;
  for (const auto& row : table_rows("shared/offers.tsv", 9)) {
    offers.push_back({.id = row[0],
                      .title = row[1],
                      .medium = static_cast<Medium>(place_of(kMediumNames, row[2])),
                      .form = row[3],
                      .notice_chance = table_number(row[4]),
                      .delay_days = static_cast<int>(table_number(row[5])),
                      .lasting_days = static_cast<int>(table_number(row[6])),
                      .coupon_share = table_number(row[7]),
                      .contact_cost_micros = std::llround(table_number(row[8]) * 1e6),
                      .effects = {}});
  }
  for (const auto& row : table_rows("shared/effects.tsv", 5)) {
    const auto offer = std::ranges::find(offers, row[0], &Offer::id);
    HILO_CHECK(offer != offers.end());
    offer->effects.at(place_of(kKindNames, row[1])) = {.rate_factor = table_number(row[2]),
                                                       .dropout_factor = table_number(row[3]),
                                                       .store_shift = table_number(row[4])};
  }
  return offers;
}

}  // namespace

std::string_view kind_name(Kind kind) { return kKindNames.at(static_cast<std::size_t>(kind)); }
std::string_view medium_name(Medium medium) { return kMediumNames.at(static_cast<std::size_t>(medium)); }

const std::vector<Offer>& offers() {
  static const std::vector<Offer> kOffers = read_offers();
  return kOffers;
}

std::vector<Campaign> campaign_calendar(std::uint64_t seed, Date opened_on, Date until) {
  std::vector<Campaign> campaigns;
  for (std::uint32_t number = 0;; ++number) {
    Rng rng = lasting_chance(seed, PersonId{number}, Purpose::kCalendar);
    const auto jitter = static_cast<int>(rng.below(kDaysBetween / 2));
    const auto turn = static_cast<int>(number);
    const Date on{opened_on.days + kDaysToTheFirst + kDaysBetween * turn + jitter};
    // The days increase with the numbers: the jitter is shorter than the gap.
    if (on >= until) return campaigns;
    const Offer& offer = offers()[number * kStrideThroughOffers % offers().size()];
    Campaign campaign{.number = number, .on = on, .offer = &offer, .share = 0.35 + 0.65 * rng.uniform()};
    // Marketing departments write to those who bought of late, and sometimes to those who did not.
    campaign.propensities = {0.8, 0.55, 0.25};
    if (rng.chance(0.3)) std::ranges::reverse(campaign.propensities);
    campaigns.push_back(campaign);
  }
}

std::string campaign_id(std::uint32_t number) { return fmt::format("C{:03}", number + 1); }

}  // namespace hilo::world
