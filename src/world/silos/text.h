// The forms in which silos write values: separated fields, moments, money, telephone numbers, JSON strings.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"

namespace hilo::world {

/// How a silo writes a moment. Local time is Central European.
enum class TimeForm : std::uint8_t {
  kIsoUtc,        ///< 2023-01-31T22:05:09Z
  kIsoUtcMillis,  ///< 2023-01-31T22:05:09.123Z
  kEpochMillis,   ///< 1675202709123
  kIsoLocal,      ///< 2023-01-31 23:05:09
  kSpanish,       ///< 31/01/2023 23:05:09, local
  kGermanDay,     ///< 31.01.2023, local
  kLocalDay,      ///< 2023-01-31, local
  kLocalClock,    ///< 23:05:09, local
  kEnglish,       ///< 31-Jan-2023 23:05:09, local
  kAmerican,      ///< 01/31/2023 05:05:09 PM, in New York
};

/// Returns the milliseconds since 1970-01-01 UTC of a moment in local time. An hour that occurs twice is taken the
/// first time; one that clocks skip is read as if they had not been moved yet. **Requires**: years 1996 to 2100.
/// **Source**: Directive 2000/84/EC: summer time from the last Sunday of March to that of October, at 01:00 UTC.
[[nodiscard]] std::int64_t utc_millis(double moment);

/// Returns the milliseconds by which New York's clocks are behind UTC. **Source**: Energy Policy Act of 2005: from the
/// second Sunday of March to the first of November, at 02:00 by the clocks. **Requires**: years 2007 to 2100.
[[nodiscard]] std::int64_t behind_utc_millis(std::int64_t utc_millis);

/// Returns the day that a moment lies on.
[[nodiscard]] Date day_of(double moment);

void append_time(std::string& out, double moment, TimeForm form);
void append_number(std::string& out, std::int64_t number);
/// Appends 1234.56, or as Germans write it 1.234,56 with `thousands`. **Units**: cents.
void append_money(std::string& out, std::int64_t cents, char mark, std::string_view thousands = {});
/// Appends a number of E.164 as somebody in Spain writes it: 612 34 56 78; abroad 0049 15123456789. Other texts as they
/// are.
void append_spanish_phone(std::string& out, std::string_view e164);
/// Appends a JSON string with its quotation marks (RFC 8259, section 7).
void append_json(std::string& out, std::string_view text);
/// Appends a text with every character that Latin-1 lacks replaced by the one that people write instead.
void append_latin1_text(std::string& out, std::string_view text);

/// Letters of a text file that can hold all of them, or only those of Latin-1.
enum class Letters : std::uint8_t { kAll, kLatin1 };

/// One line of separated fields, appended straight to a file's text. Quotes only where it must (RFC 4180, section 2).
class FieldLine {
 public:
  FieldLine(std::string& out, char separator, Letters letters = Letters::kAll)
      : out_(out), separator_(separator), letters_(letters) {}

  FieldLine& text(std::string_view text);   ///< quoted where needed
  FieldLine& plain(std::string_view text);  ///< **Requires**: nothing in it needs quotation marks
  FieldLine& time(double moment, TimeForm form);
  FieldLine& number(std::int64_t number);
  FieldLine& money(std::int64_t cents, char mark = '.', std::string_view thousands = {});
  FieldLine& spanish_phone(std::string_view e164);
  /// Begins a field that the caller appends to the text.
  std::string& open();
  void end() { out_ += '\n'; }

 private:
  std::string& out_;
  char separator_;
  Letters letters_;
  bool first_ = true;
};

}  // namespace hilo::world
