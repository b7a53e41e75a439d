// What silos call people, orders and devices. An id must not give away whose it is: that stands in the truth alone.
#pragma once

#include <cstdint>
#include <string>

#include "world/chance/randomness.h"

namespace hilo::world {

/// The series that silos number in. Two series of one number never meet, but for kSale, which shop and tills share.
enum class Series : std::uint32_t {
  kCrm = 1,
  kAccount,
  kCard,
  kDevice,
  kSale,
  kInvoice,
  kMessage,
  kSession,
  kCall,
  kTicket,
  kVisit,
  kHandle,
  kReturn,
  kSubscriber,
  kDecision,
  kPost,
};

/// Returns a number below 2^bits that stands for `number` in a series: a bijection, so that no two numbers share one.
/// **Requires**: bits even, 8 to 62; number < 2^bits.
/// **Source**: a balanced Feistel network of Luby and Rackoff, "How to Construct Pseudorandom Permutations from
/// Pseudorandom Functions", SIAM J. Comput. 1988, with six rounds.
[[nodiscard]] std::uint64_t scrambled(std::uint64_t seed, Series series, std::uint64_t number, int bits);

/// How many things of one kind (sales, sessions ...) a person may number.
inline constexpr std::uint64_t kNumbersPerPerson = 4'096;

/// Returns the number that a silo prints for the `count`-th thing of a person. **Units**: below 2^46.
[[nodiscard]] std::uint64_t number_of(std::uint64_t seed, Series series, PersonId person, std::uint64_t count);

/// Returns the order number of a person's sale: web shop and tills number alike, so that one number may stand on an
/// order of one person and on a receipt of another.
[[nodiscard]] std::uint64_t order_number(std::uint64_t seed, PersonId person, std::uint64_t count, bool in_store);

}  // namespace hilo::world
