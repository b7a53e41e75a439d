// Membership on record: what each run knew, in the log as changes and in the store as tables.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "expr/segment.h"
#include "store/database.h"
#include "store/log.h"
#include "store/log_rewrite.h"

namespace hilo::segment {

/// The run that records, and where its changes go.
struct Recording {
  int run = 0;
  Instant at;
  Date day;                     ///< membership is as of its end; the table `customers` stands there
  store::Parameters as_of_day;  ///< `$day` and `$as_of`
  store::fs::path file;         ///< the entry's members file
};

/// Makes the tables `segments`, `segment_records` and `segment_changes` and the view `segment_members`, and fills them
/// with what the log's entries hold and with the definitions in force.
/// **Errors**: kInvalidInput for a members file of the log that is missing or damaged, or that does not add up to what
/// its entry says.
[[nodiscard]] Status load_records(store::Connection& connection, const store::Log& log,
                                  const expr::SegmentProgram& program);

/// Evaluates every segment over `customers`, adds what changed since its last record to the tables, and writes it into
/// the recording's file, where anything did. **Requires**: load_records; the table `customers`.
/// **Shape**: one record per segment, by name. The file: Parquet with run, segment, customer_id, change (1 = entered,
/// -1 = left), by segment and customer_id.
[[nodiscard]] Result<std::vector<store::MembershipRecord>> record_members(store::Connection& connection,
                                                                          const expr::SegmentProgram& program,
                                                                          const Recording& recording);

/// Takes customers out of what entries recorded of segments, sizes included. Returns how many changes told of them.
[[nodiscard]] Result<std::int64_t> erase_members(store::Connection& scratch, const store::Log& log,
                                                 store::LogRewrite& rewrite,
                                                 const std::vector<std::int64_t>& customer_ids);

}  // namespace hilo::segment
