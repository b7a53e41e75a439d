// From what happened to what silos tell of it: every silo in its own words, with its own errors and delays.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "world/behaviour/events.h"
#include "world/people/people.h"
#include "world/retailer/campaigns.h"
#include "world/silos/silo.h"

namespace hilo::world {

/// What silos write with. Lives as long as the world.
struct Pen {
  std::uint64_t seed = 0;
  double noise = 1;
  Date opened_on;  ///< who was registered before is told of on this day
  const Catalogue* catalogue = nullptr;
  std::span<const Campaign> campaigns;
};

/// Appends the rows that silos write of one person's day, the truth's words about each of them, and the changes of
/// registered persons. `presence` is as of the day's end.
/// **Ensures**: a function of its arguments: rows of one day never depend on what comes later.
void write_day(const Pen& pen, const Person& person, const Presence& presence, Date day, const DayEvents& events,
               Rows& rows);

/// Appends the truth's word that a person may use her household's tablet from a day on: on her first day, and when she
/// has come to live in another household.
void write_tablet(const Pen& pen, const Person& person, Date day, Rows& rows);

/// Returns the tables that are known from day one, file name (below the world's folder) -> text in UTF-8: products with
/// cost, category and brand, brands, stores, associates, the pen's campaigns, and what a contact costs by channel.
[[nodiscard]] std::map<std::string, std::string> write_dimensions(const Pen& pen);

}  // namespace hilo::world
