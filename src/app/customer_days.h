// The rows of one customer on many days, computed from its own history alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/reader.h"
#include "app/text_table.h"
#include "app/time_limit.h"
#include "base/time.h"
#include "expr/segment.h"
#include "store/database.h"

namespace hilo::app {

/// A session in which the store holds one customer. Its rows of a day are those that the flat table of that day has
/// for it, but for the attributes over all customers, which one customer's history does not tell.
class CustomerDays {
 public:
  /// Copies the customer's rows. **Cost**: one scan of the history for one customer.
  [[nodiscard]] static Result<CustomerDays> open(Reader& reader, std::int64_t customer_id);

  [[nodiscard]] store::Connection& session() { return session_; }
  /// Returns the columns that it computes, in the order of the flat table; `customer_id` first.
  [[nodiscard]] const std::vector<store::Column>& columns() const { return columns_; }
  /// Returns the attributes over all customers, which it leaves out.
  [[nodiscard]] const std::vector<std::string>& left_out() const { return left_out_; }

  /// Computes the rows of these days, in place of those computed before; `customer_id` and `names` are kept of them.
  /// A day on which the customer does not exist has none.
  /// **Requires**: the days rise; `names` are columns.
  [[nodiscard]] Status compute(const std::vector<Date>& days, const std::vector<std::string>& names);
  /// Returns what was computed. **Shape**: the day (DATE), then `names`; by day.
  [[nodiscard]] Result<TextTable> rows();
  /// Returns which of the segments hold the customer on the days computed. **Shape**: day, segment; by both.
  /// **Cost**: the rows of the days that the rules ask for beside, which are computed now.
  /// **Requires**: the columns that the rules read on any day were computed.
  [[nodiscard]] Result<TextTable> segments(const expr::SegmentProgram& program, const std::vector<std::string>& names,
                                           const Limit& limit);

 private:
  explicit CustomerDays(store::Connection session) : session_(std::move(session)) {}
  struct PerDay;
  struct Asked;
  [[nodiscard]] Status fill(const PerDay& query, const std::vector<Date>& days);
  [[nodiscard]] Status fill_segments(const expr::SegmentProgram& program, const Asked& asked);
  [[nodiscard]] Status fill_past_segments(const expr::SegmentProgram& program, const std::vector<std::string>& names);

  store::Connection session_;
  std::string flat_;  ///< the query of a day
  std::string day_;   ///< what the day's column is called: no other column has that name
  std::vector<store::Column> columns_;
  std::vector<std::string> left_out_;
  std::vector<Date> days_;
  std::vector<std::string> names_;
};

}  // namespace hilo::app
