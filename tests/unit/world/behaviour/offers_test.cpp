// Goal: an offer does to each kind of person what its table says, and nothing else. Method: the same life with and
// without a message under the same chance; differences against expected_gain_eur() in standard errors.
#include <algorithm>
#include <array>

#include <gtest/gtest.h>

#include "world/behaviour/buying.h"
#include "world_fixture.h"

namespace hilo::world {
namespace {

constexpr double kErrorsAllowed = 4;
constexpr int kDays = 28;
constexpr Date kSent{kWorldOpened.days + 100};

std::vector<Purchase> live(const TestWorld& world, PersonId person, const Character& character, BuyingState& state,
                           Date from, int days) {
  std::vector<Purchase> all;
  std::vector<Purchase> purchases;
  for (Date day = from; day.days < from.days + days; ++day.days) {
    buy(world.facts, person, character, {.day = day, .chance = chance_of_day(world.facts.seed, person, day)}, state,
        purchases);
    all.insert(all.end(), purchases.begin(), purchases.end());
  }
  return all;
}

double margin_of(const TestWorld& world, const std::vector<Purchase>& purchases) {
  double sum = 0;
  for (const Purchase& purchase : purchases) sum += margin_eur(world.facts, purchase);
  return sum;
}

std::string text_of(const std::vector<Purchase>& purchases) {
  std::string text;
  for (const Purchase& purchase : purchases) text += text_of(purchase);
  return text;
}

struct TwoLives {
  Response response;
  std::vector<Purchase> untreated;
  std::vector<Purchase> treated;
  BuyingState untreated_end;
  BuyingState treated_end;
};

TwoLives live_twice(const TestWorld& world, PersonId person, const Character& character, const BuyingState& state,
                    const Campaign& campaign) {
  TwoLives lives{.response = {}, .untreated = {}, .treated = {}, .untreated_end = state, .treated_end = state};
  lives.response = receive(world.facts, person, character, campaign, lives.treated_end);
  lives.untreated = live(world, person, character, lives.untreated_end, campaign.on, kDays);
  lives.treated = live(world, person, character, lives.treated_end, campaign.on, kDays);
  return lives;
}

std::size_t place_of(std::string_view id) {
  return static_cast<std::size_t>(std::ranges::find(offers(), id, &Offer::id) - offers().begin());
}

TEST(OffersTest, AMessageBringsOnAverageWhatItIsExpectedTo) {
  for (std::size_t at = 0; at < offers().size(); ++at) {
    TestWorld world(Regime::kReal, 200);
    const Campaign& campaign = world.announce(at, kSent);
    Mean apart;
    for (std::uint64_t number = 0; number < 1'500; ++number) {
      const Character character = vivid_character(world, number);
      const BuyingState state = active_state(character);
      const TwoLives lives = live_twice(world, {number}, character, state, campaign);
      const double gain = margin_of(world, lives.treated) - margin_of(world, lives.untreated);
      apart.add(gain - expected_gain_eur(world.facts, character, state, campaign, kDays));
    }
    EXPECT_LT(std::abs(apart.z()), kErrorsAllowed) << offers()[at].id << ": " << apart.mean();
  }
}

// A new coupon takes the place of the older one, and any offer makes it be redeemed sooner.
TEST(OffersTest, ACouponInHandIsReckonedWith) {
  TestWorld world(Regime::kReal, 200);
  const Campaign before = world.announce(place_of("O10"), {kSent.days - 8});
  for (const std::string_view id : {"O04", "O05", "O06", "O10"}) {
    const Campaign& campaign = world.announce(place_of(id), kSent);
    Mean apart;
    for (std::uint64_t number = 0; number < 2'500; ++number) {
      Character character = vivid_character(world, number);
      character.openness = 3;
      character.purchases_per_day = 0.2;
      BuyingState state = active_state(character);
      (void)receive(world.facts, {number}, character, before, state);
      const TwoLives lives = live_twice(world, {number}, character, state, campaign);
      const double gain = margin_of(world, lives.treated) - margin_of(world, lives.untreated);
      apart.add(gain - expected_gain_eur(world.facts, character, state, campaign, kDays));
    }
    EXPECT_LT(std::abs(apart.z()), kErrorsAllowed) << id << ": " << apart.mean();
  }
}

TEST(OffersTest, PeopleAsTheyAreGainAsExpectedToo) {
  Mean apart;
  TestWorld world(Regime::kReal, 200);
  for (std::size_t at = 0; at < offers().size(); ++at) world.announce(at, {kSent.days + static_cast<int>(at)});
  for (std::uint64_t number = 0; number < 12'000; ++number) {
    const Character character = character_of(world, number);
    const BuyingState state = active_state(character);
    const Campaign& campaign = world.facts.campaigns[number % offers().size()];
    const TwoLives lives = live_twice(world, {number}, character, state, campaign);
    const double gain = margin_of(world, lives.treated) - margin_of(world, lives.untreated);
    apart.add(gain - expected_gain_eur(world.facts, character, state, campaign, kDays));
  }
  EXPECT_LT(std::abs(apart.z()), kErrorsAllowed) << apart.mean();
}

TEST(OffersTest, OffersWithoutEffectChangeNoPurchase) {
  for (const std::string_view id : {"O09", "O11"}) {
    TestWorld world(Regime::kReal, 200);
    const Campaign& campaign = world.announce(place_of(id), kSent);
    int noticed = 0;
    for (std::uint64_t number = 0; number < 400; ++number) {
      const Character character = vivid_character(world, number);
      const BuyingState state = active_state(character);
      const TwoLives lives = live_twice(world, {number}, character, state, campaign);
      ASSERT_EQ(text_of(lives.treated), text_of(lives.untreated)) << id;
      ASSERT_EQ(lives.treated_end.dropped_at, lives.untreated_end.dropped_at) << id;
      ASSERT_EQ(expected_gain_eur(world.facts, character, state, campaign, kDays), 0) << id;
      noticed += lives.response.noticed ? 1 : 0;
    }
    EXPECT_GT(noticed, 40) << id;
  }
}

TEST(OffersTest, AnAnnoyingOfferCostsPurchases) {
  TestWorld world(Regime::kReal, 200);
  const Campaign& campaign = world.announce(place_of("O07"), kSent);
  Mean gain;
  Mean left;
  for (std::uint64_t number = 0; number < 800; ++number) {
    const Character character = vivid_character(world, number);
    const TwoLives lives = live_twice(world, {number}, character, active_state(character), campaign);
    gain.add(static_cast<double>(lives.treated.size()) - static_cast<double>(lives.untreated.size()));
    left.add((lives.treated_end.active ? 0 : 1) - (lives.untreated_end.active ? 0 : 1));
    ASSERT_LE(expected_gain_eur(world.facts, character, active_state(character), campaign, kDays), 0);
    ASSERT_TRUE(lives.untreated_end.active || !lives.treated_end.active) << "annoyed into staying";
  }
  EXPECT_LT(gain.z(), -kErrorsAllowed);
  EXPECT_GE(left.mean(), 0);
}

TEST(OffersTest, WhoDoesNotNoticeBuysAsIfNothingHadCome) {
  for (std::size_t at = 0; at < offers().size(); ++at) {
    TestWorld world(Regime::kReal, 200);
    const Campaign& campaign = world.announce(at, kSent);
    for (std::uint64_t number = 0; number < 150; ++number) {
      const Character character = vivid_character(world, number);
      const TwoLives lives = live_twice(world, {number}, character, active_state(character), campaign);
      if (!lives.response.noticed) {
        ASSERT_EQ(text_of(lives.treated), text_of(lives.untreated)) << offers()[at].id;
      }
    }
  }
}

TEST(OffersTest, NothingChangesBeforeAnOfferWorks) {
  for (const Offer& offer : offers()) {
    // Where an offer worked on the day of the message, it would work before the message had left.
    ASSERT_GE(offer.delay_days, 1) << offer.id;
    TestWorld world(Regime::kReal, 200);
    const Campaign& campaign = world.announce(place_of(offer.id), kSent);
    const int works_from = kSent.days + offer.delay_days;
    const auto earlier = [&](std::vector<Purchase> purchases) {
      std::erase_if(purchases, [&](const Purchase& purchase) { return purchase.moment >= works_from; });
      return text_of(purchases);
    };
    int changed = 0;
    for (std::uint64_t number = 0; number < 300; ++number) {
      const Character character = vivid_character(world, number);
      const TwoLives lives = live_twice(world, {number}, character, active_state(character), campaign);
      ASSERT_EQ(earlier(lives.treated), earlier(lives.untreated)) << offer.id;
      changed += text_of(lives.treated) == text_of(lives.untreated) ? 0 : 1;
    }
    EXPECT_EQ(changed > 0, offer.form != "no_effect") << offer.id;
  }
}

TEST(OffersTest, ACouponIsRedeemedAtMostOnceAndInItsTime) {
  for (const Offer& offer : offers()) {
    if (offer.coupon_share == 0) continue;
    TestWorld world(Regime::kReal, 300);
    const Campaign& campaign = world.announce(place_of(offer.id), kSent);
    int redeemed = 0;
    for (std::uint64_t number = 0; number < 500; ++number) {
      const Character character = vivid_character(world, number);
      BuyingState state = active_state(character);
      const Response response = receive(world.facts, {number}, character, campaign, state);
      int times = 0;
      for (const Purchase& purchase : live(world, {number}, character, state, kSent, 60)) {
        if (!purchase.coupon_of) {
          ASSERT_EQ(purchase.discount_eur, 0);
          continue;
        }
        ++times;
        ASSERT_EQ(*purchase.coupon_of, campaign.number);
        ASSERT_GE(purchase.moment, kSent.days + offer.delay_days);
        ASSERT_LT(purchase.moment, kSent.days + offer.delay_days + offer.lasting_days);
        ASSERT_NEAR(purchase.discount_eur, offer.coupon_share * purchase.value_eur, 1e-9);
      }
      ASSERT_LE(times, response.noticed ? 1 : 0);
      redeemed += times;
    }
    EXPECT_GT(redeemed, 30) << offer.id;
  }
}

TEST(OffersTest, ASecondMessageWorksLessAndIsNoticedLess) {
  TestWorld world(Regime::kReal, 200);
  const Campaign& first = world.announce(place_of("O06"), kSent);
  const Campaign& second = world.announce(place_of("O06"), {kSent.days + 1});
  const Campaign& much_later = world.announce(place_of("O06"), {kSent.days + 90});
  Mean noticed_alone;
  Mean noticed_second;
  for (std::uint64_t number = 0; number < 3'000; ++number) {
    const Character character = vivid_character(world, number);
    BuyingState fresh = active_state(character);
    BuyingState tired = fresh;
    const Response response = receive(world.facts, {number}, character, first, tired);
    if (!response.bounced) {
      EXPECT_GT(tired.fatigue, 0);
    }
    BuyingState rested = tired;
    tired.boost_count = rested.boost_count = 0;
    noticed_second.add(receive(world.facts, {number}, character, second, tired).noticed ? 1 : 0);
    noticed_alone.add(receive(world.facts, {number}, character, second, fresh).noticed ? 1 : 0);
    const auto factor = [](const BuyingState& state) { return std::abs(state.boosts[0].effect.rate_factor - 1); };
    if (tired.boost_count == 1 && fresh.boost_count == 1 && character.kind != Kind::kWholesale && !response.bounced) {
      EXPECT_LT(factor(tired), factor(fresh));
    }
    if (!receive(world.facts, {number}, character, much_later, rested).noticed || rested.boost_count == 0) continue;
    const double as_listed = offers()[place_of("O06")].effects.at(static_cast<std::size_t>(character.kind)).rate_factor;
    EXPECT_NEAR(factor(rested), as_listed - 1, 0.01);  // nine half-lives later
  }
  EXPECT_LT(noticed_second.mean(), noticed_alone.mean());
}

TEST(OffersTest, TheSameOfferDoesDifferentThingsToDifferentPeople) {
  TestWorld world(Regime::kReal, 200);
  const Campaign& campaign = world.announce(place_of("O06"), kSent);
  std::array<Mean, kKinds> gains;
  std::array<Mean, kKinds> expected;
  for (std::uint64_t number = 0; number < 2'400; ++number) {
    Character character = vivid_character(world, number);
    character.kind = static_cast<Kind>(number % kKinds);
    character.openness = 2;
    character.mean_value_eur = 50;
    character.purchases_per_day = 0.2;
    const BuyingState state = active_state(character);
    const TwoLives lives = live_twice(world, {number}, character, state, campaign);
    gains.at(number % kKinds).add(margin_of(world, lives.treated) - margin_of(world, lives.untreated));
    expected.at(number % kKinds).add(expected_gain_eur(world.facts, character, state, campaign, kDays));
  }
  const auto of = [](const std::array<Mean, kKinds>& means, Kind kind) {
    return means.at(static_cast<std::size_t>(kind)).mean();
  };
  // A coupon of a fifth pays for itself with those who come for it, and is a present to the loyal.
  EXPECT_GT(of(expected, Kind::kBargainHunter), 0);
  EXPECT_LT(of(expected, Kind::kLoyal), 0);
  EXPECT_LT(of(expected, Kind::kWholesale), 0);
  for (std::size_t kind = 0; kind < kKinds; ++kind)
    EXPECT_LT(std::abs(gains.at(kind).z(expected.at(kind).mean())), kErrorsAllowed) << kind;
}

TEST(OffersTest, UnsubscribingIsRarerThanNoticingAndMoreCommonWhenAnnoyed) {
  TestWorld world(Regime::kReal, 200);
  const Campaign& polite = world.announce(place_of("O06"), kSent);
  const Campaign& rude = world.announce(place_of("O07"), kSent);
  int of_polite = 0;
  int of_rude = 0;
  for (std::uint64_t number = 0; number < 6'000; ++number) {
    const Character character = character_of(world, number);
    for (const Campaign* campaign : {&polite, &rude}) {
      BuyingState state = active_state(character);
      const Response response = receive(world.facts, {number}, character, *campaign, state);
      ASSERT_TRUE(response.noticed || (!response.unsubscribed_at && !response.clicked_at && !response.opened_at));
      ASSERT_FALSE(response.noticed && response.bounced);
      (campaign == &polite ? of_polite : of_rude) += response.unsubscribed_at ? 1 : 0;
    }
  }
  EXPECT_GT(of_rude, 3 * of_polite);
}

}  // namespace
}  // namespace hilo::world
