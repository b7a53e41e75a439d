// Linking, first form: records that share an identifier are one person, unless too many names share it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace hilo::identity {

using RecordId = std::int64_t;

/// One record that carries a shared identifier, from the run that brought it; the record itself may be older.
struct Bearer {
  RecordId record = 0;
  int run = 0;
};

/// A record and the run that brought it.
struct RecordRun {
  RecordId record = 0;
  int run = 0;
};

/// A name of a record, as a number that stands for its match key.
struct RecordName {
  RecordId record = 0;
  std::int64_t name = 0;
  int run = 0;
};

/// What linking is computed from: identifiers that at least two records carry, numbered from 0 in the order in which
/// they link. Records that share no identifier are not in it: each is a cluster of its own.
struct LinkInput {
  /// One identifier's after the other's. **Requires**: each one's by record, no record twice.
  std::vector<Bearer> bearers;
  std::vector<std::size_t> ends;   ///< per identifier, the index behind its last bearer
  std::vector<RecordRun> records;  ///< at least those of all bearers, in any order
  std::vector<RecordName> names;   ///< of any records, in any order
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
  std::size_t identifier = 0;
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

inline constexpr std::size_t kNoIdentifier = std::numeric_limits<std::size_t>::max();

/// Where a record ended.
struct Place {
  RecordId record = 0;
  std::size_t root = 0;                    ///< the place of its cluster's earliest record
  std::size_t identifier = kNoIdentifier;  ///< the first one that links it, to an earlier record or to a later one
  std::size_t component = 0;  ///< the place of the earliest record that any identifiers lead to, guarded ones too
};

struct Linkage {
  std::vector<Place> places;               ///< of every record of the input, by record
  std::vector<Link> links;                 ///< by record; one per record that an identifier joined to an earlier one
  std::vector<GuardedIdentifier> guarded;  ///< by identifier
  std::vector<Redirect> redirects;         ///< by run; merges before splits; by from, to
};

/// Links records and replays the log's runs for the redirects: a pure function of the input.
/// **Cost**: O(bearers x inverse Ackermann), and at each run in which the guard stopped an identifier once more for the
/// clusters that it had joined. Memory: about 60 bytes per bearer, 1 bit per number up to the largest record.
/// **Source**: union-find with path halving and the earliest record as root (Tarjan and van Leeuwen 1984).
[[nodiscard]] Linkage link_records(const LinkInput& input, const LinkLimits& limits);

}  // namespace hilo::identity
