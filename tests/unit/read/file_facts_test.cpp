// Goal: size, time and digest of a file. Method: files of known content, times set by the test.
#include "ingest/read/file_facts.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/text.h"
#include "read_fixture.h"

namespace hilo::ingest {
namespace {

using FileFactsTest = ReadFixture;

TEST_F(FileFactsTest, GivesSizeAndTime) {
  const auto path = write("a.csv", "a,b\n");
  const timespec times[2] = {{1'700'000'000, 0}, {1'700'000'000, 123'456'789}};
  ASSERT_EQ(utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  const auto facts = stat_facts(path);
  ASSERT_TRUE(facts.has_value()) << facts.error().message;
  EXPECT_EQ(facts->path, path);
  EXPECT_EQ(facts->bytes, 4);
  EXPECT_EQ(facts->modified_at, Instant{1'700'000'000'123'456});
  EXPECT_EQ(facts->sha256, "");
}

TEST_F(FileFactsTest, HashesTheContentOnTheDisk) {
  const std::string large(1'000'003, 'x');
  EXPECT_EQ(hash_file(write("large", large)).value(), sha256_hex(large));
  EXPECT_EQ(hash_file(write("empty", "")).value(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hash_file(write("gzip", "\x1f\x8b not unpacked")).value(), sha256_hex("\x1f\x8b not unpacked"));
}

TEST_F(FileFactsTest, RefusesWhatIsNoFile) {
  EXPECT_EQ(stat_facts(folder_ / "none").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(hash_file(folder_ / "none").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(stat_facts(folder_).error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(hash_file(folder_).error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(stat_facts("/dev/null").error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(stat_facts(folder_ / std::string(300, 'x')).error().code, ErrorCode::kIo);
  ASSERT_EQ(mkfifo((folder_ / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(stat_facts(folder_ / "fifo").error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(hash_file(folder_ / "fifo").error().code, ErrorCode::kInvalidInput);
}

}  // namespace
}  // namespace hilo::ingest
