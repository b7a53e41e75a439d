// Stands between a program and the disk, preloaded: counts every operation that changes the files under one folder,
// records each with its bytes, and lets one fail. tests/sim/disk.py reads the record.
//
//   SIM_ROOT   the folder, absolute; without it nothing happens
//   SIM_TRACE  the file that the record goes to
//   SIM_AT     the number of the operation that the fault strikes, from 1
//   SIM_FAULT  kill    the process ends before the operation
//              eio     the operation fails with EIO, once
//              short   a write takes half of its bytes, once
//              enospc  it and all that follow fail with ENOSPC, where they need space
//              full    the same, but a write takes half of its bytes first
//
// It uses the C library alone, and is built without sanitizers: it is loaded into programs with and without them.
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define HILO_EXPORT extern "C" __attribute__((visibility("default")))

namespace {

// How an operation stands in the record. disk.py has the same numbers.
enum class Kind : std::uint32_t {
  kOpen = 1,
  kWrite = 2,
  kTruncate = 3,
  kSync = 4,
  kRename = 5,
  kRemoveFile = 6,
  kRemoveFolder = 7,
  kMakeFolder = 8,
  kLink = 9,
};

struct Record {
  Kind kind{};
  std::uint32_t file = 0;       // the opening that the operation works on
  std::uint64_t operation = 0;  // 0 = an opening that changes nothing, which is not counted
  std::uint64_t offset = 0;     // of a write; of an opening: 1 = created, 2 = emptied
  std::uint64_t length = 0;     // of a write, its bytes follow; of a truncation the new length
  std::uint32_t path_length = 0;
  std::uint32_t other_length = 0;
};
static_assert(sizeof(Record) == 40);

enum class Fault : std::uint8_t { kNone, kKill, kEio, kShort, kEnospc, kFull };

constexpr int kDescriptorsMax = 65536;

struct State {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  bool ready = false;
  char root[PATH_MAX] = {};
  std::size_t root_length = 0;
  int trace = -1;
  std::uint64_t strikes_at = 0;
  Fault fault = Fault::kNone;
  std::uint64_t operations = 0;
  std::uint32_t openings = 0;
  std::uint32_t file_of[kDescriptorsMax] = {};  // descriptor -> opening, 0 = not under the root
};
State state;

Fault parse_fault(const char* name) {
  if (name == nullptr) return Fault::kNone;
  if (std::strcmp(name, "kill") == 0) return Fault::kKill;
  if (std::strcmp(name, "eio") == 0) return Fault::kEio;
  if (std::strcmp(name, "short") == 0) return Fault::kShort;
  if (std::strcmp(name, "enospc") == 0) return Fault::kEnospc;
  if (std::strcmp(name, "full") == 0) return Fault::kFull;
  return Fault::kNone;
}

void prepare() {
  if (state.ready) return;
  state.ready = true;
  const char* root = std::getenv("SIM_ROOT");
  if (root == nullptr || std::strlen(root) >= sizeof state.root) return;
  std::strcpy(state.root, root);
  state.root_length = std::strlen(root);
  if (const char* trace = std::getenv("SIM_TRACE"); trace != nullptr) {
    state.trace =
        static_cast<int>(syscall(SYS_openat, AT_FDCWD, trace, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    if (state.trace < 0) std::abort();
  }
  if (const char* at = std::getenv("SIM_AT"); at != nullptr) state.strikes_at = std::strtoull(at, nullptr, 10);
  state.fault = parse_fault(std::getenv("SIM_FAULT"));
}

// One operation at a time, so that the record has one order.
class Turn {
 public:
  Turn() {
    pthread_mutex_lock(&state.mutex);
    prepare();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() { pthread_mutex_unlock(&state.mutex); }
};

// The function of that name that this one hides.
template <class Function>
Function* next(Function* /*hidden*/, const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}
#define NEXT(name) next(&name, #name)

// Makes a path absolute and drops `.` and empty parts; no link is followed. Returns whether it lies under the root.
bool resolve(int folder, const char* path, char (&out)[PATH_MAX]) {
  if (state.root_length == 0 || path == nullptr) return false;
  char full[2 * PATH_MAX] = {};
  if (path[0] == '/') {
    std::snprintf(full, sizeof full, "%s", path);
  } else if (folder == AT_FDCWD) {
    char here[PATH_MAX] = {};
    if (getcwd(here, sizeof here) == nullptr) return false;
    std::snprintf(full, sizeof full, "%s/%s", here, path);
  } else {
    char link[64];
    char base[PATH_MAX] = {};
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    if (readlink(link, base, sizeof base - 1) < 0) return false;
    std::snprintf(full, sizeof full, "%s/%s", base, path);
  }
  std::size_t length = 0;
  for (const char* at = full; *at != '\0';) {
    while (*at == '/') ++at;
    const char* end = at;
    while (*end != '\0' && *end != '/') ++end;
    const auto part = static_cast<std::size_t>(end - at);
    if (part == 2 && at[0] == '.' && at[1] == '.') {
      while (length > 0 && out[--length] != '/') continue;  // back to the parent
    } else if (part > 0 && (part != 1 || at[0] != '.')) {
      if (length + part + 2 > sizeof out) return false;
      out[length++] = '/';
      std::memcpy(out + length, at, part);
      length += part;
    }
    at = end;
  }
  out[length] = '\0';
  return std::strncmp(out, state.root, state.root_length) == 0 &&
         (out[state.root_length] == '\0' || out[state.root_length] == '/');
}

void put(const void* data, std::size_t size) {
  const char* at = static_cast<const char*>(data);
  while (size > 0) {
    const long written = syscall(SYS_write, state.trace, at, size);
    if (written <= 0) std::abort();
    at += written;
    size -= static_cast<std::size_t>(written);
  }
}

void record(Record entry, const char* path = nullptr, const char* other = nullptr, const void* data = nullptr) {
  if (state.trace < 0) return;
  entry.path_length = path == nullptr ? 0 : static_cast<std::uint32_t>(std::strlen(path));
  entry.other_length = other == nullptr ? 0 : static_cast<std::uint32_t>(std::strlen(other));
  put(&entry, sizeof entry);
  if (path != nullptr) put(path, entry.path_length);
  if (other != nullptr) put(other, entry.other_length);
  if (data != nullptr) put(data, entry.length);
}

enum class Needs : std::uint8_t { kSpace, kNothing };

// Counts an operation. Returns the error that it must fail with, 0 for none.
int count(Needs needs) {
  ++state.operations;
  if (state.strikes_at == 0 || state.operations < state.strikes_at) return 0;
  const bool now = state.operations == state.strikes_at;
  switch (state.fault) {
    case Fault::kNone:
    case Fault::kShort: return 0;
    case Fault::kKill:
      if (now) kill(getpid(), SIGKILL);
      return 0;
    case Fault::kEio: return now ? EIO : 0;
    case Fault::kFull:
    case Fault::kEnospc: return needs == Needs::kSpace ? ENOSPC : 0;
  }
  return 0;
}

// Returns how many bytes a write takes: all, unless a short write is asked for here.
std::size_t taken(std::size_t size, int& failure) {
  const bool now = state.operations == state.strikes_at;
  if (!now || size < 2 || (state.fault != Fault::kShort && state.fault != Fault::kFull)) return size;
  failure = 0;
  return size / 2;
}

std::uint32_t file_of(int descriptor) {
  return descriptor >= 0 && descriptor < kDescriptorsMax ? state.file_of[descriptor] : 0;
}

void follow(int descriptor, std::uint32_t file) {
  if (descriptor >= 0 && descriptor < kDescriptorsMax) state.file_of[descriptor] = file;
}

bool exists(const char* path) {
  struct stat facts{};
  return ::lstat(path, &facts) == 0;
}

// An opening: one that creates or empties a file is an operation, any other is only followed.
template <class Open>
int open_followed(int folder, const char* path, int flags, Open&& really) {
  const Turn turn;
  char full[PATH_MAX];
  if (!resolve(folder, path, full)) {
    const int descriptor = really();
    follow(descriptor, 0);
    return descriptor;
  }
  const bool creates = (flags & O_CREAT) != 0 && !exists(full);
  const bool empties = !creates && (flags & O_TRUNC) != 0;
  if (creates || empties) {
    if (const int failure = count(creates ? Needs::kSpace : Needs::kNothing); failure != 0) {
      errno = failure;
      return -1;
    }
  }
  const int descriptor = really();
  if (descriptor < 0) return descriptor;
  follow(descriptor, ++state.openings);
  record({.kind = Kind::kOpen,
          .file = state.openings,
          .operation = creates || empties ? state.operations : 0,
          .offset = (creates ? 1U : 0U) | (empties ? 2U : 0U)},
         full);
  return descriptor;
}

template <class Write>
ssize_t write_followed(int descriptor, const char* data, std::size_t size, off_t offset, Write&& really) {
  const Turn turn;
  const std::uint32_t file = file_of(descriptor);
  if (file == 0) return really(data, size);
  int failure = count(Needs::kSpace);
  size = taken(size, failure);
  if (failure != 0) {
    errno = failure;
    return -1;
  }
  const ssize_t written = really(data, size);
  if (written <= 0) return written;
  // Without an offset of its own the write moved the descriptor's, to the end where the file was opened to append.
  const off_t start = offset >= 0 ? offset : lseek(descriptor, 0, SEEK_CUR) - written;
  record({.kind = Kind::kWrite,
          .file = file,
          .operation = state.operations,
          .offset = static_cast<std::uint64_t>(start),
          .length = static_cast<std::uint64_t>(written)},
         nullptr, nullptr, data);
  return written;
}

template <class Change>
int change_file(int descriptor, Kind kind, std::uint64_t length, Needs needs, Change&& really) {
  const Turn turn;
  const std::uint32_t file = file_of(descriptor);
  if (file == 0) return really();
  if (const int failure = count(needs); failure != 0) {
    errno = failure;
    return -1;
  }
  const int done = really();
  if (done == 0) record({.kind = kind, .file = file, .operation = state.operations, .length = length});
  return done;
}

template <class Change>
int change_name(Kind kind, int folder, const char* path, Needs needs, Change&& really) {
  const Turn turn;
  char full[PATH_MAX];
  if (!resolve(folder, path, full)) return really();
  if (const int failure = count(needs); failure != 0) {
    errno = failure;
    return -1;
  }
  const int done = really();
  if (done == 0) record({.kind = kind, .operation = state.operations}, full);
  return done;
}

// A rename or a hard link.
template <class Change>
int second_name(Kind kind, int from_folder, const char* from, int to_folder, const char* to, Change&& really) {
  const Turn turn;
  char old_path[PATH_MAX];
  char new_path[PATH_MAX];
  const bool leaves = resolve(from_folder, from, old_path);
  const bool comes = resolve(to_folder, to, new_path);
  if (!leaves && !comes) return really();
  if (leaves != comes) std::abort();  // no program under test moves anything over the border of the folder
  if (const int failure = count(Needs::kSpace); failure != 0) {
    errno = failure;
    return -1;
  }
  const int done = really();
  if (done == 0) record({.kind = kind, .operation = state.operations}, old_path, new_path);
  return done;
}

int flags_of(const char* mode) {
  if (mode[0] == 'w') return O_CREAT | O_TRUNC;
  return mode[0] == 'a' ? O_CREAT : 0;
}

template <class Open>
FILE* stream_followed(const char* path, const char* mode, Open&& really) {
  FILE* stream = nullptr;
  open_followed(AT_FDCWD, path, flags_of(mode), [&] {
    stream = really();
    return stream == nullptr ? -1 : fileno(stream);
  });
  return stream;
}

bool is_followed(int descriptor) {
  const Turn turn;
  return file_of(descriptor) != 0;
}

// To make a file shorter needs no space.
Needs needs_of_length(int descriptor, off_t length) {
  struct stat facts{};
  return fstat(descriptor, &facts) == 0 && length <= facts.st_size ? Needs::kNothing : Needs::kSpace;
}

mode_t mode_argument(int flags, va_list arguments) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? static_cast<mode_t>(va_arg(arguments, unsigned)) : 0;
}

}  // namespace

// Every name below hides the C library's function.

#define OPEN(name)                                                                        \
  HILO_EXPORT int name(const char* path, int flags, ...) {                                \
    va_list arguments;                                                                    \
    va_start(arguments, flags);                                                           \
    const mode_t mode = mode_argument(flags, arguments);                                  \
    va_end(arguments);                                                                    \
    static auto* const real = NEXT(name);                                                 \
    return open_followed(AT_FDCWD, path, flags, [&] { return real(path, flags, mode); }); \
  }
OPEN(open)
OPEN(open64)

#define OPEN_AT(name)                                                                           \
  HILO_EXPORT int name(int folder, const char* path, int flags, ...) {                          \
    va_list arguments;                                                                          \
    va_start(arguments, flags);                                                                 \
    const mode_t mode = mode_argument(flags, arguments);                                        \
    va_end(arguments);                                                                          \
    static auto* const real = NEXT(name);                                                       \
    return open_followed(folder, path, flags, [&] { return real(folder, path, flags, mode); }); \
  }
OPEN_AT(openat)
OPEN_AT(openat64)

#define STREAM(name)                                                      \
  HILO_EXPORT FILE* name(const char* path, const char* mode) {            \
    static auto* const real = NEXT(name);                                 \
    return stream_followed(path, mode, [&] { return real(path, mode); }); \
  }
STREAM(fopen)
STREAM(fopen64)

HILO_EXPORT int close(int descriptor) {
  const Turn turn;
  static auto* const real = NEXT(close);
  follow(descriptor, 0);
  return real(descriptor);
}

HILO_EXPORT int fclose(FILE* stream) {
  const Turn turn;
  static auto* const real = NEXT(fclose);
  follow(fileno(stream), 0);
  return real(stream);
}

HILO_EXPORT ssize_t write(int descriptor, const void* data, size_t size) {
  static auto* const real = NEXT(write);
  return write_followed(descriptor, static_cast<const char*>(data), size, -1,
                        [&](const char* from, std::size_t length) { return real(descriptor, from, length); });
}

#define WRITE_AT(name)                                                                                 \
  HILO_EXPORT ssize_t name(int descriptor, const void* data, size_t size, off_t offset) {              \
    static auto* const real = NEXT(name);                                                              \
    return write_followed(                                                                             \
        descriptor, static_cast<const char*>(data), size, offset,                                      \
        [&](const char* from, std::size_t length) { return real(descriptor, from, length, offset); }); \
  }
WRITE_AT(pwrite)
WRITE_AT(pwrite64)

// Part by part: each is an operation, as each may be cut off from the next.
HILO_EXPORT ssize_t writev(int descriptor, const iovec* parts, int number) {
  ssize_t total = 0;
  for (int part = 0; part < number; ++part) {
    if (parts[part].iov_len == 0) continue;
    const ssize_t written = write(descriptor, parts[part].iov_base, parts[part].iov_len);
    if (written < 0) return total > 0 ? total : written;
    total += written;
    if (static_cast<std::size_t>(written) < parts[part].iov_len) break;
  }
  return total;
}

#define TRUNCATE(name)                                                                                 \
  HILO_EXPORT int name(int descriptor, off_t length) noexcept {                                        \
    static auto* const real = NEXT(name);                                                              \
    return change_file(descriptor, Kind::kTruncate, static_cast<std::uint64_t>(length),                \
                       needs_of_length(descriptor, length), [&] { return real(descriptor, length); }); \
  }
TRUNCATE(ftruncate)
TRUNCATE(ftruncate64)

// No file system owes the next two, and programs do without. A hole could not be told from zeros in the record, and
// what the kernel copies is not seen.
HILO_EXPORT int fallocate(int descriptor, int mode, off_t offset, off_t length) {
  static auto* const real = NEXT(fallocate);
  if (is_followed(descriptor)) {
    errno = EOPNOTSUPP;
    return -1;
  }
  return real(descriptor, mode, offset, length);
}

HILO_EXPORT ssize_t sendfile(int to, int from, off_t* offset, size_t size) noexcept {
  static auto* const real = NEXT(sendfile);
  if (is_followed(to)) {
    errno = EINVAL;
    return -1;
  }
  return real(to, from, offset, size);
}

#define SYNC(name)                                                                                   \
  HILO_EXPORT int name(int descriptor) {                                                             \
    static auto* const real = NEXT(name);                                                            \
    return change_file(descriptor, Kind::kSync, 0, Needs::kSpace, [&] { return real(descriptor); }); \
  }
SYNC(fsync)
SYNC(fdatasync)

HILO_EXPORT int rename(const char* from, const char* to) noexcept {
  static auto* const real = NEXT(rename);
  return second_name(Kind::kRename, AT_FDCWD, from, AT_FDCWD, to, [&] { return real(from, to); });
}

HILO_EXPORT int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept {
  static auto* const real = NEXT(renameat);
  return second_name(Kind::kRename, from_folder, from, to_folder, to,
                     [&] { return real(from_folder, from, to_folder, to); });
}

HILO_EXPORT int link(const char* from, const char* to) noexcept {
  static auto* const real = NEXT(link);
  return second_name(Kind::kLink, AT_FDCWD, from, AT_FDCWD, to, [&] { return real(from, to); });
}

HILO_EXPORT int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) noexcept {
  static auto* const real = NEXT(linkat);
  return second_name(Kind::kLink, from_folder, from, to_folder, to,
                     [&] { return real(from_folder, from, to_folder, to, flags); });
}

HILO_EXPORT int mkdir(const char* path, mode_t mode) noexcept {
  static auto* const real = NEXT(mkdir);
  return change_name(Kind::kMakeFolder, AT_FDCWD, path, Needs::kSpace, [&] { return real(path, mode); });
}

HILO_EXPORT int rmdir(const char* path) noexcept {
  static auto* const real = NEXT(rmdir);
  return change_name(Kind::kRemoveFolder, AT_FDCWD, path, Needs::kNothing, [&] { return real(path); });
}

HILO_EXPORT int unlink(const char* path) noexcept {
  static auto* const real = NEXT(unlink);
  return change_name(Kind::kRemoveFile, AT_FDCWD, path, Needs::kNothing, [&] { return real(path); });
}

HILO_EXPORT int unlinkat(int folder, const char* path, int flags) noexcept {
  static auto* const real = NEXT(unlinkat);
  const Kind kind = (flags & AT_REMOVEDIR) != 0 ? Kind::kRemoveFolder : Kind::kRemoveFile;
  return change_name(kind, folder, path, Needs::kNothing, [&] { return real(folder, path, flags); });
}

HILO_EXPORT int remove(const char* path) noexcept {
  struct stat facts{};
  if (lstat(path, &facts) == 0 && S_ISDIR(facts.st_mode)) return rmdir(path);
  return unlink(path);
}
