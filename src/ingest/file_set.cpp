#include "ingest/file_set.h"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>
#include <glob.h>

#include "base/text.h"

namespace hilo::ingest {
namespace fs = std::filesystem;
namespace {

class GlobResult {
 public:
  GlobResult() = default;
  GlobResult(const GlobResult&) = delete;
  GlobResult& operator=(const GlobResult&) = delete;
  ~GlobResult() { ::globfree(&result_); }
  glob_t* get() { return &result_; }
  [[nodiscard]] std::vector<std::string> paths() const {
    return {result_.gl_pathv, result_.gl_pathv + result_.gl_pathc};
  }

 private:
  glob_t result_{};
};

std::unexpected<Error> at(Position position, ErrorCode code, std::string message, std::string advice) {
  return std::unexpected(
      Error{.code = code, .message = std::move(message), .advice = std::move(advice), .position = std::move(position)});
}

std::string what_it_is(fs::file_status status, std::error_code failure) {
  switch (status.type()) {
    case fs::file_type::fifo: return ", but a pipe";
    case fs::file_type::socket: return ", but a socket";
    case fs::file_type::block:
    case fs::file_type::character: return ", but a device";
    case fs::file_type::not_found: return ", but a link to what is not there";
    default: return failure ? ": " + failure.message() : "";
  }
}

// Returns whether a file stands below a folder, all links followed.
bool stands_in(const fs::path& file, const fs::path& folder) {
  std::error_code failure;
  const fs::path real = fs::weakly_canonical(folder, failure);
  if (failure) return false;
  const auto [file_at, folder_at] = std::ranges::mismatch(file, real);
  return folder_at == real.end() || (folder_at->empty() && std::next(folder_at) == real.end());
}

// A link in a folder that others write to must not have the rest of the machine read.
bool may_be_read(const fs::path& path, const SourceRoots& roots) {
  std::error_code failure;
  const fs::path real = fs::weakly_canonical(path, failure);
  if (failure) return false;
  return stands_in(real, roots.workspace) || std::ranges::any_of(roots.folders, [&](const std::string& folder) {
           return stands_in(real, roots.workspace / folder);
         });
}

constexpr double kSpellingsMax = 10'000;

// How many names the braces of a pattern stand for, at most: each is looked for by itself, so that a few dozen groups
// would never end.
double spellings(std::string_view pattern) {
  double product = 1;
  std::vector<double> alternatives;  // of the groups that are open
  for (const char c : pattern) {
    if (c == '{') alternatives.push_back(1);
    if (alternatives.empty()) continue;
    if (c == ',') ++alternatives.back();
    if (c != '}') continue;
    product *= alternatives.back();
    alternatives.pop_back();
  }
  return product;
}

}  // namespace

Result<std::vector<SourceFile>> find_files(const expr::SourceQuery& query, const SourceRoots& roots) {
  const fs::path& workspace = roots.workspace;
  std::vector<SourceFile> files;
  for (const std::string& pattern : query.globs) {
    const fs::path full = fs::path(pattern).is_absolute() ? fs::path(pattern) : workspace / pattern;
    if (spellings(pattern) > kSpellingsMax) {
      return at(query.globs_position, ErrorCode::kInvalidInput,
                fmt::format("'{}' stands for more than {:.0f} names", pattern, kSpellingsMax),
                "Write * for what may differ, in place of alternatives in braces.");
    }
    GlobResult found;
    // Only ~ (GLOB_TILDE reads the password file) and setlocale make glob unsafe; neither is used.
    // NOLINTNEXTLINE(concurrency-mt-unsafe): no GLOB_TILDE, no setlocale
    const int outcome = ::glob(full.c_str(), GLOB_BRACE | GLOB_NOSORT, nullptr, found.get());
    if (outcome == GLOB_NOMATCH) {
      return at(query.globs_position, ErrorCode::kNotFound, fmt::format("no file matches '{}'", pattern),
                fmt::format("Paths are relative to the workspace, {}.", workspace.string()));
    }
    HILO_CHECK(outcome == 0);  // anything else is want of memory: folders that cannot be read are passed over
    for (const std::string& path : found.paths()) {
      if (!is_utf8(path)) {  // the log keeps names, as JSON
        return at(query.globs_position, ErrorCode::kInvalidInput,
                  fmt::format("'{}' means a file whose name is not UTF-8", pattern),
                  "Rename it, for example with convmv, or narrow the pattern.");
      }
      const fs::path name =
          fs::path(pattern).is_absolute() ? fs::path(path) : fs::path(path).lexically_relative(workspace);
      std::error_code failure;
      const fs::file_status status = fs::status(path, failure);
      if (fs::is_directory(status)) {
        if (found.paths().size() > 1) continue;  // a pattern may meet folders beside the files it means
        return at(query.globs_position, ErrorCode::kInvalidInput, fmt::format("'{}' is a folder, not a file", pattern),
                  fmt::format("Write '{}/*' with the ending of the files in it.", pattern));
      }
      if (!fs::is_regular_file(status)) {
        return at(query.globs_position, ErrorCode::kInvalidInput,
                  fmt::format("{} is not a regular file{}", name.string(), what_it_is(status, failure)),
                  "Take it away, or narrow the pattern.");
      }
      if (!may_be_read(path, roots)) {
        return at(query.globs_position, ErrorCode::kInvalidInput,
                  fmt::format("{} stands outside of the workspace", name.string()),
                  "If it is meant, name its folder in hilo.yaml, for example `sources: {folders: [/srv/deliveries]}`.");
      }
      files.push_back({name.string(), path});
    }
  }
  std::ranges::sort(files, {}, &SourceFile::name);
  const auto repeated = std::ranges::unique(files, {}, &SourceFile::name);
  files.erase(repeated.begin(), repeated.end());
  return files;
}

}  // namespace hilo::ingest
