#include "store/nameless_file.h"

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/durable.h"

namespace hilo::store {
namespace {

std::unexpected<Error> refused(const std::filesystem::path& folder, int number) {
  return fail(ErrorCode::kIo,
              fmt::format("no file can be made in {}: {}", folder.string(), std::system_category().message(number)),
              std::string(advice_for(number)));
}

// Not every file system has files that never had a name.
int named_and_removed(const std::filesystem::path& folder) {
  std::string name = (folder / ".nameless.XXXXXX").string();
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor >= 0) ::unlink(name.c_str());
  return descriptor;
}

}  // namespace

Result<NamelessFile> NamelessFile::in(const std::filesystem::path& folder) {
  int descriptor = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT))
    descriptor = named_and_removed(folder);
  if (descriptor < 0) return refused(folder, errno);
  return NamelessFile(descriptor);
}

NamelessFile::NamelessFile(NamelessFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

NamelessFile& NamelessFile::operator=(NamelessFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

NamelessFile::~NamelessFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::string NamelessFile::path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

Result<std::int64_t> NamelessFile::size() const {
  struct stat facts{};
  if (::fstat(descriptor_, &facts) != 0) {
    return fail(ErrorCode::kIo, "the size of a file cannot be told: " + std::system_category().message(errno));
  }
  return facts.st_size;
}

}  // namespace hilo::store
