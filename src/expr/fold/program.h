// What a definition's scan is to a fold: a program over the columns of one table, the rows of each customer in their
// order. It gives what the scan's canonical SQL gives.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/database.h"

namespace hilo::expr {

/// How a value is held: DATE as days, TIMESTAMP as microseconds, DECIMAL as its unscaled number.
enum class FoldType : std::uint8_t {
  kTruth,    ///< BOOLEAN
  kInteger,  ///< 64 bits
  kHuge,     ///< 128 bits; of results only
  kReal,     ///< DOUBLE
  kText,
};

enum class FoldOp : std::uint8_t {
  kColumn,    ///< `number` = which of the columns that the scan reads
  kConstant,  ///< `number` = which of the scan's constants
  kNull,
  kTextIn,  ///< whether a text is one of `texts`
  kEqual,
  kLess,
  kLessOrEqual,
  kAnd,
  kOr,
  kNot,
  kIsNull,
  kAdd,  ///< null beyond 64 bits, or from `number` on where that is not 0; so the next two
  kSubtract,
  kMultiply,
  kShift,         ///< a moment later by `number` microseconds; infinity stays; null beyond 64 bits
  kDayOf,         ///< the day of a moment
  kDaysBetween,   ///< of two days; null where one is infinite
  kScaleUp,       ///< a decimal with more decimals: times 10^18 / `number`, null from `number` on
  kToReal,        ///< an integer as a real
  kChoose,        ///< inputs: condition, value, condition, value ..., value of none
  kLag,           ///< inputs: rows that count, value[, text that keeps rows apart]: the value of the row before
  kRunningLeast,  ///< inputs: rows that count, value: of the customer's rows so far
  kRunningGreatest,
};

/// One operation on whole columns. Inputs are earlier steps.
struct FoldStep {
  bool operator==(const FoldStep&) const = default;
  FoldOp op = FoldOp::kNull;
  FoldType type = FoldType::kInteger;
  std::vector<int> inputs = {};
  std::int64_t number = 0;
  std::vector<std::string> texts = {};
};

enum class FoldAggregateKind : std::uint8_t {
  kCount,  ///< of rows, or of values that are not null
  kCountDistinct,
  kSum,      ///< of integers, in 128 bits
  kAverage,  ///< of integers, a real; a decimal's sum is divided by `number` too
  kLeast,
  kGreatest,
  kFirst,  ///< the first row's value, null or not
  kLast,
  kMode,    ///< the most frequent value; of several the least
  kMedian,  ///< a real, between the middle two
  kAll,     ///< whether all are true
  kAny,
};

struct FoldAggregate {
  bool operator==(const FoldAggregate&) const = default;
  FoldAggregateKind kind = FoldAggregateKind::kCount;
  int value = -1;  ///< step, -1 = none: rows are counted
  int rows = -1;   ///< step: the rows that count, -1 = all
  FoldType type = FoldType::kInteger;
  std::int64_t number = 1;
};

/// A scan, compiled. Its results have a row per customer with a row in the table.
struct FoldScan {
  bool operator==(const FoldScan&) const = default;
  std::string name;                    ///< of the relation that the folded query reads them from
  std::string table;                   ///< events, items or versions
  std::vector<std::string> order;      ///< columns that order a customer's rows
  std::vector<store::Column> columns;  ///< of the table, that it reads
  std::string constants_sql;           ///< a query of one row, with $as_of and $day: the constants; "" = none
  std::vector<FoldStep> steps;
  std::vector<FoldAggregate> aggregates;
  std::vector<store::Column> results;  ///< one for each aggregate
};

}  // namespace hilo::expr
