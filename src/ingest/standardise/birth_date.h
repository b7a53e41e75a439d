// Dates of birth.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/time.h"
#include "ingest/standardise/standard.h"

namespace hilo::ingest {

/// Says how a source writes days as numbers only.
enum class DateOrder : std::uint8_t {
  kDayFirst,    ///< 31/12/1980
  kMonthFirst,  ///< 12/31/1980
};

/// Brings a date of birth to `YYYY-MM-DD` (ISO 8601-1 section 5.2.2.1).
///
/// Reads year first (1980-12-31, 19801231), day and month in `order` unless a part above 12 decides, and month names
/// in English, Spanish, French and German (31 Dec 1980, December 31, 1980, 31 de diciembre de 1980, 31. März 1980). A
/// time of midnight behind it is dropped; any other is kInvalid, for then the day depends on a time zone that is not
/// told. A two-digit year is taken in the century of `latest`, or the one before when its year would be past that of
/// `latest`.
/// **Ensures**: 1850-01-01 <= day <= `latest`; days that systems write for none (1900-01-01, 1970-01-01, 9999-12-31
/// ...) are kPlaceholder, which costs those few their real birthday.
[[nodiscard]] Standard standardise_birth_date(std::string_view raw, DateOrder order, Date latest);

}  // namespace hilo::ingest
