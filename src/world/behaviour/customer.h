// One day of one customer: the step that everything a world holds is made of.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "world/behaviour/buying.h"
#include "world/behaviour/events.h"

namespace hilo::world {

/// A message of a campaign, sent to a person on the campaign's day.
struct Treatment {
  std::uint32_t campaign = 0;
  std::uint32_t associate = 0;  ///< who speaks, for Medium::kStaff
};

/// Who lives: what lasts of a customer. Refers to what somebody else keeps.
struct Customer {
  const Person& person;
  const Character& character;
};

/// What a customer carries from day to day.
struct CustomerState {
  BuyingState buying;
  TextbookState textbook;
  Presence presence;
  std::int32_t last_known_order_day = -1;  ///< as far as silos can tell whose order it was
  std::uint32_t sales = 0;
  std::uint32_t sessions = 0;
  std::uint32_t visits = 0;
  std::uint32_t calls = 0;
  std::uint32_t tickets = 0;
  std::vector<Purchase> bought;  ///< on the last day stepped
  DayChance chance;              ///< of that day

  // What will come of what happened; emptied as its day comes.
  std::vector<Return> returns;
  std::vector<Call> due_calls;
  std::vector<Ticket> due_tickets;
  std::vector<std::pair<std::int32_t, Register>> due_changes;
  std::int32_t next_due_day = BuyingState::kNever;
  std::size_t next_identity = 1;  ///< the next change of name, address, phone or e-mail
};

/// Returns the state of somebody before her first step, which is on the later of joining and the world's first day.
[[nodiscard]] CustomerState first_customer_state(const WorldFacts& world, const Person& person,
                                                 const Character& character);

/// Lives one day: fills `events` with what happened and brings the state to the day's end.
/// **Requires**: days in their order, each once, from the first one on (see first_customer_state); treatments of
/// campaigns of that day.
/// **Ensures**: a function of its arguments, the state included: the chance of a day is keyed by seed, person, day and
/// purpose, so that a life under other treatments meets the same chance. `events.assignments` is left empty.
void step(const WorldFacts& world, const Customer& customer, Date day, std::span<const Treatment> treatments,
          CustomerState& state, DayEvents& events);

}  // namespace hilo::world
