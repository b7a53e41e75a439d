// Whether the published store holds what the log alone gives: a second store is made of it, compared and dropped.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/unfinished_folder.h"
#include "app/workspace.h"
#include "base/pass.h"
#include "expr/definition.h"
#include "store/content.h"

namespace hilo::app {

enum class Comparison : std::uint8_t {
  kEqual,
  kDiffers,  ///< other rows, or another text of a view
  kColumns,  ///< other columns
  kMissing,  ///< the store lacks it
  kAdded,    ///< no rebuild makes it
};
[[nodiscard]] std::string_view comparison_name(Comparison comparison);

/// A table of the store beside the same of a rebuild. What the one lacks has no digest and no rows there.
struct ComparedContent {
  std::string name;  ///< with its schema, unless that is main
  std::string kind;  ///< see store::Content
  Comparison comparison = Comparison::kEqual;
  std::int64_t rows = 0;
  std::int64_t rebuilt_rows = 0;
  std::string digest;
  std::string rebuilt_digest;
  store::RowDifference difference = {};         ///< of kDiffers
  std::vector<std::string> other_columns = {};  ///< of kColumns: that one alone has, or that differ in type or place
};

struct VerifyReport {
  int run = 0;                            ///< the log's last run
  std::int64_t differences = 0;           ///< contents that are not equal
  bool same_rules = true;                 ///< the store says that this very program built it from this very log
  std::vector<ComparedContent> contents;  ///< by name
  std::vector<PassReport> passes;
  double seconds = 0;
};

/// One comparison. While it lasts, no run can begin.
class Verification {
 public:
  explicit Verification(Workspace workspace) : workspace_(std::move(workspace)) {}

  /// Builds the second store in a folder of the workspace, compares, and removes it. **Errors**: kNotFound where
  /// nothing is published or the store is not that of the log; kVersion for a store of another format; kConflict while
  /// a run is under way; kIo for a store that cannot be read; those of a build. After an error nothing is left.
  /// **Cost**: a rebuild, its memory and its room on the disk.
  [[nodiscard]] expr::Checked<VerifyReport> make(ProgressListener& listener);

  /// Removes the second store, from another thread while `make` is under way. The process must end next: `make` waits
  /// for ever.
  void abandon() { folder_.abandon(); }

 private:
  Workspace workspace_;
  FolderInMaking folder_;
};

}  // namespace hilo::app
