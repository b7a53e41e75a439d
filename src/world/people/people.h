// Who lives in a world: persons in households, with names, addresses and identifiers that change on days of their own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "world/chance/randomness.h"
#include "world/chance/tables.h"

namespace hilo::world {

enum class Gender : std::uint8_t { kFemale, kMale };

/// What somebody was to her household when the world opened.
enum class Role : std::uint8_t { kHead, kPartner, kChild, kFlatmate };

/// Where people live. Written as locals write it.
struct Address {
  std::string street;  ///< with the number and, for some, the flat
  std::string city;
  std::string postcode;
  std::string country;  ///< ISO 3166
  std::string flat;     ///< the flat as it stands in the street, with its comma; empty where there is none
};

/// What holds of a person from a day on. The first entry holds since before the world opened.
struct Identity {
  Date from;
  /// Who has the same one on a day lives together: shares address and landline. Named after the person who was its
  /// first, and for those founded later above kFoundedLater.
  std::uint64_t household = 0;
  std::string given_name;
  std::string family_name;
  std::string email;     ///< some share theirs with the household, some with their employer
  std::string mobile;    ///< E.164; some couples have one
  std::string landline;  ///< of the household, E.164; empty where it has none
  std::string office;    ///< the employer's switchboard, E.164; empty where there is none
  bool office_email = false;
  Address address;
};

/// Households founded after the world opened are named kFoundedLater * (how many she founded) + the founder's number.
/// **Requires**: worlds of fewer people.
inline constexpr std::uint64_t kFoundedLater = std::uint64_t{1} << 40U;

struct Person {
  PersonId id;
  Language language = Language::kSpanish;
  Gender gender = Gender::kFemale;
  Role role = Role::kHead;
  Date born_on;
  std::vector<Identity> identities;  ///< by day; at least one
  [[nodiscard]] const Identity& on(Date day) const;
};

/// Nobody is a customer before this age.
inline constexpr int kAgeMin = 16;

/// Persons live in cells of this many, which fall into households: a cell is drawn as a whole and alone.
inline constexpr std::uint64_t kCellSize = 12;

/// Returns the persons of a cell, by id. The same for any number of days: what changes later is drawn from the persons'
/// own streams. **Units**: `opened_on` is the world's first day; changes up to `until` are listed.
/// **Ensures**: everybody is kAgeMin or older on `opened_on`; who has one household on a day has one address.
[[nodiscard]] std::vector<Person> people_of_cell(std::uint64_t seed, std::uint64_t cell, Date opened_on, Date until);

}  // namespace hilo::world
