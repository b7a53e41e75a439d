// The sieve: parts good rows from bad ones while a query runs, so that rows are written once and stored nowhere before.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "store/database.h"

namespace hilo::ingest {

class RowSieve {
 public:
  /// Makes the condition and the table. `name`, a part of theirs, is this sieve's alone.
  [[nodiscard]] static Result<RowSieve> open(store::Database& scratch, const std::string& name);
  /// The condition of a row with the columns delivery, record, line and fault. It holds where `fault` is null; the
  /// faults of all other rows go to the table.
  [[nodiscard]] std::string condition() const;
  /// The table (delivery, record, line, column_name, value, sensitive, reason).
  [[nodiscard]] std::string table() const;
  /// Empties the table and the counts: what a query that failed had left counts for nothing.
  [[nodiscard]] Status start();
  /// Ends what `start` began. Returns how many rows passed, by delivery.
  [[nodiscard]] Result<std::map<std::int64_t, std::int64_t>> finish();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace hilo::ingest
