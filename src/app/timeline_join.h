// Features as they were known before an instant, beside labels: what a model may be fitted on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "app/output_file.h"
#include "app/unfinished_folder.h"
#include "app/workspace.h"
#include "base/pass.h"
#include "expr/definition.h"

namespace hilo::app {

/// What is asked for.
struct LabelJoin {
  std::filesystem::path labels;       ///< CSV, or Parquet by its ending: customer_id, instant, and whatever else
  std::vector<std::string> columns;   ///< of the flat table; none = all
  std::vector<std::string> segments;  ///< each a column in_NAME: whether the customer was a member
  std::filesystem::path output;
  FileFormat format = FileFormat::kCsv;
};

struct JoinReport {
  std::int64_t rows = 0;      ///< of the labels, and of the output
  std::int64_t unknown = 0;   ///< rows whose customer was not known before their instant: no features
  std::int64_t nobody = 0;    ///< rows whose number is nobody's: no features either
  std::int64_t instants = 0;  ///< different ones
  double seconds = 0;
};

/// A join of labels and features. While it lasts, no run can begin.
class TimelineJoin {
 public:
  TimelineJoin(Workspace workspace, LabelJoin asked) : workspace_(std::move(workspace)), asked_(std::move(asked)) {}

  /// Writes each label row, in the order of the file, with `known` and the columns of the flat table. Of an instant
  /// counts what was known and had happened strictly before it: facts, who was thought to be who, consents; attributes
  /// and segments are those of today's definitions, as of the end of the day that holds the last moment before the
  /// instant. A customer's number is that of a record: the features are those of whoever that record belonged to then.
  /// Where it was not known yet, today's other records of the customer are asked, the one known longest first; where
  /// none was `known`, the features are null.
  /// **Errors**: kInvalidInput for labels that cannot be read, without customers or instants, or with a column that is
  /// a feature's, too; kUsage for an unknown column or segment; kConflict while a run is under way; those of a build.
  /// After an error nothing is left.
  /// **Cost**: for each different instant a rebuild of what was known; room on the disk for one store.
  [[nodiscard]] expr::Checked<JoinReport> make(ProgressListener& listener);

  /// Removes what is being made, from another thread. The process must end next: `make` waits for ever.
  void abandon() { folder_.abandon(); }

 private:
  Workspace workspace_;
  LabelJoin asked_;
  FolderInMaking folder_;
};

}  // namespace hilo::app
