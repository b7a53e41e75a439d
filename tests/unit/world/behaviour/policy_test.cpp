// Goal: the propensities that the retailer logs are the ones by which it treats, and nobody is reached who must not be.
// Method: the same four books of persons under many seeds; the share treated against the logged propensities, by what
// they depend on, in standard errors.
#include "world/behaviour/policy.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "world_fixture.h"

namespace hilo::world {
namespace {

constexpr double kErrorsAllowed = 4;
constexpr std::uint64_t kBook = 768;  // persons whose associate is the same
constexpr Date kDecided{kWorldOpened.days + 200};

struct Crowd {
  std::vector<Person> people;
  std::vector<Character> characters;
  std::vector<CustomerState> states;
  std::vector<Candidate> candidates;
};

// Persons who are registered everywhere and agree to most things, with last orders of every age.
Crowd crowd_of(const TestWorld& world, std::uint64_t count) {
  Crowd crowd;
  for (std::uint64_t number = 0; number < count; ++number) {
    Rng rng({.seed = 99, .subject = number});
    crowd.people.push_back(plain_person(number));
    crowd.characters.push_back(draw_character(world.facts, crowd.people.back()));
    CustomerState state;
    for (auto& since : state.presence.since) {
      if (rng.chance(0.9)) since = kWorldOpened;
    }
    for (bool& consent : state.presence.consent) consent = rng.chance(0.8);
    const std::uint32_t recency = rng.below(4);
    if (recency < 3) state.last_known_order_day = kDecided.days - 1 - static_cast<std::int32_t>(recency * 90);
    crowd.states.push_back(std::move(state));
  }
  for (std::size_t at = 0; at < count; ++at)
    crowd.candidates.push_back({&crowd.people[at], &crowd.characters[at], &crowd.states[at]});
  return crowd;
}

Campaign campaign_of(Medium medium, std::uint32_t number = 0) {
  return {.number = number,
          .on = kDecided,
          .offer = &*std::ranges::find(offers(), medium, &Offer::medium),
          .share = 0.6,
          .propensities = {0.8, 0.55, 0.25}};
}

constexpr std::array<Medium, kMedia> kAllMedia = {Medium::kEmail, Medium::kSms,   Medium::kPush,
                                                  Medium::kAds,   Medium::kPrint, Medium::kStaff};

TEST(PolicyTest, TheShareTreatedIsThePropensityInEveryStratum) {
  TestWorld world(Regime::kReal, 300);
  for (const Medium medium : kAllMedia) {
    std::map<std::int32_t, Successes> by_recency;
    Successes held_out;
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
      world.facts.seed = seed;  // draws the control group anew, too
      const Crowd crowd = crowd_of(world, 2 * kBook);
      for (std::uint32_t number = 0; number < (medium == Medium::kStaff ? 3 : 1); ++number) {
        for (const Decision& decision : decide(world.facts, campaign_of(medium, number), crowd.candidates)) {
          const std::int32_t last = crowd.states[decision.candidate].last_known_order_day;
          by_recency[last].add(decision.treated, decision.propensity);
          held_out.add(decision.held_out, 1 - 0.9 * (1 - kControlGroupShare));
        }
      }
    }
    ASSERT_EQ(by_recency.size(), 4U);
    for (const auto& [last, treated] : by_recency)
      EXPECT_LT(std::abs(treated.z()), kErrorsAllowed) << medium_name(medium) << ' ' << last;
    EXPECT_LT(std::abs(held_out.z()), kErrorsAllowed) << medium_name(medium);
  }
}

TEST(PolicyTest, PropensitiesFollowWhatIsKnownAndLieBelowOne) {
  const TestWorld world(Regime::kReal, 300);
  const Crowd crowd = crowd_of(world, kBook);
  for (const Medium medium : kAllMedia) {
    for (const Decision& decision : decide(world.facts, campaign_of(medium), crowd.candidates)) {
      if (crowd.characters[decision.candidate].in_control_group) {
        ASSERT_EQ(decision.propensity, 0);
        continue;
      }
      ASSERT_GT(decision.propensity, 0);
      ASSERT_LT(decision.propensity, 1);
      if (medium == Medium::kStaff) continue;  // scaled to the time there is
      const std::int32_t last = crowd.states[decision.candidate].last_known_order_day;
      const double wished = last < 0 || kDecided.days - last >= 180 ? 0.25 : kDecided.days - last < 60 ? 0.8 : 0.55;
      ASSERT_NEAR(decision.propensity, wished * 0.9, 1e-12);
    }
  }
}

TEST(PolicyTest, WhoIsHeldOutIsNeverTreated) {
  TestWorld world(Regime::kReal, 300);
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    world.facts.seed = seed;
    const Crowd crowd = crowd_of(world, 2 * kBook);
    int controls = 0;
    for (const Medium medium : kAllMedia) {
      for (const Decision& decision : decide(world.facts, campaign_of(medium), crowd.candidates)) {
        const bool control = crowd.characters[decision.candidate].in_control_group;
        ASSERT_FALSE(decision.held_out && decision.treated);
        ASSERT_TRUE(!control || decision.held_out);
        controls += control ? 1 : 0;
      }
    }
    EXPECT_GT(controls, 20);
  }
}

TEST(PolicyTest, NobodyIsReachedWithoutConsentAndAnAddress) {
  const TestWorld world(Regime::kReal, 300);
  const Crowd crowd = crowd_of(world, 2 * kBook);
  for (const Medium medium : kAllMedia) {
    const Campaign campaign = campaign_of(medium);
    std::size_t reached = 0;
    for (const Decision& decision : decide(world.facts, campaign, crowd.candidates)) {
      const Presence& presence = crowd.states[decision.candidate].presence;
      ASSERT_TRUE(can_reach(campaign, crowd.candidates[decision.candidate]));
      ASSERT_TRUE(presence.consents(medium)) << medium_name(medium);
      ASSERT_TRUE(medium != Medium::kEmail || presence.in(Register::kNewsletter));
      ASSERT_TRUE(medium != Medium::kPush || presence.in(Register::kApp));
      ASSERT_TRUE(medium == Medium::kEmail || medium == Medium::kPush || medium == Medium::kAds ||
                  presence.in(Register::kCard));
      ++reached;
    }
    EXPECT_GT(reached, 100U) << medium_name(medium);
  }
}

TEST(PolicyTest, NoAssociateHasMoreClientsThanTime) {
  TestWorld world(Regime::kReal, 300);
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    world.facts.seed = seed;
    const Crowd crowd = crowd_of(world, 4 * kBook);
    std::map<std::uint32_t, std::uint32_t> treated;
    std::map<std::uint32_t, double> wished;
    for (const Decision& decision : decide(world.facts, campaign_of(Medium::kStaff), crowd.candidates)) {
      ASSERT_EQ(decision.associate, crowd.characters[decision.candidate].associate);
      treated[decision.associate] += decision.treated ? 1 : 0;
      wished[decision.associate] += decision.propensity;
    }
    EXPECT_GE(treated.size(), 4U);
    for (const auto& [associate, count] : treated) {
      EXPECT_LE(count, kStaffCapacity);
      EXPECT_GT(count, 2U);  // her time is used, but for those who are held out
      EXPECT_LE(wished[associate], kStaffCapacity + 1e-9);
    }
  }
}

TEST(PolicyTest, ASmallBookIsTreatedAsWished) {
  const TestWorld world(Regime::kReal, 300);
  const Crowd crowd = crowd_of(world, 10);
  for (const Decision& decision : decide(world.facts, campaign_of(Medium::kStaff), crowd.candidates)) {
    const bool control = crowd.characters[decision.candidate].in_control_group;
    EXPECT_GE(decision.propensity, control ? 0 : 0.25 * 0.9 - 1e-12);
  }
}

TEST(PolicyTest, ADecisionAboutOneDoesNotDependOnOthers) {
  const TestWorld world(Regime::kReal, 300);
  const Crowd crowd = crowd_of(world, 200);
  const Campaign campaign = campaign_of(Medium::kEmail);
  const std::vector<Decision> together = decide(world.facts, campaign, crowd.candidates);
  for (const Decision& decision : together) {
    const std::vector<Decision> alone = decide(world.facts, campaign, {&crowd.candidates[decision.candidate], 1});
    ASSERT_EQ(alone.size(), 1U);
    EXPECT_EQ(alone[0].treated, decision.treated);
    EXPECT_EQ(alone[0].held_out, decision.held_out);
  }
}

TEST(PolicyTest, CampaignsOfALongerWorldBeginAsThoseOfAShorterOne) {
  const std::vector<Campaign> shorter = campaign_calendar(3, kWorldOpened, {kWorldOpened.days + 300});
  const std::vector<Campaign> longer = campaign_calendar(3, kWorldOpened, {kWorldOpened.days + 400});
  ASSERT_GT(shorter.size(), 12U);
  ASSERT_GT(longer.size(), shorter.size());
  for (std::size_t at = 0; at < shorter.size(); ++at) {
    EXPECT_EQ(shorter[at].number, at);
    EXPECT_EQ(shorter[at].on, longer[at].on);
    EXPECT_EQ(shorter[at].offer, longer[at].offer);
    EXPECT_EQ(shorter[at].propensities, longer[at].propensities);
    if (at > 0) {
      EXPECT_LT(shorter[at - 1].on, shorter[at].on);
    }
  }
}

}  // namespace
}  // namespace hilo::world
