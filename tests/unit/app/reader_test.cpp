// Goal: series of days and settings say what they must. Method: tables of cases.
#include "app/reader.h"

#include <gtest/gtest.h>

#include "app/settings.h"

namespace hilo::app {
namespace {

std::string series(const char* from, const char* to, Step step) {
  const auto days = days_between(*parse_date(from), *parse_date(to), step);
  if (!days) return "error";
  std::string text;
  for (const Date day : *days) text += to_string(day) + " ";
  return text;
}

TEST(DaysBetweenTest, StepsByDayWeekAndMonth) {
  EXPECT_EQ(series("2011-02-27", "2011-03-01", Step::kDay), "2011-02-27 2011-02-28 2011-03-01 ");
  EXPECT_EQ(series("2011-02-27", "2011-03-12", Step::kWeek), "2011-02-27 2011-03-06 ");
  EXPECT_EQ(series("2011-01-31", "2011-04-30", Step::kMonth), "2011-01-31 2011-02-28 2011-03-31 2011-04-30 ");
  EXPECT_EQ(series("2011-03-01", "2011-02-01", Step::kDay), "error");
  EXPECT_EQ(series("0001-01-01", "9999-01-01", Step::kDay), "error");
}

class SettingsTest : public testing::Test {
 protected:
  expr::Checked<Settings> read(const std::string& text) { return read_settings("hilo.yaml", text, connection_); }
  store::Database database_ = *store::Database::open("");
  store::Connection connection_ = *database_.connect();
};

TEST_F(SettingsTest, LeftOutMeansDefault) {
  const auto settings = read("name: Toys\ncurrency: GBP\nidentity:\n  names_per_identifier_max: 3\n");
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->name, "Toys");
  EXPECT_EQ(settings->currency, "GBP");
  EXPECT_EQ(settings->names_per_identifier_max, 3);
  EXPECT_EQ(settings->region, Settings{}.region);
}

TEST_F(SettingsTest, EveryFaultIsToldWithItsPlace) {
  const auto settings =
      read("curency: EUR\ncurrency: XXY\ntime_zone: Mars/Base\nengine: {threads: many}\nregion: Spain\n");
  ASSERT_FALSE(settings);
  ASSERT_EQ(settings.error().size(), 5U);
  EXPECT_EQ(settings.error().front().text(), "hilo.yaml:1:1: there is no setting 'curency' (did you mean 'currency'?)");
  EXPECT_EQ(settings.error()[1].position.line, 2);
}

TEST_F(SettingsTest, RefusesWhatIsNoYaml) {
  EXPECT_FALSE(read("name: [unclosed\n"));
  EXPECT_FALSE(read("- a list\n"));
  EXPECT_FALSE(read(std::string(2'000'000, '#')));
}

}  // namespace
}  // namespace hilo::app
