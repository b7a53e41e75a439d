#include "ingest/read/cell_type.h"

#include <algorithm>

namespace hilo::ingest {
namespace {

using TypeSet = std::uint8_t;
constexpr TypeSet kBigint = 1;
constexpr TypeSet kDecimal = 2;
constexpr TypeSet kDouble = 4;
constexpr TypeSet kDate = 8;
constexpr TypeSet kTimestamp = 16;
constexpr TypeSet kBoolean = 32;
constexpr TypeSet kMoney = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// How many digits a plain decimal has before its point and behind it.
struct Digits {
  std::size_t whole = 0;
  std::size_t fraction = 0;
};

std::size_t count_digits(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - at;
}

// The types of a number without exponent, by its digits before and behind the point.
TypeSet fit_plain(std::size_t whole, std::size_t fraction, bool has_point) {
  constexpr std::size_t kMostBigintDigits = 18;
  constexpr std::size_t kMostExactDigits = 15;
  constexpr std::size_t kMostDoubleDigits = 300;
  TypeSet types = 0;
  if (!has_point && whole <= kMostBigintDigits) types |= kBigint;
  if (whole <= 14 && fraction <= 4) types |= kMoney;
  if (whole <= 12 && fraction <= 6) types |= kDecimal;
  if (whole <= (has_point ? kMostDoubleDigits : kMostExactDigits)) types |= kDouble;
  return types;
}

TypeSet fit_number(std::string_view cell, Digits& digits) {
  std::size_t at = cell.front() == '-' ? 1 : 0;
  const std::size_t whole = count_digits(cell, at);
  if (whole > 1 && cell[at] == '0') return 0;  // 007 names something
  at += whole;
  std::size_t fraction = 0;
  const bool has_point = at < cell.size() && cell[at] == '.';
  if (has_point) {
    fraction = count_digits(cell, at + 1);
    if (fraction == 0) return 0;
    at += 1 + fraction;
  }
  if (whole + fraction == 0) return 0;
  if (at == cell.size()) {
    digits = {whole, fraction};
    return fit_plain(whole, fraction, has_point);
  }
  if (cell[at] != 'e' && cell[at] != 'E') return 0;
  ++at;
  if (at < cell.size() && (cell[at] == '+' || cell[at] == '-')) ++at;
  const std::size_t exponent_digits = count_digits(cell, at);
  if (exponent_digits == 0 || exponent_digits > 3 || at + exponent_digits != cell.size()) return 0;
  std::size_t exponent = 0;
  for (; at < cell.size(); ++at) exponent = exponent * 10 + static_cast<std::size_t>(cell[at] - '0');
  return whole + exponent <= 300 ? kDouble : 0;
}

// The number of two digits at `at`, or 100 when they are none. **Requires** at + 2 <= text.size().
int two_digits(std::string_view text, std::size_t at) {
  if (!is_digit(text[at]) || !is_digit(text[at + 1])) return 100;
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

bool is_day(std::string_view text) {
  if (text[4] != '-' || text[7] != '-') return false;
  const int century = two_digits(text, 0);
  const int rest = two_digits(text, 2);
  const int month = two_digits(text, 5);
  const int day = two_digits(text, 8);
  if (century == 100 || rest == 100 || month < 1 || month > 12 || day < 1) return false;
  const int year = century * 100 + rest;
  if (year == 0) return false;
  if (month == 2) {
    const bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= (is_leap ? 29 : 28);
  }
  const bool is_short = month == 4 || month == 6 || month == 9 || month == 11;
  return day <= (is_short ? 30 : 31);
}

// HH:MM[:SS[.f]]
bool is_time(std::string_view text) {
  if (text.size() < 5 || text[2] != ':' || two_digits(text, 0) > 23 || two_digits(text, 3) > 59) return false;
  if (text.size() == 5) return true;
  if (text.size() < 8 || text[5] != ':' || two_digits(text, 6) > 59) return false;
  if (text.size() == 8) return true;
  const std::size_t fraction = count_digits(text, 9);
  return text[8] == '.' && fraction >= 1 && fraction <= 9 && fraction + 9 == text.size();
}

TypeSet fit_moment(std::string_view cell) {
  constexpr std::size_t kDateSize = 10;
  if (!is_day(cell)) return 0;
  if (cell.size() == kDateSize) return kDate | kTimestamp;
  if (cell[kDateSize] != ' ' && cell[kDateSize] != 'T') return 0;
  return is_time(cell.substr(kDateSize + 1)) ? kTimestamp : 0;
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((text[i] | 0x20) != lower[i]) return false;
  }
  return true;
}

TypeSet fit(std::string_view cell, Digits& digits) {
  if (cell.empty()) return 0;
  const char first = cell.front();
  if (is_digit(first) || first == '-' || first == '.') {
    return cell.size() >= 10 && cell[4] == '-' && cell[7] == '-' ? fit_moment(cell) : fit_number(cell, digits);
  }
  return equals_ignoring_case(cell, "true") || equals_ignoring_case(cell, "false") ? kBoolean : 0;
}

}  // namespace

void TypeSniffer::narrow(std::string_view cell) {
  Digits digits;
  possible_ &= fit(cell, digits);
  whole_ = std::max(whole_, digits.whole);
  fraction_ = std::max(fraction_, digits.fraction);
}

bool TypeSniffer::fits_decimal(std::size_t width, std::size_t scale) const {
  constexpr std::size_t kMostExactDigits = 15;
  if (!is_observed_ || (possible_ & (kBigint | kMoney | kDecimal)) == 0) return false;
  return whole_ + scale <= width && fraction_ <= scale && whole_ + fraction_ <= kMostExactDigits;
}

std::string_view TypeSniffer::sql_type() const {
  if (!is_observed_) return "VARCHAR";
  if ((possible_ & kBigint) != 0) return "BIGINT";
  if ((possible_ & kMoney) != 0) return "DECIMAL(18,4)";
  if ((possible_ & kDecimal) != 0) return "DECIMAL(18,6)";
  if ((possible_ & kDouble) != 0) return "DOUBLE";
  if ((possible_ & kDate) != 0) return "DATE";
  if ((possible_ & kTimestamp) != 0) return "TIMESTAMP";
  if ((possible_ & kBoolean) != 0) return "BOOLEAN";
  return "VARCHAR";
}

}  // namespace hilo::ingest
