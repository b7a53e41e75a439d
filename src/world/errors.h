// What goes wrong on the way from a person to a silo's record: typing, hearing, scanning, leaving out.
#pragma once

#include <string>
#include <string_view>

#include "world/people.h"

namespace hilo::world {

/// How a silo gets its records, and so which errors it makes. Rates are per field, at noise 1.
struct ErrorRates {
  double typo = 0.02;      ///< a letter too many, too few, wrong or swapped
  double misread = 0;      ///< letters and digits that look alike, as a scanner takes them
  double missing = 0.05;   ///< nothing there
  double nonsense = 0.01;  ///< what clerks type for nothing
  double nickname = 0.05;  ///< Paco for Francisco
  double plain = 0.1;      ///< accents lost
  double upper = 0;        ///< in capitals
  double swapped = 0.005;  ///< given and family name in each other's place
};

inline constexpr ErrorRates kWebForm{
    .typo = 0.015, .missing = 0.1, .nonsense = 0.008, .nickname = 0.1, .plain = 0.35, .swapped = 0.004};
inline constexpr ErrorRates kClerk{
    .typo = 0.03, .missing = 0.15, .nonsense = 0.02, .nickname = 0.02, .plain = 0.2, .upper = 0.3, .swapped = 0.01};
inline constexpr ErrorRates kScannedForm{.typo = 0.01,
                                         .misread = 0.04,
                                         .missing = 0.05,
                                         .nonsense = 0.002,
                                         .nickname = 0.01,
                                         .plain = 0.15,
                                         .upper = 0.1,
                                         .swapped = 0.02};

/// A person as a silo wrote her down. An empty field says nothing.
struct WrittenPerson {
  std::string given_name;
  std::string family_name;
  std::string email;
  std::string phone;
  std::string street;
  std::string city;
  std::string postcode;
  std::string birth_date;  ///< YYYY-MM-DD
};

/// Writes a person down as of a day. `noise` scales every rate: 0 writes the truth. A silo's record of a person makes
/// its own errors (`record` tells the silo and the record), the same whenever it is asked.
[[nodiscard]] WrittenPerson write_down(std::uint64_t seed, const Person& person, Date day, const ErrorRates& rates,
                                       double noise, std::uint32_t record);

/// Makes one typing error in a text of at least one character; UTF-8 stays UTF-8.
[[nodiscard]] std::string with_typo(std::string_view text, Rng& rng);
/// Puts look-alikes in place: 0 for O, 1 for l, rn for m.
[[nodiscard]] std::string misread(std::string_view text, Rng& rng);
/// Returns the text without accents, as somebody types it who has no such keys.
[[nodiscard]] std::string without_accents(std::string_view text);

}  // namespace hilo::world
