// What changes in people's lives: homes, partners, names, phones, mailboxes, jobs, each on a day.
#pragma once

#include <cstdint>
#include <vector>

#include "world/people/people.h"

namespace hilo::world {

/// Adds to the persons of a cell what changes after the world opened and before `until`. Days come one after the
/// other, so that a longer world only adds to a shorter one. When the first of a household moves, everybody in it does;
/// anybody else who moves leaves it; two people without a partner may move together.
/// **Requires**: everybody has one identity; the first of each household stands before its others.
void live(std::uint64_t seed, std::vector<Person>& people, Date opened_on, Date until);

/// Chooses whether a person has a job whose number she gives, and writes number and, for some, mailbox down.
void take_job(std::uint64_t seed, const Person& person, Identity& identity, Date day, Rng& rng);

/// Returns a person's age in years, to a day or so.
[[nodiscard]] double age_on(Date born_on, Date day);

inline constexpr double kHomesWithLandline = 0.45;  ///< share

}  // namespace hilo::world
