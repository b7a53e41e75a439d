// The ways in which one and the same name, phone, address, date or mailbox gets written.
#pragma once

#include <string>
#include <string_view>

#include "world/people/people.h"

namespace hilo::world {

/// Returns a usual short form of a given name; the name itself where it has none.
[[nodiscard]] std::string nickname(std::string_view given, Language language, Rng& rng);
/// Returns the first letter of each name, with or without a full stop.
[[nodiscard]] std::string initials(std::string_view given, Rng& rng);
/// Returns the first of two given names.
[[nodiscard]] std::string first_given_name(std::string_view given);
/// Writes hyphens, blanks and particles otherwise: Delacruz, De La Cruz, Parry Jones.
[[nodiscard]] std::string other_particles(std::string_view family, Rng& rng);
/// Leaves the second family name of a Spaniard out; others have one.
[[nodiscard]] std::string first_family_name(std::string_view family, Language language);

/// Writes a number of E.164 as people do: without the country's code, with blanks, 00 or (0).
[[nodiscard]] std::string phone_form(std::string_view number, Rng& rng);
/// Mistypes the domain of a mail address: gmial.com.
[[nodiscard]] std::string with_domain_typo(std::string_view email, Rng& rng);
/// Mistypes what stands before the @.
[[nodiscard]] std::string with_local_typo(std::string_view email, Rng& rng);

[[nodiscard]] std::string abbreviated_street(std::string_view street, Language language, Rng& rng);
[[nodiscard]] std::string without_flat(const Address& address, std::string_view street);
/// Writes the flat at the other end of the line.
[[nodiscard]] std::string with_flat_elsewhere(const Address& address, std::string_view street);
/// Swaps two neighbouring digits, or letters, that differ.
[[nodiscard]] std::string with_swapped_digits(std::string_view postcode, Rng& rng);

/// Dates are `YYYY-MM-DD`. The swap leaves days after the 12th, and those that are like the month, as they are.
[[nodiscard]] std::string with_day_and_month_swapped(std::string_view date);
/// Errs by a year or by ten.
[[nodiscard]] std::string with_wrong_year(std::string_view date, Rng& rng);

}  // namespace hilo::world
