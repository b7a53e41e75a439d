// The doctor: what is well and what is not with the machine and a workspace, and what to do about it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace hilo::app {

enum class Verdict : std::uint8_t {
  kOk,
  kWarning,  ///< it works, but somebody should know
  kProblem,  ///< a run or a question fails, or soon will
};
[[nodiscard]] std::string_view verdict_name(Verdict verdict);

/// What was found of one thing. Holds no contact data.
struct Finding {
  std::string area;   ///< machine, program, workspace
  std::string about;  ///< memory, log, ...
  Verdict verdict = Verdict::kOk;
  std::string what;         ///< one line
  std::string advice = {};  ///< what to do; "" where nothing is to be done
};

/// What the process was started with, as far as it matters; nothing = not set or empty.
struct Surroundings {
  std::optional<std::string> home = {};
  std::optional<std::string> lc_all = {};
  std::optional<std::string> lc_ctype = {};
  std::optional<std::string> lang = {};
};

/// How much of the log is read.
enum class LogReading : std::uint8_t {
  kRowCounts,  ///< of each file its end, where its number of rows stands
  kThorough,   ///< every value
};

struct DoctorRequest {
  std::filesystem::path folder;
  bool folder_is_named = false;  ///< the user says that it is a workspace; else it is only where they stand
  Surroundings surroundings = {};
  LogReading log_reading = LogReading::kRowCounts;
};

/// Examines the machine, the program and the workspace of the folder; outside of one, it says so and looks at the rest.
/// Writes and removes a file of its own in each folder that a run writes to, and changes nothing else.
/// **Shape**: by area; within one, causes before effects.
[[nodiscard]] std::vector<Finding> examine(const DoctorRequest& request, const Clock& clock);

}  // namespace hilo::app
