// Erasure: which rows of the log tell of somebody, the log without them, and what keeps a later delivery of them out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/database.h"
#include "store/log.h"
#include "store/log_rewrite.h"

namespace hilo::ingest {

/// The reason of the reject that a row gets which tells of somebody who was erased. Its value is not kept.
inline constexpr const char* kErasedReason = "tells of somebody who was erased: not taken again";

/// What one delivered file brought of somebody.
struct TracesOfFile {
  int run = 0;
  std::string source;
  std::string file;  ///< as the workspace names it
  std::int64_t rows = 0;
};

/// What the log holds of some records.
struct Traces {
  std::int64_t rows = 0;
  std::vector<TracesOfFile> files;     ///< those that brought the rows, in the order of delivery
  std::vector<std::string> spellings;  ///< e-mails, phones and ids that nobody else has, in lower case: contact data
};

/// Finds the rows of records, those of their orders in which nobody is named, and those that a former query read of
/// them. **Requires**: a database without tables; the traces stay in it for the two functions below.
[[nodiscard]] Result<Traces> find_traces(store::Connection& connection, const store::Log& log,
                                         const std::vector<std::int64_t>& record_ids);

/// Takes the rows found out of the entries, and their values out of rejects. Returns how many values of rejects.
[[nodiscard]] Result<std::int64_t> remove_traces(store::Connection& connection, const store::Log& log,
                                                 store::LogRewrite& rewrite);

/// Returns the hashes of what was found: of each source's keys of persons and of their orders.
[[nodiscard]] Result<store::Erasure> hash_traces(store::Connection& connection, const std::string& salt);

/// Returns SQL that holds for a row of a source that tells of somebody who was erased; empty where none can.
/// `record_key` is SQL; `order_space` is SQL, or empty where a row has no order.
/// **Requires**: the hashes stand in a table `erased(hash)`.
[[nodiscard]] std::string erased_condition(const store::Erasure& erased, const std::string& source,
                                           const std::string& record_key, const std::string& order_space);

}  // namespace hilo::ingest
