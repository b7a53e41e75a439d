// The doctor's look at the machine and at what the process was started with.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "app/doctor.h"
#include "model/settings.h"

namespace hilo::app {

/// **Units**: bytes.
struct Memory {
  std::uint64_t all = 0;        ///< of the machine, or of the container where it allows less
  std::uint64_t available = 0;  ///< without taking it from others
  bool of_container = false;
};

/// What a file system has left for us. **Units**: bytes, files.
struct Room {
  std::string folder;
  std::uint64_t bytes_free = 0;
  std::uint64_t files = 0;  ///< 0 = it does not count them
  std::uint64_t files_free = 0;
};

[[nodiscard]] Memory memory_of_machine();

[[nodiscard]] Finding judge_processors(int processors, int threads);
/// `limit`: the engine's, in bytes.
[[nodiscard]] Finding judge_memory(const Memory& memory, std::uint64_t limit);
/// `needed`: bytes that the next run surely takes, as it builds a new store beside the old one.
[[nodiscard]] Finding judge_room(const Room& room, std::uint64_t needed);
/// `soft` and `hard` are the process's limits of open files.
[[nodiscard]] Finding judge_open_files(std::uint64_t soft, std::uint64_t hard);
[[nodiscard]] Finding judge_locale(const Surroundings& surroundings);
[[nodiscard]] Finding judge_home(const Surroundings& surroundings);

/// Examines processors, memory, open files, locale and home. `settings`: of the workspace, else the defaults.
[[nodiscard]] std::vector<Finding> examine_machine(const Settings& settings, const Surroundings& surroundings);
/// Examines the file system of a folder. **Requires**: the folder exists.
[[nodiscard]] Finding examine_room(const std::filesystem::path& folder, std::uint64_t needed);

}  // namespace hilo::app
