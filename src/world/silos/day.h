// One person's day on its way into the silos: what every writer is handed, by what it calls people, when it tells.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/rng.h"
#include "world/silos/ids.h"
#include "world/silos/write_day.h"
#include "world/spelling/errors.h"

namespace hilo::world {

/// How often a silo tells of something late, and by how much at most.
struct Lateness {
  double chance = 0;  ///< at noise 1
  std::uint32_t days_max = 1;
};

/// On which day, and with which delivery, a row leaves its silo.
struct Telling {
  Date day;
  Part part = Part::kRegular;
};

/// The arguments of write_day, and what follows from them.
struct Day {
  const Pen& pen;
  const Person& person;
  const Presence& presence;
  Date date;
  const DayEvents& events;
  Rows& rows;

  [[nodiscard]] const Identity& identity() const { return person.on(date); }

  /// Returns the draws about the `place`-th thing that a silo tells of this day.
  [[nodiscard]] Rng chance(Silo silo, std::size_t place) const;
  /// Returns whether something goes wrong, more often where the world is noisy.
  [[nodiscard]] bool errs(Rng& rng, double rate) const;
  [[nodiscard]] Telling told(Rng& rng, const Lateness& lateness) const;
  /// Returns when a row is put right that was told wrong: in a later month, so that the right one stands in a later
  /// file.
  [[nodiscard]] static Telling put_right(Rng& rng, const Telling& wrong);

  [[nodiscard]] std::string& add(Silo silo, const Telling& telling) const {
    return rows.add(silo, telling.day, telling.part);
  }

  // The ids by which silos call the person.
  [[nodiscard]] std::string crm_id() const;
  [[nodiscard]] std::string account_id(bool second) const;
  [[nodiscard]] std::string card_id() const;
  [[nodiscard]] std::string subscriber_id() const;
  [[nodiscard]] std::string device_id(std::uint32_t device) const;
  [[nodiscard]] std::string handle() const;
  /// Returns the number under which the first register that knows the person keeps her; empty when none does.
  [[nodiscard]] std::string customer_number(std::initializer_list<Register> registers) const;

  /// The truth: whose an id of a silo is, and whose an event.
  void own_record(std::string_view silo, std::string_view record, Date from) const;
  void own_event(Silo silo, std::string_view event, Date on) const;
};

/// How many rows of a silo there may be of a day: keeps the draws of lines apart from those of orders.
inline constexpr std::size_t kLinesFrom = 1U << 12U;

/// A record's number for write_down: each record of a person makes errors of its own, which stay with it.
enum class RecordOf : std::uint32_t {
  kCrm = 1,
  kAccount,
  kSecondAccount,
  kCard,
  kNewsletter,
  kSocial,
  kTickets,
  kGuest = 1U << 12U,  ///< and on, by sale
};

/// Writes the person down as a record of a silo has her on the day.
[[nodiscard]] WrittenPerson written(const Day& day, const ErrorRates& rates, RecordOf record, std::uint32_t place = 0);

/// Returns the number of a return: of its sale, the line and the days since.
[[nodiscard]] std::string return_number(const Day& day, const Return& back);

// Each appends the rows of a group of silos, with their truth.
void write_persons(const Day& day);
void write_shop(const Day& day);
void write_tills(const Day& day);
void write_messages(const Day& day);
void write_decisions(const Day& day);
void write_behaviour(const Day& day);
void write_service(const Day& day);
void write_finance(const Day& day);

}  // namespace hilo::world
