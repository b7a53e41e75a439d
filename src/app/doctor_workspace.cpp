#include "app/doctor_workspace.h"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "app/build_store.h"
#include "app/check.h"
#include "base/text.h"
#include "store/durable.h"
#include "store/generation.h"
#include "store/log_check.h"

namespace hilo::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kErrorsShown = 5;
constexpr std::string_view kTrialName = ".hilo-doctor-";

Finding of_workspace(std::string about, Verdict verdict, std::string what, std::string advice = {}) {
  return {.area = "workspace",
          .about = std::move(about),
          .verdict = verdict,
          .what = std::move(what),
          .advice = std::move(advice)};
}

// A finding is one line; what stands below it in an error's message is for who runs the command itself.
std::string first_line(std::string_view text) { return std::string(split(text, '\n').front()); }

Finding problem_of(std::string about, const Error& error) {
  std::string place;
  if (!error.position.file.empty()) {
    place = error.position.file + ":";
    if (error.position.line > 0) place += fmt::format("{}:{}:", error.position.line, error.position.column);
    place += " ";
  }
  return of_workspace(std::move(about), Verdict::kProblem, place + first_line(error.message),
                      error.advice.empty() ? "`hilo check` tells more." : error.advice);
}

void add_errors(std::vector<Finding>& findings, const std::string& about, const std::vector<Error>& errors) {
  const std::size_t shown = std::min(errors.size(), kErrorsShown);
  for (std::size_t at = 0; at < shown; ++at) findings.push_back(problem_of(about, errors[at]));
  if (errors.size() > shown) {
    findings.push_back(
        of_workspace(about, Verdict::kProblem,
                     fmt::format("{} more", counted(static_cast<std::int64_t>(errors.size() - shown), "error")),
                     "`hilo check` lists them all."));
  }
}

// What a definition says of a source's data is told by `check`, which may show some of it; here a count must do.
void add_checked(std::vector<Finding>& findings, const CheckedWorkspace& checked) {
  std::size_t attributes = 0;
  for (const expr::AttributeSet& set : checked.program.sets) attributes += set.columns.size();
  findings.push_back(of_workspace(
      "definitions", Verdict::kOk,
      fmt::format("{}, {}, {}", counted(static_cast<std::int64_t>(checked.definitions.sources.size()), "source"),
                  counted(static_cast<std::int64_t>(attributes), "attribute"),
                  counted(static_cast<std::int64_t>(checked.segments.rules.size()), "segment"))));
  if (!checked.doubtful.empty()) {
    findings.push_back(of_workspace("definitions", Verdict::kWarning,
                                    fmt::format("{} with records that a run would reject",
                                                counted(static_cast<std::int64_t>(checked.doubtful.size()), "source")),
                                    "`hilo check` tells which, and why."));
  }
  for (const std::string& source : checked.forgotten)
    findings.push_back(of_workspace("definitions", Verdict::kWarning, first_line(source)));
}

// Reads the definitions, against the log where it can be read, and returns the settings.
Settings examine_definitions(const Workspace& workspace, const Result<store::Log>& log,
                             std::vector<Finding>& findings) {
  const auto texts = workspace.read_definitions();
  if (!texts) {
    findings.push_back(problem_of("definitions", texts.error()));
    return {};
  }
  if (log) {
    const auto checked = check_workspace(workspace, *texts, *log);
    if (checked) {
      add_checked(findings, *checked);
      return checked->definitions.settings;
    }
    add_errors(findings, "definitions", checked.error());
  }
  // The settings may be right where the rest is not, and the machine is judged by them.
  auto database = store::Database::open("");
  if (!database) return {};
  auto scratch = database->connect();
  if (!scratch) return {};
  const auto definitions = read_definitions(*texts, *scratch);
  if (!definitions && !log) add_errors(findings, "definitions", definitions.error());
  return definitions ? definitions->settings : Settings{};
}

Finding examine_folder(const fs::path& folder, const std::string& name) {
  std::error_code failure;
  const std::string about = name + " folder";
  const fs::file_status link = fs::symlink_status(folder, failure);
  if (link.type() == fs::file_type::not_found)
    return of_workspace(about, Verdict::kOk, "not there yet: the first run makes it");
  const bool is_link = fs::is_symlink(link);
  if (is_link && !fs::exists(folder, failure)) {
    return of_workspace(about, Verdict::kProblem, fmt::format("{} is a link to what is not there", folder.string()),
                        "Mount what it points to, or point it elsewhere.");
  }
  if (!fs::is_directory(folder, failure)) {
    return of_workspace(about, Verdict::kProblem, fmt::format("{} is no folder", folder.string()),
                        "Move away what stands there.");
  }
  if (const Status written = try_writing(folder); !written) {
    return of_workspace(about, Verdict::kProblem, first_line(written.error().message),
                        written.error().advice.empty() ? "Check who owns the folder, and whether it may be written to."
                                                       : written.error().advice);
  }
  return of_workspace(
      about, Verdict::kOk,
      is_link ? fmt::format("can be written to; it is a link to {}", fs::read_symlink(folder, failure).string())
              : "can be written to");
}

// Whether what is renamed there is still there after a power cut, and whether a lock there keeps other machines out.
void add_file_system(const fs::path& folder, const std::string& name, std::vector<Finding>& findings) {
  constexpr std::uint64_t kTmpfs = 0x01021994;
  constexpr std::uint64_t kRamfs = 0x858458F6;
  constexpr std::uint64_t kNfs = 0x6969;
  constexpr std::uint64_t kSmb = 0x517B;
  constexpr std::uint64_t kCifs = 0xFF534D42;
  constexpr std::uint64_t kSmb2 = 0xFE534D42;
  struct statfs facts{};
  if (::statfs(folder.c_str(), &facts) != 0) return;
  const auto kind = static_cast<std::uint64_t>(facts.f_type) & 0xFFFFFFFF;
  if (kind == kTmpfs || kind == kRamfs) {
    findings.push_back(of_workspace(name, Verdict::kWarning, fmt::format("{} lies in memory", folder.string()),
                                    "It is gone when the machine stops: keep what matters on a disk."));
  } else if (kind == kNfs || kind == kSmb || kind == kCifs || kind == kSmb2) {
    findings.push_back(of_workspace(name, Verdict::kWarning, fmt::format("{} lies on another machine", folder.string()),
                                    "Let only one machine run Hilo on it: its lock may not hold across machines."));
  }
}

Finding examine_leftovers(const Workspace& workspace) {
  if (const int process = store::WriterLock::holder(workspace.lock_file()); process != 0) {
    return of_workspace("unfinished", Verdict::kOk, fmt::format("a run is under way (process {})", process));
  }
  std::vector<std::string> left;
  std::error_code failure;
  for (const char* name : {"log/.next", "log/.rewrite.next", "log/.rewrite", "store/.building.duckdb",
                           "store/.building.duckdb.wal", "store/.spill", "store/.trial.unfinished"}) {
    if (fs::exists(workspace.root() / name, failure)) left.emplace_back(name);
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(workspace.root() / "store/.known", failure)) {
    if (entry.path().extension() == ".unfinished") left.push_back("store/.known/" + entry.path().filename().string());
  }
  if (left.empty()) return of_workspace("unfinished", Verdict::kOk, "nothing was left over by a run");
  const bool erased = std::ranges::find(left, "log/.rewrite") != left.end();
  return of_workspace("unfinished", Verdict::kWarning,
                      fmt::format("a run did not come to its end and left {}", join(left, ", ")),
                      erased ? "log/.rewrite is an erasure that counts; the next `hilo run` ends it."
                             : "Nothing of it counts; the next `hilo run` removes it.");
}

void examine_log(const Result<store::Log>& log, LogReading reading, int threads, std::vector<Finding>& findings) {
  if (!log) return findings.push_back(problem_of("log", log.error()));
  if (log->empty())
    return findings.push_back(of_workspace("log", Verdict::kOk, "empty: `hilo run` takes what the sources describe"));
  const bool thorough = reading == LogReading::kThorough;
  const auto checked =
      store::check_log(*log, thorough ? store::CheckDepth::kContent : store::CheckDepth::kRowCounts, threads);
  if (!checked) return findings.push_back(problem_of("log", checked.error()));
  const std::string told = fmt::format("{} with {} in {}", counted(log->last_run(), "run"), counted(log->rows(), "row"),
                                       counted(checked->files, "file"));
  if (checked->faults.empty())
    return findings.push_back(of_workspace("log", Verdict::kOk, thorough ? told + ", read through" : told));
  const store::LogFault& first = checked->faults.front();
  const auto others = static_cast<std::int64_t>(checked->faults.size()) - 1;
  findings.push_back(
      of_workspace("log", Verdict::kProblem,
                   fmt::format("{} {}{}", first.file, first.what,
                               others == 0 ? "" : fmt::format("; {} more at fault", counted(others, "file"))),
                   "Restore the log/ folder from a backup: all else is computed from it."));
}

Finding examine_clock(const store::Log& log, const Clock& clock) {
  const Instant now{clock.now().micros / 1'000'000 * 1'000'000};
  const Instant last = log.empty() ? Instant{} : log.entries().back().at;
  if (clock.now() < last) {
    return of_workspace(
        "clock", Verdict::kProblem,
        fmt::format("it is {} by the clock, but the last run was at {}", to_string(now), to_string(last)),
        "Set the clock: what a run takes is dated by it. (A run with --now may have dated itself ahead.)");
  }
  return of_workspace("clock", Verdict::kOk, to_string(now) + (log.empty() ? "" : ", later than the last run"));
}

std::uint64_t bytes_of_store(const fs::path& folder) {
  std::uint64_t largest = 0;
  std::error_code failure;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, failure)) {
    const std::uintmax_t bytes = entry.is_regular_file(failure) ? entry.file_size(failure) : 0;
    if (!failure && entry.path().filename().string().starts_with("generation-"))
      largest = std::max<std::uint64_t>(largest, bytes);
  }
  return largest;
}

Finding examine_store(const Workspace& workspace, const Result<store::Log>& log) {
  const store::GenerationStore generations(workspace.store_folder());
  const auto opened = generations.open_newest({});
  if (!opened && opened.error().code == ErrorCode::kNotFound) {
    const bool taken = log && !log->empty();
    return of_workspace("store", taken ? Verdict::kWarning : Verdict::kOk, "nothing is published yet",
                        taken ? "`hilo rebuild` makes the store from the log." : "");
  }
  if (!opened) return problem_of("store", opened.error());
  if (log && !is_current(*log, generations)) {
    return of_workspace("store", Verdict::kWarning, "the published store does not hold all of the log",
                        "`hilo run` publishes one that does.");
  }
  return of_workspace("store", Verdict::kOk,
                      fmt::format("generation {}, {}, format {}", generations.newest().value_or(0),
                                  human_bytes(bytes_of_store(workspace.store_folder())), store::kStoreFormat));
}

// Of a trial that was killed in its midst: its process is gone, so nobody needs the file.
void remove_old_trials(const fs::path& folder) {
  std::error_code failure;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, failure)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kTrialName)) continue;
    const std::string process = name.substr(kTrialName.size(), name.find('.', 1) - kTrialName.size());
    if (!fs::exists(fs::path("/proc") / process, failure)) fs::remove(entry.path(), failure);
  }
}

}  // namespace

Status try_writing(const fs::path& folder) {
  remove_old_trials(folder);
  const fs::path first = folder / fmt::format("{}{}", kTrialName, ::getpid());
  const fs::path second = first.string() + ".renamed";
  Status done = store::write_file(first, "Hilo's doctor tries whether a run could write here.\n");
  if (done) done = store::publish_file(first, second);
  for (const fs::path& file : {first, second}) {
    const Status removed = store::remove_tree(file);
    if (done && !removed) done = removed;
  }
  return done;
}

WorkspaceFindings examine_workspace(const Workspace& workspace, const Clock& clock, LogReading reading) {
  WorkspaceFindings found;
  std::vector<Finding>& findings = found.findings;
  findings.push_back(of_workspace("folder", Verdict::kOk, workspace.root().string()));
  const Result<store::Log> log = store::Log::open(workspace.log_folder());
  found.settings = examine_definitions(workspace, log, findings);
  findings.push_back(examine_folder(workspace.root(), "workspace"));
  findings.push_back(examine_folder(workspace.log_folder(), "log"));
  add_file_system(workspace.log_folder(), "log folder", findings);
  findings.push_back(examine_folder(workspace.store_folder(), "store"));
  findings.push_back(examine_leftovers(workspace));
  examine_log(log, reading, found.settings.threads, findings);
  if (log) findings.push_back(examine_clock(*log, clock));
  findings.push_back(examine_store(workspace, log));
  found.bytes_needed = bytes_of_store(workspace.store_folder());
  return found;
}

}  // namespace hilo::app
