// Goal: silos tell the truth of a day, each in its own form, and the truth names every row. Method: hand-made days of
// one person; rows are compared as text or read back.
#include <map>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "base/text.h"
#include "world/silos/ids.h"
#include "world/silos/text.h"
#include "world/silos/write_day.h"

namespace hilo::world {
namespace {

constexpr std::uint64_t kSeed = 3;
constexpr Date kOpened{19'358};
constexpr Date kDay{19'375};  // 2023-01-18

std::string timed(double moment, TimeForm form) {
  std::string out;
  append_time(out, moment, form);
  return out;
}

double moment_at(const char* day, int hour, int minute, int second) {
  return parse_date(day)->days + (hour * 3'600 + minute * 60 + second) / 86'400.0;
}

class SilosTest : public testing::Test {
 protected:
  SilosTest() : people_(people_of_cell(kSeed, 0, kOpened, {kOpened.days + 400})) {
    for (auto& since : presence_.since) since = kOpened;
  }

  [[nodiscard]] Rows write(const DayEvents& events, double noise = 0) const {
    const Pen pen{.seed = kSeed, .noise = noise, .opened_on = kOpened, .catalogue = &catalogue_, .campaigns = {}};
    Rows rows;
    write_day(pen, person(), presence_, kDay, events, rows);
    return rows;
  }

  [[nodiscard]] const Person& person() const { return people_.front(); }

  static std::vector<std::string> lines(const Rows& rows, Silo silo) {
    std::vector<std::string> out;
    for (const auto& [key, text] : rows.texts) {
      if (key.silo != silo) continue;
      std::istringstream in(text);
      for (std::string line; std::getline(in, line);) out.push_back(line);
    }
    return out;
  }

  [[nodiscard]] Sale sale(Channel channel, std::uint32_t count) const {
    Sale sale;
    sale.moment = kDay.days + 0.5;
    sale.count = count;
    sale.channel = channel;
    if (channel == Channel::kStore) sale.store = &catalogue_.stores().front();
    sale.lines = {{.product = &catalogue_.products()[0], .quantity = 2, .amount_cents = 4'990},
                  {.product = &catalogue_.products()[1], .quantity = 1, .amount_cents = 123'405}};
    return sale;
  }

  // A day on which everything happens.
  [[nodiscard]] DayEvents full_day() const {
    DayEvents events;
    const double noon = kDay.days + 0.5;
    for (std::size_t where = 0; where < kRegisters; ++where)
      events.registrations.push_back({.moment = noon, .where = static_cast<Register>(where), .is_new = true});
    events.sales = {sale(Channel::kWeb, 0), sale(Channel::kApp, 1), sale(Channel::kStore, 2)};
    for (const Channel channel : {Channel::kWeb, Channel::kStore}) {
      Return back;
      back.moment = noon;
      back.sale_count = channel == Channel::kWeb ? 0 : 2;
      back.sold_at = noon;
      back.channel = channel;
      back.line = 1;
      back.product = &catalogue_.products()[1];
      back.amount_cents = 123'405;
      events.returns.push_back(back);
    }
    for (const Channel channel : {Channel::kWeb, Channel::kApp}) {
      Session session;
      session.count = channel == Channel::kWeb ? 0 : 1;
      session.channel = channel;
      session.login_at = noon + 0.001;
      session.pages = {{.moment = noon},
                       {.moment = noon + 0.002, .kind = PageKind::kProduct, .product = &catalogue_.products()[0]}};
      events.sessions.push_back(session);
    }
    events.visits = {{.moment = noon, .store = &catalogue_.stores().front()}};
    events.calls = {{.moment = noon, .seconds = 61, .sale_count = 0}};
    events.tickets = {{.moment = noon, .closed_at = noon + 2, .satisfaction = 4}};
    events.posts = {{.moment = noon}, {.moment = noon}};
    for (std::size_t medium = 0; medium < kMedia; ++medium) {
      events.messages.push_back({.moment = noon,
                                 .campaign = static_cast<std::uint32_t>(medium),
                                 .medium = static_cast<Medium>(medium),
                                 .opened_at = noon + 0.7,
                                 .clicked_at = {},
                                 .unsubscribed_at = {}});
    }
    events.assignments = {{.moment = noon, .campaign = 0, .propensity = 0.25, .treated = true}};
    return events;
  }

  std::vector<Person> people_;
  Catalogue catalogue_{kSeed};
  Presence presence_;
};

TEST(SiloTextTest, MovesLocalTimeToUtcAcrossBothClockChanges) {
  const auto utc = [](const char* day, int hour, int minute) {
    return timed(moment_at(day, hour, minute, 7), TimeForm::kIsoUtc);
  };
  EXPECT_EQ(utc("2023-03-26", 1, 59), "2023-03-26T00:59:07Z");
  EXPECT_EQ(utc("2023-03-26", 3, 0), "2023-03-26T01:00:07Z");
  EXPECT_EQ(utc("2023-03-26", 2, 30), "2023-03-26T01:30:07Z");  // no such time by the clocks
  EXPECT_EQ(utc("2023-10-29", 1, 59), "2023-10-28T23:59:07Z");
  EXPECT_EQ(utc("2023-10-29", 2, 30), "2023-10-29T00:30:07Z");  // the first of two
  EXPECT_EQ(utc("2023-10-29", 3, 0), "2023-10-29T02:00:07Z");
  EXPECT_EQ(utc("2024-01-01", 0, 30), "2023-12-31T23:30:07Z");
}

TEST(SiloTextTest, NewYorkChangesItsClocksOnOtherDays) {
  const auto there = [](const char* day, int hour) { return timed(moment_at(day, hour, 5, 9), TimeForm::kAmerican); };
  EXPECT_EQ(there("2023-01-31", 18), "01/31/2023 12:05:09 PM");
  EXPECT_EQ(there("2023-03-12", 7), "03/12/2023 01:05:09 AM");
  EXPECT_EQ(there("2023-03-12", 8), "03/12/2023 03:05:09 AM");  // five hours apart until Europe follows
  EXPECT_EQ(there("2023-03-26", 12), "03/26/2023 06:05:09 AM");
  EXPECT_EQ(there("2023-11-05", 6), "11/05/2023 01:05:09 AM");
  EXPECT_EQ(there("2023-11-05", 8), "11/05/2023 02:05:09 AM");
  EXPECT_EQ(there("2023-07-01", 3), "06/30/2023 09:05:09 PM");
}

TEST(SiloTextTest, WritesMoneyAndTelephonesAsTheyDoThere) {
  std::string out;
  append_money(out, 123'456'789, ',', ".");
  out += ' ';
  append_money(out, -5, '.');
  out += ' ';
  append_money(out, -100'000, ',', ".");
  EXPECT_EQ(out, "1.234.567,89 -0.05 -1.000,00");
  out.clear();
  append_spanish_phone(out, "+34612345678");
  out += '|';
  append_spanish_phone(out, "+4915123456789");
  out += '|';
  append_spanish_phone(out, "n/a");
  EXPECT_EQ(out, "612 34 56 78|0049 15123456789|n/a");
}

TEST(SiloTextTest, QuotesWhatWouldBreakALine) {
  std::string out;
  FieldLine(out, ';', Letters::kLatin1).text("Müller; \"Bar\"").text("Şahin Yılmaz").text("a,b").text("").end();
  EXPECT_EQ(out, "\"Müller; \"\"Bar\"\"\";Sahin Yilmaz;a,b;\n");
  out.clear();
  append_json(out, "a\"b\\c\n");
  EXPECT_EQ(out, "\"a\\\"b\\\\c\\u000a\"");
}

TEST_F(SilosTest, LinesOfAnOrderSumToTheSale) {
  DayEvents events;
  events.sales = {sale(Channel::kWeb, 0)};
  const std::vector<std::string> orders = lines(write(events), Silo::kOrders);
  ASSERT_EQ(orders.size(), 2U);
  const std::vector<std::string_view> fields = split(orders[1], ',');
  EXPECT_EQ(fields[0], std::to_string(order_number(kSeed, person().id, 0, false)));
  EXPECT_EQ(fields[1], "2");
  EXPECT_EQ(fields[2], "2023-01-18T11:00:00Z");
  EXPECT_EQ(fields[9], "1234.05");
  EXPECT_EQ(split(orders[0], ',')[9], "49.90");
}

TEST_F(SilosTest, AReturnNamesItsReceiptAndLine) {
  const std::vector<std::string> tills = lines(write(full_day()), Silo::kTills);
  ASSERT_EQ(tills.size(), 3U);
  const std::vector<std::string_view> back = split(tills[2], '|');
  EXPECT_EQ(back[7], "RETURN");
  EXPECT_EQ(back[9], "-1");
  EXPECT_EQ(back[10], "-1234,05");
  EXPECT_EQ(back[13], split(tills[0], '|')[0]);
  EXPECT_EQ(back[14], "2");
}

TEST_F(SilosTest, NobodyIsNamedOnAReceiptWithoutACard) {
  DayEvents events;
  events.sales = {sale(Channel::kStore, 0)};
  events.sales.front().names_nobody = true;
  const Rows rows = write(events);
  EXPECT_EQ(split(lines(rows, Silo::kTills).front(), '|')[6], "");
  EXPECT_EQ(lines(rows, Silo::kTruthEvents).size(), 1U);
}

TEST_F(SilosTest, TheTruthNamesEveryEventAndEveryId) {
  const Rows rows = write(full_day());
  std::string all;
  for (const auto& [key, text] : rows.texts) {
    if (key.silo < Silo::kTruthPersons) all += text;
  }
  std::map<std::string, int> events;
  for (const std::string& line : lines(rows, Silo::kTruthEvents)) {
    const std::vector<std::string_view> fields = split(line, ',');
    ASSERT_EQ(fields.size(), 4U);
    EXPECT_TRUE(all.contains(fields[1])) << line;
    ++events[std::string(fields[0]) + ' ' + std::string(fields[1])];
  }
  for (const auto& [event, count] : events) EXPECT_EQ(count, 1) << event;
  EXPECT_GE(events.size(), 25U);
  for (const std::string& line : lines(rows, Silo::kTruthRecords)) {
    const bool used = all.contains(split(line, ',')[1]);
    EXPECT_TRUE(used || line.starts_with("web,")) << line;
  }
}

TEST_F(SilosTest, ADecisionNamesItsRecipientWhetherARegisterKnowsHerOrNot) {
  DayEvents events;
  events.assignments = {{.moment = kDay.days + 0.5, .campaign = 0, .propensity = 0.25, .treated = true}};
  EXPECT_TRUE(split(lines(write(events), Silo::kDecisions).front(), ',')[2].starts_with("K"));
  presence_ = {};
  EXPECT_TRUE(split(lines(write(events), Silo::kDecisions).front(), ',')[2].starts_with("dv"));
}

TEST_F(SilosTest, OnlyALoginTellsTheAccount) {
  const std::vector<std::string> web = lines(write(full_day()), Silo::kWeb);
  ASSERT_EQ(web.size(), 2U);
  EXPECT_TRUE(web[0].contains("\"account\":null")) << web[0];
  EXPECT_TRUE(web[1].contains("\"account\":\"U")) << web[1];
}

TEST_F(SilosTest, WhatComesOfAMessageTomorrowIsToldTomorrow) {
  const Rows rows = write(full_day());
  EXPECT_TRUE(rows.texts.contains({Silo::kEmail, Part::kRegular, kDay}));
  EXPECT_TRUE(rows.texts.contains({Silo::kEmail, Part::kRegular, {kDay.days + 1}}));
}

TEST_F(SilosTest, TheSameDayIsWrittenInTheSameBytes) {
  const Rows one = write(full_day(), 3);
  const Rows other = write(full_day(), 3);
  EXPECT_EQ(one.texts, other.texts);
}

TEST_F(SilosTest, WhatIsPutRightComesInALaterMonth) {
  DayEvents events;
  for (std::uint32_t count = 0; count < 400; ++count) events.sales.push_back(sale(Channel::kStore, count));
  const Rows rows = write(events, 5);
  std::map<std::string, std::set<int>> months;
  std::map<std::string, std::string> latest;
  for (const auto& [key, text] : rows.texts) {
    if (key.silo != Silo::kTills) continue;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
      const std::vector<std::string_view> fields = split(line, '|');
      const std::string id = std::string(fields[0]) + ' ' + std::string(fields[1]);
      EXPECT_TRUE(months[id].insert(civil(key.day).month).second) << "two words on a line in one file";
      latest[id] = std::string(fields[9]) + ' ' + std::string(fields[10]);
    }
  }
  std::size_t corrected = 0;
  for (const auto& [id, told] : months) corrected += told.size() - 1;
  EXPECT_GT(corrected, 0U);
  for (const auto& [id, words] : latest) EXPECT_EQ(words, id.ends_with(" 1") ? "2 49,90" : "1 1234,05");
}

TEST_F(SilosTest, AChangedPersonIsTheSameRecord) {
  DayEvents events;
  events.registrations = {{.moment = kDay.days + 0.25, .where = Register::kCrm, .is_new = false}};
  const Rows rows = write(events);
  const std::vector<std::string> crm = lines(rows, Silo::kCrm);
  ASSERT_EQ(crm.size(), 1U);
  const std::vector<std::string_view> fields = split(crm.front(), ';');
  EXPECT_EQ(fields[12], "18/01/2023 06:00:00");
  EXPECT_TRUE(lines(rows, Silo::kTruthRecords).empty());
}

}  // namespace
}  // namespace hilo::world
