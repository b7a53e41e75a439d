// Phones, mailboxes and addresses as the people of a language have them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "world/people/people.h"

namespace hilo::world {

[[nodiscard]] std::string draw_mobile(Language language, Rng& rng);    ///< E.164
[[nodiscard]] std::string draw_landline(Language language, Rng& rng);  ///< E.164
[[nodiscard]] Address draw_address(Language language, Rng& rng);

/// Draws a private address made of the name, in one of the usual ways.
[[nodiscard]] std::string draw_email(Language language, const Identity& identity, Date born_on, Rng& rng);
/// Draws an address for a whole family.
[[nodiscard]] std::string draw_family_mailbox(Language language, std::string_view family_name, Rng& rng);

/// A firm whose people give its switchboard's number, and some its mailbox, instead of their own.
struct Employer {
  std::string switchboard;   ///< E.164
  std::string domain;        ///< of its mail; invented
  bool one_mailbox = false;  ///< everybody gives info@
};

/// Draws who employs a person: firms are as unequal in size as firms are, and those of one region (a block of cells)
/// hire there, so that a switchboard is shared by some ten to two hundred people however large the world.
/// **Requires**: `rng` decides which firm; the same firm has the same number whoever works there.
[[nodiscard]] Employer draw_employer(std::uint64_t seed, PersonId person, Language language, Rng& rng);

/// Returns a person's address at her employer's.
[[nodiscard]] std::string office_email(const Employer& employer, const Identity& identity);

}  // namespace hilo::world
