// Why a customer has a value: the rows that an attribute counts, and the attributes that it is built of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/attributes.h"
#include "app/text_table.h"

namespace hilo::app {

/// What one aggregate counts of one customer.
struct CountedView {
  std::string aggregate;   ///< canonical
  std::string table;       ///< events, items or versions
  std::string where;       ///< of the rows that it is computed over; "" = all
  std::string argument;    ///< what is taken of each row; "" = the row itself
  bool has_place = true;   ///< false where rows were grouped or joined before, so that none of them is one of the log
  std::int64_t count = 0;  ///< rows that count
  /// Newest first: time, `decides` (whether the row gave the value; only of aggregates that pick one), type, channel,
  /// amount, `value` (of the argument), sku, source, reference (order, event or campaign), `place`. Of items sku and
  /// quantity stand before the value; of versions there is only what they have. Without places, the columns of the
  /// definition's own subquery.
  TextTable rows = {};
};

/// An attribute's value and what made it.
struct WhyStep {
  const Attribute* attribute = nullptr;
  std::optional<std::string> value;
  std::vector<CountedView> counted;
};

struct AttributeWhy {
  std::int64_t customer_id = 0;
  Date day;
  std::vector<WhyStep> steps;  ///< the attribute asked for, then those that it is built of, each once
};

/// Explains the value of an attribute of a customer at the end of a day. What is over all customers is explained by the
/// values that it reads, one step deep. `rows_max` = 0: all rows; a row that decides is shown even beyond. No contact
/// data are read.
/// **Errors**: kNotFound where the customer does not exist yet on that day.
[[nodiscard]] Result<AttributeWhy> explain(AttributeDesk& desk, const Attribute& attribute, std::int64_t customer_id,
                                           Date day, std::int64_t rows_max);

}  // namespace hilo::app
