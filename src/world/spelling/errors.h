// What goes wrong on the way from a person to a silo's record: typing, hearing, scanning, leaving out.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "world/people/people.h"
#include "world/spelling/misspelling.h"

namespace hilo::world {

/// The fields of a written person, in their order.
enum class Field : std::uint8_t { kGivenName, kFamilyName, kEmail, kPhone, kStreet, kCity, kPostcode, kBirthDate };
inline constexpr std::size_t kFields = 8;

/// How a silo gets its records, and so which errors it makes. Rates are per field to which the error can happen, at
/// noise 1. Names are given and family name; places are street, city and postcode; words are names, street and city.
struct ErrorRates {
  // Any field.
  double typo = 0.02;       ///< a letter too many, too few, wrong or swapped; of mail addresses before the @
  double misread = 0;       ///< letters and digits that look alike, as a scanner takes them
  double nonsense = 0.005;  ///< what clerks type for nothing; not in city and postcode
  // Nothing there.
  double missing_name = 0.005;
  double missing_email = 0.2;
  double missing_phone = 0.2;
  double missing = 0.1;  ///< places
  double missing_birth_date = 0.3;
  // Words.
  double misheard = 0;           ///< Meier for Maier
  double plain = 0.1;            ///< accents left out
  double transliterated = 0.02;  ///< ä as ae
  double lost_letters = 0.002;   ///< letters beyond ASCII gone, or question marks
  double mojibake = 0.001;       ///< GarcÃ­a
  double upper = 0;              ///< in capitals
  // Names.
  double nickname = 0.05;         ///< Paco for Francisco
  double initial = 0.01;          ///< F. for Francisco
  double one_given_name = 0.2;    ///< of two
  double one_family_name = 0.15;  ///< of a Spaniard's two
  double particles = 0.1;         ///< Delacruz for de la Cruz; hyphens
  double swapped = 0.005;         ///< given and family name in each other's place
  double merged = 0.005;          ///< both in the given name's field
  // Mail and phones.
  double domain_typo = 0.006;     ///< gmial.com
  double phone_form = 0.6;        ///< other than E.164
  double landline = 0.06;         ///< instead of the mobile, where there is one
  double office = 0.15;           ///< the switchboard instead of either, where there is one
  double email_in_phone = 0.002;  ///< the mail address in the phone's field, its own left empty
  // Places.
  double abbreviated = 0.3;      ///< C/, Rd, Str.
  double flat_lost = 0.08;       ///< of those who have one
  double flat_elsewhere = 0.08;  ///< at the other end of the line
  double swapped_digits = 0.01;  ///< of the postcode
  // Birth dates.
  double day_and_month = 0.01;  ///< swapped, where that makes a date
  double wrong_year = 0.008;    ///< by one or ten
  double no_birth_date = 0.01;  ///< 1900-01-01
};

/// Somebody types her own data in.
inline constexpr ErrorRates kWebForm{.typo = 0.015,
                                     .nonsense = 0.008,
                                     .missing_email = 0.01,
                                     .missing_birth_date = 0.5,
                                     .plain = 0.3,
                                     .nickname = 0.1,
                                     .swapped = 0.004,
                                     .domain_typo = 0.01,
                                     .landline = 0.04,
                                     .office = 0.1,
                                     .no_birth_date = 0.02};
/// Somebody else types them in, at a till, in an old system.
inline constexpr ErrorRates kClerk{.typo = 0.03,
                                   .nonsense = 0.02,
                                   .missing_name = 0.01,
                                   .missing_email = 0.3,
                                   .missing = 0.15,
                                   .misheard = 0.02,
                                   .plain = 0.2,
                                   .lost_letters = 0.006,
                                   .mojibake = 0.01,
                                   .upper = 0.3,
                                   .nickname = 0.02,
                                   .initial = 0.03,
                                   .swapped = 0.01,
                                   .merged = 0.02,
                                   .landline = 0.12,
                                   .email_in_phone = 0.004,
                                   .abbreviated = 0.5,
                                   .no_birth_date = 0.04};
/// A form on paper is scanned.
inline constexpr ErrorRates kScannedForm{.typo = 0.01,
                                         .misread = 0.04,
                                         .nonsense = 0.002,
                                         .missing = 0.05,
                                         .missing_birth_date = 0.1,
                                         .plain = 0.15,
                                         .upper = 0.1,
                                         .nickname = 0.01,
                                         .swapped = 0.02,
                                         .merged = 0.01,
                                         .domain_typo = 0.003,
                                         .day_and_month = 0.03};
/// Somebody takes down what she hears.
inline constexpr ErrorRates kPhoneCentre{.typo = 0.02,
                                         .nonsense = 0.01,
                                         .missing_email = 0.4,
                                         .missing_phone = 0.02,
                                         .missing = 0.2,
                                         .misheard = 0.12,
                                         .plain = 0.25,
                                         .transliterated = 0.04,
                                         .nickname = 0.06,
                                         .landline = 0.2,
                                         .office = 0.25,
                                         .swapped_digits = 0.02,
                                         .day_and_month = 0.02};

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

/// Writes a person down as of a day. `noise` scales every rate: 0 writes the truth, a phone as the mobile in E.164. A
/// silo's record of a person makes its own errors (`record` tells the silo and the record), the same whenever it is
/// asked.
/// **Ensures**: an error that happens at a rate happens at any higher one, and in the same way; no rate moves another
/// error. Every field is UTF-8.
[[nodiscard]] WrittenPerson write_down(std::uint64_t seed, const Person& person, Date day, const ErrorRates& rates,
                                       double noise, std::uint32_t record);

/// Returns a field by its name.
[[nodiscard]] const std::string& field_of(const WrittenPerson& written, Field field);

}  // namespace hilo::world
