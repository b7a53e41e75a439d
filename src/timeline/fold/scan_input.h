// What the program of a scan is computed over: its columns of a history, its constants, and customers batch by batch.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "base/time.h"
#include "store/database.h"
#include "timeline/fold/evaluate.h"
#include "timeline/fold/history.h"

namespace hilo::timeline {

/// A scan's constants, one value each, and the texts that they are.
struct Constants {
  std::vector<Values> values = {};
  std::vector<std::unique_ptr<Texts>> texts = {};
};
/// Computes a scan's constants of a day. **Errors**: the engine's.
[[nodiscard]] Result<Constants> constants_of(store::Connection& connection, const expr::FoldScan& scan, Date day);

/// Adds the columns that a scan reads to the plan of its table.
void add_columns(HistoryPlan& plan, const expr::FoldScan& scan);
/// Returns which of the plan's columns a scan reads. **Requires**: they were added.
[[nodiscard]] std::vector<std::size_t> columns_in(const HistoryPlan& plan, const expr::FoldScan& scan);
[[nodiscard]] std::vector<const Values*> columns_of(const History& history, const std::vector<std::size_t>& columns);

/// Computes a scan's steps for some customers after others, whole ones, whose columns stay in a processor's cache; then
/// `each(first, starts)` does the rest: the first one's number in the history, and where each one's rows begin.
template <class Each>
void for_each_batch(const History& history, Evaluation& evaluation, const Each& each) {
  constexpr std::size_t kRowsPerBatch = 4'096;
  const std::span<const std::size_t> all(history.first_rows);
  for (std::size_t begin = 0; begin < history.customers.size();) {
    std::size_t end = begin + 1;
    while (end < history.customers.size() && all[end + 1] - all[begin] <= kRowsPerBatch) ++end;
    const std::span<const std::size_t> starts = all.subspan(begin, end - begin + 1);
    evaluation.compute(starts);
    each(begin, starts);
    begin = end;
  }
}

}  // namespace hilo::timeline
