#include "store/durable.h"

#include <cerrno>
#include <fstream>
#include <sstream>
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
  return fail(ErrorCode::kIo, fmt::format("{} cannot be {}: {}", path.string(), what, system_message(number)),
              std::string(advice_for(number)));
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

std::string_view advice_for(int number) {
  switch (number) {
    case ENOSPC:
    case EDQUOT: return "The disk is full. Free some space and run again; nothing is lost.";
    case EACCES:
    case EPERM:
    case EROFS: return "Check who owns the folder and whether it may be written to.";
    case EFBIG: return "The file may not grow so large: look at `ulimit -f`, and at what the file system allows.";
    case EIO: return "The disk is at fault: look into the system's log, and run again when it is mended.";
    default: return "";
  }
}

Result<std::vector<fs::path>> list_folder(const fs::path& path) {
  std::vector<fs::path> found;
  std::error_code failure;
  for (auto at = fs::directory_iterator(path, failure); !failure && at != fs::directory_iterator();
       at.increment(failure)) {
    found.push_back(at->path());
  }
  if (failure && failure.value() != ENOENT) return io_error(path, "listed", failure.value());
  return found;
}

Status sync_folder(const fs::path& folder) {
  HILO_ASSIGN(const std::vector<fs::path> files, list_folder(folder));
  for (const fs::path& file : files) HILO_TRY(sync(file));
  return sync(folder);
}

Status rename_synced(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return io_error(to, "named", errno);
  HILO_TRY(sync(folder_of(to)));
  return sync(folder_of(from));
}

Status duplicate(const fs::path& from, const fs::path& to) {
  std::error_code failure;
  fs::copy_file(from, to, failure);
  // What may only be read is copied to be written to.
  if (!failure) fs::permissions(to, fs::perms::owner_write, fs::perm_options::add, failure);
  if (!failure) return {};
  std::error_code ignored;
  fs::remove(to, ignored);
  return io_error(to, "copied", failure.value());
}

Status link_or_copy(const fs::path& from, const fs::path& to) {
  return ::link(from.c_str(), to.c_str()) == 0 ? Status{} : duplicate(from, to);
}

Status publish_folder(const fs::path& from, const fs::path& to) {
  HILO_TRY(sync_folder(from));
  if (::rename(from.c_str(), to.c_str()) != 0) return io_error(to, "named", errno);
  return sync(folder_of(to));
}

Status publish_file(const fs::path& from, const fs::path& to) {
  HILO_TRY(sync(from));
  if (::rename(from.c_str(), to.c_str()) != 0) return io_error(to, "named", errno);
  return sync(folder_of(to));
}

Status make_folder(const fs::path& path) {
  std::vector<fs::path> missing;
  std::error_code failure;
  for (fs::path at = path; !at.empty() && !fs::exists(at, failure) && !failure; at = at.parent_path()) {
    missing.push_back(at);
  }
  fs::create_directories(path, failure);
  if (failure) return io_error(path, "made", failure.value());
  // A folder whose name is lost takes with it whatever was published in it.
  for (const fs::path& made : missing) {
    if (Status synced = sync(folder_of(made)); !synced) {
      for (const fs::path& empty : missing) fs::remove(empty, failure);
      return synced;
    }
  }
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

int WriterLock::holder(const fs::path& file) {
  struct stat facts{};
  if (::stat(file.c_str(), &facts) != 0) return 0;
  const std::string inode = fmt::format(":{}", facts.st_ino);
  std::ifstream locks("/proc/locks");
  // "1: FLOCK  ADVISORY  WRITE 1234 08:01:5678 0 EOF"; the device is left out, as some file systems hide theirs.
  for (std::string line; std::getline(locks, line);) {
    std::istringstream words(line);
    std::string number, kind, duty, mode, place;
    int process = 0;
    if (words >> number >> kind >> duty >> mode >> process >> place && kind == "FLOCK" && place.ends_with(inode))
      return process;
  }
  return 0;
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
