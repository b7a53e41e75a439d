#include "app/doctor.h"

#include <set>
#include <system_error>

#include <fmt/format.h>
#include <sys/stat.h>

#include "app/doctor_machine.h"
#include "app/doctor_workspace.h"
#include "app/version.h"
#include "store/database.h"

namespace hilo::app {
namespace {

namespace fs = std::filesystem;

Finding judge_versions() {
  const std::string loaded = store::engine_version();
  const std::string built = store::engine_version_built_with();
  const std::string told = fmt::format("hilo {}, DuckDB {}", kVersion, loaded);
  if (loaded == built) return {.area = "program", .about = "versions", .what = told};
  return {.area = "program",
          .about = "versions",
          .verdict = Verdict::kProblem,
          .what = fmt::format("{}, but it was built with DuckDB {}", told, built),
          .advice = "Another libduckdb.so is found first: unset LD_LIBRARY_PATH, or install Hilo again."};
}

Finding not_a_workspace(const DoctorRequest& request, const Error& error) {
  if (request.folder_is_named) {
    return {.area = "workspace",
            .about = "folder",
            .verdict = Verdict::kProblem,
            .what = error.message,
            .advice = error.advice};
  }
  return {.area = "workspace",
          .about = "folder",
          .what = "this is no workspace, nor below one: only the machine and the program were examined"};
}

// The file systems that a run writes to, each once, though most workspaces lie on one.
void add_rooms(const std::vector<fs::path>& folders, std::uint64_t needed, std::vector<Finding>& findings) {
  std::set<std::uint64_t> seen;
  for (const fs::path& folder : folders) {
    struct stat facts{};
    if (::stat(folder.c_str(), &facts) != 0 || !seen.insert(facts.st_dev).second) continue;
    findings.push_back(examine_room(folder, needed));
  }
}

}  // namespace

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOk: return "ok";
    case Verdict::kWarning: return "warning";
    case Verdict::kProblem: return "problem";
  }
  return "";
}

std::vector<Finding> examine(const DoctorRequest& request, const Clock& clock) {
  std::error_code failure;
  const auto find = [&]() -> Result<Workspace> {
    if (fs::is_directory(request.folder, failure)) return Workspace::find(request.folder);
    return fail(ErrorCode::kNotFound, fmt::format("there is no folder {}", request.folder.string()),
                "Name a workspace with -C DIR.");
  };
  const Result<Workspace> workspace = find();
  WorkspaceFindings found;
  // Where no folder is, there is nothing to be measured either.
  std::vector<fs::path> folders = {fs::weakly_canonical(request.folder, failure)};
  if (workspace) {
    found = examine_workspace(*workspace, clock, request.log_reading);
    // Work that is larger than memory spills into the store's folder.
    folders = {workspace->root(), workspace->store_folder(), workspace->log_folder()};
  } else {
    found.findings.push_back(not_a_workspace(request, workspace.error()));
  }
  std::vector<Finding> findings = examine_machine(found.settings, request.surroundings);
  add_rooms(folders, found.bytes_needed, findings);
  findings.push_back(judge_versions());
  findings.insert(findings.end(), found.findings.begin(), found.findings.end());
  return findings;
}

}  // namespace hilo::app
