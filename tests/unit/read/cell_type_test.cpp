// Goal: a column gets the narrowest type that all its cells fit, and no type that would change them. Method: tables of
// cells and the type expected.
#include "ingest/read/cell_type.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace hilo::ingest {
namespace {

std::string type_of(const std::vector<std::string_view>& cells) {
  TypeSniffer sniffer;
  for (const std::string_view cell : cells) sniffer.observe(cell);
  return std::string(sniffer.sql_type());
}

struct Case {
  std::string_view cell;
  std::string_view type;
};

TEST(TypeSnifferTest, TypesSingleCells) {
  const std::vector<Case> cases = {
      {"0", "BIGINT"},
      {"-1", "BIGINT"},
      {"123456789012345678", "BIGINT"},
      {"-123456789012345678", "BIGINT"},
      {"1234567890123456789", "VARCHAR"},  // 19 digits: no double holds it
      {"007", "VARCHAR"},
      {"00", "VARCHAR"},
      {"-01", "VARCHAR"},
      {"+1", "VARCHAR"},
      {"1 ", "VARCHAR"},
      {" 1", "VARCHAR"},
      {"1,5", "VARCHAR"},
      {"-", "VARCHAR"},
      {".", "VARCHAR"},
      {"-.", "VARCHAR"},
      {"", "VARCHAR"},
      {"1.5", "DECIMAL(18,4)"},
      {"-0.000001", "DECIMAL(18,6)"},
      {".5", "DECIMAL(18,4)"},
      {"999999999999.999999", "DECIMAL(18,6)"},
      {"1000000000000.5", "DECIMAL(18,4)"},
      {"100000000000000.5", "DOUBLE"},
      {"0.1234567", "DOUBLE"},
      {"01.5", "VARCHAR"},
      {"1.", "VARCHAR"},
      {"1.5.", "VARCHAR"},
      {"1.2.3", "VARCHAR"},
      {"1e5", "DOUBLE"},
      {"-1.5E-07", "DOUBLE"},
      {"1E+10", "DOUBLE"},
      {"1e", "VARCHAR"},
      {"1e+", "VARCHAR"},
      {"1e5x", "VARCHAR"},
      {"1e400", "VARCHAR"},
      {"NaN", "VARCHAR"},
      {"inf", "VARCHAR"},
      {"-inf", "VARCHAR"},
      {"2024-02-29", "DATE"},
      {"2023-02-29", "VARCHAR"},
      {"1900-02-29", "VARCHAR"},
      {"2000-02-29", "DATE"},
      {"2024-13-01", "VARCHAR"},
      {"2024-00-01", "VARCHAR"},
      {"2024-04-31", "VARCHAR"},
      {"2024-04-00", "VARCHAR"},
      {"2024-4-1", "VARCHAR"},
      {"0000-01-01", "VARCHAR"},
      {"20240401", "BIGINT"},
      {"01/04/2024", "VARCHAR"},
      {"2024-04-01 10:20", "TIMESTAMP"},
      {"2024-04-01T10:20:30", "TIMESTAMP"},
      {"2024-04-01 23:59:59.123456", "TIMESTAMP"},
      {"2024-04-01 10:20:30.1234567", "TIMESTAMP"},
      {"2024-04-01 10:20:30.", "VARCHAR"},
      {"2024-04-01 24:00", "VARCHAR"},
      {"2024-04-01 10:60", "VARCHAR"},
      {"2024-04-01 10:20:60", "VARCHAR"},
      {"2024-04-01 10:20:3", "VARCHAR"},
      {"2024-04-01T10:20:30Z", "VARCHAR"},
      {"2024-04-01T10:20:30+02:00", "VARCHAR"},
      {"2024-04-01 ", "VARCHAR"},
      {"2024-04-01x10:20", "VARCHAR"},
      {"2024-04-01 1a:20", "VARCHAR"},
      {"2024-04-01 10:20:30.1234567890", "VARCHAR"},
      {"true", "BOOLEAN"},
      {"FALSE", "BOOLEAN"},
      {"True", "BOOLEAN"},
      {"yes", "VARCHAR"},
      {"t", "VARCHAR"},
      {"\x14rue", "VARCHAR"},
      {"été", "VARCHAR"},
  };
  for (const Case& one : cases) EXPECT_EQ(type_of({one.cell}), one.type) << one.cell;
}

TEST(TypeSnifferTest, TakesTheTypeAllCellsFit) {
  EXPECT_EQ(type_of({}), "VARCHAR");
  EXPECT_EQ(type_of({"1", "2"}), "BIGINT");
  EXPECT_EQ(type_of({"1", "2.5"}), "DECIMAL(18,4)");
  EXPECT_EQ(type_of({"1", "2.50001"}), "DECIMAL(18,6)");
  EXPECT_EQ(type_of({"12345678901234", "2.50001"}), "DOUBLE");
  EXPECT_EQ(type_of({"1", "2.5", "1e3"}), "DOUBLE");
  EXPECT_EQ(type_of({"123456789012345", "2.5"}), "DOUBLE");
  EXPECT_EQ(type_of({"1234567890123456", "2.5"}), "VARCHAR");  // a double would change the identifier
  EXPECT_EQ(type_of({"1", "x", "2"}), "VARCHAR");
  EXPECT_EQ(type_of({"1", "007"}), "VARCHAR");
  EXPECT_EQ(type_of({"2024-01-01", "2024-01-02"}), "DATE");
  EXPECT_EQ(type_of({"2024-01-01", "2024-01-02 10:00"}), "TIMESTAMP");
  EXPECT_EQ(type_of({"2024-01-01", "1"}), "VARCHAR");
  EXPECT_EQ(type_of({"true", "1"}), "VARCHAR");
}

TEST(TypeSnifferTest, KnowsWhichDecimalsHoldAllCells) {
  const auto fits = [](const std::vector<std::string>& cells, std::size_t width, std::size_t scale) {
    TypeSniffer sniffer;
    for (const std::string& cell : cells) sniffer.observe(cell);
    return sniffer.fits_decimal(width, scale);
  };
  EXPECT_TRUE(fits({"1", "-22.50", "0.1"}, 18, 2));
  EXPECT_TRUE(fits({"1", "22.50"}, 4, 2));
  EXPECT_FALSE(fits({"1", "122.50"}, 4, 2));
  EXPECT_FALSE(fits({"1", "2.125"}, 18, 2));
  EXPECT_FALSE(fits({"1", "2e1"}, 18, 2));
  EXPECT_FALSE(fits({"1", "007"}, 18, 2));
  EXPECT_FALSE(fits({"1", "x"}, 18, 2));
  EXPECT_FALSE(fits({"2024-01-01"}, 18, 2));
  EXPECT_FALSE(fits({"true"}, 18, 2));
  EXPECT_FALSE(fits({}, 18, 2));
  EXPECT_TRUE(fits({"1234567890123.25"}, 18, 2));
  EXPECT_FALSE(fits({"12345678901234.25"}, 18, 2));  // more than a double surely holds
}

}  // namespace
}  // namespace hilo::ingest
