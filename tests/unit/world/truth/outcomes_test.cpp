// Goal: of a decision's two outcomes one is what happened and the other what would have. Method: lives under several
// campaigns, as a block leads them; the arm that happened against the life's own purchases, the difference of both
// against its expectation in standard errors.
#include "world/truth/outcomes.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "world_fixture.h"

namespace hilo::world {
namespace {

constexpr double kErrorsAllowed = 4;

struct Closed {
  PotentialOutcomes outcomes;
  Outcome lived;  // what was bought in the same days
};

Outcome lived_in(const WorldFacts& world, const std::vector<Purchase>& purchases, Date from) {
  Outcome sum;
  for (const Purchase& purchase : purchases) {
    if (purchase.moment < from.days || purchase.moment >= from.days + kOutcomeDays) continue;
    ++sum.orders;
    sum.spend_cents += std::llround(purchase.spend_eur() * 100);
    sum.margin_cents += std::llround(margin_eur(world, purchase) * 100);
  }
  return sum;
}

// Lives through all campaigns, of which those that `treats` says reach her.
template <class Treats>
std::vector<Closed> live(const TestWorld& world, std::uint64_t number, const Character& character,
                         const Treats& treats) {
  const Person person = plain_person(number);
  CustomerState state = first_customer_state(world.facts, person, character);
  Alternatives alternatives;
  DayEvents events;
  std::vector<Purchase> bought;
  std::vector<Closed> closed;
  const int days = world.facts.campaigns.back().on.days - kWorldOpened.days + kOutcomeDays;
  for (Date day = kWorldOpened; day.days < kWorldOpened.days + days; ++day.days) {
    std::vector<Treatment> treatments;
    for (const Campaign& campaign : world.facts.campaigns) {
      if (campaign.on != day) continue;
      const bool treated = treats(campaign);
      alternatives.open(world.facts, person.id, character, campaign, {.treated = treated}, state.buying);
      if (treated) treatments.push_back({.campaign = campaign.number});
    }
    step(world.facts, {person, character}, day, treatments, state, events);
    bought.insert(bought.end(), state.bought.begin(), state.bought.end());
    alternatives.live(world.facts, person.id, character, day, treatments, state);
    for (const PotentialOutcomes& outcomes : alternatives.close(day))
      closed.push_back({outcomes, lived_in(world.facts, bought, outcomes.campaign->on)});
  }
  EXPECT_TRUE(alternatives.empty());
  return closed;
}

bool equal(const Outcome& one, const Outcome& other) {
  return one.orders == other.orders && one.spend_cents == other.spend_cents && one.margin_cents == other.margin_cents;
}

// Every other campaign reaches every other person.
auto every_other(std::uint64_t number) {
  return [number](const Campaign& campaign) { return (campaign.number + number) % 2 == 0; };
}

TEST(OutcomesTest, TheArmThatHappenedIsTheLifeItself) {
  TestWorld world(Regime::kReal);
  for (std::size_t at = 0; at < offers().size(); ++at) world.announce(at, {kWorldOpened.days + 20 + 9 * int(at)});
  int differ = 0;
  for (std::uint64_t number = 0; number < 150; ++number) {
    const std::vector<Closed> closed = live(world, number, vivid_character(world, number), every_other(number));
    ASSERT_EQ(closed.size(), offers().size());
    for (const auto& [outcomes, lived] : closed) {
      const bool treated = outcomes.decision.treated;
      ASSERT_TRUE(equal(treated ? outcomes.treated : outcomes.untreated, lived)) << number;
      differ += equal(outcomes.treated, outcomes.untreated) ? 0 : 1;
      // A message that is not noticed tires all the same: only where none follows nothing comes of it.
      if (!outcomes.noticed && outcomes.campaign->number + 1 == world.facts.campaigns.size()) {
        ASSERT_TRUE(equal(outcomes.treated, outcomes.untreated)) << number;
      }
    }
  }
  EXPECT_GT(differ, 100);
}

// The life that was not led is the one that is led when the decision is the other one.
TEST(OutcomesTest, TheOtherArmIsWhatHappensUnderTheOtherDecision) {
  TestWorld world(Regime::kReal);
  for (const std::size_t offer : {5, 6, 9}) world.announce(offer, {kWorldOpened.days + 30 + 5 * int(offer)});
  for (std::uint64_t number = 0; number < 200; ++number) {
    const Character character = vivid_character(world, number);
    for (std::uint32_t turned = 0; turned < world.facts.campaigns.size(); ++turned) {
      const auto first = live(world, number, character, [](const Campaign&) { return true; });
      const auto second = live(world, number, character, [&](const Campaign& each) { return each.number != turned; });
      const auto of = [&](const std::vector<Closed>& closed) {
        return std::ranges::find(closed, turned, [](const Closed& each) { return each.outcomes.campaign->number; });
      };
      ASSERT_TRUE(equal(of(first)->outcomes.untreated, of(second)->outcomes.untreated)) << number;
      ASSERT_TRUE(equal(of(first)->outcomes.treated, of(second)->outcomes.treated)) << number;
    }
  }
}

TEST(OutcomesTest, BothArmsAreTheSameWhereTheOfferDoesNothing) {
  TestWorld world(Regime::kReal);
  for (std::size_t at = 0; at < offers().size(); ++at) {
    if (offers()[at].form == "no_effect") world.announce(at, {kWorldOpened.days + 20 + 9 * int(at)});
  }
  ASSERT_EQ(world.facts.campaigns.size(), 2U);
  for (std::uint64_t number = 0; number < 200; ++number) {
    for (const Closed& each : live(world, number, vivid_character(world, number), every_other(number))) {
      ASSERT_TRUE(equal(each.outcomes.treated, each.outcomes.untreated));
      ASSERT_EQ(each.outcomes.expected_gain_eur, 0);
    }
  }
}

TEST(OutcomesTest, DecisionsBringOnAverageWhatIsExpected) {
  TestWorld world(Regime::kReal);
  for (std::size_t at = 0; at < offers().size(); ++at)
    world.announce(at * 5 % offers().size(), {kWorldOpened.days + 20 + 12 * int(at)});
  Mean apart;
  for (std::uint64_t number = 0; number < 1'200; ++number) {
    const Character character = number % 2 == 0 ? vivid_character(world, number) : character_of(world, number);
    if (character.joined_on >= Date{kWorldOpened.days + 20}) continue;
    // Decisions about one person share her days: their sum is one observation.
    double sum = 0;
    for (const Closed& each : live(world, number, character, every_other(number / 2))) {
      const auto cents = static_cast<double>(each.outcomes.treated.margin_cents - each.outcomes.untreated.margin_cents);
      sum += cents / 100 - each.outcomes.expected_gain_eur;
    }
    apart.add(sum);
  }
  EXPECT_LT(std::abs(apart.z()), kErrorsAllowed) << apart.mean();
}

}  // namespace
}  // namespace hilo::world
