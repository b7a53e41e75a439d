// gzip (RFC 1952) and zstd (RFC 8878) streams as the bytes they stand for.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "ingest/read/byte_stream.h"

namespace hilo::ingest {

/// Returns the decompressed bytes of `raw`, or `raw` itself when its first bytes are neither gzip's nor zstd's. `name`
/// is how messages call it. **Errors** (here or from `read`): kInvalidInput when the last gzip member or zstd frame
/// does not reach its end, when a checksum or length in it is wrong, and when anything else follows it.
/// **Cost**: a block of input and the decoder's window (zstd: 128 MiB at most) in memory.
[[nodiscard]] Result<std::unique_ptr<ByteStream>> decompress(std::unique_ptr<ByteStream> raw, std::string name);

}  // namespace hilo::ingest
