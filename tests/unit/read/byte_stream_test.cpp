// Goal: a file gives exactly the bytes it stands for, or says why it cannot. Method: real files, compressed here with
// zlib and zstd, then cut, damaged and extended.
#include "ingest/read/byte_stream.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "ingest/read/decompress.h"
#include "read_fixture.h"

namespace hilo::ingest {
namespace {

std::string gzip(const std::string& text) {
  z_stream deflater{};
  EXPECT_EQ(deflateInit2(&deflater, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&deflater, text.size()) + 64, '\0');
  deflater.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  deflater.avail_in = static_cast<uInt>(text.size());
  deflater.next_out = reinterpret_cast<Bytef*>(out.data());
  deflater.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&deflater, Z_FINISH), Z_STREAM_END);
  out.resize(deflater.total_out);
  deflateEnd(&deflater);
  return out;
}

std::string zstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  const std::size_t size = ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3);
  EXPECT_EQ(ZSTD_isError(size), 0U);
  out.resize(size);
  return out;
}

// Text that does not compress to nothing, so that cuts fall everywhere in the stream.
std::string noise(std::size_t size) {
  std::mt19937 random(7);
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('a' + random() % 26);
  return text;
}

class ByteStreamTest : public ReadFixture {
 protected:
  Result<std::string> content(const std::filesystem::path& path, std::size_t piece = 4096) {
    HILO_ASSIGN(const auto file, open_file(path));
    return read_all(*file, piece);
  }
  std::string failure(const std::string& bytes) {
    const Result<std::string> got = content(write("cut", bytes));
    if (got) return "no error";
    EXPECT_EQ(got.error().code, ErrorCode::kInvalidInput);
    return got.error().message;
  }
};

TEST_F(ByteStreamTest, GivesPlainFilesAsTheyAre) {
  for (const std::string& text :
       {std::string(), std::string("a"), std::string("abc"), std::string("(\n"), noise(300'000)}) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{4096}, std::size_t{1'000'000}}) {
      const auto got = content(write("plain.gz", text), piece);  // the name says nothing
      ASSERT_TRUE(got.has_value()) << got.error().message;
      EXPECT_EQ(*got, text);
    }
  }
}

TEST_F(ByteStreamTest, UnpacksEveryGzipMember) {
  const std::string first = noise(200'000);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{100'000}}) {
    const auto got = content(write("a.csv", gzip(first) + gzip("") + gzip("second")), piece);
    ASSERT_TRUE(got.has_value()) << got.error().message;
    EXPECT_EQ(*got, first + "second");
  }
  EXPECT_EQ(content(write("empty", gzip(""))).value(), "");
  const std::string zeros(8'000'000, '0');  // much more comes out than goes in
  EXPECT_EQ(content(write("zeros", gzip(zeros))).value(), zeros);
}

TEST_F(ByteStreamTest, UnpacksEveryZstdFrame) {
  const std::string first = noise(500'000);
  const std::string skippable("\x50\x2a\x4d\x18\x03\x00\x00\x00xyz", 11);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{100'000}}) {
    const auto got = content(write("a.csv", skippable + zstd(first) + zstd("") + zstd("second")), piece);
    ASSERT_TRUE(got.has_value()) << got.error().message;
    EXPECT_EQ(*got, first + "second");
  }
  EXPECT_EQ(content(write("empty", zstd(""))).value(), "");
  const std::string zeros(8'000'000, '0');
  EXPECT_EQ(content(write("zeros", zstd(zeros))).value(), zeros);
}

TEST_F(ByteStreamTest, SaysThatAGzipFileIsTruncatedWhereverItIsCut) {
  const std::string whole = gzip(noise(500));
  for (std::size_t size = 2; size < whole.size(); ++size) {
    ASSERT_TRUE(failure(whole.substr(0, size)).ends_with("is truncated: the gzip end mark is missing")) << size;
  }
  const std::string second = gzip("second");
  for (std::size_t size = 1; size < second.size(); ++size) {
    ASSERT_TRUE(failure(whole + second.substr(0, size)).ends_with("is truncated: the gzip end mark is missing"))
        << size;
  }
}

TEST_F(ByteStreamTest, SaysThatAZstdFileIsTruncatedWhereverItIsCut) {
  const std::string whole = zstd(noise(500));
  for (std::size_t size = 2; size < whole.size(); ++size) {
    ASSERT_TRUE(failure(whole.substr(0, size)).ends_with("is truncated: its last zstd frame does not end")) << size;
  }
  const std::string second = zstd("second");
  for (std::size_t size = 1; size < second.size(); ++size) {
    ASSERT_TRUE(failure(whole + second.substr(0, size)).find("is truncated") != std::string::npos) << size;
  }
}

TEST_F(ByteStreamTest, RefusesWhatFollowsTheLastMember) {
  EXPECT_TRUE(failure(gzip("text") + "garbage").ends_with("something else follows its last gzip member"));
  EXPECT_TRUE(
      failure(gzip("text") + std::string("\x1f\x00", 2)).ends_with("something else follows its last gzip member"));
  EXPECT_TRUE(failure(zstd("text") + "garbage").ends_with("something else follows its last zstd frame"));
}

TEST_F(ByteStreamTest, SaysTheSameHoweverTheBytesCome) {
  for (const std::string& bytes : {gzip("text") + "garbage", zstd("text") + "garbage", zstd("text") + "(garbage",
                                   zstd("text") + "(", zstd("text") + "P", zstd("text") + "\x50\x2a"}) {
    const auto stream = decompress(std::make_unique<PiecewiseStream>(bytes, 1, 0), "cut");
    ASSERT_TRUE(stream.has_value());
    const Result<std::string> got = read_all(**stream, 4096);
    ASSERT_FALSE(got.has_value());
    const std::string whole = failure(bytes);
    EXPECT_TRUE(whole.ends_with(got.error().message)) << whole << " but " << got.error().message;
  }
}

TEST_F(ByteStreamTest, RefusesDamage) {
  std::string bytes = gzip(noise(500));
  bytes[bytes.size() - 6] = static_cast<char>(bytes[bytes.size() - 6] + 1);  // in the CRC
  EXPECT_NE(failure(bytes).find("is damaged: incorrect data check"), std::string::npos);
  bytes = gzip(noise(500));
  bytes.back() = static_cast<char>(bytes.back() + 1);
  EXPECT_NE(failure(bytes).find("is damaged: incorrect length check"), std::string::npos);
  bytes = zstd(noise(500));
  bytes[8] = static_cast<char>(bytes[8] ^ 0x7F);
  EXPECT_NE(failure(bytes), "no error");
}

TEST_F(ByteStreamTest, OpensRegularFilesOnly) {
  EXPECT_EQ(open_file(folder_ / "none.csv").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(open_file(write("file", "a") / "below").error().code, ErrorCode::kNotFound);
  const auto directory = open_file(folder_);
  EXPECT_EQ(directory.error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(directory.error().advice, "write " + (folder_ / "*.csv").string() + " to read the files in it");
  ASSERT_EQ(mkfifo((folder_ / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(open_file(folder_ / "fifo").error().code, ErrorCode::kInvalidInput);  // and does not wait for a writer
  EXPECT_EQ(open_file("/dev/null").error().code, ErrorCode::kInvalidInput);
  const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (folder_ / "socket").string().copy(address.sun_path, sizeof(address.sun_path) - 1);
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(open_file(folder_ / "socket").error().code, ErrorCode::kInvalidInput);
  close(listener);
  std::filesystem::create_symlink(folder_ / "file", folder_ / "link");
  EXPECT_EQ(content(folder_ / "link").value(), "a");
}

TEST(RawFileTest, TellsWhatTheSystemRefuses) {
  const auto unnamed = open_raw_file("/tmp/" + std::string(300, 'x'));
  ASSERT_FALSE(unnamed.has_value());
  EXPECT_EQ(unnamed.error().code, ErrorCode::kIo);
  EXPECT_NE(unnamed.error().message.find("cannot be opened: File name too long"), std::string::npos);
  const auto memory = open_raw_file("/proc/self/mem");  // at its first byte nothing can be read
  ASSERT_TRUE(memory.has_value()) << memory.error().message;
  std::vector<char> block(16);
  const auto got = (*memory)->read(block);
  ASSERT_FALSE(got.has_value());
  EXPECT_EQ(got.error().code, ErrorCode::kIo);
  EXPECT_NE(got.error().message.find("cannot be read: Input/output error"), std::string::npos);
}

}  // namespace
}  // namespace hilo::ingest
