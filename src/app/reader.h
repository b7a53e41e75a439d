// The published store, opened for questions: read-only, with the table functions of time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/workspace.h"
#include "base/time.h"
#include "store/database.h"
#include "timeline/day_table.h"

namespace hilo::app {

/// A published generation. Questions see it as it was opened, whatever is published meanwhile. Its engine is shut off
/// from the machine: no file, no network, no setting.
class Reader {
 public:
  /// Opens the newest generation, adds `customers_on(day)` and `customers_between(from, to, step)`, and locks the
  /// engine down. `file`, where given, may be written all the same.
  /// **Errors**: kNotFound, kVersion.
  [[nodiscard]] static Result<Reader> open(const Workspace& workspace, const std::string& file = {});

  [[nodiscard]] store::Connection& connection() { return connection_; }
  [[nodiscard]] Date default_day() const { return day_; }
  [[nodiscard]] const std::string& currency() const { return currency_; }
  [[nodiscard]] const std::string& region() const { return region_; }
  /// Returns a stored query by name: "customers", "contact".
  [[nodiscard]] Result<std::string> program(const std::string& name);
  /// Returns what gives the flat table of any day.
  [[nodiscard]] const timeline::PastDays& past() const { return series_->past(); }
  /// Makes the flat table of a day, or some of its columns, a temporary table in place of any of that name.
  [[nodiscard]] Status write_customers(Date day, const std::vector<std::string>& columns, const std::string& table);

 private:
  Reader(store::Database database, store::Connection connection)
      : database_(std::move(database)), connection_(std::move(connection)) {}
  store::Database database_;
  store::Connection connection_;
  std::unique_ptr<timeline::DaySeries> series_;
  Date day_;
  std::string currency_;
  std::string region_;
};

/// The steps of a series of days.
enum class Step : std::uint8_t { kDay, kWeek, kMonth };
[[nodiscard]] Result<Step> parse_step(const std::string& text);

/// Returns the days of a series from `from` to `to`, both included where they fall on it: every day; every seventh day
/// from `from`; or the same day of each month, the month's last where it has no such day.
/// **Errors**: kUsage when `to` lies before `from`, or the series has more than 40,000 days.
[[nodiscard]] Result<std::vector<Date>> days_between(Date from, Date to, Step step);

}  // namespace hilo::app
