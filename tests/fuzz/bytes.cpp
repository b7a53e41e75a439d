// Compressed bytes and encodings: what comes out does not depend on how the bytes come; converted text is UTF-8 but for
// the byte that marks what is no text; what was packed, unpacks.
#include <zlib.h>
#include <zstd.h>

#include "ingest/read/decompress.h"
#include "ingest/read/encoding.h"
#include "pieces.h"

namespace hilo::fuzz {
namespace {

// A few bytes can stand for gigabytes; what follows is more of the same.
constexpr std::size_t kBytesMax = std::size_t{1} << 20U;

// Bytes and the error that ended them. How many come before an error depends on the pieces; the error does not.
struct Content {
  std::string bytes;
  std::string error;
};

Content read_all(ingest::ByteStream& stream, std::size_t piece) {
  std::string all;
  std::vector<char> block(piece);
  while (all.size() < kBytesMax) {
    const Result<std::size_t> got = stream.read(std::span(block).first(std::min(piece, kBytesMax - all.size())));
    if (!got) {
      expect_their_fault(got.error());
      return {.bytes = std::move(all), .error = got.error().message};
    }
    HILO_CHECK(*got <= piece);
    if (*got == 0) break;
    all.append(block.data(), *got);
  }
  return {.bytes = std::move(all), .error = {}};
}

Content unpacked(std::string_view bytes, std::size_t piece, std::size_t block) {
  auto stream = ingest::decompress(in_pieces(bytes, piece), "t");
  if (stream) return read_all(**stream, block);
  expect_their_fault(stream.error());
  return {.bytes = {}, .error = stream.error().message};
}

std::string gzipped(std::string_view bytes) {
  z_stream deflater{};
  HILO_CHECK(deflateInit2(&deflater, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&deflater, bytes.size()) + 32, '\0');
  deflater.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib only reads it
  deflater.avail_in = static_cast<uInt>(bytes.size());
  deflater.next_out = reinterpret_cast<Bytef*>(out.data());
  deflater.avail_out = static_cast<uInt>(out.size());
  HILO_CHECK(deflate(&deflater, Z_FINISH) == Z_STREAM_END);
  out.resize(deflater.total_out);
  deflateEnd(&deflater);
  return out;
}

std::string zstd_packed(std::string_view bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size = ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 1);
  HILO_CHECK(ZSTD_isError(size) == 0);
  out.resize(size);
  return out;
}

std::string as_utf8(std::string_view text, ingest::Encoding encoding, std::size_t piece, std::size_t block) {
  auto stream = ingest::make_utf8(in_pieces(text, piece), encoding);
  HILO_CHECK(stream.has_value());
  return read_all(**stream, block).bytes;
}

void judge_encodings(std::string_view text, std::size_t number) {
  const std::size_t piece = 1 + number % 7;
  Pieces bytes(text, piece);
  const auto found = ingest::detect_encoding(bytes);
  HILO_CHECK(found.has_value());
  Pieces whole(text, text.size() + 1);
  HILO_CHECK(ingest::detect_encoding(whole).value() == *found);
  using enum ingest::Encoding;
  for (const ingest::Encoding encoding : {kUtf8, kUtf16Le, kUtf16Be, kLatin1, kWindows1252, kMixed}) {
    HILO_CHECK(ingest::parse_encoding(ingest::encoding_name(encoding)).value() == encoding);
    const std::string utf8 = as_utf8(text, encoding, text.size() + 1, 4096);
    expect_same("text whatever the pieces", utf8, as_utf8(text, encoding, piece, 1 + number / 7 % 60));
    if (encoding == kUtf8) continue;
    std::string sound = utf8;
    std::erase(sound, '\xFF');
    expect(is_utf8(sound), "converted text is UTF-8", utf8);
    const bool has_every_byte = encoding == kLatin1;
    expect(!has_every_byte || sound == utf8, "Latin-1 has every byte", utf8);
  }
}

}  // namespace

void judge(std::string_view input) {
  const std::size_t number = number_of(input);
  const Content content = unpacked(input, input.size(), 4096);
  const Content in_small = unpacked(input, 1 + number % 9, 1 + number / 16 % 100);
  const bool is_whole = content.bytes.size() < kBytesMax && in_small.bytes.size() < kBytesMax;
  if (is_whole) expect_same("an error whatever the pieces", content.error, in_small.error);
  if (is_whole && content.error.empty()) expect_same("bytes whatever the pieces", content.bytes, in_small.bytes);
  const std::size_t half = input.size() / 2;
  const std::string packed = number % 2 == 0 ? gzipped(input.substr(0, half)) + gzipped(input.substr(half))
                                             : zstd_packed(input.substr(0, half)) + zstd_packed(input.substr(half));
  expect_same("packed and unpacked", input, unpacked(packed, 1 + number % 99, 1 + number / 128 % 300).bytes);
  judge_encodings(std::string_view(content.bytes).substr(0, 20'000), number);
  if (const auto named = ingest::parse_encoding(input); named)
    HILO_CHECK(ingest::parse_encoding(ingest::encoding_name(*named)).value() == *named);
}

}  // namespace hilo::fuzz
