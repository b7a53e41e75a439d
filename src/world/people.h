// Who lives in a world: persons in households, with names, addresses and identifiers that change on days of their own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "world/randomness.h"
#include "world/tables.h"

namespace hilo::world {

enum class Gender : std::uint8_t { kFemale, kMale };

/// Where people live. Written as locals write it.
struct Address {
  std::string street;  ///< with the number and, for some, the flat
  std::string city;
  std::string postcode;
  std::string country;  ///< ISO 3166
};

/// What holds of a person from a day on. The first entry holds since before the world opened.
struct Identity {
  Date from;
  std::uint64_t household = 0;  ///< named after the person who was its first
  std::string given_name;
  std::string family_name;
  std::string email;
  std::string mobile;  ///< E.164
  Address address;
};

struct Person {
  PersonId id;
  Language language = Language::kSpanish;
  Gender gender = Gender::kFemale;
  Date born_on;
  std::string landline;              ///< the household's; empty where it has none
  std::vector<Identity> identities;  ///< by day; at least one
  [[nodiscard]] const Identity& on(Date day) const;
};

/// Persons live in cells of this many, which fall into households: a cell is drawn as a whole and alone.
inline constexpr std::uint64_t kCellSize = 12;

/// Returns the persons of a cell, by id. The same for any number of days: what changes later is drawn from the person's
/// own streams. **Units**: `opened_on` is the world's first day; changes up to `until` are listed.
[[nodiscard]] std::vector<Person> people_of_cell(std::uint64_t seed, std::uint64_t cell, Date opened_on, Date until);

}  // namespace hilo::world
