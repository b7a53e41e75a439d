// Where folds read what happened: sessions of a database, and what was read already.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "store/database.h"
#include "timeline/fold/history.h"

namespace hilo::timeline {

inline constexpr std::int64_t kRowsPerRange = 1'000'000;  ///< some 100 MB in columns

/// The history of all customers, range by range, for one thread per session.
class Histories {
 public:
  /// Reads the connection's own database. **Requires**: the connection outlives this.
  [[nodiscard]] static Result<std::unique_ptr<Histories>> beside(store::Connection& connection);
  /// Reads a database that nobody writes, by so many threads; its engine has one. What a day before the last one takes
  /// is kept for the days to come, up to half of the engine's memory.
  [[nodiscard]] static Result<std::unique_ptr<Histories>> of(store::Database database, int threads, Date last_day);
  Histories(const Histories&) = delete;
  Histories& operator=(const Histories&) = delete;
  ~Histories() = default;

  /// Has the engine stand back while the sessions ask, each on a thread of its own: the engine's threads would be in
  /// the way.
  [[nodiscard]] Status stand_back();
  /// Ends that.
  [[nodiscard]] Status stand_up();

  /// Says that more days will be asked for: what is read from now on is kept for them.
  void expect_more() { is_series_ = true; }

  [[nodiscard]] std::vector<store::Connection>& sessions() { return sessions_; }

  /// Readies the rows of a table, and returns its number of ranges: each has about so many rows, a customer stays
  /// whole.
  [[nodiscard]] Result<std::size_t> open(const HistoryPlan& plan, std::int64_t rows_per_range);
  /// Returns the ranges of the table that was opened last.
  [[nodiscard]] const std::vector<CustomerRange>& ranges() const { return table_->ranges; }
  /// Reads a range of the table that was opened last, up to the end of a day. One thread for each session may ask.
  [[nodiscard]] Result<std::shared_ptr<const History>> read(std::size_t range, Date day, store::Connection& session);

 private:
  struct Table {
    HistoryPlan plan;
    std::int64_t rows_per_range = 0;
    std::vector<CustomerRange> ranges = {};
    std::vector<std::shared_ptr<const History>> kept = {};  // up to last_day_
  };

  Histories() = default;
  store::Connection* connection_ = nullptr;  // whose engine stands back
  std::int64_t threads_ = 0;                 // which it had
  std::optional<store::Database> database_;
  std::vector<store::Connection> sessions_;
  std::optional<Date> last_day_;
  bool is_series_ = false;
  std::map<std::string, Table> tables_;
  Table* table_ = nullptr;
  std::atomic<std::size_t> bytes_kept_ = 0;
};

}  // namespace hilo::timeline
