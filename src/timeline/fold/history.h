// What happened to some customers, in columns: customers one after another, each one's rows in their order.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "store/database.h"
#include "timeline/fold/values.h"

namespace hilo::timeline {

/// Customers from one id to before another.
struct CustomerRange {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

struct History {
  std::vector<std::int64_t> customers = {};  ///< ascending
  std::vector<std::size_t> first_rows = {};  ///< of each, and the number of rows at the end
  std::vector<Values> columns = {};
  std::vector<std::shared_ptr<const Texts>> texts = {};  ///< of the columns that hold text

  [[nodiscard]] std::size_t bytes() const;
};

/// What is read of a table. The first column is its `time`.
struct HistoryPlan {
  bool operator==(const HistoryPlan&) const = default;
  std::string table;
  std::vector<std::string> order;  ///< columns of integers and moments that order a customer's rows
  std::vector<expr::FoldColumn> columns;
  std::vector<expr::FoldScan> relevant = {};  ///< rows that none of these counts are left out; where none is: no row is
  /// Returns whether what is read for one day serves no other.
  [[nodiscard]] bool is_of_one_day() const { return std::ranges::any_of(columns, &expr::FoldColumn::by_day); }
};

/// Returns how values of a SQL type are held. **Requires**: one that a fold knows.
[[nodiscard]] expr::FoldType held_as(const std::string& type);
/// Adds the values of a block's column. `texts` of a column of text only.
void take(const store::Chunk& chunk, std::size_t column, Values& values, Texts* texts);

/// Reads the relevant rows of a range of customers up to the end of a day. **Cost**: memory for them; fast where the
/// table holds them in order, or in a few runs that are each in order. **Errors**: the engine's.
[[nodiscard]] Result<History> read_history(store::Connection& connection, const HistoryPlan& plan,
                                           const CustomerRange& range, Date day);

/// Returns the history with the rows before `as_of` alone: itself where all are.
[[nodiscard]] std::shared_ptr<const History> cut_off(std::shared_ptr<const History> history, store::WallTime as_of);

}  // namespace hilo::timeline
