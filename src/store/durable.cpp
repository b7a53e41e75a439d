#include "store/durable.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hilo::store {
namespace {

std::string system_message(int number) { return std::system_category().message(number); }

std::unexpected<Error> io_error(const fs::path& path, std::string_view what, int number) {
  std::string advice;
  if (number == ENOSPC) advice = "The disk is full. Free some space and run again; nothing was changed.";
  if (number == EACCES || number == EROFS) advice = "Check who owns the folder and whether it may be written to.";
  return fail(ErrorCode::kIo, fmt::format("{} cannot be {}: {}", path.string(), what, system_message(number)), advice);
}

// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] bool valid() const { return number_ >= 0; }

 private:
  int number_;
};

Status write_all(int descriptor, std::string_view content, const fs::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return io_error(path, "written", errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

// A name without a folder stands in the one the program runs in.
fs::path folder_of(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path("."); }

}  // namespace

Status write_file(const fs::path& path, std::string_view content) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!file.valid()) return io_error(path, "created", errno);
  HILO_TRY(write_all(file.get(), content, path));
  if (::fsync(file.get()) != 0) return io_error(path, "synced", errno);
  return {};
}

Result<std::string> read_file(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid() && errno == ENOENT) return fail(ErrorCode::kNotFound, path.string() + " does not exist");
  if (!file.valid()) return io_error(path, "opened", errno);
  struct stat facts{};
  if (::fstat(file.get(), &facts) != 0) return io_error(path, "examined", errno);
  if (!S_ISREG(facts.st_mode)) return fail(ErrorCode::kInvalidInput, path.string() + " is not a regular file");
  std::string content;
  content.resize(static_cast<std::size_t>(facts.st_size));
  std::size_t done = 0;
  while (done < content.size()) {
    const ssize_t got = ::read(file.get(), content.data() + done, content.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return io_error(path, "read", errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  content.resize(done);
  return content;
}

Status sync(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return io_error(path, "opened", errno);
  if (::fsync(file.get()) != 0) return io_error(path, "synced", errno);
  return {};
}

Status publish_folder(const fs::path& from, const fs::path& to) {
  std::error_code failure;
  for (const fs::directory_entry& entry : fs::directory_iterator(from, failure)) HILO_TRY(sync(entry.path()));
  if (failure) return io_error(from, "listed", failure.value());
  HILO_TRY(sync(from));
  if (::rename(from.c_str(), to.c_str()) != 0) return io_error(to, "named", errno);
  return sync(folder_of(to));
}

Status publish_file(const fs::path& from, const fs::path& to) {
  HILO_TRY(sync(from));
  if (::rename(from.c_str(), to.c_str()) != 0) return io_error(to, "named", errno);
  return sync(folder_of(to));
}

Status make_folder(const fs::path& path) {
  std::error_code failure;
  fs::create_directories(path, failure);
  if (failure) return io_error(path, "made", failure.value());
  return {};
}

Status remove_tree(const fs::path& path) {
  std::error_code failure;
  fs::remove_all(path, failure);
  if (failure) return io_error(path, "removed", failure.value());
  return {};
}

Result<WriterLock> WriterLock::take(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor < 0) return io_error(file, "opened", errno);
  WriterLock lock(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return io_error(file, "locked", errno);
    char holder[32] = {};
    const ssize_t got = ::pread(descriptor, holder, sizeof holder - 1, 0);
    const std::string_view who(holder, got > 0 ? static_cast<std::size_t>(got) : 0);
    return fail(ErrorCode::kConflict,
                fmt::format("another run is under way here{}", who.empty() ? "" : fmt::format(" (process {})", who)),
                "Wait until it ends, then run again; questions can be asked meanwhile.");
  }
  const std::string who = std::to_string(::getpid());
  if (::ftruncate(descriptor, 0) != 0) return io_error(file, "written", errno);
  HILO_TRY(write_all(descriptor, who, file));
  return lock;
}

WriterLock::WriterLock(WriterLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

WriterLock& WriterLock::operator=(WriterLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

WriterLock::~WriterLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace hilo::store
