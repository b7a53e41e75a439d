// Calendar dates and instants: distinct types, so that a day is never taken for a moment.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hilo {

/// A day of the proleptic Gregorian calendar. **Units**: days since 1970-01-01.
struct Date {
  std::int32_t days = 0;
  auto operator<=>(const Date&) const = default;
};

/// A moment. **Units**: microseconds since 1970-01-01T00:00:00 UTC.
struct Instant {
  std::int64_t micros = 0;
  auto operator<=>(const Instant&) const = default;
};

/// Parses `YYYY-MM-DD`. **Errors**: kInvalidInput when the text is anything else or names no day of the calendar.
[[nodiscard]] Result<Date> parse_date(std::string_view text);
/// Parses `YYYY-MM-DD`, or `YYYY-MM-DD[T ]HH:MM[:SS[.ffffff]][Z]`, as UTC. **Errors**: kInvalidInput.
[[nodiscard]] Result<Instant> parse_instant(std::string_view text);
/// Makes a date of its parts. **Errors**: kInvalidInput when there is no such day.
[[nodiscard]] Result<Date> make_date(int year, int month, int day);

[[nodiscard]] std::string to_string(Date date);  ///< `YYYY-MM-DD`
[[nodiscard]] std::string to_string(
    Instant instant);  ///< `YYYY-MM-DDTHH:MM:SSZ`, with microseconds where there are any

struct CivilDate {
  int year;
  int month;
  int day;
};
/// Splits a date into year, month and day (Howard Hinnant's algorithm, by way of std::chrono).
[[nodiscard]] CivilDate civil(Date date);

/// The source of the present moment; handed in, so that tests and `--now` decide what time it is.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override;
};

class FixedClock final : public Clock {
 public:
  explicit FixedClock(Instant instant) : instant_(instant) {}
  [[nodiscard]] Instant now() const override { return instant_; }

 private:
  Instant instant_;
};

}  // namespace hilo
