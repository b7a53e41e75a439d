// Goal: a day of a customer follows from her state and the day's chance alone, and hangs together: registers, orders,
// returns. Method: lives stepped day by day; days written out field by field; the same lives under other messages.
#include "world/behaviour/customer.h"

#include <algorithm>
#include <array>
#include <map>

#include <gtest/gtest.h>

#include "world_fixture.h"

namespace hilo::world {
namespace {

constexpr double kErrorsAllowed = 4;

struct Living {
  Living(const TestWorld& world, std::uint64_t number, const Character& like)
      : facts(world.facts),
        person(plain_person(number)),
        character(like),
        state(first_customer_state(facts, person, character)),
        day(std::max(character.joined_on, facts.opened_on)) {}
  Living(const TestWorld& world, std::uint64_t number) : Living(world, number, character_of(world, number)) {}

  const DayEvents& step_on(std::span<const Treatment> treatments = {}) {
    step(facts, {person, character}, day, treatments, state, events);
    ++day.days;
    return events;
  }

  const WorldFacts& facts;
  Person person;
  Character character;
  CustomerState state;
  Date day;
  DayEvents events;
};

constexpr std::array<Regime, 3> kRegimes = {Regime::kTextbook, Regime::kReal, Regime::kHiddenConfounder};

Character lively(const TestWorld& world, std::uint64_t number) {
  Character character = character_of(world, number);
  character.purchases_per_day = 0.1;
  character.sessions_per_day = 0.1;
  return character;
}

TEST(CustomerTest, EqualTreatmentsMakeEqualDays) {
  TestWorld world(Regime::kReal);
  for (std::size_t at = 0; at < offers().size(); ++at)
    world.announce(at, {kWorldOpened.days + 370 + 20 * static_cast<int>(at)});
  for (std::uint64_t number = 0; number < 60; ++number) {
    Living one(world, number, lively(world, number));
    Living other(world, number, lively(world, number));
    auto campaign = world.facts.campaigns.begin();
    while (one.day.days < kWorldOpened.days + 700) {
      std::vector<Treatment> treatments;
      while (campaign != world.facts.campaigns.end() && campaign->on <= one.day)
        treatments.push_back({.campaign = (campaign++)->number, .associate = 0});
      ASSERT_EQ(text_of(one.step_on(treatments)), text_of(other.step_on(treatments))) << to_string(one.day);
    }
  }
}

TEST(CustomerTest, AMessageWithoutEffectChangesNothingButMarketing) {
  TestWorld world(Regime::kReal);
  const Campaign campaign = world.announce(10, {kWorldOpened.days + 400});
  ASSERT_EQ(campaign.offer->form, "no_effect");
  const Campaign on_the_web = world.announce(8, {kWorldOpened.days + 410});
  ASSERT_EQ(on_the_web.offer->form, "no_effect");
  int differ = 0;
  for (std::uint64_t number = 0; number < 200; ++number) {
    Living treated(world, number, lively(world, number));
    Living untreated(world, number, lively(world, number));
    while (treated.day.days < kWorldOpened.days + 500) {
      std::vector<Treatment> treatments;
      for (const Campaign& each : {campaign, on_the_web}) {
        if (each.on == treated.day) treatments.push_back({.campaign = each.number, .associate = 0});
      }
      const DayEvents& with = treated.step_on(treatments);
      const DayEvents& without = untreated.step_on();
      ASSERT_EQ(text_of(with, {.with_marketing = false}), text_of(without, {.with_marketing = false}));
      ASSERT_EQ(with.messages.size(), treatments.size());
      differ += text_of(with) == text_of(without) ? 0 : 1;
    }
  }
  EXPECT_GE(differ, 400);
}

TEST(CustomerTest, AStepIsAFunctionOfItsArguments) {
  for (const Regime regime : kRegimes) {
    const TestWorld world(regime);
    for (std::uint64_t number = 0; number < 40; ++number) {
      Living life(world, number);
      DayEvents again;
      while (life.day.days < kWorldOpened.days + 400) {
        const Date day = life.day;
        CustomerState copy = life.state;
        const std::string text = text_of(life.step_on());
        step(world.facts, {life.person, life.character}, day, {}, copy, again);
        ASSERT_EQ(text_of(again), text);
        ASSERT_EQ(copy.sales, life.state.sales);
        ASSERT_EQ(copy.sessions, life.state.sessions);
        ASSERT_EQ(copy.next_due_day, life.state.next_due_day);
        ASSERT_EQ(copy.buying.dropped_at, life.state.buying.dropped_at);
      }
    }
  }
}

TEST(CustomerTest, EverybodyBuysOnTheDayOfJoining) {
  for (const Regime regime : kRegimes) {
    const TestWorld world(regime);
    int joined = 0;
    for (std::uint64_t number = 0; number < 600; ++number) {
      Living life(world, number);
      if (life.character.joined_on < kWorldOpened) continue;
      ++joined;
      const DayEvents& events = life.step_on();
      ASSERT_FALSE(events.sales.empty()) << number;
      ASSERT_EQ(events.sales.front().count, 0U);
      const bool store_only = life.character.habit == Habit::kStoreOnly;
      for (const Sale& sale : events.sales) {
        ASSERT_TRUE(!store_only || sale.channel == Channel::kStore ||
                    life.state.buying.online_since == life.day.days - 1);
      }
    }
    EXPECT_GT(joined, 150);
  }
}

TEST(CustomerTest, EventsLieOnTheirDay) {
  for (const Regime regime : kRegimes) {
    const TestWorld world(regime);
    for (std::uint64_t number = 0; number < 150; ++number) {
      Living life(world, number, lively(world, number));
      while (life.day.days < kWorldOpened.days + 450) {
        const Date day = life.day;
        const DayEvents& events = life.step_on();
        const auto on_day = [&](double moment) { return std::floor(moment) == day.days; };
        const auto all = [&](const auto& list) {
          return std::ranges::all_of(list, [&](const auto& each) { return on_day(each.moment); });
        };
        ASSERT_TRUE(all(events.registrations) && all(events.consents) && all(events.sales) && all(events.returns));
        ASSERT_TRUE(all(events.visits) && all(events.calls) && all(events.tickets) && all(events.posts));
        for (const Session& session : events.sessions) {
          ASSERT_FALSE(session.pages.empty());
          ASSERT_TRUE(all(session.pages)) << number;
          ASSERT_TRUE(std::ranges::is_sorted(session.pages, {}, &PageView::moment)) << number;
        }
        for (const Ticket& ticket : events.tickets) ASSERT_GE(ticket.closed_at, ticket.moment);
      }
    }
  }
}

TEST(CustomerTest, AReturnBringsBackALineOfAnEarlierSale) {
  for (const Regime regime : {Regime::kTextbook, Regime::kReal}) {
    const TestWorld world(regime);
    int returns = 0;
    for (std::uint64_t number = 0; number < 400; ++number) {
      Living life(world, number, lively(world, number));
      std::map<std::uint32_t, Sale> sales;
      std::map<std::pair<std::uint32_t, std::uint32_t>, int> brought_back;
      while (life.day.days < kWorldOpened.days + 450) {
        const DayEvents& events = life.step_on();
        for (const Sale& sale : events.sales) ASSERT_TRUE(sales.emplace(sale.count, sale).second);
        for (const Return& back : events.returns) {
          ++returns;
          ASSERT_TRUE(sales.contains(back.sale_count));
          const Sale& sale = sales[back.sale_count];
          ASSERT_LT(back.line, sale.lines.size());
          const Line& line = sale.lines[back.line];
          ASSERT_EQ(line.product, back.product);
          ASSERT_EQ(line.quantity, back.quantity);
          ASSERT_EQ(line.amount_cents, back.amount_cents);
          ASSERT_GT(back.moment, sale.moment);
          ASSERT_EQ(back.sold_at, sale.moment);
          ASSERT_EQ(back.channel, sale.channel);
          ASSERT_EQ(back.guest, sale.guest);
          ASSERT_EQ(back.second_account, sale.second_account);
          ASSERT_EQ(back.names_nobody, sale.names_nobody);
          ASSERT_EQ(++brought_back[std::pair(back.sale_count, back.line)], 1);
        }
      }
    }
    EXPECT_GT(returns, 50);
  }
}

TEST(CustomerTest, ARegisterIsUsedOnlyByThoseItKnows) {
  for (const Regime regime : kRegimes) {
    const TestWorld world(regime);
    int by_account = 0;
    int as_guest = 0;
    for (std::uint64_t number = 0; number < 400; ++number) {
      Living life(world, number, lively(world, number));
      std::array<int, kRegisters> taken_on{};
      while (life.day.days < kWorldOpened.days + 450) {
        const DayEvents& events = life.step_on();
        for (const Registration& each : events.registrations) {
          if (each.is_new) ++taken_on.at(static_cast<std::size_t>(each.where));
        }
        const auto known = [&](Register where) { return taken_on.at(static_cast<std::size_t>(where)) > 0; };
        for (const Sale& sale : events.sales) {
          if (sale.channel == Channel::kStore) {
            ASSERT_TRUE(sale.names_nobody || known(Register::kCard) || known(Register::kCrm));
            ASSERT_NE(sale.store, nullptr);
            continue;
          }
          ASSERT_EQ(sale.store, nullptr);
          ASSERT_EQ(sale.guest, !known(Register::kAccount));
          ASSERT_TRUE(!sale.second_account || known(Register::kSecondAccount));
          ASSERT_TRUE(sale.channel != Channel::kApp || known(Register::kApp));
          ++(sale.guest ? as_guest : by_account);
        }
        for (const Session& session : events.sessions) {
          ASSERT_TRUE(!session.login_at || known(Register::kAccount));
          ASSERT_TRUE(session.channel != Channel::kApp || known(Register::kApp));
        }
        for (const StoreVisit& visit : events.visits)
          ASSERT_TRUE(known(visit.by_app ? Register::kApp : Register::kCard));
        ASSERT_TRUE(events.posts.empty() || known(Register::kSocial));
      }
      for (const int times : taken_on) ASSERT_LE(times, 1);
    }
    EXPECT_GT(by_account, 300);
    EXPECT_GT(as_guest, 30);
  }
}

TEST(CustomerTest, NobodyBuysOnlineBeforeGoingOnline) {
  const TestWorld world(Regime::kReal);
  int went = 0;
  for (std::uint64_t number = 0; number < 400; ++number) {
    Character character = lively(world, number);
    if (character.habit != Habit::kStoreOnly) continue;
    character.moves_online_per_day = 0.004;
    Living life(world, number, character);
    while (life.day.days < kWorldOpened.days + 450) {
      const Date day = life.day;
      for (const Sale& sale : life.step_on().sales) {
        ASSERT_TRUE(sale.channel == Channel::kStore || day.days >= life.state.buying.online_since);
        went += sale.channel == Channel::kStore ? 0 : 1;
      }
    }
  }
  EXPECT_GT(went, 100);
}

TEST(CustomerTest, ReceiptsNameNobodyAsOftenAsPlanned) {
  for (const double anonymous : {0.0, 0.35, 0.8}) {
    TestWorld world(Regime::kReal);
    world.facts.anonymous = anonymous;
    Successes nobody;
    for (std::uint64_t number = 0; number < 250; ++number) {
      Living life(world, number, lively(world, number));
      while (life.day.days < kWorldOpened.days + 450) {
        for (const Sale& sale : life.step_on().sales) {
          ASSERT_FALSE(sale.names_nobody && sale.channel != Channel::kStore);
          if (sale.channel == Channel::kStore) nobody.add(sale.names_nobody, anonymous);
        }
      }
    }
    EXPECT_GT(nobody.count(), 1'000);
    if (anonymous > 0) {
      EXPECT_LT(std::abs(nobody.z()), kErrorsAllowed) << anonymous;
    }
  }
}

TEST(CustomerTest, CouponsShowOnSalesAndLinesSumToWhatWasPaid) {
  TestWorld world(Regime::kReal);
  const Campaign& campaign = world.announce(5, {kWorldOpened.days + 370});
  int redeemed = 0;
  for (std::uint64_t number = 0; number < 300; ++number) {
    Character character = vivid_character(world, number);
    character.openness = 3;
    Living life(world, number, character);
    while (life.day.days < kWorldOpened.days + 380) {
      const std::vector<Treatment> treatments(life.day == campaign.on ? 1 : 0, Treatment{.campaign = campaign.number});
      const DayEvents& events = life.step_on(treatments);
      ASSERT_EQ(events.sales.size(), life.state.bought.size());
      for (std::size_t at = 0; at < events.sales.size(); ++at) {
        const Sale& sale = events.sales[at];
        const Purchase& purchase = life.state.bought[at];
        std::int64_t paid = 0;
        for (const Line& line : sale.lines) paid += line.amount_cents;
        ASSERT_EQ(paid, std::max(1LL, std::llround(purchase.spend_eur() * 100)));
        ASSERT_EQ(sale.coupon_of, purchase.coupon_of);
        ASSERT_EQ(sale.discount_cents > 0, sale.coupon_of.has_value());
        redeemed += sale.coupon_of ? 1 : 0;
      }
    }
  }
  EXPECT_GT(redeemed, 50);
}

}  // namespace
}  // namespace hilo::world
