// How an attribute's values are spread over the customers, on one day and through the months.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/attributes.h"

namespace hilo::app {

/// What a type's values can be told by.
enum class ProfileKind : std::uint8_t {
  kNumber,  ///< quartiles, mean, zeros
  kTime,    ///< the range
  kValue,   ///< the most frequent values
};
[[nodiscard]] ProfileKind profile_kind(const std::string& type);

struct ValueCount {
  std::string value;
  std::int64_t customers = 0;
};

/// One column of a histogram: [from, until); of the last one, `until` may be nothing: all that is larger.
struct HistogramBin {
  double from = 0;
  std::optional<double> until;
  std::int64_t customers = 0;
};

/// The values of one day. Figures are null where there is no value; those of another kind stay empty.
struct AttributeProfile {
  Date day;
  ProfileKind kind = ProfileKind::kValue;
  std::int64_t customers = 0;
  std::int64_t missing = 0;
  std::optional<std::string> min;        ///< kNumber, kTime
  std::optional<std::string> max;        ///< kNumber, kTime
  std::optional<double> lower_quartile;  ///< kNumber; between two values it is interpolated
  std::optional<double> median;          ///< kNumber
  std::optional<double> upper_quartile;  ///< kNumber
  std::optional<double> mean;            ///< kNumber
  std::int64_t zeros = 0;                ///< kNumber
  std::int64_t distinct = 0;             ///< kValue
  std::vector<ValueCount> top;           ///< kValue: the most frequent first, equal ones by value
  std::vector<HistogramBin> histogram;   ///< kNumber, where asked for
};

enum class Histogram : std::uint8_t { kNone, kDrawn };

/// Profiles an attribute at the end of a day. **Cost**: as AttributeDesk::flat_table.
[[nodiscard]] Result<AttributeProfile> profile_on(AttributeDesk& desk, const Attribute& attribute, Date day,
                                                  Histogram histogram);

/// Returns the last `months` month ends until `last`, not before the first customer; `last` joins them.
[[nodiscard]] Result<std::vector<Date>> profile_days(Reader& reader, Date last, int months);

/// Profiles an attribute on each of the days, and tells before each how many are done.
[[nodiscard]] Result<std::vector<AttributeProfile>> profile_through(
    AttributeDesk& desk, const Attribute& attribute, const std::vector<Date>& days,
    const std::function<void(std::int64_t done, std::int64_t total)>& progress);

}  // namespace hilo::app
