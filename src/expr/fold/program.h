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
  kToReal,        ///< an integer, or a decimal's number, over `number`, as a real
  kChoose,        ///< inputs: condition, value, condition, value ..., value of none
  kLag,           ///< inputs: rows that count, value[, what keeps rows apart]: the value of the row before
  kRunningLeast,  ///< likewise: of the customer's rows so far
  kRunningGreatest,
  kMomentOf,      ///< the moment at which a day begins
  kShiftMonths,   ///< a moment later by `number` months; the month's last day where that has no such day
  kTruncate,      ///< a moment back to where its hour, minute or second begins; `number` = that in microseconds
  kPeriodOf,      ///< the day on which the CalendarUnit `number` of a day begins
  kLastDay,       ///< the last day of a day's month
  kPartOf,        ///< the CalendarUnit `number` of a moment as a number
  kUnitsBetween,  ///< how many CalendarUnits `number` begin between two moments; of weeks how many whole ones are
  kLead,          ///< as kLag, of the row after
  kRowNumber,     ///< inputs: rows that count[, what keeps rows apart]: how many there are so far
  kRunningCount,  ///< inputs: rows that count, value[, what keeps rows apart]: of values so far that are not null
  kRunningFirst,  ///< likewise: the first row's value
};

/// What a calendar is cut into.
enum class CalendarUnit : std::uint8_t {
  kYear,
  kQuarter,
  kMonth,
  kWeek,  ///< from Monday; as a part that of ISO 8601
  kDay,
  kHour,
  kMinute,
  kSecond,
  kDayOfWeek,     ///< from Sunday = 0; as a part only
  kIsoDayOfWeek,  ///< from Monday = 1; as a part only
  kDayOfYear,     ///< as a part only
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
  kSum,      ///< of integers, in 128 bits; of reals one after another
  kAverage,  ///< a real; a decimal's sum is divided by `number` too
  kLeast,
  kGreatest,
  kFirst,  ///< the first row's value, null or not
  kLast,
  kMode,  ///< the most frequent value; of several the least
  /// Between two values: as far as `share` of the way from the least to the greatest; `number` = 0: of moments.
  kQuantile,
  kQuantileOfValues,  ///< the value at that place
  kAll,               ///< whether all are true
  kAny,
  kVariance,      ///< of reals; `number` = how many values it is divided by less than there are: 0 or 1
  kDeviation,     ///< its root
  kValueOfLeast,  ///< of the first row whose `key` is least, where neither is null
  kValueOfGreatest,
  kFirstByKey,  ///< of the first row by `key`, then by the order of rows; nulls come last
  kLastByKey,
  kDistinct,  ///< a list of the distinct values in ascending order
};

/// A share as it is written: 0.25 is 25 of 100.
struct FoldShare {
  bool operator==(const FoldShare&) const = default;
  std::int64_t parts = 0;
  std::int64_t of = 1;
};

struct FoldAggregate {
  bool operator==(const FoldAggregate&) const = default;
  FoldAggregateKind kind = FoldAggregateKind::kCount;
  int value = -1;  ///< step, -1 = none: rows are counted
  int rows = -1;   ///< step: the rows that count, -1 = all
  FoldType type = FoldType::kInteger;
  std::int64_t number = 1;
  int key = -1;  ///< step, -1 = none
  bool descending = false;
  FoldShare share = {};
};

/// What a fold reads of a row: one of the table's columns, or what the engine computes of them as it reads.
struct FoldColumn {
  bool operator==(const FoldColumn&) const = default;
  std::string sql;
  std::string type;     ///< as SQL writes it
  bool by_day = false;  ///< it depends on $as_of or $day
};

/// A scan, compiled. Its results have a row per customer with a row that counts for any of them.
struct FoldScan {
  bool operator==(const FoldScan&) const = default;
  std::string name;                 ///< of the relation that the folded query reads them from
  std::string table;                ///< events, items or versions
  std::vector<std::string> order;   ///< columns that order a customer's rows
  std::vector<FoldColumn> columns;  ///< that it reads
  std::string constants_sql;        ///< a query of one row, with $as_of and $day: the constants; "" = none
  std::vector<FoldStep> steps;
  std::vector<FoldAggregate> aggregates;
  std::vector<store::Column> results;  ///< one for each aggregate
};

}  // namespace hilo::expr
