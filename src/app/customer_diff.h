// What is computed of one customer on one day, against another.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/reader.h"
#include "base/time.h"
#include "store/database.h"

namespace hilo::app {

/// A column of the flat table that has another value on the later day. Nothing = NULL.
struct Difference {
  store::Column column;
  bool golden = false;  ///< of the golden row; else an attribute
  std::optional<std::string> then;
  std::optional<std::string> now;
};

/// **Shape** of `differences`: in the order of the flat table.
struct CustomerDiff {
  std::int64_t customer_id = 0;
  Date from;
  Date to;
  Date known_since;
  std::string currency;
  bool existed = true;  ///< on the earlier day; where it did not, every value of that day is NULL
  std::int64_t columns = 0;
  std::vector<Difference> differences;
};

/// Compares the flat table's row of a customer on two days. It holds no contact data.
/// **Errors**: kUsage when `to` lies before `from`; kNotFound when the customer does not exist yet on `to`.
/// **Cost**: the customer's own history; where there are attributes over all customers, the flat table of each day.
[[nodiscard]] Result<CustomerDiff> customer_diff(Reader& reader, std::int64_t customer_id, Date from, Date to);

}  // namespace hilo::app
