// Goal: Parquet says what the files said, with the same types in every file of a source. Method: small silos with odd
// separators and encodings, shared files, types that only a later file tells.
#include "app/world_parquet.h"

#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace hilo::app {
namespace {

namespace fs = std::filesystem;

class WorldParquetTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
    root_ = fs::path(testing::TempDir()) / ("hilo-parquet-" + name + "-" + std::to_string(::getpid()));
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  void TearDown() override { fs::remove_all(root_); }

  void write(const char* name, const std::string& text) {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name, std::ios::binary) << text;
  }
  Result<ParquetReport> convert(DefinitionTexts& sources) {
    return convert_to_parquet(root_, sources, [](std::int64_t, std::int64_t) {});
  }
  std::string types(const std::string& name) {
    std::string text;
    const auto columns = connection_.describe("from " + store::quote_text((root_ / name).string()));
    for (const auto& column : *columns) text += column.name + " " + column.type + ", ";
    return text;
  }
  std::string value(const std::string& expression, const std::string& name) {
    return connection_
        .query_text("select (" + expression + ")::varchar from " + store::quote_text((root_ / name).string()))
        ->value_or("null");
  }

  fs::path root_;
  store::Database database_ = *store::Database::open("");
  store::Connection connection_ = *database_.connect();
};

TEST(ParquetNameTest, TakesTheEndingOffAndPutsItsOwnOn) {
  EXPECT_EQ(parquet_name("data/x/*.csv"), "data/x/*.parquet");
  EXPECT_EQ(parquet_name("data/x/x_2023-01.jsonl.gz"), "data/x/x_2023-01.parquet");
  EXPECT_EQ(parquet_name("data/x/x_2023-01.TXT.zst", "tills"), "data/x/x_2023-01.tills.parquet");
  EXPECT_EQ(parquet_name("data/x/*"), "data/x/*.parquet");
}

TEST_F(WorldParquetTest, AllFilesOfASourceHaveTheSameTypes) {
  write("data/tills/tills_2023-01.txt", "card|qty|total|note\n007|1|1,50|\n");
  write("data/tills/tills_2023-02.txt", "card|qty|total|note\n008|1,5|2|3\n");
  DefinitionTexts sources{
      {"sources/tills.sql",
       "-- source: tills   kind: pos\nselect card as loyalty_id, -- read_csv('x')\n qty + 1 as quantity, total, note\n"
       "from read_csv('data/tills/*.txt', delim = '|', decimal_separator = ',') where qty > 0\n"}};
  const auto report = convert(sources);
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->files, 2);
  EXPECT_EQ(report->rows_left_out, 0);
  EXPECT_EQ(types("data/tills/tills_2023-01.parquet"), types("data/tills/tills_2023-02.parquet"));
  EXPECT_EQ(value("card", "data/tills/tills_2023-01.parquet"), "007");
  EXPECT_EQ(value("qty = 1.5 and note = 3", "data/tills/tills_2023-02.parquet"), "true");
  EXPECT_FALSE(fs::exists(root_ / "data/tills/tills_2023-01.txt"));
  EXPECT_FALSE(fs::exists(root_ / ".spill"));
  EXPECT_EQ(sources.begin()->second,
            "-- source: tills   kind: pos\nselect card as loyalty_id, -- read_csv('x')\n qty + 1 as quantity, total, "
            "note\nfrom read_parquet('data/tills/*.parquet') where qty > 0\n");
}

TEST_F(WorldParquetTest, AFileThatTwoSourcesReadIsWrittenForEach) {
  write("data/shop/shop_2023-01.csv", "no,mail,qty\n01,ana@correo.es,2\n");
  DefinitionTexts sources{
      {"sources/orders.sql", "-- source: orders\nselect no as order_id, qty from read_csv('data/shop/*.csv')"},
      {"sources/people.sql", "-- source: people\nselect mail as email, no + 1 as n from read_csv('data/shop/*.csv')"}};
  ASSERT_TRUE(convert(sources));
  EXPECT_NE(sources["sources/orders.sql"].find("read_parquet('data/shop/*.orders.parquet')"), std::string::npos);
  EXPECT_NE(sources["sources/people.sql"].find("read_parquet('data/shop/*.people.parquet')"), std::string::npos);
  EXPECT_EQ(value("no", "data/shop/shop_2023-01.orders.parquet"), "01");
  EXPECT_FALSE(fs::exists(root_ / "data/shop/shop_2023-01.csv"));
}

TEST_F(WorldParquetTest, EncodingsJsonAndWhatNoSourceReads) {
  write("data/crm/crm_2023-01.csv",
        "id;nombre\n1;Mar\xED"
        "a\n");
  write("data/app/app_2023-01.jsonl", "{\"id\": 1, \"who\": {\"mail\": \"a@b.es\"}}\n");
  write("truth/persons.csv", "person,born_on\n1,1980-01-31\n");
  write("data/empty/empty_2023-01.csv", "");
  DefinitionTexts sources{
      {"sources/crm.sql",
       "-- source: crm\nselect id as source_id, nombre as given_name from read_csv('data/crm/*.csv', delim = ';', "
       "encoding = 'latin-1', filename = true)"},
      {"sources/app.sql", "-- source: app\nselect who->>'$.mail' as email from read_json('data/app/*.jsonl')"}};
  const auto report = convert(sources);
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->files, 3);
  EXPECT_EQ(value("nombre", "data/crm/crm_2023-01.parquet"), "María");
  EXPECT_EQ(value("who->>'$.mail'", "data/app/app_2023-01.parquet"), "a@b.es");
  EXPECT_EQ(types("truth/persons.parquet"), "person BIGINT, born_on DATE, ");
  EXPECT_NE(sources["sources/crm.sql"].find("read_parquet('data/crm/*.parquet', filename = true)"), std::string::npos);
}

TEST_F(WorldParquetTest, ARowWithoutATypedFormIsCounted) {
  write("data/x/x_2023-01.csv", "id,day\n1,2023-01-01\n2,never\n3\n");
  DefinitionTexts sources{{"sources/x.sql",
                           "-- source: x\nselect id as source_id, day as time from read_csv('data/x/*.csv', "
                           "types = {'day': 'DATE'})"}};
  const auto report = convert(sources);
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->rows_left_out, 2);
  EXPECT_EQ(value("count(*)", "data/x/x_2023-01.parquet"), "1");
}

}  // namespace
}  // namespace hilo::app
