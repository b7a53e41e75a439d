#include "world/silos/text.h"

#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>

#include <fmt/format.h>

#include "base/result.h"

namespace hilo::world {
namespace {

constexpr std::int64_t kSecond = 1'000;
constexpr std::int64_t kHour = 3'600 * kSecond;
constexpr std::int64_t kDay = 24 * kHour;

// Milliseconds since 1970 by the clocks on the wall.
std::int64_t wall_millis(double moment) {
  const double day = std::floor(moment);
  // A moment is a double that was made of a time: a tenth of a millisecond makes up for its rounding.
  const auto within = static_cast<std::int64_t>((moment - day) * static_cast<double>(kDay) + 0.1);
  return static_cast<std::int64_t>(day) * kDay + std::min(within, kDay - 1);
}

constexpr std::int64_t midnight_of(std::chrono::sys_days day) { return day.time_since_epoch().count() * kDay; }

struct Summer {
  std::int64_t from = 0;
  std::int64_t until = 0;
};

constexpr int kFirstYear = 1996;
constexpr int kLastYear = 2100;
using Summers = std::array<Summer, kLastYear - kFirstYear + 1>;

// Both in UTC.
constexpr Summers kEuropeanSummers = [] {
  Summers summers;
  for (int year = kFirstYear; year <= kLastYear; ++year) {
    summers[static_cast<std::size_t>(year - kFirstYear)] = {
        .from =
            midnight_of(std::chrono::year{year} / std::chrono::March / std::chrono::Sunday[std::chrono::last]) + kHour,
        .until = midnight_of(std::chrono::year{year} / std::chrono::October / std::chrono::Sunday[std::chrono::last]) +
                 kHour};
  }
  return summers;
}();

constexpr Summers kAmericanSummers = [] {
  Summers summers;
  for (int year = kFirstYear; year <= kLastYear; ++year) {
    summers[static_cast<std::size_t>(year - kFirstYear)] = {
        .from = midnight_of(std::chrono::year{year} / std::chrono::March / std::chrono::Sunday[2]) + 7 * kHour,
        .until = midnight_of(std::chrono::year{year} / std::chrono::November / std::chrono::Sunday[1]) + 6 * kHour};
  }
  return summers;
}();

const Summer& summer_of(const Summers& summers, std::int64_t millis) {
  const auto days = static_cast<std::int32_t>(millis / kDay);
  const int year = civil(Date{days}).year;
  HILO_CHECK(year >= kFirstYear && year <= kLastYear);
  return summers[static_cast<std::size_t>(year - kFirstYear)];
}

struct Face {
  CivilDate date;
  int hour;
  int minute;
  int second;
  int milli;
};

Face face_of(std::int64_t millis) {
  const std::int64_t day = millis / kDay;
  const auto left = static_cast<int>(millis - day * kDay);
  return {.date = civil(Date{static_cast<std::int32_t>(day)}),
          .hour = left / 3'600'000,
          .minute = left / 60'000 % 60,
          .second = left / 1'000 % 60,
          .milli = left % 1'000};
}

void pad(std::string& out, int number, int width) {
  std::array<char, 8> digits{};
  for (int at = width - 1; at >= 0; --at, number /= 10)
    digits[static_cast<std::size_t>(at)] = static_cast<char>('0' + number % 10);
  out.append(digits.data(), static_cast<std::size_t>(width));
}

void year_first(std::string& out, const CivilDate& date) {
  pad(out, date.year, 4);
  out += '-';
  pad(out, date.month, 2);
  out += '-';
  pad(out, date.day, 2);
}

void day_first(std::string& out, const CivilDate& date, char mark) {
  pad(out, date.day, 2);
  out += mark;
  pad(out, date.month, 2);
  out += mark;
  pad(out, date.year, 4);
}

void clock(std::string& out, const Face& face) {
  pad(out, face.hour, 2);
  out += ':';
  pad(out, face.minute, 2);
  out += ':';
  pad(out, face.second, 2);
}

void american(std::string& out, Face face) {
  pad(out, face.date.month, 2);
  out += '/';
  pad(out, face.date.day, 2);
  out += '/';
  pad(out, face.date.year, 4);
  out += ' ';
  const bool afternoon = face.hour >= 12;
  face.hour = face.hour % 12 == 0 ? 12 : face.hour % 12;
  clock(out, face);
  out += afternoon ? " PM" : " AM";
}

void english(std::string& out, const Face& face) {
  static constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  pad(out, face.date.day, 2);
  out += '-';
  out += kMonths.at(static_cast<std::size_t>(face.date.month - 1));
  out += '-';
  pad(out, face.date.year, 4);
  out += ' ';
  clock(out, face);
}

void iso_utc(std::string& out, const Face& face, bool with_millis) {
  year_first(out, face.date);
  out += 'T';
  clock(out, face);
  if (with_millis) {
    out += '.';
    pad(out, face.milli, 3);
  }
  out += 'Z';
}

// What is written for U+0100 to U+017F where only Latin-1 can be.
constexpr std::string_view kLatinExtended =
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlLlLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUu"
    "UuWwYyYZzZzZzs";
static_assert(kLatinExtended.size() == 128);

}  // namespace

std::int64_t utc_millis(double moment) {
  const std::int64_t winter = wall_millis(moment) - kHour;
  const Summer& summer = summer_of(kEuropeanSummers, winter);
  const std::int64_t by_summer = winter - kHour;
  return by_summer >= summer.from && by_summer < summer.until ? by_summer : winter;
}

std::int64_t behind_utc_millis(std::int64_t utc_millis) {
  const Summer& summer = summer_of(kAmericanSummers, utc_millis);
  return utc_millis >= summer.from && utc_millis < summer.until ? 4 * kHour : 5 * kHour;
}

Date day_of(double moment) { return {static_cast<std::int32_t>(std::floor(moment))}; }

void append_time(std::string& out, double moment, TimeForm form) {
  switch (form) {
    case TimeForm::kIsoUtc: return iso_utc(out, face_of(utc_millis(moment)), false);
    case TimeForm::kIsoUtcMillis: return iso_utc(out, face_of(utc_millis(moment)), true);
    case TimeForm::kEpochMillis: return append_number(out, utc_millis(moment));
    case TimeForm::kGermanDay: return day_first(out, face_of(wall_millis(moment)).date, '.');
    case TimeForm::kLocalDay: return year_first(out, face_of(wall_millis(moment)).date);
    case TimeForm::kLocalClock: return clock(out, face_of(wall_millis(moment)));
    case TimeForm::kEnglish: return english(out, face_of(wall_millis(moment)));
    case TimeForm::kIsoLocal: {
      const Face face = face_of(wall_millis(moment));
      year_first(out, face.date);
      out += ' ';
      return clock(out, face);
    }
    case TimeForm::kSpanish: {
      const Face face = face_of(wall_millis(moment));
      day_first(out, face.date, '/');
      out += ' ';
      return clock(out, face);
    }
    case TimeForm::kAmerican: {
      const std::int64_t utc = utc_millis(moment);
      return american(out, face_of(utc - behind_utc_millis(utc)));
    }
  }
}

void append_number(std::string& out, std::int64_t number) {
  const fmt::format_int digits(number);
  out.append(digits.data(), digits.size());
}

void append_money(std::string& out, std::int64_t cents, char mark, std::string_view thousands) {
  if (cents < 0) out += '-';
  const auto amount = cents < 0 ? 0 - static_cast<std::uint64_t>(cents) : static_cast<std::uint64_t>(cents);
  const fmt::format_int whole(amount / 100);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    if (at > 0 && (whole.size() - at) % 3 == 0) out += thousands;
    out += whole.data()[at];
  }
  out += mark;
  pad(out, static_cast<int>(amount % 100), 2);
}

void append_spanish_phone(std::string& out, std::string_view e164) {
  constexpr std::size_t kSpanishLength = 12;
  if (e164.starts_with("+34") && e164.size() == kSpanishLength) {
    out += e164.substr(3, 3);
    for (std::size_t at = 6; at < kSpanishLength; at += 2) {
      out += ' ';
      out += e164.substr(at, 2);
    }
  } else if (e164.starts_with('+') && e164.size() > 3) {
    out += "00";
    out += e164.substr(1, 2);
    out += ' ';
    out += e164.substr(3);
  } else {
    out += e164;
  }
}

void append_json(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_latin1_text(std::string& out, std::string_view text) {
  const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
  for (std::size_t at = 0; at < text.size();) {
    const unsigned lead = byte(at);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const unsigned code = length == 2 ? (lead & 0x1FU) << 6U | (byte(at + 1) & 0x3FU) : 0U;
    if (length == 1 || (code >= 0x80 && code <= 0xFF)) {
      out += text.substr(at, length);
    } else {
      out += code >= 0x100 && code < 0x180 ? kLatinExtended[code - 0x100] : '?';
    }
    at += length;
  }
}

std::string& FieldLine::open() {
  if (!first_) out_ += separator_;
  first_ = false;
  return out_;
}

FieldLine& FieldLine::text(std::string_view text) {
  open();
  const bool quoted = text.find_first_of("\"\r\n") != std::string_view::npos || text.contains(separator_);
  const std::size_t begin = out_.size();
  if (letters_ == Letters::kLatin1) {
    append_latin1_text(out_, text);
  } else {
    out_ += text;
  }
  if (!quoted) return *this;
  for (std::size_t at = out_.find('"', begin); at != std::string::npos; at = out_.find('"', at + 2))
    out_.insert(at, 1, '"');
  out_.insert(begin, 1, '"');
  out_ += '"';
  return *this;
}

FieldLine& FieldLine::plain(std::string_view text) {
  open() += text;
  return *this;
}

FieldLine& FieldLine::time(double moment, TimeForm form) {
  append_time(open(), moment, form);
  return *this;
}

FieldLine& FieldLine::number(std::int64_t number) {
  append_number(open(), number);
  return *this;
}

FieldLine& FieldLine::money(std::int64_t cents, char mark, std::string_view thousands) {
  append_money(open(), cents, mark, thousands);
  return *this;
}

FieldLine& FieldLine::spanish_phone(std::string_view e164) {
  append_spanish_phone(open(), e164);
  return *this;
}

}  // namespace hilo::world
