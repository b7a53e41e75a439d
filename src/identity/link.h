// Linking, first form: records that share an identifier are one person, unless too many names share it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace hilo::identity {

using RecordId = std::int64_t;

/// One record that carries a shared identifier, from the run that brought it; the record itself may be older.
struct Bearer {
  RecordId record = 0;
  int run = 0;
  int record_run = 0;  ///< the run that brought the record
};

/// An identifier that at least two records carry. **Requires**: bearers by record, no record twice.
struct SharedIdentifier {
  std::string kind;   ///< email, phone, loyalty_id, device_id
  std::string value;  ///< standard form; contact data
  std::vector<Bearer> bearers;
};

/// A name of a record, as a number that stands for its match key.
struct RecordName {
  std::int64_t name = 0;
  int run = 0;
};

/// What linking is computed from. Records that share no identifier are not in it: each is a cluster of its own.
struct LinkInput {
  std::vector<SharedIdentifier> identifiers;  ///< by kind, then value
  std::map<RecordId, std::vector<RecordName>> names;
  int last_run = 0;
};

/// The guard: an identifier on more than this links nobody.
struct LinkLimits {
  std::int64_t names_max = 5;
  std::int64_t records_max = 200;
};

/// Why a record is where it is: it shares this identifier with an earlier record.
struct Link {
  RecordId record = 0;
  RecordId earlier_record = 0;
  std::size_t identifier = 0;  ///< index into LinkInput::identifiers
};

/// An identifier that the guard stopped.
struct GuardedIdentifier {
  std::size_t identifier = 0;
  std::int64_t records = 0;
  std::int64_t names = 0;
};

/// A customer id that ceased or was cut in two.
struct Redirect {
  RecordId from = 0;  ///< merge: the id that ceased; split: the id that lost records
  RecordId to = 0;    ///< merge: the id that it is now; split: the id that the lost records have now
  int run = 0;
  bool is_merge = true;
};

struct Linkage {
  std::map<RecordId, RecordId> cluster_of;  ///< the earliest record of its cluster, for every record of the input
  std::vector<Link> links;                  ///< by record; one per record that an identifier joined to an earlier one
  std::vector<GuardedIdentifier> guarded;
  std::vector<Redirect> redirects;  ///< by run, then from
};

/// Links records and replays the log's runs for the redirects: a pure function of the input.
/// **Cost**: O(runs that changed something x bearers x inverse Ackermann).
/// **Source**: union-find with path halving and the earliest record as root (Tarjan and van Leeuwen 1984).
[[nodiscard]] Linkage link_records(const LinkInput& input, const LinkLimits& limits);

}  // namespace hilo::identity
