#include "store/memory.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <memory>
#include <mutex>

#include <sys/resource.h>
#include <unistd.h>

#include "base/text.h"

namespace hilo::store {
namespace {

constexpr std::uint64_t kMegabyte = 1'000'000;
constexpr std::uint64_t kGigabyte = 1'000'000'000;

// What counts against RLIMIT_DATA: all private memory that may be written, used or only reserved (sanitizers reserve
// terabytes). Linux, proc_pid_statm(5): the sixth number, in pages.
std::uint64_t data_bytes() {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen("/proc/self/statm", "re"), &std::fclose);
  std::uint64_t pages = 0;
  if (file == nullptr || std::fscanf(file.get(), "%*u %*u %*u %*u %*u %lu", &pages) != 1) return 0;
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

std::uint64_t default_memory_bytes() {
  constexpr double kBytesMax = 4e9;
  constexpr double kShareOfMachine = 0.6;
  const auto machine = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  return static_cast<std::uint64_t>(std::min(kBytesMax, kShareOfMachine * machine));
}

std::uint64_t bytes_of_size(std::string_view size) {
  if (size.size() < 3) return 0;
  const std::string_view unit = size.substr(size.size() - 2);
  const std::string_view digits = trim(size.substr(0, size.size() - 2));
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (failure != std::errc{} || end != digits.data() + digits.size()) return 0;
  if (unit == "MB") return number * kMegabyte;
  if (unit == "GB") return number * kGigabyte;
  return unit == "TB" ? number * 1000 * kGigabyte : 0;
}

void bound_process_memory(std::uint64_t engine_bytes) {
  const std::uint64_t held = data_bytes();
  if (held == 0) return;
  static std::mutex mutex;
  static std::uint64_t widest = 0;
  const std::lock_guard lock(mutex);
  if (engine_bytes <= widest) return;
  rlimit limit{};
  if (::getrlimit(RLIMIT_DATA, &limit) != 0) return;
  const rlim_t wanted = held + 2 * engine_bytes + kGigabyte;
  if (limit.rlim_max != RLIM_INFINITY && wanted > limit.rlim_max) return;
  // What somebody set for this process on purpose stays.
  if (widest == 0 && limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < wanted) return;
  limit.rlim_cur = wanted;
  if (::setrlimit(RLIMIT_DATA, &limit) == 0) widest = engine_bytes;
}

}  // namespace hilo::store
