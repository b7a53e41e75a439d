#include "world/behaviour/buying.h"

#include <algorithm>
#include <cmath>

#include "base/result.h"

namespace hilo::world {
namespace {

constexpr double kFatigueHalfLifeDays = 10;
constexpr double kFatigueWithoutHarm = 3;
constexpr double kDropoutPerFatigue = 0.1;      // of the rate, above that
constexpr double kEffectLostPerFatigue = 0.25;  // 1 / (1 + this * fatigue)
constexpr double kNoticeLostPerFatigue = 0.1;
constexpr double kNoticeOfTheGone = 0.4;
constexpr double kRedeemChance = 0.7;
constexpr double kPromotedValue = 0.92;
constexpr double kBargainHuntersZeal = 1.8;

struct MediumFigures {
  double hour;  // at which it leaves the retailer
  double fatigue;
  double bounce_chance;
  double click_chance;  // once noticed
  double unsubscribe_chance;
  bool opens;  // noticing it is seen by the retailer
};
constexpr std::array<MediumFigures, kMedia> kMediumTable = {{
    {9, 0.6, 0.02, 0.18, 0.004, true},    // e-mail
    {11, 1.0, 0.03, 0.08, 0.006, false},  // SMS
    {18, 0.7, 0.05, 0.3, 0.004, true},    // push
    {20, 0.2, 0, 0.05, 0, false},         // ads
    {8, 0.3, 0.02, 0, 0, false},          // print
    {15, 0.3, 0, 0, 0, false},            // staff
}};
const MediumFigures& figures_of(Medium medium) { return kMediumTable.at(static_cast<std::size_t>(medium)); }

double fatigue_on(const BuyingState& state, Date day) {
  return state.fatigue == 0 ? 0 : state.fatigue * std::exp2((state.fatigue_day - day.days) / kFatigueHalfLifeDays);
}

double promotion_of(Kind kind, const DayFactors& factors) {
  if (kind == Kind::kWholesale) return 1;
  return kind == Kind::kBargainHunter ? 1 + (factors.promotion - 1) * kBargainHuntersZeal : factors.promotion;
}

// What a day and the offers at work make of a person's rates.
struct Rates {
  double online = 0;  // purchases a day
  double store = 0;
  double dropout = 0;
  double value_factor = 1;
  [[nodiscard]] double purchases() const { return online + store; }
};

// What drifts slowly and is cheaper to carry along than to compute anew.
struct Drift {
  double trend = 1;          // factor on the rate since the world's first day
  double chance_online = 0;  // weighs the two lives of somebody who may have gone online; 0 or 1 where it is known
  double grown = 1;          // what going online does to her rate
};

double growth_online(const WorldFacts& world, const Character& character) {
  return character.habit == Habit::kStoreOnly ? real_figures(world.regime).online_factor : 1;
}

double trend_on(const WorldFacts& world, const Character& character, Date day) {
  return std::exp(character.trend_per_day * (day.days - world.opened_on.days));
}

Rates rates_of(const WorldFacts& world, const Character& character, const BuyingState& state, Date day,
               const Drift& drift) {
  const DayFactors& factors = world.factors(day);
  double rate = character.purchases_per_day * promotion_of(character.kind, factors) * drift.trend;
  Rates rates{.dropout = character.dropout_per_day, .value_factor = factors.promotion > 1 ? kPromotedValue : 1};
  double stays_online = 1;
  for (const Boost& boost : std::span(state.boosts).first(state.boost_count)) {
    const double strength = boost.strength(day);
    if (strength == 0) continue;
    rate *= 1 + (boost.effect.rate_factor - 1) * strength;
    rates.dropout *= 1 + (boost.effect.dropout_factor - 1) * strength;
    stays_online *= 1 - boost.effect.store_shift * strength;
  }
  if (state.fatigue > kFatigueWithoutHarm) {
    const double tired = fatigue_on(state, day) - kFatigueWithoutHarm;
    if (tired > 0) rates.dropout *= 1 + kDropoutPerFatigue * tired;
  }
  const double share = character.online_share * stays_online;
  rates.online = rate * drift.chance_online * drift.grown * share * factors.online;
  rates.store = rate * (drift.chance_online * drift.grown * (1 - share) + (1 - drift.chance_online)) * factors.store;
  return rates;
}

// Effects that ended make place; where four are at work the oldest gives way.
void add_boost(BuyingState& state, const Boost& boost, Date day) {
  auto kept = std::remove_if(state.boosts.begin(), state.boosts.begin() + state.boost_count,
                             [&](const Boost& each) { return each.until_day <= day.days; });
  if (kept == state.boosts.end()) kept = std::move(state.boosts.begin() + 1, state.boosts.end(), state.boosts.begin());
  state.ceiling_until_day = -BuyingState::kNever;
  *kept = boost;
  state.boost_count = static_cast<std::size_t>(kept - state.boosts.begin()) + 1;
}

// Bounds the rates of the coming days, as long as nothing new happens.
void raise_ceilings(const WorldFacts& world, const Character& character, Date day, BuyingState& state) {
  constexpr int kDays = 8;
  double factor = 0;
  for (Date each = day; each.days < day.days + kDays; ++each.days) {
    const DayFactors& factors = world.factors(each);
    factor = std::max(factor, std::max(factors.online, factors.store) * promotion_of(character.kind, factors));
  }
  const Date last{day.days + kDays};
  factor *= std::max(trend_on(world, character, day), trend_on(world, character, last));
  factor *= std::max(1.0, real_figures(world.regime).online_factor);
  double dropout = character.dropout_per_day;
  for (const Boost& boost : std::span(state.boosts).first(state.boost_count)) {
    factor *= std::max(1.0, boost.effect.rate_factor);
    dropout *= std::max(1.0, boost.effect.dropout_factor);
  }
  dropout *= 1 + kDropoutPerFatigue * std::max(0.0, fatigue_on(state, day));
  state.purchase_ceiling = character.purchases_per_day * factor;
  state.dropout_ceiling = dropout;
  state.ceiling_until_day = last.days;
}

Boost boost_of(const Offer& offer, Kind kind, Date day, double scale) {
  Effect effect = offer.effects.at(static_cast<std::size_t>(kind));
  effect.rate_factor = 1 + (effect.rate_factor - 1) * scale;
  effect.dropout_factor = 1 + (effect.dropout_factor - 1) * scale;
  effect.store_shift *= scale;
  const std::int32_t from = day.days + offer.delay_days;
  return {.from_day = from, .until_day = from + offer.lasting_days, .effect = effect};
}

Coupon coupon_of(const Campaign& campaign) {
  const std::int32_t from = campaign.on.days + campaign.offer->delay_days;
  return {.campaign = campaign.number,
          .from_day = from,
          .until_day = from + campaign.offer->lasting_days,
          .share = campaign.offer->coupon_share};
}

double notice_chance(const Character& character, const BuyingState& state, const Offer& offer, Date day) {
  const double chance = offer.notice_chance * character.openness * (state.active ? 1 : kNoticeOfTheGone) /
                        (1 + kNoticeLostPerFatigue * fatigue_on(state, day));
  return std::min(chance, 0.98);
}

double effect_scale(const BuyingState& state, Date day) {
  return 1 / (1 + kEffectLostPerFatigue * fatigue_on(state, day));
}

// The moment within a day at which something of a rate per day happens first, by a draw in (0, 1); 1 or more = not
// today.
double first_moment(double draw, double rate) {
  if (draw >= rate) return 1;  // -log(1 - x) >= x: saves the logarithm of quiet days
  return -std::log1p(-draw) / rate;
}

}  // namespace

double Boost::strength(Date day) const {
  if (day.days < from_day || day.days >= until_day) return 0;
  return 1 - static_cast<double>(day.days - from_day) / (until_day - from_day);
}

DayChance chance_of_day(std::uint64_t seed, PersonId person, Date day) {
  Rng rng = daily_chance(seed, person, day, Purpose::kDay);
  const auto draw = [&] { return (rng.word() + 0.5) * 0x1p-32; };
  DayChance chance;
  chance.purchase = draw();
  chance.session = draw();
  chance.dropout = draw();
  chance.other = draw();
  return chance;
}

BuyingState first_state(const WorldFacts& world, PersonId person, const Character& character) {
  BuyingState state;
  if (character.habit != Habit::kStoreOnly) state.online_since = character.joined_on.days;
  if (world.regime == Regime::kTextbook || character.joined_on >= world.opened_on) return state;
  Rng rng = lasting_chance(world.seed, person, Purpose::kPresence);
  const double left_at = character.joined_on.days + 1 + rng.exponential(character.dropout_per_day);
  if (left_at < world.opened_on.days) {
    state.active = false;
    state.dropped_at = left_at;
  }
  return state;
}

Response receive(const WorldFacts& world, PersonId person, const Character& character, const Campaign& campaign,
                 BuyingState& state) {
  const Offer& offer = *campaign.offer;
  const MediumFigures& medium = figures_of(offer.medium);
  const double fatigue = fatigue_on(state, campaign.on);
  Rng rng = campaign_chance(world.seed, person, campaign.number, Purpose::kResponding);
  // Every question is asked, so that two lives that differ in one answer share the others.
  const bool bounced = rng.chance(medium.bounce_chance);
  const double notice = rng.uniform();
  const double wait = std::min(rng.exponential(1 / 0.2), 0.8);  // in days; most within hours
  const bool clicks = rng.chance(medium.click_chance);
  const double unsubscribe = rng.uniform();
  Response response;
  response.bounced = bounced;
  response.noticed = !bounced && notice < notice_chance(character, state, offer, campaign.on);
  const double scale = effect_scale(state, campaign.on);
  if (!bounced) {
    state.ceiling_until_day = -BuyingState::kNever;
    state.fatigue = fatigue + medium.fatigue;
    state.fatigue_day = campaign.on.days;
  }
  if (!response.noticed) return response;
  const double noticed_at = campaign.on.days + medium.hour / 24 + 0.002 + wait * 0.5;
  if (medium.opens) response.opened_at = noticed_at;
  if (clicks) response.clicked_at = noticed_at + 0.001;
  const double annoyance = offer.form == "annoying" ? 8 : 1;
  if (unsubscribe < medium.unsubscribe_chance * annoyance * (1 + fatigue))
    response.unsubscribed_at = noticed_at + 0.002;
  add_boost(state, boost_of(offer, character.kind, campaign.on, scale), campaign.on);
  if (offer.coupon_share > 0) state.coupon = coupon_of(campaign);
  return response;
}

double message_moment(const Campaign& campaign) {
  return campaign.on.days + figures_of(campaign.offer->medium).hour / 24;
}

void buy(const WorldFacts& world, PersonId person, const Character& character, const Today& today, BuyingState& state,
         std::vector<Purchase>& purchases) {
  const auto& [day, chance, first] = today;
  purchases.clear();
  if (!state.active) return;
  if (day.days >= state.ceiling_until_day) raise_ceilings(world, character, day, state);
  const bool may_go_online = state.online_since == BuyingState::kNever && chance.other < character.moves_online_per_day;
  if (!first && !may_go_online && chance.purchase >= state.purchase_ceiling && chance.dropout >= state.dropout_ceiling)
    return;
  if (may_go_online) state.online_since = day.days;
  const Drift drift{.trend = trend_on(world, character, day),
                    .chance_online = day.days >= state.online_since ? 1.0 : 0.0,
                    .grown = growth_online(world, character)};
  const Rates rates = rates_of(world, character, state, day, drift);
  // Nobody leaves on the day of joining.
  const double end = first ? 1 : first_moment(chance.dropout, rates.dropout);
  double at = first ? chance.purchase : first_moment(chance.purchase, rates.purchases());
  if (at < std::min(end, 1.0)) {
    Rng rng = daily_chance(world.seed, person, day, Purpose::kPurchases);
    const double mean = character.mean_value_eur * rates.value_factor;
    const double shape = real_figures(world.regime).value_shape;
    // Where nothing could be bought nobody joins (draw_character), but for those who buy online only.
    const double online_chance = rates.purchases() > 0 ? rates.online / rates.purchases() : 1;
    while (at < std::min(end, 1.0)) {
      Purchase purchase;
      purchase.channel = rng.chance(online_chance) ? Channel::kWeb : Channel::kStore;
      purchase.moment = day.days + time_of_day(purchase.channel, at);
      purchase.value_eur = rng.gamma(shape, shape / mean);
      purchase.promoted = rates.value_factor < 1;
      const bool redeems = rng.chance(kRedeemChance);
      if (redeems && state.coupon && day.days >= state.coupon->from_day && day.days < state.coupon->until_day) {
        purchase.coupon_of = state.coupon->campaign;
        purchase.discount_eur = purchase.value_eur * state.coupon->share;
        state.coupon.reset();
      }
      purchases.push_back(purchase);
      if (rates.purchases() <= 0) break;
      at += rng.exponential(rates.purchases());
    }
  }
  // Shop and stores keep other hours: of two purchases the later draw may be the earlier moment.
  std::ranges::sort(purchases, {}, &Purchase::moment);
  if (end < 1) {
    state.active = false;
    state.dropped_at = day.days + end;
    // The hours of shops are not those of leaving: the last purchase comes first.
    for (const Purchase& purchase : purchases) state.dropped_at = std::max(state.dropped_at, purchase.moment);
  }
}

double margin_eur(const WorldFacts& world, const Purchase& purchase) {
  return real_figures(world.regime).margin_share * purchase.value_eur - purchase.discount_eur;
}

void Forecast::advance(int days) {
  if (!state_.active) return;
  Drift drift{
      .trend = trend_on(world_, character_, day_), .chance_online = 1, .grown = growth_online(world_, character_)};
  const double trend_a_day = std::exp(character_.trend_per_day);
  for (int passed = 0; passed < days; ++passed, ++day_.days) {
    not_yet_online_ *= 1 - character_.moves_online_per_day;
    drift.chance_online = 1 - not_yet_online_;
    const Rates rates = rates_of(world_, character_, state_, day_, drift);
    if (rates.dropout != dropout_) {
      dropout_ = rates.dropout;
      survival_ = std::exp(-dropout_);
      // Within the day she may drop out at any moment.
      present_ = dropout_ > 0 ? (1 - survival_) / dropout_ : 1;
    }
    const double purchases = stays_ * present_ * rates.purchases();
    sum_.purchases += purchases;
    sum_.spend_eur += purchases * character_.mean_value_eur * rates.value_factor;
    stays_ *= survival_;
    drift.trend *= trend_a_day;
  }
}

Expectation expect(const WorldFacts& world, const Character& character, const BuyingState& state, Date from, int days) {
  Forecast forecast(world, character, state, from);
  forecast.advance(days);
  return forecast.sum();
}

namespace {

// What the coupon in hand is expected to take off: the first purchase for which she thinks of it takes it.
double expected_discount_eur(const WorldFacts& world, const Character& character, const BuyingState& state, Date from,
                             int days) {
  if (!state.coupon) return 0;
  const Date valid_from{std::max(from.days, state.coupon->from_day)};
  const int valid = std::min(from.days + days, state.coupon->until_day) - valid_from.days;
  if (valid <= 0) return 0;
  const Expectation meanwhile = expect(world, character, state, valid_from, valid);
  if (meanwhile.purchases <= 0) return 0;
  const double value = meanwhile.spend_eur / meanwhile.purchases;
  return state.coupon->share * value * -std::expm1(-kRedeemChance * meanwhile.purchases);
}

}  // namespace

double expected_gain_eur(const WorldFacts& world, const Character& character, const BuyingState& state,
                         const Campaign& campaign, int days) {
  if (!state.active) return 0;
  const Offer& offer = *campaign.offer;
  const double bounce_chance = figures_of(offer.medium).bounce_chance;
  BuyingState noticed = state;
  add_boost(noticed, boost_of(offer, character.kind, campaign.on, effect_scale(state, campaign.on)), campaign.on);
  if (offer.coupon_share > 0) noticed.coupon = coupon_of(campaign);
  const double spend = expect(world, character, noticed, campaign.on, days).spend_eur -
                       expect(world, character, state, campaign.on, days).spend_eur;
  // A new coupon takes the place of an older one; more purchases redeem the older one sooner.
  const double discounts = expected_discount_eur(world, character, noticed, campaign.on, days) -
                           expected_discount_eur(world, character, state, campaign.on, days);
  const double per_notice = real_figures(world.regime).margin_share * spend - discounts;
  return (1 - bounce_chance) * notice_chance(character, state, offer, campaign.on) * per_notice;
}

}  // namespace hilo::world
