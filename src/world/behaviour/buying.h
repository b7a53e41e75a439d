// The purchase process of the real regimes: what a person buys on a day, given what she is like, what was done to her
// so far, and chance. Small enough to be copied, so that what would have happened otherwise is lived alongside.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "world/behaviour/character.h"

namespace hilo::world {

/// An offer at work on somebody.
struct Boost {
  std::int32_t from_day = 0;
  std::int32_t until_day = 0;  ///< fades evenly from `from_day` to nothing here
  Effect effect;
  [[nodiscard]] double strength(Date day) const;  ///< in [0, 1]
};

struct Coupon {
  std::uint32_t campaign = 0;
  std::int32_t from_day = 0;
  std::int32_t until_day = 0;
  double share = 0;
};

/// What changes as a person buys and is spoken to.
struct BuyingState {
  static constexpr std::int32_t kNever = 1 << 30;

  bool active = true;
  double dropped_at = -1;              ///< the moment, in days since 1970-01-01; below 0 while active
  std::int32_t online_since = kNever;  ///< the day from which she buys online at all
  std::array<Boost, 4> boosts{};       ///< the first `boost_count`
  std::size_t boost_count = 0;
  double fatigue = 0;            ///< messages of late; halves every ten days
  std::int32_t fatigue_day = 0;  ///< as of when
  std::optional<Coupon> coupon;

  // No rate reaches these before that day: quiet days, which are most, need no more than a comparison.
  double purchase_ceiling = 0;
  double dropout_ceiling = 0;
  std::int32_t ceiling_until_day = -kNever;
};

/// The chance that decides a day before anything happens; one draw of four words.
struct DayChance {
  double purchase = 0;  ///< all in (0, 1)
  double session = 0;
  double dropout = 0;
  double other = 0;
};
[[nodiscard]] DayChance chance_of_day(std::uint64_t seed, PersonId person, Date day);

/// A day to be lived, with its chance.
struct Today {
  Date day;
  DayChance chance;
  bool joins = false;  ///< the day of the first purchase, which always brings one
};

struct Purchase {
  double moment = 0;
  Channel channel = Channel::kStore;
  double value_eur = 0;  ///< before the coupon
  double discount_eur = 0;
  bool promoted = false;
  std::optional<std::uint32_t> coupon_of;
  [[nodiscard]] double spend_eur() const { return value_eur - discount_eur; }
};

/// What happens to a message. **Units**: moments in days since 1970-01-01.
struct Response {
  bool bounced = false;
  bool noticed = false;
  std::optional<double> opened_at;
  std::optional<double> clicked_at;
  std::optional<double> unsubscribed_at;
};

/// Returns the state in which a person joins, or in which the world finds her when it opens: some left before.
[[nodiscard]] BuyingState first_state(const WorldFacts& world, PersonId person, const Character& character);

/// Draws what a message of a campaign does to a person on its day, and lets it work on her state: fatigue, an effect, a
/// coupon.
[[nodiscard]] Response receive(const WorldFacts& world, PersonId person, const Character& character,
                               const Campaign& campaign, BuyingState& state);

/// Returns when a campaign's messages leave the retailer.
[[nodiscard]] double message_moment(const Campaign& campaign);

/// Returns the purchases of a day in their order and brings the state to the day's end.
/// **Requires**: days in their order, each once; not the textbook regime.
/// **Ensures**: equal states meet equal chance: two that differ in nothing buy the same.
void buy(const WorldFacts& world, PersonId person, const Character& character, const Today& today, BuyingState& state,
         std::vector<Purchase>& purchases);

/// Returns what a purchase brings before contact costs: its value at the mean margin, less the coupon. **Units**: EUR.
[[nodiscard]] double margin_eur(const WorldFacts& world, const Purchase& purchase);

/// What is to be expected of a person over the days from `from` on, if no further message reaches her.
struct Expectation {
  double purchases = 0;
  double spend_eur = 0;  ///< coupons in hand left out
};

/// Sums the rates day by day, with the chance that somebody drops out or goes online meanwhile. **Cost**: some ns a
/// day.
class Forecast {
 public:
  Forecast(const WorldFacts& world, const Character& character, const BuyingState& state, Date from)
      : world_(world),
        character_(character),
        state_(state),
        day_(from),
        not_yet_online_(state.online_since == BuyingState::kNever ? 1 : 0) {}
  void advance(int days);
  /// Returns the sum from `from` to where it has advanced. Nothing for somebody who dropped out.
  [[nodiscard]] const Expectation& sum() const { return sum_; }

 private:
  const WorldFacts& world_;
  const Character& character_;
  const BuyingState& state_;
  Date day_;
  double not_yet_online_;
  double stays_ = 1;  // the chance to be active when the day begins
  double dropout_ = -1;
  double survival_ = 1;  // of one day at that rate of dropout
  double present_ = 1;   // the share of the day in which she is active
  Expectation sum_;
};

/// Returns the sum over the days from `from` on.
[[nodiscard]] Expectation expect(const WorldFacts& world, const Character& character, const BuyingState& state,
                                 Date from, int days);

/// Returns what a message on `day` is expected to add to the margin over `days`, its cost left out: over whether it is
/// noticed, with no further message. **Units**: EUR.
[[nodiscard]] double expected_gain_eur(const WorldFacts& world, const Character& character, const BuyingState& state,
                                       const Campaign& campaign, int days);

}  // namespace hilo::world
