// The flat table of any day, from what a store keeps.
#pragma once

#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "store/database.h"
#include "timeline/flat_table.h"
#include "timeline/fold/histories.h"

namespace hilo::timeline {

/// Writes `programs(name, sql)`, the queries that give customers and contact data on any day, and
/// `flat_table(traits, attributes)`, what those customers are made of.
[[nodiscard]] Status write_programs(store::Connection& connection, const FlatTable& table);

/// Which day's table is made, and what of it.
struct DayPart {
  Date day;
  Golden golden = Golden::kOfAll;
  std::vector<std::string> columns = {};  ///< none = all
};

/// Makes the flat table of a day, or some of its columns, and before that those of other days that these need: `create`
/// is "create table t as", or the like.
/// **Requires**: `whole` has all sets; no transaction is open on the connection. **Errors**: the engine's.
[[nodiscard]] Status write_day(store::Connection& connection, const FlatTable& whole, const DayPart& part,
                               Histories& histories, const std::string& create);

/// The flat table of other days in a store that is being made, by the connection that makes it.
class DaysInMaking {
 public:
  /// **Requires**: `flat_table` and the history stand; the connection outlives this.
  [[nodiscard]] static Result<DaysInMaking> of(store::Connection& connection);
  /// Makes some columns of the flat table of a day a temporary table in place of any of that name.
  /// **Requires**: no transaction is open on the connection. **Errors**: the engine's.
  [[nodiscard]] Status write(Date day, const std::vector<std::string>& columns, const std::string& name);

 private:
  DaysInMaking(store::Connection& connection, FlatTable table, std::unique_ptr<Histories> histories)
      : connection_(connection), table_(std::move(table)), histories_(std::move(histories)) {}
  store::Connection& connection_;
  FlatTable table_;
  std::unique_ptr<Histories> histories_;
};

/// What a published store needs to give the flat table of any day. It holds the store's file, which may be removed.
class PastDays {
 public:
  /// **Errors**: kInternal for a store without `flat_table`, kIo for one whose file is gone.
  [[nodiscard]] static Result<PastDays> open(store::Connection& connection);

  [[nodiscard]] const FlatTable& table() const { return *table_; }
  /// Held while a day is made: that takes all processors, and much memory.
  [[nodiscard]] std::mutex& one_at_a_time() const { return *one_at_a_time_; }
  /// Opens the store once more, with an engine of one thread, which small questions want. It is shut off from the
  /// machine.
  [[nodiscard]] Result<store::Database> open_again() const;
  /// Opens the history for days up to the last.
  [[nodiscard]] Result<std::unique_ptr<Histories>> histories(Date last_day) const;

 private:
  std::shared_ptr<const FlatTable> table_;
  std::shared_ptr<std::FILE> file_;
  std::shared_ptr<std::mutex> one_at_a_time_ = std::make_shared<std::mutex>();
  int threads_ = 1;
};

/// The flat table on one day after another. What was read of the history for one day is there for the next.
class DaySeries {
 public:
  /// Days after `last_day` may be asked for, too, but are read each for itself. `days`: how many will be asked for, as
  /// far as that is known.
  DaySeries(PastDays past, Date last_day, std::size_t days = 1)
      : past_(std::move(past)), last_day_(last_day), is_series_(days > 1) {}

  [[nodiscard]] const PastDays& past() const { return past_; }
  /// Makes the flat table of a day, or some of its columns, a temporary table in place of any of that name.
  /// **Requires**: no transaction is open on the connection. **Errors**: the engine's.
  [[nodiscard]] Status write(store::Connection& connection, Date day, const std::vector<std::string>& columns,
                             const std::string& name);

 private:
  PastDays past_;
  Date last_day_;
  bool is_series_;  ///< known to be one, or seen to be
  std::unique_ptr<Histories> histories_;
};

}  // namespace hilo::timeline
