#include "base/time.h"

#include <charconv>
#include <chrono>

#include <fmt/format.h>

namespace hilo {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kSecondsPerDay = 86'400;

// Reads exactly `digits` decimal digits at the front of `text` and drops them.
bool take_number(std::string_view& text, std::size_t digits, int& out) {
  if (text.size() < digits) return false;
  const char* end = text.data() + digits;
  const auto [stop, failure] = std::from_chars(text.data(), end, out);
  if (failure != std::errc{} || stop != end || text.front() == '-') return false;
  text.remove_prefix(digits);
  return true;
}

bool take_character(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

bool take_date(std::string_view& text, int& year, int& month, int& day) {
  return take_number(text, 4, year) && take_character(text, '-') && take_number(text, 2, month) &&
         take_character(text, '-') && take_number(text, 2, day);
}

std::unexpected<Error> not_a_date(std::string_view text) {
  return fail(ErrorCode::kInvalidInput, fmt::format("'{}' is not a day", text),
              "Write a day as YYYY-MM-DD, for example 2011-06-30.");
}

std::unexpected<Error> not_an_instant(std::string_view text) {
  return fail(ErrorCode::kInvalidInput, fmt::format("'{}' is not an instant", text),
              "Write an instant as YYYY-MM-DDTHH:MM:SSZ, for example 2011-12-10T06:00:00Z.");
}

// Reads `HH:MM[:SS[.f...]]` into microseconds since midnight.
bool take_time(std::string_view& text, std::int64_t& micros) {
  int hour = 0;
  int minute = 0;
  int second = 0;
  std::int64_t fraction = 0;
  if (!take_number(text, 2, hour) || !take_character(text, ':') || !take_number(text, 2, minute)) return false;
  if (take_character(text, ':')) {
    if (!take_number(text, 2, second)) return false;
    if (take_character(text, '.')) {
      std::int64_t unit = kMicrosPerSecond;
      if (text.empty() || text.front() < '0' || text.front() > '9') return false;
      while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        unit /= 10;
        fraction += (text.front() - '0') * unit;
        text.remove_prefix(1);
      }
    }
  }
  if (hour > 23 || minute > 59 || second > 59) return false;
  micros = (hour * 3600 + minute * 60 + second) * kMicrosPerSecond + fraction;
  return true;
}

}  // namespace

Result<Date> make_date(int year, int month, int day) {
  const std::chrono::year_month_day ymd{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                        std::chrono::day{static_cast<unsigned>(day)}};
  if (!ymd.ok()) return not_a_date(fmt::format("{:04}-{:02}-{:02}", year, month, day));
  return Date{static_cast<std::int32_t>(std::chrono::sys_days{ymd}.time_since_epoch().count())};
}

Result<Date> parse_date(std::string_view text) {
  std::string_view rest = text;
  int year = 0;
  int month = 0;
  int day = 0;
  if (!take_date(rest, year, month, day) || !rest.empty()) return not_a_date(text);
  return make_date(year, month, day);
}

Result<Instant> parse_instant(std::string_view text) {
  std::string_view rest = text;
  int year = 0;
  int month = 0;
  int day = 0;
  std::int64_t micros = 0;
  if (!take_date(rest, year, month, day)) return not_an_instant(text);
  if (!rest.empty()) {
    if (!take_character(rest, 'T') && !take_character(rest, ' ')) return not_an_instant(text);
    if (!take_time(rest, micros)) return not_an_instant(text);
    take_character(rest, 'Z');
    if (!rest.empty()) return not_an_instant(text);
  }
  HILO_ASSIGN(const Date date, make_date(year, month, day));
  return Instant{date.days * kSecondsPerDay * kMicrosPerSecond + micros};
}

CivilDate civil(Date date) {
  const std::chrono::year_month_day ymd{std::chrono::sys_days{std::chrono::days{date.days}}};
  return {static_cast<int>(ymd.year()), static_cast<int>(static_cast<unsigned>(ymd.month())),
          static_cast<int>(static_cast<unsigned>(ymd.day()))};
}

std::string to_string(Date date) {
  const CivilDate parts = civil(date);
  if (parts.year < 0 || parts.year > 9'999) return fmt::format("{:04}-{:02}-{:02}", parts.year, parts.month, parts.day);
  // By hand, as files of events hold little else.
  std::string out = "0000-00-00";
  const auto write = [&](std::size_t last, unsigned number) {
    for (; number > 0; number /= 10) out[last--] = static_cast<char>('0' + number % 10);
  };
  write(3, static_cast<unsigned>(parts.year));
  write(6, static_cast<unsigned>(parts.month));
  write(9, static_cast<unsigned>(parts.day));
  return out;
}

std::string to_string(Instant instant) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(std::chrono::microseconds{instant.micros});
  const std::int64_t seconds = whole.count();
  const std::int64_t fraction = instant.micros - seconds * kMicrosPerSecond;
  const std::int64_t day = (seconds >= 0 ? seconds : seconds - kSecondsPerDay + 1) / kSecondsPerDay;
  const std::int64_t of_day = seconds - day * kSecondsPerDay;
  std::string out = fmt::format("{}T{:02}:{:02}:{:02}", to_string(Date{static_cast<std::int32_t>(day)}), of_day / 3600,
                                of_day / 60 % 60, of_day % 60);
  if (fraction != 0) out += fmt::format(".{:06}", fraction);
  return out + "Z";
}

Instant SystemClock::now() const {
  return Instant{
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count()};
}

}  // namespace hilo
