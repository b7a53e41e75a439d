#include "ingest/read/byte_stream.h"

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ingest/read/decompress.h"

namespace hilo::ingest {
namespace {

class RawFile final : public ByteStream {
 public:
  RawFile(int descriptor, std::string name) : descriptor_(descriptor), name_(std::move(name)) {}
  RawFile(const RawFile&) = delete;
  RawFile& operator=(const RawFile&) = delete;
  ~RawFile() override { ::close(descriptor_); }

  Result<std::size_t> read(std::span<char> into) override {
    while (true) {
      const ssize_t got = ::read(descriptor_, into.data(), into.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno == EINTR) continue;
      return fail(ErrorCode::kIo, fmt::format("{} cannot be read: {}", name_, std::generic_category().message(errno)));
    }
  }

 private:
  int descriptor_;
  std::string name_;
};

std::unexpected<Error> cannot_open(const std::string& name, int reason) {
  if (reason == ENOENT || reason == ENOTDIR) return fail(ErrorCode::kNotFound, fmt::format("{} does not exist", name));
  // A socket, or a device without a driver: open itself refuses.
  if (reason == ENXIO || reason == ENODEV)
    return fail(ErrorCode::kInvalidInput, fmt::format("{} is not a regular file", name));
  return fail(ErrorCode::kIo, fmt::format("{} cannot be opened: {}", name, std::generic_category().message(reason)));
}

}  // namespace

Result<std::unique_ptr<ByteStream>> open_raw_file(const std::filesystem::path& path) {
  const std::string name = path.string();
  // O_NONBLOCK: opening a FIFO without a writer would wait for ever; it changes nothing for a regular file.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) return cannot_open(name, errno);
  std::unique_ptr<ByteStream> file = std::make_unique<RawFile>(descriptor, name);
  struct stat facts{};
  if (::fstat(descriptor, &facts) != 0) return cannot_open(name, errno);
  if (S_ISDIR(facts.st_mode)) {
    return fail(ErrorCode::kInvalidInput, fmt::format("{} is a directory", name),
                fmt::format("write {} to read the files in it", (path / "*.csv").string()));
  }
  if (!S_ISREG(facts.st_mode)) return fail(ErrorCode::kInvalidInput, fmt::format("{} is not a regular file", name));
  return file;
}

Result<std::unique_ptr<ByteStream>> open_file(const std::filesystem::path& path) {
  HILO_ASSIGN(auto raw, open_raw_file(path));
  return decompress(std::move(raw), path.string());
}

}  // namespace hilo::ingest
