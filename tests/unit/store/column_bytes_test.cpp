// Goal: every block of a database's file is shared out once, to whom it belongs. Method: files with columns that take
// much, little and nothing.
#include "store/column_bytes.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "store/nameless_file.h"

namespace hilo::store {
namespace {

namespace fs = std::filesystem;

class ColumnBytesTest : public testing::Test {
 protected:
  void SetUp() override { fs::remove(file_); }
  void TearDown() override { fs::remove(file_); }

  fs::path file_ = fs::temp_directory_path() / ("hilo_column_bytes_" + std::to_string(::getpid()) + ".duckdb");
};

std::int64_t bytes_in(const FileBytes& bytes, const std::string& table, const std::string& column) {
  for (const ColumnBytes& each : bytes.columns) {
    if (each.table == table && each.column == column) return each.bytes;
  }
  ADD_FAILURE() << table << " has no " << column;
  return 0;
}

TEST_F(ColumnBytesTest, EveryBlockIsSharedOutOnce) {
  Database database = *Database::open(file_.string());
  Connection connection = *database.connect();
  ASSERT_TRUE(connection.execute(
      "create schema other; create table small as select 1 as n; "
      "create table other.\"odd name\" as select i as n, 7 as same, md5(i::varchar) as text, "
      "repeat(md5(i::varchar), 300) as long_text from range(30000) r(i); "
      "create table rows_gone as select i, md5(i::varchar) as text from range(300000) r(i); checkpoint; "
      "delete from rows_gone where i % 3 = 0; checkpoint"));
  const auto bytes = bytes_of_file(connection);
  ASSERT_TRUE(bytes) << bytes.error().text();
  std::int64_t shared_out = bytes->directory;
  for (const ColumnBytes& column : bytes->columns) shared_out += column.bytes;
  const auto used = connection.query_integer("select (used_blocks * block_size)::bigint from pragma_database_size()");
  EXPECT_EQ(shared_out, *used);
  EXPECT_GE(bytes->file, *used);
  EXPECT_EQ(bytes_in(*bytes, "other.odd name", "same"), 0) << "a constant has no block";
  const std::int64_t text = bytes_in(*bytes, "other.odd name", "text");
  constexpr std::int64_t kDigits = 32;
  constexpr std::int64_t kRows = 30'000;
  EXPECT_GT(text, kRows * kDigits / 2) << "32 digits hold 16 bytes";
  EXPECT_LT(text, kRows * kDigits * 2);
  EXPECT_GT(bytes_in(*bytes, "other.odd name", "long_text"), 2 * text);
}

TEST(NamelessFileTest, HasRoomAndNoName) {
  const fs::path folder = fs::temp_directory_path() / ("hilo_nameless_" + std::to_string(::getpid()));
  fs::create_directories(folder);
  {
    auto file = NamelessFile::in(folder);
    ASSERT_TRUE(file) << file.error().text();
    EXPECT_EQ(*file->size(), 0);
    Database database = *Database::open("");
    Connection connection = *database.connect();
    ASSERT_TRUE(database.lock_down({file->path()})) << "the engine may write it, and nothing else";
    for (const std::int64_t rows : {50'000, 10}) {
      const auto copied =
          connection.query_integer("copy (select md5(i::varchar) as text from range(" + std::to_string(rows) +
                                   ") r(i)) to " + quote_text(file->path()) + " (format parquet, use_tmp_file false)");
      ASSERT_TRUE(copied) << copied.error().text();
      EXPECT_EQ(*copied, rows);
    }
    EXPECT_GT(*file->size(), 0);
    EXPECT_LT(*file->size(), 5'000) << "what was written before is gone";
    EXPECT_TRUE(fs::is_empty(folder));
    const NamelessFile moved = std::move(*file);
    EXPECT_TRUE(moved.size());
  }
  fs::remove(folder);
  const auto nowhere = NamelessFile::in(folder);
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, ErrorCode::kIo);
}

}  // namespace
}  // namespace hilo::store
