// Clocks of a time zone by a table of their changes: a hundredth of what asking the engine's calendar for each row
// costs.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/database.h"

namespace hilo::ingest {

/// How the clocks of one zone stand to UTC, from 1970 to 2037. Immutable.
class ZoneChanges {
 public:
  /// Asks the engine. **Cost**: as much as the conversion of 100,000 rows.
  [[nodiscard]] static Result<ZoneChanges> read(store::Connection& connection, const std::string& zone);

  /// Returns what `timezone(zone, wall)` does, as UTC; nothing beyond the table. **Units**: microseconds since 1970.
  [[nodiscard]] std::optional<std::int64_t> utc_of(std::int64_t wall) const { return shifted(from_wall_, wall); }
  /// Returns what `timezone(zone, timezone('UTC', utc))` does; nothing beyond the table.
  [[nodiscard]] std::optional<std::int64_t> wall_of(std::int64_t utc) const { return shifted(from_utc_, utc); }

 private:
  struct Change {
    std::int64_t from;   ///< until the next change's
    std::int64_t shift;  ///< what is added to a time
  };
  using Changes = std::vector<Change>;

  static Result<Changes> read_changes(store::Connection& connection, const std::string& shift_sql);
  static std::optional<std::int64_t> shifted(const Changes& changes, std::int64_t time);

  Changes from_wall_;
  Changes from_utc_;
};

/// The zones that a database knows by their changes. For several threads.
class KnownZones {
 public:
  /// Makes callable `zone_utc(zone, wall)` and `zone_wall(zone, utc)`, of TIMESTAMPs; null where the zone is not known
  /// or its table does not reach. They live as long as the database.
  [[nodiscard]] static Result<std::shared_ptr<KnownZones>> open(store::Connection& connection);
  /// Adds a zone. **Errors**: kInvalidInput for a zone that the engine does not have.
  [[nodiscard]] Status add(store::Connection& connection, const std::string& zone);

 private:
  [[nodiscard]] std::shared_ptr<const ZoneChanges> find(std::string_view zone) const;

  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const ZoneChanges>, std::less<>> zones_;
};

}  // namespace hilo::ingest
