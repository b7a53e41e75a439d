#include "app/doctor_machine.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <system_error>

#include <fmt/format.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/text.h"
#include "store/memory.h"

namespace hilo::app {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMegabyte = 1'000'000;
constexpr std::uint64_t kGigabyte = 1000 * kMegabyte;
// With less, the engine cannot hold the blocks that its threads work on.
constexpr std::uint64_t kMemoryMin = 512 * kMegabyte;
constexpr std::uint64_t kRoomMin = 100 * kMegabyte;
constexpr std::uint64_t kRoomEnough = kGigabyte;
constexpr std::uint64_t kFilesFreeMin = 1000;
constexpr std::uint64_t kOpenFilesMin = 256;
constexpr std::uint64_t kOpenFilesEnough = 1024;

Finding of_machine(std::string about, Verdict verdict, std::string what, std::string advice = {}) {
  return {.area = "machine",
          .about = std::move(about),
          .verdict = verdict,
          .what = std::move(what),
          .advice = std::move(advice)};
}

// The processors that this process may use, which in a container are often fewer than there are.
int usable_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1, static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN)));
}

// A file of the kernel that holds one number, "max" or nothing; 0 for all but a number.
std::uint64_t number_in(const fs::path& file) {
  std::ifstream in(file);
  std::uint64_t number = 0;
  return in >> number ? number : 0;
}

std::uint64_t available_memory() {
  std::ifstream in("/proc/meminfo");
  for (std::string line; std::getline(in, line);) {
    constexpr std::string_view kName = "MemAvailable:";
    std::uint64_t kibibytes = 0;
    if (line.starts_with(kName) && std::istringstream(line.substr(kName.size())) >> kibibytes) return kibibytes * 1024;
  }
  return 0;
}

}  // namespace

Memory memory_of_machine() {
  Memory memory;
  memory.all = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(::getpagesize());
  memory.available = available_memory();
  const struct {
    const char* limit;
    const char* used;
  } groups[] = {{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"},
                {"/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"}};
  for (const auto& group : groups) {
    const std::uint64_t limit = number_in(group.limit);
    if (limit == 0 || limit >= memory.all) continue;
    const std::uint64_t used = std::min(limit, number_in(group.used));
    memory = {.all = limit, .available = std::min(memory.available, limit - used), .of_container = true};
  }
  return memory;
}

Finding judge_processors(int processors, int threads) {
  if (threads > processors) {
    return of_machine(
        "processors", Verdict::kWarning,
        fmt::format("engine.threads is {}, but this process may use {}", threads, counted(processors, "processor")),
        "Lower engine.threads in hilo.yaml, or leave it out: then all are used.");
  }
  return of_machine(
      "processors", Verdict::kOk,
      fmt::format("{}, of which the engine uses {}", processors, threads == 0 ? "all" : std::to_string(threads)));
}

Finding judge_memory(const Memory& memory, std::uint64_t limit) {
  const std::string has =
      fmt::format("{} {} has {}", "the", memory.of_container ? "container" : "machine", human_bytes(memory.all));
  const std::string told =
      fmt::format("{}, {} of it free; the engine may take {}", has, human_bytes(memory.available), human_bytes(limit));
  if (memory.all < kMemoryMin) {
    return of_machine("memory", Verdict::kProblem, told,
                      fmt::format("Hilo needs {} at the least.", human_bytes(kMemoryMin)));
  }
  if (limit >= memory.all) {
    return of_machine("memory", Verdict::kProblem, told,
                      "A run may be killed for want of memory: lower engine.memory_limit in hilo.yaml below it.");
  }
  if (limit > memory.available) {
    return of_machine("memory", Verdict::kWarning, told,
                      "End other programs before a large run, or lower engine.memory_limit in hilo.yaml.");
  }
  return of_machine("memory", Verdict::kOk, told);
}

Finding judge_room(const Room& room, std::uint64_t needed) {
  const std::string told = fmt::format("{} free at {}", human_bytes(room.bytes_free), room.folder);
  const std::string advice = "Free some space: a run builds the new store beside the old one.";
  if (room.bytes_free < std::max(needed, kRoomMin)) {
    return of_machine("disk", Verdict::kProblem,
                      fmt::format("only {}, and the next run needs {}", told, human_bytes(std::max(needed, kRoomMin))),
                      advice);
  }
  if (room.files > 0 && room.files_free < kFilesFreeMin) {
    return of_machine(
        "disk", Verdict::kProblem,
        fmt::format("{}, but no more than {}", told, counted(static_cast<std::int64_t>(room.files_free), "new file")),
        "Remove files that nobody needs: the file system has a number of them, too.");
  }
  if (room.bytes_free < 2 * needed + kRoomEnough) return of_machine("disk", Verdict::kWarning, "only " + told, advice);
  return of_machine("disk", Verdict::kOk, told);
}

Finding judge_open_files(std::uint64_t soft, std::uint64_t hard) {
  const std::string told =
      fmt::format("{} may be open at a time",
                  soft == RLIM_INFINITY ? "any number" : with_separators(static_cast<std::int64_t>(soft)));
  if (soft >= kOpenFilesEnough) return of_machine("open files", Verdict::kOk, told);
  const std::string advice =
      hard >= kOpenFilesEnough
          ? fmt::format("Raise it before a run: `ulimit -n {}`.", kOpenFilesEnough)
          : std::string("Raise the hard limit: LimitNOFILE= of a service, or /etc/security/limits.conf.");
  return of_machine("open files", soft < kOpenFilesMin ? Verdict::kProblem : Verdict::kWarning, "only " + told, advice);
}

Finding judge_locale(const Surroundings& surroundings) {
  const std::string name =
      surroundings.lc_all.value_or(surroundings.lc_ctype.value_or(surroundings.lang.value_or("C")));
  const std::size_t dot = name.find('.');
  const std::string charset =
      dot == std::string::npos ? "" : lower_ascii(name.substr(dot + 1, name.find('@') - dot - 1));
  if (charset.empty() || charset == "utf-8" || charset == "utf8")
    return of_machine("locale", Verdict::kOk, fmt::format("{}; what Hilo writes is UTF-8 in any", name));
  return of_machine("locale", Verdict::kWarning, fmt::format("{}, but what Hilo writes is UTF-8", name),
                    "Letters with accents will look wrong: set LC_ALL=C.UTF-8, and the terminal to UTF-8.");
}

Finding judge_home(const Surroundings& surroundings) {
  std::error_code failure;
  if (!surroundings.home) return of_machine("home", Verdict::kOk, "HOME is not set; nothing of it is needed");
  if (fs::is_directory(*surroundings.home, failure)) return of_machine("home", Verdict::kOk, *surroundings.home);
  return of_machine("home", Verdict::kWarning, fmt::format("HOME is {}, which is no folder", *surroundings.home),
                    "Hilo needs none, but a shell and a pager do: set HOME to the user's folder.");
}

std::vector<Finding> examine_machine(const Settings& settings, const Surroundings& surroundings) {
  std::vector<Finding> findings;
  findings.push_back(judge_processors(usable_processors(), settings.threads));
  const std::uint64_t limit = store::bytes_of_size(settings.memory_limit);
  findings.push_back(judge_memory(memory_of_machine(), limit > 0 ? limit : store::default_memory_bytes()));
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0) findings.push_back(judge_open_files(files.rlim_cur, files.rlim_max));
  findings.push_back(judge_locale(surroundings));
  findings.push_back(judge_home(surroundings));
  return findings;
}

Finding examine_room(const fs::path& folder, std::uint64_t needed) {
  struct statvfs facts{};
  if (::statvfs(folder.c_str(), &facts) != 0) {
    return of_machine("disk", Verdict::kWarning,
                      fmt::format("what is free at {} cannot be told: {}", folder.string(),
                                  std::error_code(errno, std::generic_category()).message()));
  }
  return judge_room({.folder = folder.string(),
                     .bytes_free = static_cast<std::uint64_t>(facts.f_bavail) * facts.f_frsize,
                     .files = facts.f_files,
                     .files_free = facts.f_favail},
                    needed);
}

}  // namespace hilo::app
