// Goal: the table of a zone's changes gives what the engine's calendar gives, both ways, in hours that come twice or
// not at all too. Method: the engine computes both: every hour from 1970 to 2037 in two zones, every half hour of some
// years in zones with changes of half an hour, of whole days, around Ramadan; every second around changes.
#include "ingest/zone_changes.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hilo::ingest {
namespace {

class ZoneChangesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto database = store::Database::open("");
    ASSERT_TRUE(database) << database.error().text();
    database_ = std::move(*database);
    auto connection = database_.connect();
    ASSERT_TRUE(connection);
    connection_ = std::move(*connection);
    auto zones = KnownZones::open(connection_);
    ASSERT_TRUE(zones) << zones.error().text();
    zones_ = *zones;
  }

  // `times` gives the column t.
  void expect_same(const std::string& zone, const std::string& times) {
    const Status known = zones_->add(connection_, zone);
    ASSERT_TRUE(known) << known.error().text();
    const auto different = connection_.query_text(fmt::format(
        "select string_agg(t::varchar || case when utc is null or wall is null then ' unknown' else '' end, ', ' "
        "order by t) from (select t, zone_utc('{0}', t) as utc, zone_wall('{0}', t) as wall from {1} "
        "where utc is distinct from timezone('{0}', t)::timestamp "
        "or wall is distinct from timezone('{0}', timezone('UTC', t)) limit 5)",
        zone, times));
    ASSERT_TRUE(different) << different.error().text();
    EXPECT_FALSE(different->has_value()) << zone << ": " << **different;
  }

  static std::string range(const std::string& from, const std::string& until, const std::string& step) {
    return fmt::format("(select unnest(range(timestamp '{}', timestamp '{}', interval {})) as t)", from, until, step);
  }

  store::Database database_;
  std::shared_ptr<KnownZones> zones_;
  store::Connection connection_;
};

TEST_F(ZoneChangesTest, EveryHourOfTwoZones) {
  for (const char* zone : {"Europe/Madrid", "America/New_York"})
    expect_same(zone, range("1970-01-01", "2038-01-01", "1 hour"));
}

TEST_F(ZoneChangesTest, ZonesOfManyKinds) {
  for (const char* zone : {"Africa/Casablanca", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Gaza", "Asia/Kolkata",
                           "America/Sao_Paulo", "America/St_Johns", "Africa/Cairo", "Asia/Tehran", "UTC"}) {
    expect_same(zone, range("2008-01-01", "2015-01-01", "30 minutes"));
    expect_same(zone, range("2022-01-01", "2024-01-01", "30 minutes"));
    expect_same(zone, range("1970-01-01", "2038-01-01", "7 hours"));
  }
}

TEST_F(ZoneChangesTest, EverySecondAroundAChange) {
  expect_same("Europe/Madrid", range("2023-03-26 00:30:00", "2023-03-26 04:00:00", "1 second"));
  expect_same("Europe/Madrid", range("2023-10-29 00:30:00", "2023-10-29 04:00:00", "1 second"));
  expect_same("Australia/Lord_Howe", range("2023-10-01 01:00:00", "2023-10-01 03:30:00", "1 second"));
  expect_same("America/New_York", range("2023-11-05 00:30:00", "2023-11-05 07:00:00", "1 second"));
}

TEST_F(ZoneChangesTest, SaysNothingBeyondTheTable) {
  ASSERT_TRUE(zones_->add(connection_, "Europe/Madrid"));
  EXPECT_FALSE(zones_->add(connection_, "Europe/Nowhere"));
  const auto known = connection_.query_integer(
      "select count(zone_utc('Europe/Madrid', t)) * 100 + count(zone_wall('Europe/Madrid', t)) * 10 + "
      "count(zone_utc('Asia/Tokyo', t)) from (select unnest([timestamp '1969-12-31 23:59:59.999999', "
      "'2038-01-01', 'infinity', '-infinity', null, '290000-01-01', '1970-01-01', '2037-12-31 23:59:59.999999']) as "
      "t)");
  ASSERT_TRUE(known) << known.error().text();
  EXPECT_EQ(*known, 220);
  const auto late =
      connection_.query_text("select zone_wall('Europe/Madrid', timestamp '2023-06-01 10:00:00.123456')::varchar");
  ASSERT_TRUE(late);
  EXPECT_EQ(**late, "2023-06-01 12:00:00.123456");
}

}  // namespace
}  // namespace hilo::ingest
