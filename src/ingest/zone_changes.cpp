#include "ingest/zone_changes.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace hilo::ingest {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;
constexpr std::int64_t kFirst = 0;             // 1970-01-01
constexpr std::int64_t kLast = 24'837 * kDay;  // 2038-01-01

// Two moments with a change between them.
struct Between {
  std::int64_t before;
  std::int64_t after;
  std::int64_t shift_before;
  std::int64_t shift_after;
};

// Clocks change less often than once a day.
Result<std::vector<Between>> days_of_change(store::Connection& connection, const std::string& shift_sql) {
  HILO_ASSIGN(store::Rows rows,
              connection.query(fmt::format("select epoch_us(t), shift from (select t, {} as shift from "
                                           "range({}, {}, {}) r(micros), (select make_timestamp(micros) as t))",
                                           shift_sql, kFirst, kLast + 1, kDay)));
  std::vector<Between> days;
  std::optional<std::pair<std::int64_t, std::int64_t>> last;
  HILO_TRY(rows.for_each([&](const store::Chunk& chunk, std::size_t row) {
    const std::pair now(chunk.integer(0, row), chunk.integer(1, row));
    if (!last) {
      days.push_back({now.first, now.first, now.second, now.second});
    } else if (last->second != now.second) {
      days.push_back({last->first, now.first, last->second, now.second});
    }
    last = now;
  }));
  return days;
}

}  // namespace

Result<ZoneChanges::Changes> ZoneChanges::read_changes(store::Connection& connection, const std::string& shift_sql) {
  HILO_ASSIGN(std::vector<Between> found, days_of_change(connection, shift_sql));
  // Halves all of them at a time until the change is found to the second: it never stands between two seconds.
  while (std::ranges::any_of(found, [](const Between& between) { return between.after - between.before > kSecond; })) {
    std::string middles;
    for (const Between& between : found) {
      const std::int64_t middle = between.before + (between.after - between.before) / 2 / kSecond * kSecond;
      middles += fmt::format("{}{}", middles.empty() ? "" : ", ", middle);
    }
    HILO_ASSIGN(store::Rows rows,
                connection.query(fmt::format("select {} from (select make_timestamp(unnest([{}]::bigint[])) as t)",
                                             shift_sql, middles)));
    auto between = found.begin();
    HILO_TRY(rows.for_each([&](const store::Chunk& chunk, std::size_t row) {
      const std::int64_t middle = between->before + (between->after - between->before) / 2 / kSecond * kSecond;
      if (middle > between->before) {
        (chunk.integer(0, row) == between->shift_before ? between->before : between->after) = middle;
      }
      ++between;
    }));
  }
  Changes changes;
  for (const Between& between : found) changes.push_back({between.after, between.shift_after});
  return changes;
}

Result<ZoneChanges> ZoneChanges::read(store::Connection& connection, const std::string& zone) {
  const std::string name = store::quote_text(zone);
  ZoneChanges changes;
  HILO_ASSIGN(changes.from_wall_,
              read_changes(connection, fmt::format("epoch_us(timezone({}, t)) - epoch_us(t)", name)));
  HILO_ASSIGN(changes.from_utc_,
              read_changes(connection, fmt::format("epoch_us(timezone({}, timezone('UTC', t))) - epoch_us(t)", name)));
  return changes;
}

std::optional<std::int64_t> ZoneChanges::shifted(const Changes& changes, std::int64_t time) {
  if (time < kFirst || time >= kLast) return std::nullopt;
  const auto next = std::ranges::upper_bound(changes, time, {}, &Change::from);
  return time + std::prev(next)->shift;
}

Result<std::shared_ptr<KnownZones>> KnownZones::open(store::Connection& connection) {
  auto zones = std::make_shared<KnownZones>();
  using Shift = std::optional<std::int64_t> (ZoneChanges::*)(std::int64_t) const;
  const auto add = [&](const char* name, Shift shift) {
    return connection.add_function({.name = name, .arguments = {"VARCHAR", "TIMESTAMP"}, .result = "TIMESTAMP"},
                                   [zones, shift](const store::Chunk& rows, store::Answers& answers) -> Status {
                                     std::string_view name_before;
                                     std::shared_ptr<const ZoneChanges> zone;
                                     for (std::size_t row = 0; row < rows.size(); ++row) {
                                       std::optional<std::int64_t> time;
                                       if (!rows.is_null(0, row) && !rows.is_null(1, row)) {
                                         if (const std::string_view named = rows.text(0, row); named != name_before) {
                                           zone = zones->find(named);
                                           name_before = named;
                                         }
                                         if (zone != nullptr) time = ((*zone).*shift)(rows.integer(1, row));
                                       }
                                       time ? answers.integer(row, *time) : answers.null(row);
                                     }
                                     return {};
                                   });
  };
  HILO_TRY(add("zone_utc", &ZoneChanges::utc_of));
  HILO_TRY(add("zone_wall", &ZoneChanges::wall_of));
  return zones;
}

Status KnownZones::add(store::Connection& connection, const std::string& zone) {
  if (find(zone) != nullptr) return {};
  HILO_ASSIGN(ZoneChanges changes, ZoneChanges::read(connection, zone));
  const std::scoped_lock lock(mutex_);
  zones_[zone] = std::make_shared<const ZoneChanges>(std::move(changes));
  return {};
}

std::shared_ptr<const ZoneChanges> KnownZones::find(std::string_view zone) const {
  const std::scoped_lock lock(mutex_);
  const auto found = zones_.find(zone);
  return found == zones_.end() ? nullptr : found->second;
}

}  // namespace hilo::ingest
