// Where a world's chance comes from: one stream per person, day and purpose.
#pragma once

#include <cstdint>

#include "base/rng.h"
#include "base/time.h"

namespace hilo::world {

/// A person of the world, counted from 0. Not a customer id: silos do not know it.
struct PersonId {
  std::uint64_t number = 0;
  auto operator<=>(const PersonId&) const = default;
};

/// What a draw decides. A new question gets a new enumerator at the end: it must not move the answers of the others.
enum class Purpose : std::uint32_t {
  kJoining = 1,  ///< the day of the first purchase
  kCharacter,    ///< the rates that a person has for good
  kPurchases,    ///< when a person buys on a day, and whether that was the last time
  kSpend,        ///< what a purchase is worth
  kHouseholds,   ///< how a cell of people falls into households, and where those live
  kPerson,       ///< name, birth date, first identifiers
  kMoves,
  kNewEmails,
  kNewMobiles,
  kMarriages,
  kCatalogue,  ///< a product's price, cost, brand and name
  kDemand,     ///< how well a product sells
  kStores,
  kWriting,  ///< how a silo wrote a person down
  kHabits,   ///< home store, share of purchases on the web
  kBasket,   ///< what a purchase is made of, and where it was made
  kAssociates,
  kTaste,        ///< which categories a person likes
  kNature,       ///< kind, trend, leaning to the web and what else the real regimes give a person for good
  kPresence,     ///< where a person is registered when the world opens
  kDay,          ///< whether anything happens on a day
  kRegistering,  ///< with a purchase
  kBrowsing,
  kVisiting,
  kService,  ///< calls and tickets
  kPosting,
  kReturning,
  kResponding,  ///< whether a message arrives, is opened, clicked; one stream per campaign
  kTargeting,   ///< who is in a campaign's audience and who is treated
  kCalendar,    ///< which campaign when
  kDelivering,  ///< late, corrected and left-out rows
  kUpdating,    ///< which silo hears of a change, and when
  kBooks,       ///< where the dealing out of an associate's time begins
  kPairings,    ///< moving in with a partner
  kJobs,        ///< a new employer
  kEmployers,   ///< what an employer is called and its switchboard's number
};

/// Chance that has no day: what a person is.
inline Rng lasting_chance(std::uint64_t seed, PersonId person, Purpose purpose) {
  return Rng({.seed = seed, .subject = person.number, .day = 0, .purpose = static_cast<std::uint32_t>(purpose)});
}

/// Chance of one day. A policy that treats a person otherwise meets the same draws.
inline Rng daily_chance(std::uint64_t seed, PersonId person, Date day, Purpose purpose) {
  // Day 0 belongs to what lasts.
  return Rng({.seed = seed,
              .subject = person.number,
              .day = static_cast<std::uint32_t>(day.days) + 1,
              .purpose = static_cast<std::uint32_t>(purpose)});
}

/// Chance of one campaign: its number stands in the day's place, which no day of a world lies near.
inline Rng campaign_chance(std::uint64_t seed, PersonId person, std::uint32_t campaign, Purpose purpose) {
  return Rng(
      {.seed = seed, .subject = person.number, .day = campaign + 1, .purpose = static_cast<std::uint32_t>(purpose)});
}

}  // namespace hilo::world
